"""Texts, matchers and targets as expressions of the tree."""

from __future__ import annotations

import re
from typing import Any

from smokerunner.authoring.export.tree import (
    Call,
    Constant,
    Expr,
    Get,
    Helper,
    Name,
    Regex,
    Text,
    Value,
    Var,
)
from smokerunner.model.day import Day
from smokerunner.model.matcher import Matcher
from smokerunner.model.target import SHORT_ROLES, Target
from smokerunner.model.template import Reference, Template

BASE_URL = Constant("BASE_URL")
RUN_ID = Constant("RUN_ID")
FILES = Constant("FILES")
_PIECE = re.compile(r"\$\$\{|\$\{([^${}]*)\}")
_METHODS = {
    "label": "get_by_label",
    "placeholder": "get_by_placeholder",
    "text": "get_by_text",
    "alt": "get_by_alt_text",
    "title": "get_by_title",
}


def text(written: str) -> Text:
    """A template as a text; what it refers to is put in."""
    if not isinstance(written, Template):
        return Text((written,))
    parts: list[str | Expr] = []
    end = 0
    for piece in _PIECE.finditer(written):
        parts.append(written[end : piece.start()])
        parts.append("${" if piece[0] == "$${" else _reference(Reference.parse(piece[1])))
        end = piece.end()
    parts.append(str(written)[end:])
    return joined(parts)


def joined(parts: list[str | Expr]) -> Text:
    """One text of several pieces; neighbouring literal ones become one."""
    found: list[str | Expr] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            elif piece != "":
                found.append(piece)
    return Text(tuple(found))


def _reference(reference: Reference) -> Expr:
    if reference.kind == "unique":
        return Var("unique")
    if reference.kind == "run":
        return RUN_ID
    if reference.kind == "secret":
        return Constant(reference.name)
    if reference.kind == "today":
        day = Day.parse(reference.name)
        return Helper(
            "day", (Text(("".join(f"{number:+}{unit}" for number, unit in day.shifts),)), Text((day.format,)))
        )
    if reference.kind == "totp":
        return Helper("one_time_code", (Constant(reference.name),))
    return Var(reference.name)


def data(value: Any) -> Expr:
    """JSON as it stands in a file, in whose strings references may stand."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return Value({key: data(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return Value([data(item) for item in value])
    return Value(value)


def regex(matcher: Matcher) -> Regex:
    """A matcher as a regular expression."""
    if matcher.matches is not None:
        return expression(matcher.matches)
    pieces = text(matcher.is_ if matcher.is_ is not None else matcher.part or "").parts
    escaped: list[str | Expr] = [_escaped(piece) if isinstance(piece, str) else piece for piece in pieces]
    if matcher.is_ is not None:
        return Regex(joined([r"^\s*", *escaped, r"\s*$"]))
    return Regex(joined(escaped), "i")


def _escaped(literal: str) -> str:
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", literal)


def whole(matcher: Matcher) -> Expr:
    """A matcher where the whole of a text is compared: text for an exact one, else a regular expression."""
    return text(matcher.is_) if matcher.is_ is not None else regex(matcher)


def expression(pattern: str) -> Regex:
    """A regular expression of a file; Python's spelling becomes one that browsers know too."""
    flags = "".join(sorted(set("ims") & set("".join(re.findall(r"^\(\?([aiLmsux]+)\)", pattern)))))
    written = text(pattern)
    parts = [
        _shared(part, first=index == 0) if isinstance(part, str) else part for index, part in enumerate(written.parts)
    ]
    return Regex(joined(parts), flags)


def _shared(piece: str, *, first: bool) -> str:
    bare = re.sub(r"^\(\?[aiLmsux]+\)", "", piece) if first else piece
    # Browsers spell named groups in another way, and only Python has \A and \Z.
    return re.sub(r"\(\?P<\w+>", "(", bare).replace(r"\A", "^").replace(r"\Z", "$")


def locator(root: Expr, target: Target, page: Expr) -> Expr:
    """The locator of a target below `root`; its fallbacks are left aside."""
    if target.frame is not None:
        root = Get(locator(root, target.frame, page), "content_frame")
    if target.within is not None:
        root = locator(root, target.within, page)
    found = _finder(root, target)
    narrowed: dict[str, Expr] = {}
    if target.has is not None:
        narrowed["has"] = locator(page, target.has, page)
    if target.has_text is not None:
        loose = target.has_text.part is not None
        narrowed["has_text"] = text(target.has_text.part or "") if loose else regex(target.has_text)
    if narrowed:
        found = Call(found, "filter", options=narrowed)
    if target.nth in ("first", "last"):
        return Get(found, target.nth)
    return found if target.nth is None else Call(found, "nth", (Value(int(target.nth) - 1),))


def _finder(root: Expr, target: Target) -> Expr:
    if target.css is not None:
        return Call(root, "locator", (text(target.css),))
    if target.xpath is not None:
        return Call(root, "locator", (joined(["xpath=", text(target.xpath)]),))
    if target.role is not None:
        return _by_role(root, text(target.role), target.name)
    matcher = target.finds
    assert isinstance(matcher, Matcher)
    if target.finder in SHORT_ROLES:
        return _by_role(root, Text((target.finder,)), matcher)
    sought, options = _sought(matcher)
    if target.finder == "test_id":
        # A test id is a name, not prose: a plain string means the whole id, as it does for Playwright.
        return Call(root, "get_by_test_id", (sought,))
    return Call(root, _METHODS[target.finder], (sought,), options)


def _by_role(root: Expr, role: Text, name: Matcher | None) -> Expr:
    if name is None or name.part == "":
        return Call(root, "get_by_role", (role,))
    sought, options = _sought(name)
    return Call(root, "get_by_role", (role,), {"name": sought, **options})


def _sought(matcher: Matcher) -> tuple[Expr, dict[str, Expr]]:
    if matcher.matches is not None:
        return regex(matcher), {}
    if matcher.is_ is not None:
        return text(matcher.is_), {"exact": Value(True)}
    return text(matcher.part or ""), {}


def address(path: str, *, below: bool) -> Expr:
    """What `goto` and a request are given. Playwright completes a path by the app's origin; `below` puts the app's
    whole address before it, as is right when that has a path of its own.
    """
    written = text(path)
    first = written.parts[0] if written.parts else ""
    if not isinstance(first, str) or re.match(r"[a-z][a-z0-9+.-]*:", first):
        return written
    if first.startswith("//"):
        return joined([first[1:], *written.parts[1:]])
    rooted = written if first.startswith("/") else joined(["/", written])
    return joined([BASE_URL, rooted]) if below else rooted


PAGE = Name("page")
