"""What comes back in the tree: what is saved of a page, a message, an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from smokerunner.authoring.export.elements import address, data, expression, regex, text, whole
from smokerunner.authoring.export.reader import Reader
from smokerunner.authoring.export.tree import (
    Assert,
    Call,
    Expectation,
    Expr,
    Get,
    Helper,
    Item,
    Let,
    Name,
    Save,
    Script,
    Statement,
    Text,
    Value,
)
from smokerunner.model.matcher import Matcher
from smokerunner.model.part import ANYTHING, Part
from smokerunner.model.step import Step

MAIL_PATIENCE = 60_000
"""Milliseconds, as the flow language has it."""
_PATH = re.compile(r"\.([A-Za-z_][\w-]*)|\[(-?\d+)\]|\['([^'\]]*)'\]|\[\"([^\"\]]*)\"\]")


def saves(step: Step, reader: Reader, element: Expr | None) -> Iterator[Statement]:
    """What is saved from an element, or from the page when there is none."""
    for variable, part in step.save.items():
        yield Save(variable, _taken(part, _of_page(part, reader.page, element)))


def _of_page(part: Part, page: Expr, element: Expr | None) -> Expr:
    if part.kind == "url":
        return Get(page, "url")
    if element is None:
        element = Call(page, "locator", (Text(("body",)),))
    if part.kind == "value":
        return Call(element, "input_value", asks=True)
    if part.kind == "attribute":
        return Call(element, "get_attribute", (text(part.attribute or ""),), asks=True)
    if part.kind == "anchor":
        assert part.anchor is not None
        link = Call(element, "get_by_role", (Text(("link",)),), {"name": sought(part.anchor)})
        return Call(Get(link, "first"), "evaluate", (Script("a => a.href"),), asks=True)
    return Call(element, "inner_text", asks=True)


def _taken(part: Part, found: Expr) -> Expr:
    """The value, or what a regular expression takes out of it."""
    matcher: Matcher | None = getattr(part, part.kind) if part.kind in ("text", "value", "url") else None
    if part.matches is not None:
        return Helper("take", (found, expression(part.matches)))
    if matcher is not None and matcher != ANYTHING:
        return Helper("take", (found, regex(matcher)))
    return Helper("stripped", (found,)) if part.kind == "text" else found


def mail(step: Any, reader: Reader) -> Iterator[Statement]:
    """Wait for a message, by a helper that asks the mailbox."""
    wanted = step.mail
    reader.remark("fill in the helper that waits for mail: it must ask your mailbox")
    asked = [
        Value(None) if matcher is None else regex(matcher) for matcher in (wanted.subject, wanted.from_, wanted.text)
    ]
    name = reader.name("mail")
    timeout = Value(reader.patience(step) or MAIL_PATIENCE)
    yield Let(name, Helper("wait_for_mail", (text(wanted.to), *asked, timeout), asks=True))
    for variable, part in step.save.items():
        yield Save(variable, _taken(part, _of_mail(part, Name(name))))


def _of_mail(part: Part, mail: Expr) -> Expr:
    if part.kind == "anchor":
        assert part.anchor is not None
        return Helper("link_in", (mail, regex(part.anchor)))
    if part.kind == "header":
        return Item(Get(mail, "headers", plain=True), str(part.header).lower())
    return Get(mail, "text", plain=True)


def api(step: Any, reader: Reader) -> Iterator[Statement]:
    """A request with the page's own cookies, and what its answer must be."""
    request = step.api
    headers = {"Accept": text("application/json")} if step.accept == "json" else {}
    headers |= {name: text(value) for name, value in request.headers.items()}
    options: dict[str, Expr] = {"headers": Value(headers)} if headers else {}
    if request.json_ is not None:
        options["data"] = data(request.json_)
    if request.form:
        options["form"] = data(request.form)
    options |= reader.options(step)
    target = address(request.path, below=reader.below)
    name = reader.name("answer")
    ask = Call(Get(reader.page, "request", plain=True), request.method.lower(), (target,), options, asks=True)
    yield Let(name, ask)
    yield from _judged(step, reader, Name(name))
    for variable, part in step.save.items():
        yield Save(variable, _taken(part, _of_answer(part, Name(name), reader)))


def _judged(step: Any, reader: Reader, answer: Expr) -> Iterator[Statement]:
    wanted = step.answer
    if wanted is None or wanted.status is None:
        yield Expectation(answer, "to_be_ok")
    else:
        yield Assert(Get(answer, "status"), Value(wanted.status))
    if wanted is None:
        return
    for header, matcher in wanted.headers.items():
        yield Assert(Item(Get(answer, "headers"), header.lower()), whole(matcher))
    if wanted.text is not None:
        yield Assert(Call(answer, "text", asks=True), regex(wanted.text))
    for path, condition in wanted.json_.items():
        found = _at(path, answer)
        if found is None:
            reader.remark(f"the JSONPath {path} is beyond plain code; look at the answer by hand")
        elif isinstance(condition, Matcher):
            yield Assert(Helper("as_text", (found,)), whole(condition))
        else:
            yield Assert(found, data(condition))


def _at(path: str, answer: Expr) -> Expr | None:
    """Plain code for a JSONPath of names and numbers; None for any other."""
    rest = path.removeprefix("$") if path.startswith("$") else f".{path}"
    found: Expr = Call(answer, "json", asks=True)
    while rest:
        piece = _PATH.match(rest)
        if piece is None:
            return None
        rest = rest[piece.end() :]
        name = next((key for key in (piece[1], piece[3], piece[4]) if key is not None), None)
        found = Item(found, int(piece[2]) if name is None else name)
    return found


def _of_answer(part: Part, answer: Expr, reader: Reader) -> Expr:
    if part.kind == "url":
        return Get(answer, "url")
    if part.kind == "header":
        return Item(Get(answer, "headers"), str(part.header).lower())
    if part.kind == "text":
        return Call(answer, "text", asks=True)
    found = _at(str(part.json_), answer)
    if found is None:
        reader.remark(f"the JSONPath {part.json_} is beyond plain code; take the value by hand")
        return Text(("",))
    return Helper("as_text", (found,))


def sought(matcher: Matcher) -> Expr:
    """What an option or a link is found by: a part as it stands, else a regular expression."""
    return text(matcher.part) if matcher.part is not None else regex(matcher)
