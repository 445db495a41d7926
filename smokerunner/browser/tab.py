"""A page as steps see it: what is done there, and what comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Dialog, Download, Error, Locator, Page, Request, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from smokerunner.browser.appearing import appearing
from smokerunner.browser.aside import aside
from smokerunner.browser.asking import ask
from smokerunner.browser.backstage import Backstage
from smokerunner.browser.bodies import readable
from smokerunner.browser.failures import is_passing
from smokerunner.browser.guard import Guard
from smokerunner.browser.looks import Looks
from smokerunner.browser.painting import Painting
from smokerunner.browser.reading import PageSource
from smokerunner.browser.survey import Survey, survey
from smokerunner.browser.traffic import Traffic, frame_of
from smokerunner.browser.vitals import vitals_of
from smokerunner.model.context import Answer, Appearance, Notes
from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure
from smokerunner.model.geometry import Box, Point
from smokerunner.model.kind import Kind
from smokerunner.model.observation import AnswerSeen
from smokerunner.model.part import Source
from smokerunner.model.result import ConsoleMessage, RequestSeen
from smokerunner.model.target import Target
from smokerunner.model.vitals import Vitals
from smokerunner.model.websocket import SocketSeen

GRACE = 2.0
"""Seconds before a fallback is tried."""
_MEASURING = 2.0
"""Seconds that it may take to learn where an element is; after that the action says what is wrong."""
_LOOKS = (0.03, 0.06, 0.1, 0.15, 0.25)


class Tab(Looks):
    """One page of a browser context. Fulfils `model.context.PageView`."""

    def __init__(
        self,
        page: Page,
        traffic: Traffic,
        guard: Guard,
        dismiss: Sequence[Target] = (),
        *,
        is_pictured: bool = True,
    ) -> None:
        """With `is_pictured` it is told what is painted, so that no picture is taken twice."""
        super().__init__(page)
        self.traffic = traffic
        self.status: int | None = None
        self.is_hanging = False
        """Whether the document that is shown did not finish loading when it was waited for."""
        self._surprises: list[str] = []
        self._guard = guard
        self._dismiss = dismiss
        self._is_pictured = is_pictured
        self._expected_dialog: Callable[[Dialog], Awaitable[None]] | None = None
        self._receiving = False
        self._found: tuple[Locator, Survey] | None = None
        """What was found last, and how it was then."""
        self._is_touched: bool | None = None
        self.backstage = Backstage(page)
        self.painting = Painting(self.backstage)
        page.on("response", self._on_response)
        page.on("dialog", self._on_dialog)
        page.on("download", self._on_download)
        page.on("crash", self._on_crash)
        page.on("domcontentloaded", self._on_document)

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.raw.url

    @property
    def has_closed(self) -> bool:
        """Whether the page closed in good order."""
        return self.raw.is_closed() and not self.crashed

    @property
    def console(self) -> Sequence[ConsoleMessage]:
        """The console of the whole context since the attempt began."""
        return self.traffic.console

    @property
    def requests(self) -> Sequence[RequestSeen]:
        """The requests of the whole context since the attempt began."""
        return self.traffic.requests

    @property
    def downloads(self) -> Sequence[tuple[str, bytes]]:
        """The files received since the attempt began."""
        return self.traffic.downloads

    @property
    def websockets(self) -> Sequence[SocketSeen]:
        """The WebSockets of the whole context since the attempt began."""
        return self.traffic.sockets.seen

    async def begin(self) -> None:
        """Be there in every document that the page shows from now on; a page that closes meanwhile shows none."""
        try:
            await self.backstage.begin()
        except Error:
            if not self.raw.is_closed():
                raise

    async def vitals(self) -> Vitals | None:
        """The web vitals of the document that is shown; None of an error page, and of none."""
        if self.crashed or self.raw.is_closed() or (self.status or 0) >= 400:
            return None
        return await vitals_of(self.backstage)

    def take_surprises(self) -> list[str]:
        """What came without being asked for since this was last asked."""
        taken, self._surprises = self._surprises, []
        return taken

    async def dismiss_what_comes(self) -> None:
        """Click away what is known to come in the way, whenever it does."""
        for target in self._dismiss:
            await self.raw.add_locator_handler(self.locate(target).first, _press)

    async def find(self, target: Target, notes: Notes, timeout: float) -> Locator:
        """The one element; after a short grace a fallback, which is noted. Raises Failure."""
        clock = asyncio.get_running_loop().time
        began, looks = clock(), 0
        while True:
            locator = self.locate(target)
            seen = await self._look(partial(survey, locator))
            if seen.number == 1:
                notes.locator = str(target.alone)
                self._found = (locator, seen)
                return locator
            waited = clock() - began
            if target.fallbacks and waited >= min(GRACE, timeout / 2):
                for fallback in target.fallbacks:
                    if await self.count(fallback) == 1:
                        await self.note_fallback(target, fallback, notes)
                        return self.locate(fallback)
            if waited >= timeout:
                break
            await asyncio.sleep(min(_LOOKS[min(looks, len(_LOOKS) - 1)], max(timeout - waited, 0.001)))
            looks += 1
        if seen.number:
            raise Failure(await self.ambiguity(target))
        raise Failure(f"{await self.absence(target)} (waited {spell(round(timeout, 1) or timeout)})")

    async def measure(self, locator: Locator, notes: Notes, *, pointed: bool, acted: bool = False) -> None:
        """Note the element's box, and with `pointed` its middle, in CSS pixels of the window; then say so."""
        with notes.spending(Kind.OWN):
            await self._measure(locator, notes, pointed=pointed, acted=acted)

    async def _measure(self, locator: Locator, notes: Notes, *, pointed: bool, acted: bool) -> None:
        acting = None if acted else notes.acting
        try:
            async with asyncio.timeout(_MEASURING):
                # What was just found is not asked for once more.
                known, seen = self._found or (None, None)
                self._found = None
                if seen is None or known is not locator or acted:
                    seen = await survey(locator)
                notes.field_kind = seen.field
                found = await seen.box(locator, into_view=pointed or acting is not None)
        except TimeoutError:
            return
        except Error as wrong:
            # The numbers are for the report; whether the element can be used is the action's business.
            if isinstance(wrong, PlaywrightTimeout) or is_passing(wrong):
                return
            raise
        if found is not None:
            x, y, width, height = found
            notes.box = Box(x=round(x, 1), y=round(y, 1), width=round(width, 1), height=round(height, 1))
            if pointed:
                notes.point = Point(x=round(x + width / 2, 1), y=round(y + height / 2, 1))
            if acting is not None:
                await acting()

    async def field_of(self, locator: Locator, timeout: float) -> str | None:
        """The `type` of the form field, '' for an editor, None for what is neither. Raises Error when it has gone."""
        seen = await self._look(partial(survey, locator))
        if seen.number != 1:
            await locator.wait_for(state="attached", timeout=timeout * 1000)
        return seen.field

    async def is_touched(self) -> bool:
        """Whether the browser is one with a touch screen."""
        if self._is_touched is None:
            with aside():
                self._is_touched = bool(
                    await self._look(lambda: self.raw.evaluate("() => navigator.maxTouchPoints > 0"))
                )
        return self._is_touched

    def source(self, target: Target | None, locator: Locator | None) -> Source:
        """What `save` can read of an element, or of the page."""
        return PageSource(self.raw, locator, str(target) if target is not None else "the page")

    async def visit(
        self, url: str, *, timeout: float, wait_until: Literal["load", "domcontentloaded", "commit"]
    ) -> Response | None:
        """Open an address; what answered, or None when the document stayed the same."""
        until = asyncio.get_running_loop().time() + timeout
        while True:
            left = max(until - asyncio.get_running_loop().time(), 0.001)
            try:
                return await self.raw.goto(url, timeout=left * 1000, wait_until=wait_until)
            except Error as wrong:
                # The browser was still on its way to the error page of the step before, or is on its way here.
                if not any(
                    f'interrupted by another navigation to "{to}' in wrong.message for to in ("chrome-error:", url)
                ):
                    raise
                await asyncio.sleep(0.05)

    def forgive(self, url: str) -> None:
        """The answer from here is bad and right: what the console says about it does not count."""
        self.traffic.forgive(url)

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
        """Send a request with the context's cookies, outside the page, within the bounds of every request."""
        given = {name.lower() for name in headers}
        typed = {"content-type": "application/json"} if json is not None and "content-type" not in given else {}
        began = asyncio.get_running_loop().time()
        got = await ask(
            self.raw.context,
            self._guard,
            method,
            url,
            headers={**typed, **headers},
            body=_body(json),
            form=form,
            timeout=timeout,
        )
        try:
            body, kind = await got.body(), got.headers.get("content-type", "")
            self.traffic.note_beside(
                AnswerSeen(
                    method=method,
                    url=got.url,
                    kind="api",
                    status=got.status,
                    reason=got.status_text,
                    seconds=round(asyncio.get_running_loop().time() - began, 3),
                    content_type=kind,
                    text=readable(body, kind),
                )
            )
            return Answer(method, got.url, got.status, got.headers, body)
        finally:
            await got.dispose()

    async def closing(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something after which this page may close itself, as the window of a foreign sign-in does."""
        try:
            await act()
        except Error as wrong:
            browser = self.raw.context.browser
            if (
                "has been closed" not in wrong.message
                or not self.has_closed
                or not (browser and browser.is_connected())
            ):
                raise

    async def opened(self, act: Callable[[], Awaitable[None]], timeout: float) -> Tab:
        """Do something and return the page that it opens."""
        async with self.raw.expect_popup(timeout=timeout * 1000) as waiting:
            await act()
        page = await waiting.value
        tab = Tab(page, self.traffic, self._guard, self._dismiss, is_pictured=self._is_pictured)
        await tab.begin()
        await tab.dismiss_what_comes()
        await page.wait_for_load_state("load", timeout=timeout * 1000)
        tab.status = await _status_of(page)
        return tab

    async def received(self, act: Callable[[], Awaitable[None]], timeout: float) -> tuple[str, bytes]:
        """Do something and return the file that it downloads."""
        self._receiving = True
        try:
            async with self.raw.expect_download(timeout=timeout * 1000) as waiting:
                await act()
            download = await waiting.value
        finally:
            self._receiving = False
        file = (download.suggested_filename, await _content(download))
        self.traffic.downloads.append(file)
        return file

    async def appearing(
        self, act: Callable[[], Awaitable[None]], targets: Sequence[Target], timeout: float
    ) -> Sequence[Appearance]:
        """Do something and say of each target whether it came."""
        return await appearing(self, act, targets, timeout)

    async def answered(
        self, act: Callable[[], Awaitable[None]], *, accept: bool, text: str | None, timeout: float
    ) -> str:
        """Do something and answer the dialog that it brings; what it said."""
        said: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def reply(dialog: Dialog) -> None:
            if not said.done():
                said.set_result(dialog.message)
            # A person who just presses OK sends what stands in the prompt already.
            typed = dialog.default_value if text is None else text
            await (dialog.accept(typed) if accept else dialog.dismiss())

        self._expected_dialog = reply
        try:
            await act()
            return await asyncio.wait_for(said, timeout)
        except TimeoutError as wrong:
            raise Failure(f"no dialog came (waited {spell(timeout)})") from wrong
        finally:
            self._expected_dialog = None

    async def connect(self, *, online: bool) -> None:
        """Take the network away from the whole context, or give it back."""
        self.traffic.go(offline=not online)
        await self.raw.context.set_offline(not online)

    async def close(self) -> None:
        """Close this page; one that closed itself is fine."""
        if not self.raw.is_closed():
            await self.raw.close()

    def _on_response(self, response: Response) -> None:
        request: Request = response.request
        # These answers leave the document that is shown where it is.
        if response.status in (204, 205) or "attachment" in response.headers.get("content-disposition", ""):
            return
        if request.is_navigation_request() and frame_of(request) == self.raw.main_frame:
            self.status = response.status

    async def _on_dialog(self, dialog: Dialog) -> None:
        expected = self._expected_dialog
        if expected is not None:
            await expected(dialog)
            return
        if dialog.type != "beforeunload":
            self._surprises.append(
                f'a dialog came that no step answers, and was dismissed: {dialog.type} "{dialog.message}"'
            )
        await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())

    async def _on_download(self, download: Download) -> None:
        if self._receiving:
            return
        try:
            file = (download.suggested_filename, await _content(download))
        except Failure as wrong:
            self._surprises.append(str(wrong))
        except Error as wrong:
            # The page was closed before the file was complete, so nobody can ask for it any more.
            if "closed" not in wrong.message:
                raise
        else:
            self.traffic.downloads.append(file)

    async def _on_document(self, _: Page) -> None:
        self.backstage.leave()
        if not self._is_pictured:
            return
        try:
            await self.painting.watch()
        except Error:
            # It was left again already, or closed. Whoever asks the page next is told.
            return

    def _on_crash(self, _: Page) -> None:
        self.crashed = True


async def _press(locator: Locator) -> None:
    await locator.click()


def _body(data: Any) -> str | None:
    return None if data is None else json.dumps(data)


async def _content(download: Download) -> bytes:
    failure = await download.failure()
    if failure:
        raise Failure(f"the download of {download.suggested_filename} failed: {failure}")
    return Path(await download.path()).read_bytes()


async def _status_of(page: Page) -> int | None:
    # The popup's first answer may have come before anyone could listen.
    status = await page.evaluate("() => performance.getEntriesByType('navigation')[0]?.responseStatus ?? null")
    return int(status) if status else None
