"""A JavaScript script read statement by statement: exactly what codegen prints, the rest is quoted as it stands."""

from __future__ import annotations

from collections.abc import Callable
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
from smokerunner.importers.playwright_codegen.javascript_tokens import BadToken, Token, tokens_of, uncomment
from smokerunner.model.errors import BadInput, Problem

_OPENING = {"(": ")", "[": "]", "{": "}"}
_HEADS = ("if", "for", "while")
_KEYWORDS = (
    *_HEADS, "else", "do", "switch", "try", "throw", "return", "new", "function", "class", "import", "export",
    "typeof", "delete", "async",
)  # fmt: skip
_AFTER_BRACE = (".", ",", ")", ";", "=", "else", "catch", "finally", "while", "from")
_GOES_ON = (".", ",", "=", "=>", "(", "[", "{", "+", "-", "?", ":", "&&", "||", "??", "*", "/")


def read_javascript(text: str, path: str) -> Source:
    """All scripts of a file; raises BadInput with the line when it cannot be read at all."""
    plain = uncomment(text)
    try:
        statements = _Parser(plain, tokens_of(plain)).statements("end")
    except BadToken as wrong:
        line = plain.count("\n", 0, wrong.at) + 1
        column = wrong.at - (plain.rfind("\n", 0, wrong.at) + 1) + 1
        raise BadInput([Problem(path, line, column, str(wrong))]) from wrong
    return _sort_out(statements)


class _Parser:
    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self, text: str = "") -> Token:
        token = self._next
        if text and token.text != text:
            raise NotUnderstood
        self._at += 1
        return token

    def _skip(self, text: str) -> bool:
        if self._next.text == text and self._next.kind != "value":
            self._at += 1
            return True
        return False

    def statements(self, until: str) -> tuple[Statement, ...]:
        """All statements up to a closing bracket or the end, which stays untaken."""
        found = []
        while self._next.kind != "end" and self._next.text != until:
            if self._skip(";"):
                continue
            start = self._at
            try:
                statement = self._statement()
            except NotUnderstood:
                self._at = start
                statement = self._opaque()
            found.append(statement)
        return tuple(found)

    def _statement(self) -> Statement:
        start = self._next
        assigned = ""
        if self._next.text in ("const", "let", "var"):
            self._take()
            if self._next.kind != "name":
                raise NotUnderstood
            assigned = self._take().text
            self._take("=")
        elif self._next.kind == "name" and self._tokens[self._at + 1].text == "=":
            assigned = self._take().text
            self._take("=")
        value = self._expression()
        if isinstance(value, Function):
            value = Chain("", (Link("", (value,)),))
        if not isinstance(value, Chain):
            raise NotUnderstood
        if not (self._next.text in (";", "}") or self._next.kind == "end" or self._next.after_newline):
            raise NotUnderstood
        self._skip(";")
        return Statement(self._line(start), self._quote(start), value, assigned)

    def _opaque(self) -> Statement:
        """Any statement: up to its semicolon, its closing brace or the end of a line that does not go on."""
        start = self._next
        closing: list[str] = []
        # What a condition or a loop is about may stand on the next line, without braces.
        is_head = start.text in _HEADS
        while self._next.kind != "end":
            token = self._take()
            text = token.text if token.kind == "punctuator" else ""
            if text in _OPENING:
                closing.append(_OPENING[text])
            elif closing and text == closing[-1]:
                closing.pop()
                if is_head and not closing:
                    is_head = False
                elif not closing and self._ends_with(text):
                    break
            elif not closing and self._ends_with(text):
                break
        return Statement(self._line(start), self._quote(start))

    def _ends_with(self, text: str) -> bool:
        """Whether a statement is over after this token, which is in no bracket."""
        after = self._next
        if text == ";":
            return after.text != "else"
        if text == "}" and after.text not in _AFTER_BRACE:
            return True
        return after.text == "}" or (after.after_newline and not {text, after.text} & set(_GOES_ON))

    def _line(self, token: Token) -> int:
        return self._text.count("\n", 0, token.start) + 1

    def _quote(self, start: Token) -> str:
        return flatten(self._text[start.start : self._tokens[self._at - 1].end])

    def _expression(self) -> Any:
        if self._next.text == "await" and self._next.kind == "name":
            self._take()
        function = self._function()
        if function is not None:
            return function
        token = self._take()
        if token.kind == "value":
            return token.value
        if token.kind == "name" and token.text not in _KEYWORDS:
            return self._links(Chain(token.text))
        if token.text == "-" and self._next.kind == "value":
            return -self._take().value
        if token.text == "[":
            return self._list("]", self._expression)
        if token.text == "{":
            return dict(self._list("}", self._entry))
        if token.text == "(":
            inner = self._expression()
            self._take(")")
            return self._links(_as_chain(inner))
        raise NotUnderstood

    def _links(self, chain: Chain) -> Chain:
        links = list(chain.links)
        while True:
            if self._skip("."):
                name = self._take()
                if name.kind != "name":
                    raise NotUnderstood
                links.append(Link(name.text, tuple(self._list(")", self._expression)) if self._skip("(") else ()))
            elif self._next.text == "(" and self._next.kind == "punctuator" and not self._next.after_newline:
                self._take()
                links.append(Link("", tuple(self._list(")", self._expression))))
            else:
                return Chain(chain.root, tuple(links))

    def _list(self, closing: str, item: Callable[[], Any]) -> list[Any]:
        found = []
        while not self._skip(closing):
            found.append(item())
            if not self._skip(","):
                self._take(closing)
                break
        return found

    def _entry(self) -> tuple[str, Any]:
        if self._skip("..."):
            self._expression()
            return "**", True
        key = self._take()
        name = str(key.value) if key.kind == "value" else key.text
        if key.kind == "punctuator":
            raise NotUnderstood
        return name, self._expression() if self._skip(":") else Chain(name)

    def _function(self) -> Function | None:
        """An arrow function, when one begins here."""
        start = self._at
        if self._next.text == "async" and self._next.kind == "name":
            self._take()
        parameters = self._parameters()
        if parameters is None or not self._skip("=>"):
            self._at = start
            return None
        if self._skip("{"):
            statements = self.statements("}")
            self._take("}")
            return Function(parameters, statements)
        first = self._next
        value = self._expression()
        statement = Statement(self._line(first), self._quote(first), _as_chain(value))
        return Function(parameters, (statement,))

    def _parameters(self) -> tuple[str, ...] | None:
        if self._next.kind == "name":
            return (self._take().text,)
        if self._next.text != "(":
            return None
        self._take()
        names: list[str] = []
        while not self._skip(")"):
            token = self._take()
            if token.kind == "name":
                names.append(token.text)
            elif token.text not in (",", "{", "}"):
                return None
        return tuple(names)


def _as_chain(value: Any) -> Chain:
    if isinstance(value, Chain):
        return value
    if isinstance(value, Function):
        return Chain("", (Link("", (value,)),))
    raise NotUnderstood


def _sort_out(statements: tuple[Statement, ...]) -> Source:
    """Tests apart from what stands around them."""
    scripts: list[Script] = []
    outside: list[Statement] = []
    _collect(statements, (), scripts, outside)
    return Source(tuple(scripts), tuple(outside))


def _collect(
    statements: tuple[Statement, ...], before: tuple[Statement, ...], scripts: list[Script], outside: list[Statement]
) -> None:
    for statement in statements:
        called, names, function = _call_of(statement.chain)
        if function is None:
            if not _is_import(statement):
                outside.append(statement)
        elif called == "":
            scripts.append(Script("", function.statements))
        elif called == "test.beforeEach":
            before = (*before, *function.statements)
        elif called in ("test", "it", "test.only"):
            name = names[0] if names else ""
            scripts.append(Script("" if name == "test" else name, (*before, *function.statements)))
        elif called in ("test.describe", "test.describe.serial", "test.describe.parallel", "test.describe.only"):
            _collect(function.statements, before, scripts, outside)
        else:
            outside.append(statement)


def _call_of(chain: Chain | None) -> tuple[str, list[str], Function | None]:
    """What is called, the strings it is given, and the function it is given last."""
    if chain is None or not chain.links or not chain.links[0 if chain.root == "" else -1].args:
        return "", [], None
    link = chain.links[0 if chain.root == "" else -1]
    called = ".".join(filter(None, (chain.root, *(before.name for before in chain.links))))
    function = link.args[-1] if isinstance(link.args[-1], Function) else None
    return called, [argument for argument in link.args if isinstance(argument, str)], function


def _is_import(statement: Statement) -> bool:
    return statement.text.startswith("import ") or "require(" in statement.text
