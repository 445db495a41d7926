"""A Python script read with `ast`; nothing of it is ever run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from smokerunner.importers.playwright_codegen.expressions import (
    Chain,
    Function,
    Link,
    NotUnderstood,
    Script,
    Source,
    Statement,
    flatten,
)
from smokerunner.importers.playwright_codegen.selectors import Expression
from smokerunner.model.errors import BadInput, Problem

_STARTERS = ("sync_playwright", "async_playwright")
_EVENTS = {"expectPopup": "popup", "expectDownload": "download"}
_FLAGS = {"IGNORECASE": "i", "I": "i", "MULTILINE": "m", "M": "m", "DOTALL": "s", "S": "s"}


def read_python(text: str, path: str) -> Source:
    """All scripts of a file; raises BadInput with the line when it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as wrong:
        line, column = (wrong.lineno or 1, wrong.offset or 1) if isinstance(wrong, SyntaxError) else (1, 1)
        message = wrong.msg if isinstance(wrong, SyntaxError) else str(wrong)
        raise BadInput([Problem(path, line, column, f"this is not Python: {message}")]) from wrong
    return _PythonReader(text).read(tree)


class _PythonReader:
    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, tree: ast.Module) -> Source:
        scripts: list[Script] = []
        outside: list[Statement] = []
        for node in tree.body:
            self._top(node, scripts, outside)
        return Source(tuple(scripts), tuple(outside))

    def _top(self, node: ast.stmt, scripts: list[Script], outside: list[Statement]) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = {argument.arg for argument in node.args.args}
            if node.decorator_list and "fixture" in ast.unparse(node.decorator_list[0]):
                outside.append(self._opaque(node))
            elif node.name.startswith("test") or names & {"page", "playwright"}:
                name = re.sub(r"^test_", "", node.name) if node.name.startswith("test") else ""
                scripts.append(Script("" if name == "example" else name, tuple(self._statements(node.body))))
            elif inner := [child for child in node.body if _starts(child) and not _calls_run(child)]:
                scripts.append(Script("", tuple(self._statements(inner))))
            elif node.name != "main":
                outside.append(self._opaque(node))
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                self._top(child, scripts, outside)
        elif _starts(node):
            if not _calls_run(node):
                scripts.append(Script("", tuple(self._statements([node]))))
        elif not self._is_nothing(node):
            outside.append(self._opaque(node))

    @staticmethod
    def _is_nothing(node: ast.stmt) -> bool:
        """Imports, docstrings and the call that starts it all."""
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
            return True
        if isinstance(node, ast.If):
            return "__name__" in ast.unparse(node.test)
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Constant) or ast.unparse(node.value).startswith("asyncio.run(")
        return False

    def _statements(self, nodes: list[ast.stmt]) -> Iterator[Statement]:
        for node in nodes:
            if isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                continue
            if isinstance(node, ast.With | ast.AsyncWith):
                yield from self._with(node)
                continue
            try:
                yield self._statement(node)
            except NotUnderstood:
                yield self._opaque(node)

    def _with(self, node: ast.With | ast.AsyncWith) -> Iterator[Statement]:
        """`with page.expect_popup() as info:` says the same as JavaScript's promise and its `await`."""
        if _starts(node):
            yield from self._statements(node.body)
            return
        promised = self._promise(node)
        if promised is None:
            yield self._opaque(node)
            return
        yield promised
        yield from self._statements(node.body)
        if node.items[0].optional_vars is None:
            # Nobody asks for the value, which is where a promise is kept.
            yield Statement(node.lineno, promised.text, Chain(promised.assigned))

    def _promise(self, node: ast.With | ast.AsyncWith) -> Statement | None:
        if len(node.items) != 1:
            return None
        item = node.items[0]
        try:
            chain = self._value(item.context_expr)
        except NotUnderstood:
            return None
        if not isinstance(chain, Chain) or not chain.links or chain.links[-1].name not in _EVENTS:
            return None
        name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else f"line {node.lineno}"
        waiting = Link("waitForEvent", (_EVENTS[chain.links[-1].name],))
        text = flatten(self._source(node).split("\n", 1)[0])
        return Statement(node.lineno, text, Chain(chain.root, (*chain.links[:-1], waiting)), name)

    def _statement(self, node: ast.stmt) -> Statement:
        assigned = ""
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            assigned, value = node.targets[0].id, node.value
        elif isinstance(node, ast.Expr):
            value = node.value
        else:
            raise NotUnderstood
        chain = self._value(value)
        if not isinstance(chain, Chain):
            raise NotUnderstood
        if chain.links and chain.links[-1].name == "value" and assigned:
            chain = Chain(chain.root, chain.links[:-1])
        return Statement(node.lineno, flatten(self._source(node)), chain, assigned)

    def _opaque(self, node: ast.stmt) -> Statement:
        return Statement(node.lineno, flatten(self._source(node)))

    def _source(self, node: ast.AST) -> str:
        return ast.get_source_segment(self._text, node) or ""

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Await):
            return self._value(node.value)
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._value(node.operand)
        if isinstance(node, ast.List | ast.Tuple):
            return [self._value(item) for item in node.elts]
        if isinstance(node, ast.Dict):
            return {
                self._value(key): self._value(value) for key, value in zip(node.keys, node.values, strict=True) if key
            }
        if isinstance(node, ast.Lambda):
            body = Statement(node.lineno, flatten(self._source(node.body)), self._value(node.body))
            return Function(tuple(argument.arg for argument in node.args.args), (body,))
        if isinstance(node, ast.Name):
            return Chain(node.id)
        if isinstance(node, ast.Attribute):
            return self._link(node.value, Link(_camel(node.attr)))
        if isinstance(node, ast.Call):
            return self._call(node)
        raise NotUnderstood

    def _call(self, node: ast.Call) -> Any:
        if ast.unparse(node.func) == "re.compile":
            return _expression(node)
        args = [self._value(argument) for argument in node.args]
        options = {_camel(word.arg): self._value(word.value) for word in node.keywords if word.arg}
        if len(options) < len(node.keywords):
            options["**"] = True
        if options:
            args.append(options)
        if isinstance(node.func, ast.Attribute):
            return self._link(node.func.value, Link(_camel(node.func.attr), tuple(args)))
        return self._link(node.func, Link("", tuple(args)))

    def _link(self, before: ast.expr, link: Link) -> Chain:
        chain = self._value(before)
        if not isinstance(chain, Chain):
            raise NotUnderstood
        negated = re.fullmatch(r"not(To[A-Z]\w+)", link.name)
        if negated:
            link_name = negated[1][0].lower() + negated[1][1:]
            return Chain(chain.root, (*chain.links, Link("not"), Link(link_name, link.args)))
        return Chain(chain.root, (*chain.links, link))


def _expression(node: ast.Call) -> Expression:
    if not node.args or not isinstance(node.args[0], ast.Constant):
        raise NotUnderstood
    words = {word for argument in node.args[1:] for word in re.findall(r"[A-Z]+", ast.unparse(argument))}
    return Expression(str(node.args[0].value), "".join(sorted({_FLAGS[word] for word in words if word in _FLAGS})))


def _starts(node: ast.stmt) -> bool:
    """Whether it is `with sync_playwright() as playwright:`."""
    return isinstance(node, ast.With | ast.AsyncWith) and any(
        isinstance(item.context_expr, ast.Call) and ast.unparse(item.context_expr.func) in _STARTERS
        for item in node.items
    )


def _calls_run(node: ast.stmt) -> bool:
    assert isinstance(node, ast.With | ast.AsyncWith)
    return all(re.fullmatch(r"(await )?\w+\(\w+\)", ast.unparse(child)) for child in node.body)


def _camel(name: str) -> str:
    """`get_by_role` as JavaScript spells it; `and_` is `and`."""
    if name.endswith("_"):
        return name[:-1]
    if name in ("to_have_url", "wait_for_url"):
        return {"to_have_url": "toHaveURL", "wait_for_url": "waitForURL"}[name]
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
