"""Playwright's locators, structured or as selector strings, turned into our targets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from smokerunner.authoring.act import Notation
from smokerunner.importers.playwright_codegen.selectors import Expression, Inexpressible, Piece, pieces_of
from smokerunner.model.target import SHORT_ROLES

_BY_TEXT = {
    "text": "text",
    "label": "label",
    "placeholder": "placeholder",
    "alt": "alt",
    "title": "title",
    "test-id": "test_id",
}
_REFUSED = {
    "has-not-text": "a filter by text that must not be there",
    "hasNot": "a filter by an element that must not be there",
    "and": "two locators that must both match",
    "or": "two locators of which either may match",
    "visible": "a filter by visibility",
    "any-frame": "an element in any frame",
    "pierce-frames": "an element in any frame",
}
_ORDER = ("has_text", "has", "nth", "within", "frame")


def target_of(locator: Mapping[str, Any] | None, selector: str) -> Notation | None:
    """Our target for what Playwright found; None when it cannot be expressed, and `read_target` says why."""
    try:
        return read_target(locator, selector)
    except Inexpressible:
        return None


def read_target(locator: Mapping[str, Any] | None, selector: str) -> Notation:
    """Our target; raises Inexpressible with the reason.

    The selector string is the fuller of the two: JSON has lost a regular expression, and which attribute a test id is.
    """
    if not selector:
        return notation_of(structured_pieces(locator))
    try:
        return notation_of(pieces_of(selector))
    except Inexpressible:
        if locator is None:
            raise
        return notation_of(structured_pieces(locator))


def structured_pieces(locator: Mapping[str, Any] | None) -> tuple[Piece, ...]:
    """The pieces of Playwright's linked list of kind, body, options and next."""
    pieces: list[Piece] = []
    while locator:
        if not isinstance(locator, Mapping) or not isinstance(locator.get("options") or {}, Mapping):
            raise Inexpressible("a locator that is broken")
        pieces += _structured(str(locator.get("kind")), locator.get("body", ""), locator.get("options") or {})
        locator = locator.get("next")
    return tuple(pieces)


def _structured(kind: str, body: Any, options: Mapping[str, Any]) -> Iterable[Piece]:
    if kind == "default":
        yield from pieces_of(str(body))
        for key, filtered in (("hasText", "has-text"), ("hasNotText", "has-not-text")):
            if key in options:
                yield Piece(filtered, _text(options[key]))
    elif kind == "frame-locator":
        yield from (*pieces_of(str(body)), Piece("frame"))
    elif kind == "role":
        given = {name: _text(value) for name, value in options.items() if name in ("name", "description")}
        given |= {str(attr["name"]): attr["value"] for attr in options.get("attrs", ())}
        yield Piece("role", body, bool(options.get("exact")), given)
    elif kind in ("has", "hasNot", "and", "or", "chain"):
        inner = json.loads(body) if isinstance(body, str) else body
        yield Piece(kind, structured_pieces(inner))
    elif kind in ("first", "last"):
        yield Piece("nth", "0" if kind == "first" else "-1")
    elif kind != "no-pierce-frames":
        yield Piece(kind, _text(body), bool(options.get("exact")))


def _text(body: Any) -> Any:
    """A regular expression is a mapping with its source and flags; JSON has made `{}` of it in Playwright's own."""
    if isinstance(body, Mapping):
        if "source" not in body:
            raise Inexpressible("a regular expression that the file has lost")
        return Expression(str(body["source"]), str(body.get("flags", "")))
    return body


def notation_of(pieces: Iterable[Piece]) -> dict[str, Any]:
    """Our target for a chain of pieces; raises Inexpressible with the reason."""
    found: dict[str, Any] = {}
    frame: dict[str, Any] = {}
    for piece in pieces:
        if piece.kind == "frame":
            frame, found = _frame(_placed(found, frame)), {}
        elif piece.kind == "chain":
            inner = notation_of(piece.body)
            found = _within(inner, found)
        elif piece.kind in ("nth", "has-text", "has"):
            _narrow(found, piece)
        elif piece.kind in _REFUSED:
            raise Inexpressible(_REFUSED[piece.kind])
        else:
            found = _within(_finder(piece), found)
    return _placed(found, frame)


def _within(inner: dict[str, Any], outer: dict[str, Any]) -> dict[str, Any]:
    if not outer:
        return inner
    if "within" in inner:
        return {**inner, "within": _within(inner["within"], outer)}
    return {**inner, "within": outer}


def _placed(found: dict[str, Any], frame: dict[str, Any]) -> dict[str, Any]:
    if not found:
        raise Inexpressible("a frame as a whole" if frame else "no locator at all")
    placed = {**found, "frame": frame} if frame else found
    return {key: placed[key] for key in (*(key for key in placed if key not in _ORDER), *_ORDER) if key in placed}


def _frame(found: dict[str, Any]) -> dict[str, Any]:
    titled = re.fullmatch(r'iframe\[title=("(?:[^"\\]|\\.)*")\]', str(found.get("css", "")))
    if titled is None:
        return found
    return {"title": {"is": json.loads(titled[1])}, **{key: found[key] for key in _ORDER if key in found}}


def _narrow(found: dict[str, Any], piece: Piece) -> None:
    key = piece.kind.replace("-", "_")
    if not found:
        raise Inexpressible("a filter of the whole page")
    if key in found or "nth" in found:
        raise Inexpressible("a filter after a position" if "nth" in found else "two filters of the same kind")
    if key == "has":
        found["has"] = notation_of(piece.body)
    elif key == "has_text":
        found["has_text"] = matcher_of(piece.body, piece.exact)
    else:
        found["nth"] = _position(str(piece.body))


def _position(written: str) -> int | str:
    """Playwright counts from 0, and -1 is the last; we count from 1."""
    if not re.fullmatch(r"-?\d+", written):
        raise Inexpressible(f"the position {written}")
    number = int(written)
    if number < -1:
        raise Inexpressible("a position counted from the end")
    return {0: "first", -1: "last"}.get(number, number + 1)


def _finder(piece: Piece) -> dict[str, Any]:
    if piece.kind == "role":
        return _by_role(piece)
    if piece.kind in ("css", "xpath"):
        return {piece.kind: escape(str(piece.body))}
    if piece.kind == "test-id":
        # A plain test id is the whole id.
        return {"test_id": matcher_of(piece.body, exact=False)}
    if piece.kind in _BY_TEXT:
        return {_BY_TEXT[piece.kind]: matcher_of(piece.body, piece.exact)}
    raise Inexpressible(f"a locator of the kind {piece.kind}")


def _by_role(piece: Piece) -> dict[str, Any]:
    others = [name for name in piece.options if name != "name"]
    if others:
        raise Inexpressible(f"a role with {', '.join(others)}")
    role, name = str(piece.body), piece.options.get("name")
    matcher = "" if name is None else matcher_of(name, piece.exact)
    if role in SHORT_ROLES:
        return {role: matcher}
    return {"role": role} if matcher == "" else {"role": role, "name": matcher}


def matcher_of(body: Any, exact: bool) -> Any:
    """Our matcher: a part, `{is: …}` or `{matches: …}`; raises Inexpressible for what Python's `re` lacks."""
    if isinstance(body, Expression):
        return {"matches": escape(_python_expression(body))}
    return {"is": escape(str(body))} if exact else escape(str(body))


def escape(text: str) -> str:
    """Literal text in the flow language, where `${` begins a reference."""
    return text.replace("${", "$${")


def _python_expression(expression: Expression) -> str:
    source = expression.source.replace(r"\/", "/")
    source = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", source)
    flags = "".join(flag for flag in "ims" if flag in expression.flags)
    found = f"(?{flags}){source}" if flags else source
    try:
        re.compile(found)
    except re.error as wrong:
        raise Inexpressible(f"the regular expression /{expression.source}/: {wrong}") from wrong
    return found
