"""What can be true of a page: the facts of `expect` and of `when`, each able to look once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    model_validator,
)

from smokerunner.model.errors import Failure
from smokerunner.model.frozen import Frozen, exactly_one
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.target import PlainTarget, Target
from smokerunner.model.template import Template

if TYPE_CHECKING:
    from smokerunner.model.context import Context


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _state(value: Any) -> Any:
    return value if isinstance(value, dict) and ("of" in value or "is" in value) else {"of": value}


class Download(Frozen):
    """A file that the browser received."""

    name: Matcher | None = Field(default=None, description="The suggested file name.")
    at_least: int | None = Field(default=None, ge=0, description="The smallest size in bytes that is right.")
    contains: Matcher | None = Field(default=None, description="What stands in the file, read as text.")

    def __str__(self) -> str:
        return "a file" if self.name is None else str(self.name)


class Count(Frozen):
    """How many elements match, visible or not."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 2})

    of: PlainTarget = Field(description="What is counted.")
    is_: int | None = Field(default=None, alias="is", ge=0, description="Exactly so many.")
    at_least: int | None = Field(default=None, ge=0, description="So many or more.")
    at_most: int | None = Field(default=None, ge=0, description="So many or fewer.")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        bounds = (self.is_, self.at_least, self.at_most)
        if all(bound is None for bound in bounds):
            raise ValueError("a count needs is, at_least or at_most")
        return self

    def accepts(self, number: int) -> bool:
        """Whether `number` is within what was asked."""
        return (
            (self.is_ is None or number == self.is_)
            and (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
        )

    @property
    def wanted(self) -> str:
        """What was asked, for a message."""
        said = [str(self.is_)] if self.is_ is not None else []
        said += [f"at least {self.at_least}"] if self.at_least is not None else []
        said += [f"at most {self.at_most}"] if self.at_most is not None else []
        return " and ".join(said)


class Reading(Frozen):
    """What an element shows or holds."""

    of: Target = Field(description="Which element.")
    reads: Matcher = Field(description="What must stand there.")


class State(Frozen):
    """A yes or no about an element; `is: no` asks for the opposite."""

    of: Target = Field(description="Which element.")
    is_: bool = Field(default=True, alias="is", description="`no` asks for the opposite.")


class AriaFact(Frozen):
    """The accessibility tree of an element, in Playwright's aria snapshot notation."""

    of: Target | None = Field(default=None, description="Which element; by default the page.")
    snapshot: Template = Field(description="What its accessibility tree contains.")

    def __str__(self) -> str:
        return "the page" if self.of is None else str(self.of)


class ConsoleFact(Frozen):
    """What the app wrote to the browser's console since this attempt began."""

    model_config = ConfigDict(json_schema_extra=exactly_one("errors", "says"))

    errors: int | None = Field(default=None, ge=0, description="At most so many errors of the app's own origin.")
    says: Matcher | None = Field(default=None, description="A message that has been written.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.errors is None) == (self.says is None):
            raise ValueError("console needs one of errors or says")
        return self

    def __str__(self) -> str:
        return f"says {self.says}" if self.says is not None else f"at most {_often(self.errors or 0, 'error')}"


class RequestFact(Frozen):
    """A request that the page has made, and had answered, since this attempt began."""

    url: UrlPattern = Field(description="Where: a path such as /api/orders/*, or a whole URL.")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] | None = Field(
        default=None, description="How; without it, any."
    )
    status: int | None = Field(default=None, ge=100, le=599, description="The answer's HTTP status; without it, any.")
    times: int | None = Field(default=None, ge=0, description="Exactly so often; without it, at least once.")

    def __str__(self) -> str:
        asked = f"{self.method} {self.url}" if self.method else str(self.url)
        return asked + (f" with status {self.status}" if self.status is not None else "")


def _aria(value: Any) -> Any:
    return {"snapshot": value} if isinstance(value, str) else value


def _place(value: Any, info: ValidationInfo) -> UrlPattern | Matcher:
    # Not a pydantic union: text would fit both members, and each would add its name to every error's place.
    if isinstance(value, str):
        return value if isinstance(value, UrlPattern) else UrlPattern(value)
    return Matcher.model_validate(value, context=info.context)


def _written(value: UrlPattern | Matcher) -> Any:
    # A union of a string class and a model writes both as strings.
    return value.model_dump() if isinstance(value, Matcher) else str(value)


Place = Annotated[
    UrlPattern | Matcher,
    PlainValidator(_place, json_schema_input_type=str | Matcher),
    PlainSerializer(_written),
]

Targets = Annotated[tuple[Target, ...], BeforeValidator(_many)]
PlainTargets = Annotated[tuple[PlainTarget, ...], BeforeValidator(_many)]
States = Annotated[tuple[Annotated[State, BeforeValidator(_state)], ...], BeforeValidator(_many)]


class Facts(Frozen):
    """Facts about the page, each one value or a list; all of them must hold."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    url: Annotated[tuple[Place, ...], BeforeValidator(_many)] = Field(
        default=(), description="Where the page is: a path such as /orders/*?tab=open, or a matcher."
    )
    title: Annotated[tuple[Matcher, ...], BeforeValidator(_many)] = Field(default=(), description="The page's title.")
    visible: Targets = Field(default=(), description="Elements that a person can see.")
    hidden: PlainTargets = Field(default=(), description="Elements that nobody can see, or that are not there.")
    count: Annotated[tuple[Count, ...], BeforeValidator(_many)] = Field(default=(), description="How many there are.")
    value: Annotated[tuple[Reading, ...], BeforeValidator(_many)] = Field(
        default=(), description="What a form field holds."
    )
    text_of: Annotated[tuple[Reading, ...], BeforeValidator(_many)] = Field(
        default=(), description="What an element shows."
    )
    checked: States = Field(default=(), description="A checkbox or radio that is on.")
    enabled: States = Field(default=(), description="A control that can be used.")
    focused: Targets = Field(default=(), description="The element that has the keyboard.")
    status: int | None = Field(
        default=None, ge=100, le=599, description="The HTTP status of the document that is now shown."
    )
    aria: Annotated[tuple[Annotated[AriaFact, BeforeValidator(_aria)], ...], BeforeValidator(_many)] = Field(
        default=(), description="An aria snapshot that the page, or an element, contains."
    )
    console: Annotated[tuple[ConsoleFact, ...], BeforeValidator(_many)] = Field(
        default=(), description="What was written to the console."
    )
    requests: Annotated[tuple[RequestFact, ...], BeforeValidator(_many)] = Field(
        default=(), description="Requests that the page made."
    )
    download: Annotated[tuple[Download, ...], BeforeValidator(_many)] = Field(
        default=(), description="A file that was downloaded during this flow."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("expects nothing; name at least one fact, such as url, visible or text_of")
        return self

    async def look(self, context: Context, *, late: bool) -> list[str]:
        """What does not hold at this moment, a sentence each; empty when all holds.

        `late` allows fallbacks and the slower, more helpful messages: the grace is over.
        """
        wrong: list[str] = []
        for ask, items in self._asked():
            for item in items:
                try:
                    complaint = await ask(item, context, late)
                except Failure as changed:
                    # The page moved on while it was looked at; the next look sees what it has become.
                    complaint = str(changed)
                if complaint is not None:
                    wrong.append(complaint)
        return wrong

    def _asked(self) -> tuple[tuple[_Ask, tuple[Any, ...]], ...]:
        return (
            (_status, () if self.status is None else (self.status,)),
            (_url, self.url),
            (_title, self.title),
            (_visible, self.visible),
            (_hidden, self.hidden),
            (_count, self.count),
            (_value, self.value),
            (_text_of, self.text_of),
            (_checked, self.checked),
            (_enabled, self.enabled),
            (_focused, self.focused),
            (_aria_holds, self.aria),
            (_console, self.console),
            (_requests, self.requests),
            (_download, self.download),
        )

    def __str__(self) -> str:
        said = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value not in ((), None):
                items = value if isinstance(value, tuple) else (value,)
                said.append(f"{name.replace('_', ' ')} {', '.join(_brief(item) for item in items)}")
        return "; ".join(said)


def _brief(item: Any) -> str:
    inner = getattr(item, "of", None)
    return str(inner) if isinstance(inner, Target) else str(item)


_Ask = Callable[[Any, "Context", bool], Awaitable[str | None]]


def _shortened(text: str, limit: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _often(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


async def _status(wanted: int, context: Context, late: bool) -> str | None:
    seen = context.page.status
    return None if seen == wanted else f"the page answered with status {seen}, not {wanted}"


async def _url(wanted: UrlPattern | Matcher, context: Context, late: bool) -> str | None:
    seen = context.page.url
    held = wanted.accepts(seen) if isinstance(wanted, Matcher) else wanted.accepts(seen, context.base_url)
    return None if held else f"the page is at {seen}, not at {wanted}"


async def _title(wanted: Matcher, context: Context, late: bool) -> str | None:
    seen = await context.page.title()
    return None if wanted.accepts(seen) else f'the title is "{seen}", not {wanted}'


async def _visible(target: Target, context: Context, late: bool) -> str | None:
    number = await context.page.count(target.alone)
    if number == 1 and await context.page.is_visible(target.alone):
        return None
    if late:
        for fallback in target.fallbacks:
            if await context.page.count(fallback) == 1 and await context.page.is_visible(fallback):
                await context.page.note_fallback(target, fallback, context.notes)
                return None
    if number > 1:
        return await _ambiguous(target, number, context, late)
    return f"{target} is there but hidden" if number else await _missing(target, context, late)


async def _hidden(target: Target, context: Context, late: bool) -> str | None:
    seen = await context.page.visible_count(target)
    return None if not seen else f"{target} is still visible"


async def _count(wanted: Count, context: Context, late: bool) -> str | None:
    number = await context.page.count(wanted.of)
    return None if wanted.accepts(number) else f"there are {number} of {wanted.of}, not {wanted.wanted}"


async def _single(target: Target, context: Context, late: bool) -> tuple[Target, str | None]:
    """The target, or its fallback, that matches exactly one element now, and what is wrong if none does."""
    number = await context.page.count(target.alone)
    if number == 1:
        return target.alone, None
    if late:
        for fallback in target.fallbacks:
            if await context.page.count(fallback) == 1:
                await context.page.note_fallback(target, fallback, context.notes)
                return fallback, None
    wrong = _ambiguous(target, number, context, late) if number else _missing(target, context, late)
    return target, await wrong


async def _missing(target: Target, context: Context, late: bool) -> str:
    return await context.page.absence(target) if late else f"{target} is not there"


async def _ambiguous(target: Target, number: int, context: Context, late: bool) -> str:
    if not late:
        return f"{target} matches {number} elements"
    return await context.page.ambiguity(target)


async def _value(wanted: Reading, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None:
        seen = await context.page.value_of(found)
        if not wanted.reads.accepts(seen):
            return f'{wanted.of} holds "{_shortened(seen)}", not {wanted.reads}'
    return wrong


async def _text_of(wanted: Reading, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None:
        seen = await context.page.text_of(found)
        if not wanted.reads.accepts(seen):
            return f'{wanted.of} shows "{_shortened(seen)}", not {wanted.reads}'
    return wrong


async def _checked(wanted: State, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None and await context.page.is_checked(found) != wanted.is_:
        return f"{wanted.of} is {'not checked' if wanted.is_ else 'checked'}"
    return wrong


async def _enabled(wanted: State, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted.of, context, late)
    if wrong is None and await context.page.is_enabled(found) != wanted.is_:
        return f"{wanted.of} is {'disabled' if wanted.is_ else 'enabled'}"
    return wrong


# The element with the keyboard, also inside a shadow tree, in a word or two.
_FOCUSED = """() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    if (!e || e === document.body) return '';
    const name = e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.name || e.id || '';
    return `${e.tagName.toLowerCase()} "${name.trim().slice(0, 60)}"`;
}"""


async def _focused(wanted: Target, context: Context, late: bool) -> str | None:
    found, wrong = await _single(wanted, context, late)
    if wrong is None and not await context.page.is_focused(found):
        seen = await context.page.raw.evaluate(_FOCUSED)
        return f"{wanted} does not have the focus; {seen or 'nothing'} has it"
    return wrong


async def _aria_holds(wanted: AriaFact, context: Context, late: bool) -> str | None:
    return await context.page.aria_difference(wanted.of, wanted.snapshot)


async def _console(wanted: ConsoleFact, context: Context, late: bool) -> str | None:
    messages = context.page.console
    if wanted.says is not None:
        if any(wanted.says.accepts(message.text) for message in messages):
            return None
        newest = f", the newest: {_shortened(messages[-1].text)}" if messages else ""
        return f"the console never said {wanted.says}; it said {_often(len(messages), 'thing')}{newest}"
    errors = [message for message in messages if message.counts]
    if len(errors) <= (wanted.errors or 0):
        return None
    allowed = f"at most {wanted.errors}" if wanted.errors else "0"
    are = f"there {'is' if len(errors) == 1 else 'are'} {_often(len(errors), 'console error')}"
    return f"{are}, not {allowed}; the newest: {_shortened(errors[-1].text)}"


async def _requests(wanted: RequestFact, context: Context, late: bool) -> str | None:
    at_url = [seen for seen in context.page.requests if wanted.url.accepts(seen.url, context.base_url)]
    found = [
        seen
        for seen in at_url
        if wanted.method in (None, seen.method)
        and (seen.status == wanted.status if wanted.status is not None else seen.status is not None)
    ]
    if (wanted.times is None and found) or (wanted.times is not None and len(found) == wanted.times):
        return None
    often = "at least once" if wanted.times is None else _times(wanted.times)
    also = "; seen there: " + ", ".join(f"{seen.method} → {seen.status}" for seen in at_url[-3:]) if at_url else ""
    return f"{wanted} was answered {_times(len(found))}, not {often}{also}"


async def _download(wanted: Download, context: Context, late: bool) -> str | None:
    complaints = [differences(wanted, name, content) for name, content in context.page.downloads]
    if any(not wrong for wrong in complaints):
        return None
    return complaints[-1][0] if complaints else "nothing was downloaded"


def differences(wanted: Download, name: str, content: bytes) -> list[str]:
    """What a downloaded file has that was not wanted, a sentence each."""
    wrong = []
    if wanted.name is not None and not wanted.name.accepts(name):
        wrong.append(f'the downloaded file is called "{name}", not {wanted.name}')
    if wanted.at_least is not None and len(content) < wanted.at_least:
        wrong.append(f"{name} has {len(content)} bytes, not at least {wanted.at_least}")
    if wanted.contains is not None:
        text = content.decode("utf-8", "replace")
        held = re.search(wanted.contains.matches, text) if wanted.contains.matches else wanted.contains.accepts(text)
        if not held:
            wrong.append(f"{name} does not contain {wanted.contains}")
    return wrong
