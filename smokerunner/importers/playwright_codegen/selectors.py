"""Playwright's selector strings, such as `internal:role=button[name="Save"i] >> nth=0`, read into pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class Inexpressible(Exception):
    """A locator that our targets cannot express; the text says why."""


@dataclass(frozen=True)
class Expression:
    """A regular expression as JavaScript writes it."""

    source: str
    flags: str = ""


@dataclass(frozen=True)
class Piece:
    """One link of a locator's chain, in the words of Playwright's structured locator."""

    kind: str
    """role, text, label, placeholder, alt, title, test-id, css, xpath, nth, has-text, has, frame, …"""
    body: Any = ""
    """A string, an Expression, or the pieces of an inner locator."""
    exact: bool = False
    options: dict[str, Any] = field(default_factory=dict)


_ENGINE = re.compile(r"[a-zA-Z_0-9\-+:*]+")
_TEXTS = {
    "text": "text",
    "internal:text": "text",
    "internal:label": "label",
    "internal:has-text": "has-text",
    "internal:has-not-text": "has-not-text",
}
_INNER = {
    "internal:has": "has",
    "internal:has-not": "hasNot",
    "internal:and": "and",
    "internal:or": "or",
    "internal:chain": "chain",
}
_ATTRIBUTES = {"placeholder": "placeholder", "alt": "alt", "title": "title"}
_TEST_IDS = ("data-testid", "data-test-id", "data-test")


def pieces_of(selector: str) -> tuple[Piece, ...]:
    """Read a selector string; raises Inexpressible for an engine that is not known here."""
    try:
        return tuple(piece for engine, body in _parts(selector) for piece in _piece(engine, body))
    except json.JSONDecodeError as wrong:
        raise Inexpressible(f"the selector {selector}") from wrong


def _parts(selector: str) -> Iterator[tuple[str, str]]:
    """The engines and bodies between `>>`, which does not split inside quotes."""
    start = index = 0
    quote = ""
    while index < len(selector):
        char = selector[index]
        if char == "\\":
            index += 2
        elif quote:
            quote = "" if char == quote else quote
            index += 1
        elif char in "\"'`" and not re.match(r"\s*text\s*=.", selector[start:index]):
            quote = char
            index += 1
        elif selector.startswith(">>", index):
            yield _engine(selector[start:index].strip())
            index += 2
            start = index
        else:
            index += 1
    yield _engine(selector[start:].strip())


def _engine(part: str) -> tuple[str, str]:
    name, equals, body = part.partition("=")
    if equals and _ENGINE.fullmatch(name.strip()):
        return name.strip(), body
    if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'":
        return "text", part
    return ("xpath", part) if re.match(r"\(*//|\.\.", part) else ("css", part)


def _piece(engine: str, body: str) -> Iterator[Piece]:
    if engine in ("css", "xpath"):
        yield Piece(engine, body)
    elif engine in _TEXTS:
        text, exact = _text(body)
        yield Piece(_TEXTS[engine], text, exact)
    elif engine in _INNER:
        yield Piece(_INNER[engine], pieces_of(json.loads(f"[{body}]")[0]))
    elif engine == "internal:role":
        role, attributes = _attributes(body)
        yield _role(role, attributes)
    elif engine == "internal:testid":
        (name, value, _), *_ = _attributes(body)[1]
        if name == "data-testid":
            yield Piece("test-id", value)
        elif isinstance(value, str):
            yield Piece("css", f"[{name}={json.dumps(value, ensure_ascii=False)}]")
        else:
            raise Inexpressible(f"a regular expression for the attribute {name}")
    elif engine == "internal:attr":
        (name, value, exact), *_ = _attributes(body)[1]
        if name not in _ATTRIBUTES:
            raise Inexpressible(f"the attribute {name}")
        yield Piece(_ATTRIBUTES[name], value, exact)
    elif engine == "internal:control" and body == "enter-frame":
        yield Piece("frame")
    elif engine in ("nth", "visible"):
        yield Piece(engine, body)
    elif engine == "id":
        yield Piece("css", f'[id="{body}"]')
    elif engine in _TEST_IDS:
        yield Piece("test-id", body) if engine == "data-testid" else Piece("css", f'[{engine}="{body}"]')
    elif engine != "internal:describe":
        raise Inexpressible(f"the selector engine {engine}={body}")


def _role(role: str, attributes: list[tuple[str, Any, bool]]) -> Piece:
    options: dict[str, Any] = {}
    exact = False
    for name, value, strict in attributes:
        options[name] = value
        exact = exact or (name == "name" and strict)
    return Piece("role", role, exact, options)


def _text(body: str) -> tuple[str | Expression, bool]:
    """The text and whether it is exact: `"x"s` and `"x"` are, `"x"i` and bare text are not."""
    found = re.fullmatch(r"/(.*)/([dgimsuvy]*)", body, re.DOTALL)
    if found:
        return Expression(_unquoted(found[1]), found[2]), False
    for ending, exact in (('"', True), ('"s', True), ('"i', False)):
        if body.startswith('"') and body.endswith(ending) and len(body) > len(ending):
            return str(json.loads(body[: len(body) - len(ending) + 1])), exact
    if len(body) > 1 and body[0] == body[-1] == "'":
        return body[1:-1], True
    return body, False


def _attributes(body: str) -> tuple[str, list[tuple[str, Any, bool]]]:
    """What stands before the brackets, and each attribute: its name, its value and whether case counts."""
    head, _, _ = body.partition("[")
    found = []
    index = len(head)
    while index < len(body):
        opened = re.compile(r"\s*\[\s*([\w-]+)\s*(=?)\s*").match(body, index)
        if opened is None:
            raise Inexpressible(f"the selector {body}")
        index = opened.end()
        value: Any = True
        exact = False
        if opened[2]:
            value, exact, index = _attribute_value(body, index)
        closed = re.compile(r"\s*\]\s*").match(body, index)
        if closed is None:
            raise Inexpressible(f"the selector {body}")
        index = closed.end()
        found.append((opened[1], value, exact))
    return head.strip(), found


_QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1).)*)\1\s*([is]?)""", re.DOTALL)
_BETWEEN_SLASHES = re.compile(r"/((?:\\.|\[(?:\\.|[^\]])*\]|[^/\\\[])*)/([dgimsuvy]*)", re.DOTALL)


def _attribute_value(body: str, index: int) -> tuple[Any, bool, int]:
    if quoted := _QUOTED.match(body, index):
        return re.sub(r"\\(.)", r"\1", quoted[2], flags=re.DOTALL), quoted[3] != "i", quoted.end()
    if between := _BETWEEN_SLASHES.match(body, index):
        return Expression(_unquoted(between[1]), between[2]), False, between.end()
    bare = re.compile(r"[^\]\s]*").match(body, index)
    assert bare is not None  # The expression also matches nothing.
    return {"true": True, "false": False}.get(bare[0], bare[0]), False, bare.end()


def _unquoted(source: str) -> str:
    r"""Playwright escapes quotes and `>>` in an expression so that its selectors split well."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\([\"'`>])", r"\1\2", source)
