"""The facts of `expect` and `when` in the tree: waited for, and looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from smokerunner.authoring.export.elements import expression, locator, regex, text, whole
from smokerunner.authoring.export.tree import (
    Assert,
    Call,
    Compare,
    Expectation,
    Expr,
    Found,
    Get,
    Helper,
    Is,
    Name,
    Regex,
    Script,
    Statement,
    Text,
    Value,
    Wait,
)
from smokerunner.model.fact import Facts
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.target import Target
from smokerunner.model.wanted import AriaFact, ConsoleFact, Count, Download, Reading, RequestFact, SocketFact, State

LISTENING: dict[str, Literal["responses", "console", "downloads"]] = {
    "requests": "responses",
    "console": "console",
    "download": "downloads",
}
"""Facts about what has been said before: fact → what the code must listen to from the beginning."""
PATIENCE = 10_000
"""Milliseconds, as the flow language has it."""


@dataclass(frozen=True)
class Place:
    """Where facts are asked: the page's name, and the milliseconds that are allowed, if said."""

    page: Expr
    timeout: int | None = None

    @property
    def options(self) -> dict[str, Expr]:
        """What an expectation of Playwright's is given."""
        return {} if self.timeout is None else {"timeout": Value(self.timeout)}

    def locator(self, target: Target) -> Expr:
        """The locator of a target on this page."""
        return locator(self.page, target, self.page)


Waits = Callable[[Any, Place], Iterable[Statement]]
Looks = Callable[[Any, Place], Iterable[Expr]]


def items(facts: Facts) -> Iterator[tuple[str, Any]]:
    """Every single fact with its name, in the order they are asked."""
    for name in type(facts).model_fields:
        value = getattr(facts, name)
        for item in value if isinstance(value, tuple) else () if value is None else (value,):
            yield name, item


def waits(facts: Facts, place: Place) -> tuple[Statement, ...]:
    """Statements that wait until all facts are true."""
    return tuple(made for name, item in items(facts) for made in WAITS[name](item, place))


def looks(facts: Facts, place: Place) -> tuple[Expr, ...]:
    """Conditions that say whether all facts are true now."""
    return tuple(made for name, item in items(facts) for made in LOOKS[name](item, place))


def where(wanted: UrlPattern | Matcher) -> Expr:
    """The regular expression of an address."""
    if isinstance(wanted, Matcher):
        return regex(wanted)
    return Helper("address", (text(wanted),))


def _url(wanted: UrlPattern | Matcher, place: Place) -> Iterator[Statement]:
    yield Expectation(place.page, "to_have_url", (where(wanted),), place.options)


def _url_now(wanted: UrlPattern | Matcher, place: Place) -> Iterator[Expr]:
    yield Found(where(wanted), Get(place.page, "url"))


def _title(wanted: Matcher, place: Place) -> Iterator[Statement]:
    yield Expectation(place.page, "to_have_title", (whole(wanted),), place.options)


def _title_now(wanted: Matcher, place: Place) -> Iterator[Expr]:
    yield Found(regex(wanted), Call(place.page, "title", asks=True))


def _visible(target: Target, place: Place) -> Iterator[Statement]:
    yield Expectation(place.locator(target), "to_be_visible", (), place.options)


def _visible_now(target: Target, place: Place) -> Iterator[Expr]:
    yield Call(place.locator(target), "is_visible", asks=True)


def _seen(target: Target, place: Place) -> Expr:
    return Call(place.locator(target), "filter", options={"visible": Value(True)})


def _hidden(target: Target, place: Place) -> Iterator[Statement]:
    # `to_be_hidden` is an error where several match, all of them hidden.
    yield Expectation(_seen(target, place), "to_have_count", (Value(0),), place.options)


def _hidden_now(target: Target, place: Place) -> Iterator[Expr]:
    yield Compare(Call(_seen(target, place), "count", asks=True), "==", Value(0))


def _count(wanted: Count, place: Place) -> Iterator[Statement]:
    if wanted.is_ is not None:
        yield Expectation(place.locator(wanted.of), "to_have_count", (Value(wanted.is_),), place.options)
    for condition in _bounds(wanted, place):
        yield Wait(condition, f"{wanted.wanted} of {wanted.of}", place.timeout or PATIENCE)


def _bounds(wanted: Count, place: Place) -> Iterator[Expr]:
    counted = Call(place.locator(wanted.of), "count", asks=True)
    if wanted.at_least is not None:
        yield Compare(counted, ">=", Value(wanted.at_least))
    if wanted.at_most is not None:
        yield Compare(counted, "<=", Value(wanted.at_most))


def _count_now(wanted: Count, place: Place) -> Iterator[Expr]:
    if wanted.is_ is not None:
        yield Compare(Call(place.locator(wanted.of), "count", asks=True), "==", Value(wanted.is_))
    yield from _bounds(wanted, place)


def _value(wanted: Reading, place: Place) -> Iterator[Statement]:
    yield Expectation(place.locator(wanted.of), "to_have_value", (whole(wanted.reads),), place.options)


def _value_now(wanted: Reading, place: Place) -> Iterator[Expr]:
    yield from _one(wanted.of, place)
    yield Found(regex(wanted.reads), Call(place.locator(wanted.of), "input_value", asks=True))


def _one(target: Target, place: Place) -> Iterator[Expr]:
    # What is asked of an element that is not there would be waited for.
    yield Compare(Call(place.locator(target), "count", asks=True), "==", Value(1))


def _text_of(wanted: Reading, place: Place) -> Iterator[Statement]:
    inner: dict[str, Expr] = {"use_inner_text": Value(True), **place.options}
    if wanted.reads.part is not None:
        options: dict[str, Expr] = {"ignore_case": Value(True), **inner}
        yield Expectation(place.locator(wanted.of), "to_contain_text", (text(wanted.reads.part),), options)
    else:
        yield Expectation(place.locator(wanted.of), "to_have_text", (whole(wanted.reads),), inner)


def _text_of_now(wanted: Reading, place: Place) -> Iterator[Expr]:
    yield from _one(wanted.of, place)
    yield Found(regex(wanted.reads), Call(place.locator(wanted.of), "inner_text", asks=True))


def _checked(wanted: State, place: Place) -> Iterator[Statement]:
    yield Expectation(place.locator(wanted.of), "to_be_checked", (), place.options, negated=not wanted.is_)


def _enabled(wanted: State, place: Place) -> Iterator[Statement]:
    matcher = "to_be_enabled" if wanted.is_ else "to_be_disabled"
    yield Expectation(place.locator(wanted.of), matcher, (), place.options)


def _state_now(method: str) -> Looks:
    def look(wanted: State, place: Place) -> Iterator[Expr]:
        yield from _one(wanted.of, place)
        yield Is(Call(place.locator(wanted.of), method, asks=True), wanted.is_)

    return look


def _focused(target: Target, place: Place) -> Iterator[Statement]:
    yield Expectation(place.locator(target), "to_be_focused", (), place.options)


def _focused_now(target: Target, place: Place) -> Iterator[Expr]:
    yield from _one(target, place)
    script = Script("e => e.getRootNode().activeElement === e")
    yield Call(place.locator(target), "evaluate", (script,), asks=True)


def _aria(wanted: AriaFact, place: Place) -> Iterator[Statement]:
    yield Expectation(_root(wanted, place), "to_match_aria_snapshot", (text(wanted.snapshot),), place.options)


def _root(wanted: AriaFact, place: Place) -> Expr:
    return Call(place.page, "locator", (Text(("body",)),)) if wanted.of is None else place.locator(wanted.of)


def _aria_now(wanted: AriaFact, place: Place) -> Iterator[Expr]:
    yield Helper("matches_aria", (_root(wanted, place), text(wanted.snapshot)), asks=True)


def _status_now(wanted: int, place: Place) -> Iterator[Expr]:
    yield Compare(Helper("status_of", (place.page,), asks=True), "==", Value(wanted))


def _console_now(wanted: ConsoleFact, _: Place) -> Iterator[Expr]:
    if wanted.says is not None:
        yield Compare(Helper("mentions", (Name("console"), regex(wanted.says))), ">=", Value(1))
    else:
        yield Compare(Helper("own_errors", (Name("console"),)), "<=", Value(wanted.errors))


def _requests_now(wanted: RequestFact, _: Place) -> Iterator[Expr]:
    asked = (Name("responses"), where(wanted.url), Value(wanted.method), Value(wanted.status))
    number = Helper("answered", asked)
    if wanted.times is None:
        yield Compare(number, ">=", Value(1))
    else:
        yield Compare(number, "==", Value(wanted.times))


def _websockets(_: SocketFact, __: Place) -> Iterator[Statement]:
    # Nothing can be asked after the event; a remark says so.
    return iter(())


def _websockets_now(_: SocketFact, __: Place) -> Iterator[Expr]:
    yield Value(True)


def _download_now(wanted: Download, _: Place) -> Iterator[Expr]:
    name = Value(None) if wanted.name is None else regex(wanted.name)
    holds = Value(None) if wanted.contains is None else contained(wanted.contains)
    number = Helper("received", (Name("downloads"), name, holds, Value(wanted.at_least or 0)), asks=True)
    yield Compare(number, ">=", Value(1))


def contained(wanted: Matcher) -> Regex:
    """What stands in a file: a regular expression is looked for anywhere, also at the beginning of a line."""
    return expression(wanted.matches) if wanted.matches is not None else regex(wanted)


def download_asserts(wanted: Download, download: Expr) -> Iterator[Statement]:
    """What must be true of a file that came just now."""
    if wanted.name is not None:
        yield Assert(Get(download, "suggested_filename"), whole(wanted.name))
    if wanted.contains is not None:
        yield Assert(Helper("content_of", (download,), asks=True), contained(wanted.contains))
    if wanted.at_least is not None:
        size = Helper("size_of", (download,), asks=True)
        yield Wait(Compare(size, ">=", Value(wanted.at_least)), f"at least {wanted.at_least} bytes", PATIENCE)
    if wanted.at_most is not None:
        size = Helper("size_of", (download,), asks=True)
        yield Wait(Compare(size, "<=", Value(wanted.at_most)), f"at most {wanted.at_most} bytes", PATIENCE)


def _waited(look: Looks) -> Waits:
    """What Playwright has no expectation for is looked at until it is true."""

    def wait(wanted: Any, place: Place) -> Iterator[Statement]:
        for condition in look(wanted, place):
            yield Wait(condition, str(wanted), place.timeout or PATIENCE)

    return wait


def _status(wanted: int, place: Place) -> Iterator[Statement]:
    for condition in _status_now(wanted, place):
        yield Wait(condition, f"a page with status {wanted}", place.timeout or PATIENCE)


WAITS: dict[str, Waits] = {
    "url": _url,
    "title": _title,
    "visible": _visible,
    "hidden": _hidden,
    "count": _count,
    "value": _value,
    "text_of": _text_of,
    "checked": _checked,
    "enabled": _enabled,
    "focused": _focused,
    "status": _status,
    "aria": _aria,
    "console": _waited(_console_now),
    "requests": _waited(_requests_now),
    "websockets": _websockets,
    "download": _waited(_download_now),
}
"""Fact → what waits for it."""
LOOKS: dict[str, Looks] = {
    "url": _url_now,
    "title": _title_now,
    "visible": _visible_now,
    "hidden": _hidden_now,
    "count": _count_now,
    "value": _value_now,
    "text_of": _text_of_now,
    "checked": _state_now("is_checked"),
    "enabled": _state_now("is_enabled"),
    "focused": _focused_now,
    "status": _status_now,
    "aria": _aria_now,
    "console": _console_now,
    "requests": _requests_now,
    "websockets": _websockets_now,
    "download": _download_now,
}
"""Fact → what looks whether it is true now."""
