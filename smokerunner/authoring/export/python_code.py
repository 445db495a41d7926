"""Expressions and statements of the tree as Python."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from smokerunner.authoring.export import tree
from smokerunner.authoring.export.printing import Page, fill
from smokerunner.authoring.export.tree import Block, Expr, Statement

WIDTH = 120
_FLAGS = {"i": "re.IGNORECASE", "m": "re.MULTILINE", "s": "re.DOTALL"}
_LISTENS = {
    "responses": (
        "responses: list[Response] = []",
        'page.context.on("response", lambda response: responses.append(response))',
    ),
    "console": (
        "console: list[tuple[str, str, str]] = []",
        'page.context.on("console", lambda said: console.append((said.type, said.text, said.location["url"])))',
        'page.context.on("weberror", lambda said: console.append(("error", str(said.error), page.url)))',
    ),
    "downloads": (
        "downloads: list[Download] = []",
        'page.on("download", lambda download: downloads.append(download))',
    ),
}


class PythonCode:
    """Prints into a page; `flows` and `variables` are the names that theirs have in the code."""

    def __init__(self, flows: Mapping[str, str], variables: Mapping[str, str]) -> None:
        self.page = Page("    ")
        self._flows = flows
        self._variables = variables

    def variable(self, name: str) -> str:
        """The attribute that holds a variable."""
        return self._variables.get(name, name)

    # --- Expressions -------------------------------------------------------------------------------

    def expr(self, value: Expr) -> str:
        """An expression on one line."""
        match value:
            case tree.Var(name):
                return f"values.{self.variable(name)}"
            case tree.Name(name) | tree.Constant(name):
                return name
            case tree.Text():
                return self._text(value)
            case tree.Regex(pattern, flags):
                return f"re.compile({', '.join(self._pattern(pattern, flags))})"
            case tree.Script(code):
                return quoted(code)
            case tree.Value(data):
                return self._data(data)
            case tree.Call(on, name, args, options):
                return f"{self.expr(on)}.{name}({self._arguments(args, options)})"
            case tree.Get(on, name):
                return f"{self.expr(on)}.{name}"
            case tree.Item(on, key):
                return f"{self.expr(on)}[{quoted(key) if isinstance(key, str) else key}]"
            case tree.Helper("file_at", (folder, name)):
                return f"{self.expr(folder)} / {self.expr(name)}"
            case tree.Helper("stripped", (text,)):
                return f"{self.expr(text)}.strip()"
            case tree.Helper("select_label", (select, label)):
                return f"{self.expr(select)}.select_option(label={self.expr(label)})"
            case tree.Helper(name, args):
                self.page.helpers.add(name)
                return f"{name}({self._arguments(args, {})})"
            case tree.Compare(left, sign, right):
                return f"{self.expr(left)} {sign} {self.expr(right)}"
            case tree.Is(on, wanted):
                return self.expr(on) if wanted else f"not {self.expr(on)}"
            case tree.Found(regex, text):
                return f"{self._search(regex, text)} is not None"
        raise TypeError(f"no Python for {value!r}")

    def _arguments(self, args: tuple[Expr, ...], options: dict[str, Expr]) -> str:
        given = [self.expr(arg) for arg in args]
        while given and given[-1] == "None":
            given.pop()
        return ", ".join([*given, *(f"{name}={self.expr(option)}" for name, option in options.items())])

    def _text(self, value: tree.Text) -> str:
        if value.literal is not None:
            return quoted(value.literal)
        if len(value.parts) == 1:
            (only,) = value.parts
            return self.expr(only) if isinstance(only, Expr) else quoted(only)
        inner = "".join(
            _braced(part) if isinstance(part, str) else f"{{{_nested(self.expr(part))}}}" for part in value.parts
        )
        return "f" + quoted(inner)

    def _search(self, regex: Expr, text: Expr) -> str:
        if not isinstance(regex, tree.Regex):
            return f"{self.expr(regex)}.search({self.expr(text)})"
        pattern, *flags = self._pattern(regex.pattern, regex.flags)
        return f"re.search({', '.join([pattern, self.expr(text), *flags])})"

    def _pattern(self, pattern: tree.Text, flags: str) -> list[str]:
        if pattern.literal is not None:
            written = raw(pattern.literal)
        else:
            pieces = [
                _braced(part) if isinstance(part, str) else f"{{re.escape({self.expr(part)})}}"
                for part in pattern.parts
            ]
            written = raw("".join(pieces), "f")
        return [written, *([" | ".join(_FLAGS[flag] for flag in flags)] if flags else [])]

    def _data(self, data: Any) -> str:
        if isinstance(data, Expr):
            return self.expr(data)
        if isinstance(data, dict):
            return "{" + ", ".join(f"{quoted(str(key))}: {self._data(item)}" for key, item in data.items()) + "}"
        if isinstance(data, list | tuple):
            return "[" + ", ".join(self._data(item) for item in data) + "]"
        if isinstance(data, int) and not isinstance(data, bool):
            return f"{data:_}"
        return quoted(data) if isinstance(data, str) else repr(data)

    # --- Statements --------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        """Several statements; `pass` when there are none."""
        for statement in block:
            self.statement(statement)
        if all(isinstance(statement, tree.Remark) for statement in block):
            self.page.add("pass")

    def statement(self, what: Statement) -> None:
        """One statement, on as many lines as it needs."""
        match what:
            case tree.Do(value):
                self.line(self.expr(value))
            case tree.Let(name, value):
                self.line(f"{name} = {self.expr(value)}")
            case tree.Save(variable, value):
                self.line(f"values.{self.variable(variable)} = {self.expr(value)}")
            case tree.Expectation(subject, matcher, args, options, negated):
                method = f"not_{matcher}" if negated else matcher
                self.line(f"expect({self.expr(subject)}).{method}({self._arguments(args, options)})")
            case tree.Assert(value, wanted):
                if isinstance(wanted, tree.Regex):
                    self.line(f"assert {self._search(wanted, value)}")
                else:
                    self.line(f"assert {self.expr(value)} == {self.expr(wanted)}")
            case tree.Wait(condition, says, timeout):
                self.page.helpers.add("wait_until")
                self.line(f"wait_until(page, lambda: {self.expr(condition)}, {quoted(says)}, {timeout:_})")
            case tree.If(conditions, body):
                self._if([self.expr(condition) for condition in conditions])
                self._inner(body)
            case tree.Known(variables, body):
                known = " and ".join(f"hasattr(values, {quoted(self.variable(name))})" for name in variables)
                self.line(f"if {known}:")
                self._inner(body)
            case tree.Leniently(body, says):
                self.page.add("try:")
                self._inner(body)
                self.page.add("except (AssertionError, Error) as wrong:")
                with self.page.deeper():
                    self.line(f"warnings.warn(f{quoted(_braced(says) + ': {wrong}')}, stacklevel=1)")
            case tree.Remark(says):
                for line in says.splitlines():
                    self.page.add(*(f"# {piece}" for piece in fill(line)))
            case tree.Listen(log):
                self.page.add(*_LISTENS[log])
            case _:
                self._nested(what)

    def _nested(self, what: Statement) -> None:
        match what:
            case tree.Opening(event, name, page, body, timeout):
                allowed = f"timeout={timeout:_}" if timeout is not None else ""
                kind = "file_chooser" if event == "filechooser" else event
                self.line(f"with {self.expr(page)}.expect_{kind}({allowed}) as {name}_info:")
                self._inner(body)
                self.page.add(f"{name} = {name}_info.value")
            case tree.Answering(page, accept, text, says, body, timeout):
                self.page.helpers |= {"answer_dialog", "wait_until"}
                typed = "" if text is None else f", {self.expr(text)}"
                self.line(f"said = answer_dialog({self.expr(page)}, {accept}{typed})")
                self.block(body)
                self.line(f'wait_until(page, lambda: bool(said), "a dialog", {timeout:_})')
                if says is not None:
                    self.line(f"assert {self._search(says, tree.Name('said[0]'))}")
            case tree.Again(body, every, timeout):
                self.page.helpers.add("to_pass")
                name = f"again{self.page.number('again')}"
                self.page.add("", f"def {name}() -> None:")
                self._inner(body)
                self.page.add("", f"to_pass(page, {name}, {every:_}, {timeout:_})")
            case tree.WithValues(name, own):
                self.page.add(f"{name} = SimpleNamespace(**vars(values))")
                for variable, value in own:
                    self.line(f"{name}.{self.variable(variable)} = {self.expr(value)}")
            case tree.Use(flow, page, values, saves):
                self.page.add(f"{self._flows[flow]}({self.expr(page)}, {values})")
                for variable in saves:
                    # What was skipped there was not saved either.
                    self.page.add(f"if hasattr({values}, {quoted(self.variable(variable))}):")
                    with self.page.deeper():
                        self.page.add(f"values.{self.variable(variable)} = {values}.{self.variable(variable)}")
            case _:
                raise TypeError(f"no Python for {what!r}")

    def _inner(self, body: Block) -> None:
        with self.page.deeper():
            self.block(body)

    def _if(self, conditions: list[str]) -> None:
        line = f"if {' and '.join(conditions)}:"
        if len(line) <= WIDTH - len(self.page.step) * self.page.depth or len(conditions) == 1:
            self.line(line)
            return
        self.page.add("if (")
        with self.page.deeper():
            self.page.add(conditions[0], *(f"and {condition}" for condition in conditions[1:]))
        self.page.add("):")

    def line(self, line: str) -> None:
        """A line, or when it is too long, what stands in its last brackets on lines of its own."""
        room = WIDTH - len(self.page.step) * self.page.depth
        if len(line) <= room:
            self.page.add(line)
            return
        brackets = _brackets(line)
        found = next((pair for pair in reversed(brackets) if pair[0] <= room), brackets[-1] if brackets else None)
        if found is None:
            self.page.add(line)
            return
        start, end = found
        inside = line[start:end]
        self.page.add(line[:start])
        with self.page.deeper():
            if len(inside) + len(self.page.step) <= room:
                self.page.add(inside)
            else:
                self.page.add(*(f"{piece}," for piece in _pieces(inside)))
        self.page.add(line[end:])


def _nested(code: str) -> str:
    # Before Python 3.12 the quotes of an f-string cannot stand inside it.
    return code.replace('"', "'")


def _braced(text: str) -> str:
    """A text inside of an f-string."""
    return text.replace("{", "{{").replace("}", "}}")


def quoted(text: str) -> str:
    """A string as ruff writes it: double quotes, unless the other ones need no backslash."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    said = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    said = re.sub(r"[\x00-\x1f\x7f]", lambda found: json.dumps(found[0])[1:-1].replace("\\b", "\\x08"), said)
    return f"{mark}{said}{mark}"


def raw(pattern: str, kind: str = "") -> str:
    """A regular expression, raw when that saves backslashes."""
    mark = "'" if '"' in pattern and "'" not in pattern else '"'
    if "\\" not in pattern or mark in pattern or pattern.endswith("\\") or "\n" in pattern:
        return kind + quoted(pattern)
    return f"r{kind}{mark}{pattern}{mark}"


def _brackets(line: str) -> list[tuple[int, int]]:
    """Where brackets that are not empty open and close, at the outermost level."""
    found = []
    depth, start = 0, 0
    for index, sign in _signs(line):
        if sign in "([{":
            if depth == 0:
                start = index + 1
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth == 0 and index > start:
                found.append((start, index))
    return found


def _pieces(inside: str) -> list[str]:
    """Arguments, apart at their commas."""
    cuts, depth = [-1], 0
    for index, sign in _signs(inside):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            cuts.append(index)
    ends = [*cuts[1:], len(inside)]
    return [inside[start + 1 : end].strip() for start, end in zip(cuts, ends, strict=True)]


def _signs(line: str) -> list[tuple[int, str]]:
    """Every sign outside of strings, with its place."""
    found, mark, index = [], "", 0
    while index < len(line):
        sign = line[index]
        if mark:
            if sign == "\\":
                index += 1
            elif sign == mark:
                mark = ""
        elif sign in "\"'":
            mark = sign
        else:
            found.append((index, sign))
        index += 1
    return found
