"""One attempt's browser context: fresh, watched, traced, and closed with its evidence."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from playwright.async_api import Browser, BrowserContext, Error, Page, StorageState

from smokerunner.browser.aside import aside
from smokerunner.browser.gate import Gate
from smokerunner.browser.guard import Guard, Limits
from smokerunner.browser.outfit import Outfit
from smokerunner.browser.state import SavedState, restore_session, save
from smokerunner.browser.tab import Tab
from smokerunner.browser.traffic import Traffic
from smokerunner.model.errors import Unavailable
from smokerunner.model.matcher import Matcher, UrlPattern
from smokerunner.model.record import record
from smokerunner.model.target import Target


@record
class SessionSettings:
    """What a context is opened with. `viewport` is width and height in CSS pixels."""

    limits: Limits
    viewport: tuple[int, int]
    tolerated_console: tuple[Matcher, ...] = ()
    tolerated_requests: tuple[UrlPattern, ...] = ()
    dismiss: tuple[Target, ...] = ()
    trace: bool = True
    network: bool = True
    pictures: bool = True
    """Whether each step is pictured, so that it is worth while to watch what is painted."""
    insecure_tls: bool = False
    """Accept certificates that nobody vouches for."""
    outfit: Outfit = field(default_factory=Outfit)
    gate: Gate | None = None
    """Where the browser is held to the limits beyond what the context sees."""
    learn_fonts: Callable[[Browser, Page | None], Awaitable[None]] | None = None
    """Given the first page while it shows nothing; None instead of it when texts may measure differently there."""


class Session:
    """A context and its first page, as an async context manager."""

    def __init__(
        self,
        browser: Browser,
        settings: SessionSettings,
        state: SavedState | None,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._browser = browser
        self.settings = settings
        self._state = state
        self._now = now
        self._monotonic = monotonic
        self._scratch = tempfile.TemporaryDirectory(prefix="smokerunner-")
        self._context: BrowserContext | None = None
        self._tracing = False

    async def __aenter__(self) -> Self:
        """Open the context, with the state another flow left, and listen before anything is loaded."""
        try:
            await self._open()
        except BaseException:
            await self.close()
            raise
        return self

    async def _open(self) -> None:
        settings = self.settings
        try:
            self._context = context = await self._new_context()
        except Error as wrong:
            # Nothing was asked of the app yet: a certificate's passphrase is wrong, or the browser has died.
            said = wrong.message.splitlines()[0]
            raise Unavailable(f"the browser could not be set up: {said}") from wrong
        self.traffic = Traffic(
            context,
            origin=settings.limits.base_url,
            tolerated_console=settings.tolerated_console,
            tolerated_requests=settings.tolerated_requests,
            blocked=settings.limits.block,
            now=self._now,
            monotonic=self._monotonic,
        )
        self.guard = Guard(settings.limits, self.traffic.is_tolerated)
        page = await context.new_page()
        self.tab = Tab(page, self.traffic, self.guard, settings.dismiss, is_pictured=settings.pictures)
        if settings.learn_fonts is not None:
            await settings.learn_fonts(self._browser, page if settings.outfit == Outfit() else None)
        if self._state is not None:
            await restore_session(page, self._state)
        # None of these needs another, and each waits for the browser's answer.
        await asyncio.gather(self._bound(context), self._trace(context), self.tab.dismiss_what_comes())

    async def _bound(self, context: BrowserContext) -> None:
        """Hold all that the context sends to the limits."""
        gate = self.settings.gate
        await self.guard.watch(context, gated=gate is not None)
        await self.tab.begin()
        if gate is not None:
            await gate.admit(await self.tab.backstage.begin(), self.guard)

    async def _trace(self, context: BrowserContext) -> None:
        """Begin the trace, if there is to be one."""
        if self.settings.trace:
            await context.tracing.start(snapshots=True, screenshots=False, sources=False)
            self._tracing = True

    async def _new_context(self) -> BrowserContext:
        settings, wanted = self.settings, self.settings.outfit.browsing
        width, height = settings.viewport
        held: dict[str, Any] = dict(self._state.storage) if self._state else {}
        if wanted.passkeys is False or not held.get("credentials"):
            # With any, even none of them, Playwright would put its own authenticator in place.
            held.pop("credentials", None)
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            storage_state=cast(StorageState, held) if held else None,
            accept_downloads=True,
            ignore_https_errors=settings.insecure_tls,
            service_workers="block" if settings.limits.read_only else wanted.service_workers or "allow",
            record_har_path=self._har if settings.network else None,
            record_har_content="omit" if settings.network else None,
            **settings.outfit.options(settings.limits.base_url),
        )
        if wanted.passkeys:
            await context.credentials.install()
        return context

    async def group(self, title: str) -> None:
        """Begin a step in the trace."""
        if self._tracing and self._context is not None:
            with aside():
                await self._context.tracing.group(title)

    async def ungroup(self) -> None:
        """End a step in the trace."""
        if self._tracing and self._context is not None:
            with aside():
                await self._context.tracing.group_end()

    async def state(self) -> SavedState:
        """What the context holds now."""
        assert self._context is not None
        return await save(self._context, self.tab.raw)

    async def finish(self, *, keep_trace: bool) -> tuple[bytes | None, bytes | None]:
        """Close; the trace's zip when it is kept, and the HAR. A browser that died leaves neither."""
        trace: bytes | None = None
        try:
            if self._tracing and self._context is not None:
                self._tracing = False
                path = Path(self._scratch.name) / "trace.zip"
                await self._context.tracing.stop(path=path if keep_trace else None)
                trace = path.read_bytes() if keep_trace and path.exists() else None
            await self._close_context()
        except Error as wrong:
            if not self.is_gone(wrong):
                raise
        har = self._har.read_bytes() if self._har.exists() else None
        return trace, har

    async def close(self) -> None:
        """Give everything back, whatever state it is in."""
        try:
            await self._close_context()
        except Error as wrong:
            if not self.is_gone(wrong):
                raise
        finally:
            self._scratch.cleanup()

    async def _close_context(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            try:
                # While a page waits for an answer, so does the HAR; a server that hangs must not hold the run.
                for page in context.pages:
                    await page.close()
                await context.close()
            finally:
                if self.settings.gate is not None:
                    self.settings.gate.leave(self.guard)

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, if `finish` has not."""
        await self.close()

    @staticmethod
    def is_gone(wrong: Error) -> bool:
        """Whether the browser is not there any more."""
        return "closed" in wrong.message or "crashed" in wrong.message or "disconnected" in wrong.message

    @property
    def _har(self) -> Path:
        return Path(self._scratch.name) / "network.har"
