"""A visitor who looks at an app before there is any flow: opens pages, reads them, fills forms, sees what comes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from playwright.async_api import BrowserContext, Dialog, Error, Page, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from smokerunner.browser.failures import is_passing, translate
from smokerunner.browser.forms import Notation, PageSeen, fingerprint, read_page
from smokerunner.browser.happenings import Snapshot
from smokerunner.browser.launch import Engine
from smokerunner.browser.locating import locate
from smokerunner.model.errors import Unavailable
from smokerunner.model.record import record
from smokerunner.model.target import Target

_OPENING = 30_000.0
_ACTING = 5_000.0
"""Milliseconds for one act."""
_CALM, _LOOKS = 0.15, 3
"""Seconds between looks, and how many in a row must be alike."""
_LATE = 8.0
"""Seconds in which a page must have come to rest."""
_EMPTY = 40
"""Characters; a page with less, no field and no link is still waiting for its scripts."""


@record
class Landing:
    """Where an address led. `status` is None when there was no answer of its own, as for a part of the same page."""

    asked: str
    url: str
    status: int | None
    content_type: str
    headers: Mapping[str, str]
    """By lower-case name."""

    @property
    def asks_for_basic_auth(self) -> bool:
        """Whether the server wants a user and a password before it shows anything."""
        return self.status == 401 and self.headers.get("www-authenticate", "").lower().startswith("basic")

    @property
    def is_page(self) -> bool:
        """Whether it is something that a browser shows as a page."""
        return self.content_type in ("", "text/html", "application/xhtml+xml")


class Visitor:
    """A fresh browser context with one page, as an async context manager. Nothing is recorded of what it does."""

    def __init__(
        self,
        engine: Engine,
        *,
        viewport: tuple[int, int] = (1280, 720),
        credentials: tuple[str, str] | None = None,
        insecure_tls: bool = False,
    ) -> None:
        self._engine = engine
        self._viewport = viewport
        self._credentials = credentials
        self._insecure_tls = insecure_tls
        self._context: BrowserContext | None = None
        self.dialogs: list[str] = []
        """What native dialogs said; a question was answered with yes."""

    async def __aenter__(self) -> Self:
        """Open the context. Raises Unavailable when the browser does not start."""
        browser = await self._engine.browser()
        width, height = self._viewport
        signed: Any = None
        if self._credentials is not None:
            signed = {"username": self._credentials[0], "password": self._credentials[1]}
        self._context = await browser.new_context(
            viewport={"width": width, "height": height},
            http_credentials=signed,
            ignore_https_errors=self._insecure_tls,
        )
        self._page: Page = await self._context.new_page()
        self._page.on("dialog", self._answer)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it; a browser that is gone is closed already."""
        try:
            if self._context is not None:
                await self._context.close()
        except Error as gone:
            if "closed" not in gone.message:
                raise

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._page.url

    async def open(self, url: str) -> Landing:
        """Go to an address and wait until the page has come to rest. Raises Unavailable when nothing answers."""
        try:
            response = await self._page.goto(url, timeout=_OPENING, wait_until="domcontentloaded")
        except Error as wrong:
            return await self._without_page(url, wrong)
        landing = await _landing(url, self._page.url, response)
        if landing.is_page:
            await self.rest()
        return Landing(url, self._page.url, landing.status, landing.content_type, landing.headers)

    async def read(self) -> PageSeen:
        """What the page offers now."""
        for _ in range(20):
            try:
                return await read_page(self._page)
            except Error as wrong:
                if not is_passing(wrong):
                    raise _unavailable(wrong, self._page.url) from wrong
                await asyncio.sleep(0.1)
        return await read_page(self._page)

    async def source(self) -> str:
        """The page's markup as it stands now."""
        return await self._page.content()

    async def cookies(self) -> tuple[str, ...]:
        """The names of the cookies that the app has set."""
        assert self._context is not None
        return tuple(str(cookie.get("name", "")) for cookie in await self._context.cookies())

    async def snapshot(self) -> Snapshot:
        """What the page shows, as a screen reader would tell it."""
        try:
            aria = await self._page.locator("body").aria_snapshot(mode="ai", timeout=_ACTING)
            return Snapshot(self._page.url, await self._page.title(), aria)
        except Error as wrong:
            raise _unavailable(wrong, self._page.url) from wrong

    async def fill(self, target: Notation, text: str) -> None:
        """Write into a field. Raises Unavailable when that is not possible."""
        await self._act(target, "filled", lambda one: one.fill(text, timeout=_ACTING))

    async def check(self, target: Notation) -> None:
        """Tick a box."""
        await self._act(target, "ticked", lambda one: one.check(timeout=_ACTING))

    async def choose(self, target: Notation, option: str) -> None:
        """Choose an option by what it reads."""
        await self._act(target, "chosen from", lambda one: one.select_option(label=option, timeout=_ACTING))

    async def click(self, target: Notation) -> None:
        """Click, and wait until what came of it has come to rest."""
        before = await fingerprint(self._page)
        await self._act(target, "clicked", lambda one: one.click(timeout=_ACTING))
        await self.rest(unlike=before)

    async def finds_one(self, target: Notation) -> bool:
        """Whether a target finds exactly one element, and a visible one."""
        found = locate(self._page, Target.model_validate(dict(target)))
        try:
            return await found.count() == 1 and await found.is_visible()
        except Error:
            return False

    async def rest(self, unlike: str = "") -> None:
        """Wait, some seconds at most, until the page changes no more, and with `unlike` is not what it was."""
        loop = asyncio.get_running_loop()
        until, patience = loop.time() + _LATE, loop.time() + _LATE / 2
        last, alike = "", 0
        while loop.time() < until:
            try:
                now = await fingerprint(self._page)
            except Error as wrong:
                if not is_passing(wrong):
                    raise _unavailable(wrong, self._page.url) from wrong
                now = ""
            alike = alike + 1 if now and now == last else 0
            last = now
            is_waiting = (now == unlike and loop.time() < patience) or not now or await self._is_bare()
            if alike >= _LOOKS and not is_waiting and "loading" not in now:
                return
            await asyncio.sleep(_CALM)

    async def _is_bare(self) -> bool:
        script = (
            f"() => (document.body?.innerText || '').trim().length < {_EMPTY}"
            " && !document.querySelector('input, a[href], form') && !!document.querySelector('script')"
        )
        try:
            return bool(await self._page.evaluate(script))
        except Error:
            return True

    async def _act(self, target: Notation, done: str, act: Any) -> None:
        wanted = Target.model_validate(dict(target))
        try:
            await act(locate(self._page, wanted))
        except PlaywrightTimeout as wrong:
            covered = re.search(r"(<[^>]{1,80}>).* intercepts pointer events", wrong.message)
            said = f"; {covered[1]} is in the way" if covered else ""
            raise Unavailable(f"{wanted} could not be {done}{said}") from wrong
        except Error as wrong:
            raise Unavailable(f"{wanted} could not be {done}: {_first_line(wrong)}") from wrong

    async def _answer(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        await (dialog.accept() if dialog.type in ("confirm", "beforeunload") else dialog.dismiss())

    async def _without_page(self, url: str, wrong: Error) -> Landing:
        """An answer that the browser does not show still says what it is; raises Unavailable when there is none."""
        shows_nothing = (
            "Download is starting", "ERR_ABORTED", "ERR_HTTP_RESPONSE_CODE", "ERR_INVALID_AUTH", "ERR_INVALID_RESPONSE",
        )  # fmt: skip
        if not any(sign in wrong.message for sign in shows_nothing):
            raise _unavailable(wrong, url) from wrong
        assert self._context is not None
        try:
            answer = await self._context.request.get(url, timeout=_OPENING)
        except Error as worse:
            raise _unavailable(worse, url) from worse
        try:
            kind = answer.headers.get("content-type", "application/octet-stream")
            return Landing(url, answer.url, answer.status, _plain(kind), answer.headers)
        finally:
            await answer.dispose()


async def _landing(asked: str, url: str, response: Response | None) -> Landing:
    if response is None:
        return Landing(asked, url, None, "", {})
    headers = await response.all_headers()
    return Landing(asked, url, response.status, _plain(headers.get("content-type", "")), headers)


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _unavailable(wrong: Error, url: str) -> Unavailable:
    said = translate(wrong)
    words = str(said) if said is not None else _first_line(wrong)
    if isinstance(wrong, PlaywrightTimeout):
        words = f"nothing came within {_OPENING / 1000:g} s"
    words = words.removeprefix(f"{url}: ").removeprefix(f"{url.rstrip('/')}/: ")
    return Unavailable(f"{url} cannot be opened: {words}")


def _first_line(wrong: Error) -> str:
    return wrong.message.splitlines()[0]
