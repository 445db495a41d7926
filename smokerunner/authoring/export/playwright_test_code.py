"""Expressions and statements of the tree as TypeScript."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from smokerunner.authoring.export import tree
from smokerunner.authoring.export.printing import Page, camel, fill
from smokerunner.authoring.export.tree import Block, Expr, Statement

_LISTENS = {
    "responses": (
        "const responses: Response[] = [];",
        "page.context().on('response', response => responses.push(response));",
    ),
    "console": (
        "const messages: Said[] = [];",
        "page.context().on('console', said => {",
        "  messages.push({ type: said.type(), text: said.text(), url: said.location().url });",
        "});",
        "page.context().on('weberror', wrong => {",
        "  messages.push({ type: 'error', text: String(wrong.error()), url: page.url() });",
        "});",
    ),
    "downloads": (
        "const downloads: Download[] = [];",
        "page.on('download', download => downloads.push(download));",
    ),
}
_MATCHERS = {"to_have_url": "toHaveURL", "to_be_ok": "toBeOK"}
_NAMES = {"console": "messages"}
"""Names that TypeScript has for something else."""


class PlaywrightTestCode:
    """Prints into a page; `flows` and `variables` are the names that theirs have in the code."""

    def __init__(self, flows: Mapping[str, str], variables: Mapping[str, str]) -> None:
        self.page = Page("  ")
        self._flows = flows
        self._variables = variables

    def variable(self, name: str) -> str:
        """The property that holds a variable."""
        return self._variables.get(name, name)

    # --- Expressions -------------------------------------------------------------------------------

    def expr(self, value: Expr) -> str:
        """An expression on one line."""
        match value:
            case tree.Var(name):
                return f"values.{self.variable(name)}"
            case tree.Name(name):
                return camel(_NAMES.get(name, name)) if name != "BASE_URL" else name
            case tree.Constant(name):
                return name
            case tree.Text():
                return self._text(value)
            case tree.Regex(pattern, flags):
                return self._regex(pattern, flags)
            case tree.Script(code):
                return code if "=>" in code else f"() => {code}"
            case tree.Value(data):
                return self._data(data)
            case tree.Call(on, name, args, options, asks):
                return f"{'await ' if asks else ''}{self._on(on)}.{camel(name)}({self._arguments(args, options)})"
            case tree.Get(on, name, plain):
                return f"{self._on(on)}.{camel(name)}{'' if plain else '()'}"
            case tree.Item(on, int(key)):
                return f"{self._on(on)}.at({key})" if key < 0 else f"{self._on(on)}[{key}]"
            case tree.Item(on, str(key)):
                return f"{self._on(on)}.{key}" if key.isidentifier() else f"{self._on(on)}[{quoted(key)}]"
            case tree.Helper():
                return self._helper(value)
            case tree.Compare(left, sign, right):
                return f"{self._on(left)} {'===' if sign == '==' else sign} {self.expr(right)}"
            case tree.Is(on, wanted):
                return self.expr(on) if wanted else f"!{self._on(on)}"
            case tree.Found(regex, text):
                return f"{self._on(regex)}.test({self.expr(text)})"
        raise TypeError(f"no TypeScript for {value!r}")

    def _on(self, value: Expr) -> str:
        """An expression of which something is asked; what must be waited for stands in brackets."""
        said = self.expr(value)
        return f"({said})" if said.startswith("await ") else said

    def _helper(self, value: tree.Helper) -> str:
        match value:
            case tree.Helper("file_at", (folder, name)):
                return f"path.join({self.expr(folder)}, {self.expr(name)})"
            case tree.Helper("stripped", (text,)):
                return f"{self._on(text)}.trim()"
            case tree.Helper("select_label", (select, tree.Value(list(labels)))):
                chosen = ", ".join(f"{{ label: {self._data(label)} }}" for label in labels)
                return f"await {self._on(select)}.selectOption([{chosen}])"
            case tree.Helper("select_label", (select, label)):
                return f"await {self._on(select)}.selectOption({{ label: {self.expr(label)} }})"
        called = camel(value.name)
        self.page.helpers.add(called)
        return f"{'await ' if value.asks else ''}{called}({self._arguments(value.args, {})})"

    def _arguments(self, args: tuple[Expr, ...], options: dict[str, Expr]) -> str:
        given = [self.expr(arg) for arg in args]
        while given and given[-1] == "undefined":
            given.pop()
        if options:
            named = ", ".join(f"{camel(name)}: {self.expr(option)}" for name, option in options.items())
            given.append(f"{{ {named} }}")
        return ", ".join(given)

    def _text(self, value: tree.Text) -> str:
        if value.literal is not None:
            return quoted(value.literal)
        if len(value.parts) == 1:
            (only,) = value.parts
            return self.expr(only) if isinstance(only, Expr) else quoted(only)
        inner = "".join(_ticked(part) if isinstance(part, str) else f"${{{self.expr(part)}}}" for part in value.parts)
        return f"`{inner}`"

    def _regex(self, pattern: tree.Text, flags: str) -> str:
        if pattern.literal is not None:
            bare = re.sub(r"(?<!\\)((?:\\\\)*)/", r"\1\\/", pattern.literal).replace("\n", "\\n")
            return f"/{bare or '(?:)'}/{flags}"
        self.page.helpers.add("escaped")
        inner = "".join(
            _ticked(part) if isinstance(part, str) else f"${{escaped({self.expr(part)})}}" for part in pattern.parts
        )
        return f"new RegExp(`{inner}`{f', {quoted(flags)}' if flags else ''})"

    def _data(self, data: Any) -> str:
        if isinstance(data, Expr):
            return self.expr(data)
        if data is None:
            return "undefined"
        if isinstance(data, dict):
            return "{ " + ", ".join(f"{_key(str(key))}: {self._data(item)}" for key, item in data.items()) + " }"
        if isinstance(data, list | tuple):
            return "[" + ", ".join(self._data(item) for item in data) + "]"
        if isinstance(data, int) and not isinstance(data, bool):
            return f"{data:_}"
        return quoted(data) if isinstance(data, str) else json.dumps(data)

    # --- Statements --------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        """Several statements."""
        for statement in block:
            self.statement(statement)

    def statement(self, what: Statement) -> None:
        """One statement, on as many lines as it needs."""
        page = self.page
        match what:
            case tree.Do(value):
                page.add(f"{self.expr(value)};")
            case tree.Let(name, value):
                page.add(f"const {camel(name)} = {self.expr(value)};")
            case tree.Save(variable, value):
                page.add(f"values.{self.variable(variable)} = {self.expr(value)};")
            case tree.Expectation(subject, matcher, args, options, negated):
                method = f"{'not.' if negated else ''}{_MATCHERS.get(matcher, camel(matcher))}"
                page.add(f"await expect({self.expr(subject)}).{method}({self._arguments(args, options)});")
            case tree.Assert(value, wanted):
                matcher = "toMatch" if isinstance(wanted, tree.Regex) else "toEqual"
                page.add(f"expect({self.expr(value)}).{matcher}({self.expr(wanted)});")
            case tree.Wait(condition, says, timeout):
                page.add("await expect")
                with page.deeper():
                    polled = f"{{ message: {quoted(says)}, timeout: {timeout:_} }}"
                    page.add(f".poll(async () => {self.expr(condition)}, {polled})", ".toBe(true);")
            case tree.If(conditions, body):
                self._inner(f"if ({' && '.join(map(self.expr, conditions))}) {{", body)
            case tree.Known(variables, body):
                known = " && ".join(f"values.{self.variable(name)} !== undefined" for name in variables)
                self._inner(f"if ({known}) {{", body)
            case tree.Leniently(body, says):
                self._inner("try {", body, "} catch (wrong) {")
                with page.deeper():
                    page.add(f"console.warn({quoted(says + ':')}, wrong);")
                page.add("}")
            case tree.Remark(says):
                for line in says.splitlines():
                    page.add(*(f"// {piece}" for piece in fill(line)))
            case tree.Listen(log):
                page.add(*_LISTENS[log])
            case _:
                self._nested(what)

    def _nested(self, what: Statement) -> None:
        page = self.page
        match what:
            case tree.Opening(event, name, on, body, timeout):
                allowed = f", {{ timeout: {timeout:_} }}" if timeout is not None else ""
                page.add(f"const {camel(name)}Promise = {self.expr(on)}.waitForEvent('{event}'{allowed});")
                self.block(body)
                page.add(f"const {camel(name)} = await {camel(name)}Promise;")
            case tree.Answering(on, accept, text, says, body, _):
                page.helpers.add("answerDialog")
                typed = "" if text is None else f", {self.expr(text)}"
                name = f"said{page.number('said')}"
                page.add(f"const {name} = answerDialog({self.expr(on)}, {str(accept).lower()}{typed});")
                self.block(body)
                page.add(f"await {name};" if says is None else f"expect(await {name}).toMatch({self.expr(says)});")
            case tree.Again(body, every, timeout):
                options = f"{{ intervals: [{every:_}], timeout: {timeout:_} }}"
                self._inner("await expect(async () => {", body, f"}}).toPass({options});")
            case tree.WithValues(name, own):
                page.add(f"const {camel(name)} = {{ ...values }};")
                for variable, value in own:
                    page.add(f"{camel(name)}.{self.variable(variable)} = {self.expr(value)};")
            case tree.Use(flow, on, values, saves):
                inner = camel(values)
                page.add(f"await {self._flows[flow]}({self.expr(on)}, {inner});")
                for variable in saves:
                    # What was skipped there was not saved either, and stays undefined.
                    page.add(f"values.{self.variable(variable)} = {inner}.{self.variable(variable)};")
            case _:
                raise TypeError(f"no TypeScript for {what!r}")

    def _inner(self, opening: str, body: Block, closing: str = "}") -> None:
        self.page.add(opening)
        with self.page.deeper():
            self.block(body)
        self.page.add(closing)


def quoted(text: str) -> str:
    """A string with single quotes, unless it holds some and no double ones."""
    mark = '"' if "'" in text and '"' not in text else "'"
    said = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace(mark, f"\\{mark}")
    return f"{mark}{said}{mark}"


def _ticked(text: str) -> str:
    """A text between backticks."""
    said = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return said.replace("`", "\\`").replace("${", "\\${")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_$][\w$]*", name) else quoted(name)
