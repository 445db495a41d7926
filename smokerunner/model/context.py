"""All that a step may touch, as protocols that replay fills; there are no module globals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from smokerunner.model.geometry import Box, Point
from smokerunner.model.kind import Kind
from smokerunner.model.mending import Mend
from smokerunner.model.part import Source
from smokerunner.model.record import record
from smokerunner.model.result import ConsoleMessage, RequestSeen
from smokerunner.model.secret import Secrets
from smokerunner.model.target import Target
from smokerunner.model.websocket import SocketSeen

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page, Response

    from smokerunner.model.mail import Mailbox
    from smokerunner.model.step import Step


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The time of day in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from some fixed point, never going back."""
        ...


class PageView(Protocol):
    """A page of the browser. `raw` and `locate` give Playwright's own objects; the rest looks once, waiting for
    nothing. Methods that act raise Playwright's errors, which the engine turns into outcomes.
    """

    @property
    def raw(self) -> Page:
        """Playwright's page."""
        ...

    @property
    def url(self) -> str:
        """Where the page is."""
        ...

    @property
    def status(self) -> int | None:
        """The HTTP status of the document that is now shown; None when it did not come over HTTP."""
        ...

    @property
    def console(self) -> Sequence[ConsoleMessage]:
        """The console since this attempt began, in order."""
        ...

    @property
    def requests(self) -> Sequence[RequestSeen]:
        """The requests since this attempt began, in order."""
        ...

    @property
    def websockets(self) -> Sequence[SocketSeen]:
        """The WebSockets opened since this attempt began, in order."""
        ...

    @property
    def downloads(self) -> Sequence[tuple[str, bytes]]:
        """The files received since this attempt began: suggested name, content."""
        ...

    def locate(self, target: Target) -> Locator:
        """Playwright's locator for a rendered target, fallbacks left aside; nothing is waited for."""
        ...

    async def title(self) -> str:
        """The page's title."""
        ...

    async def count(self, target: Target) -> int:
        """How many elements match now, visible or not."""
        ...

    async def visible_count(self, target: Target) -> int:
        """How many visible elements match now."""
        ...

    async def is_visible(self, target: Target) -> bool:
        """Whether one element matches, and no other, and is visible now."""
        ...

    async def is_checked(self, target: Target) -> bool:
        """Whether the one checkbox or radio is on."""
        ...

    async def is_enabled(self, target: Target) -> bool:
        """Whether the one control can be used."""
        ...

    async def is_focused(self, target: Target) -> bool:
        """Whether the one element has the keyboard."""
        ...

    async def text_of(self, target: Target) -> str:
        """What the one element shows."""
        ...

    async def value_of(self, target: Target) -> str:
        """What the one form field holds."""
        ...

    async def aria_difference(self, target: Target | None, snapshot: str) -> str | None:
        """None when the page, or the element, contains this aria snapshot; else what is there."""
        ...

    async def ambiguity(self, target: Target) -> str:
        """A sentence with ready narrowings for a target that matches several elements."""
        ...

    async def note_fallback(self, target: Target, fallback: Target, notes: Notes) -> None:
        """Note that a fallback was used, and what it found."""
        ...

    async def absence(self, target: Target) -> str:
        """A sentence for a target that matches nothing: what is missing around it, or what is there instead."""
        ...

    async def find(self, target: Target, notes: Notes, timeout: float) -> Locator:
        """The one element, waited for; a fallback is used, and noted, after a short grace. Raises Failure."""
        ...

    def source(self, target: Target | None, locator: Locator | None) -> Source:
        """What `save` can read of an element, or of the page when there is none."""
        ...

    async def visit(
        self, url: str, *, timeout: float, wait_until: Literal["load", "domcontentloaded", "commit"]
    ) -> Response | None:
        """Open an address; what answered, or None when the document stayed the same."""
        ...

    def forgive(self, url: str) -> None:
        """The answer from here is bad and right: what the browser's console says about it does not count."""
        ...

    async def answer(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        json: Any,
        form: Mapping[str, str] | None,
        timeout: float,
    ) -> Answer:
        """Send a request with the page's own cookies, outside the page."""
        ...

    async def closing(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something after which this page may close itself, as the window of a foreign sign-in does."""
        ...

    async def opened(self, act: Callable[[], Awaitable[None]], timeout: float) -> PageView:
        """Do something and return the page that it opens. Raises Failure when none opens."""
        ...

    async def received(self, act: Callable[[], Awaitable[None]], timeout: float) -> tuple[str, bytes]:
        """Do something and return the file that it downloads. Raises Failure when none comes."""
        ...

    async def appearing(
        self, act: Callable[[], Awaitable[None]], targets: Sequence[Target], timeout: float
    ) -> Sequence[Appearance]:
        """Do something and say of each target whether it came, however soon it vanished again."""
        ...

    async def answered(
        self, act: Callable[[], Awaitable[None]], *, accept: bool, text: str | None, timeout: float
    ) -> str:
        """Do something and answer the native dialog that it brings; what it said. Raises Failure when none comes."""
        ...

    async def measure(self, locator: Locator, notes: Notes, *, pointed: bool, acted: bool = False) -> None:
        """Note the element's box, and with `pointed` its middle, as it is just before it is acted on, or has been."""
        ...

    async def field_of(self, locator: Locator, timeout: float) -> str | None:
        """The `type` of the form field, '' for an editor, None for what is neither."""
        ...

    async def is_touched(self) -> bool:
        """Whether the browser is one with a touch screen."""
        ...

    async def connect(self, *, online: bool) -> None:
        """Take the network away from this page and all that share its session, or give it back."""
        ...

    async def close(self) -> None:
        """Close this page."""
        ...


@record
class Appearance:
    """Whether an element came that could be seen. `others` are the texts of its kind that were there meanwhile."""

    target: Target
    came: bool
    stood: bool = False
    """Whether it, or one like it, was there already."""
    others: tuple[str, ...] = ()


@record
class Answer:
    """What came back for a request outside the page."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Notes:
    """What is learned while a step runs, kept even when it fails: replay reads it into the Result."""

    locator: str = ""
    box: Box | None = None
    point: Point | None = None
    field_kind: str | None = None
    """The `type` of the form field that was measured, '' for an editor."""
    value: str = ""
    mend: Mend | None = None
    warnings: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    secret_fields: list[Target] = field(default_factory=list)
    never_seen: list[Target] = field(default_factory=list)
    """Of what the act was meant to show, that which did not come."""
    acting: Callable[[], Awaitable[None]] | None = None
    """Called when the element is measured and in view, just before it is acted on."""
    spending: Callable[[Kind], AbstractContextManager[object]] = nullcontext
    """While what it returns is open, time counts as this kind."""

    def use_fallback(self, target: Target, fallback: Target, *, role: str = "", name: str = "") -> None:
        """The target was not found and a fallback was used: the step is warned, with a mend that is ready.

        `role` is that of the element found; `name` what it is called, if that would find it by the target's own role.
        """
        self.locator = str(fallback)
        self.mend = Mend(
            found=str(target.alone),
            instead=fallback.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True),
            role=role,
            name=name,
        )
        self.warnings.append(f"{target.alone} was not found; its fallback {fallback} was used")


class Perform(Protocol):
    """Run child steps: an attempt, a picture and a Result for each."""

    async def __call__(
        self,
        steps: Sequence[Step],
        *,
        key: str,
        page: PageView | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> bool:
        """Whether all of them were good. Their results become children of the step that asked."""
        ...


class Variables(Protocol):
    """The variables that a flow sees."""

    def set(self, name: str, value: str, *, one_time: bool = False, secret: bool = False) -> None:
        """Save a value; a secret or one-time one is masked from now on."""
        ...

    def get(self, name: str) -> str | None:
        """A saved or given value; None when there is none."""
        ...


@record
class Context:
    """What a step is handed. `timeout` is in seconds and falls from step to flow to default."""

    page: PageView
    base_url: str
    clock: Clock
    deadline: float
    notes: Notes
    secrets: Secrets
    variables: Variables
    perform: Perform
    mailbox: Callable[[], Awaitable[Mailbox]]
    mail_since: datetime
    mail_taken: frozenset[str]
    mail_rebase: bool
    folder: Path
    """Where the flow file lies; files to upload are relative to it."""
    steps_of: Callable[[str], Sequence[Step]]
    """The steps of another flow of the file, for `use`."""
    defaults_of: Callable[[str], Mapping[str, str]]
    """The variables' defaults of another flow, for `use`."""

    @property
    def remaining(self) -> float:
        """Seconds left for this step, at least a millisecond."""
        return max(self.deadline - self.clock.monotonic(), 0.001)

    async def find(self, target: Target) -> Locator:
        """The one element that `target` names, waited for within this step's time."""
        with self.notes.spending(Kind.WAITING):
            return await self.page.find(target, self.notes, self.remaining)
