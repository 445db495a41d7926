"""The one browser of a run: launched once, launched again when it died, closed with its driver."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from playwright.async_api import Browser, Error, Page, Playwright

from smokerunner.browser.binary import Binary
from smokerunner.browser.driver import Driver
from smokerunner.browser.gate import Gate
from smokerunner.browser.outfit import Device
from smokerunner.model.errors import Unavailable
from smokerunner.model.run import Browser as Named

_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_STARTING = 60.0
"""Seconds a browser may take to start."""
_FONTS = """() => {
    const pen = document.createElement("canvas").getContext("2d");
    const families = ["serif", "sans-serif", "monospace", "system-ui", "Arial", "Georgia", "Helvetica"];
    const texts = ["Hamburgefonstiv 0123456789 €ßÅ", "日本語 한국어 العربية", "🙂🚀✓★"];
    return families.flatMap(family => texts.map(text => {
        pen.font = `32px ${family}`;
        const seen = pen.measureText(text);
        return [seen.width, seen.fontBoundingBoxAscent, seen.fontBoundingBoxDescent].map(size => size.toFixed(2));
    })).join(" ");
}"""
"""What texts measure in the families that pages fall back on: other fonts, other sizes."""


class Engine:
    """Playwright's driver and a browser, as an async context manager.

    The `driver` may have begun already; from then on it belongs to the engine, which closes it.
    """

    def __init__(
        self,
        binary: Binary,
        *,
        headed: bool = False,
        viewport: str = "1280x720",
        resolve: dict[str, str] | None = None,
        debugging_port: int | None = None,
        driver: Driver | None = None,
    ) -> None:
        self._binary = binary
        self._headed = headed
        self._viewport = viewport
        self._resolve = resolve or {}
        self._debugging_port = debugging_port
        self._source = driver or Driver()
        self._driver: Playwright | None = None
        self._browser: Browser | None = None
        self._lock = asyncio.Lock()
        self._beginning: asyncio.Task[None] | None = None
        self._broken: Unavailable | None = None
        self.description: Named | None = None
        """What `named` found, and `learn_fonts` later; None before it was asked."""
        self._knows_fonts = False
        self.launches = 0
        self.gate: Gate | None = None
        """Through which everything goes that the browser sends; None before it was launched."""

    @property
    def sandboxed(self) -> bool:
        """Whether Chromium's sandbox is on; as root it cannot be."""
        return not (hasattr(os, "geteuid") and os.geteuid() == 0)

    @property
    def devices(self) -> Mapping[str, Device]:
        """The devices that can be emulated, by their names."""
        assert self._driver is not None
        return self._driver.devices

    def begin(self) -> None:
        """Start driver and browser while something else is done; what goes wrong is told to whoever needs them."""
        self._beginning = asyncio.create_task(self._begin())

    async def _begin(self) -> None:
        await self.start()
        with contextlib.suppress(Unavailable):
            await self.named()

    async def start(self) -> None:
        """Start the driver, unless it has begun; the browser follows when it is first needed."""
        self._driver = await self._source.started()

    async def __aenter__(self) -> Self:
        """Start it, to be closed at the end."""
        await self.start()
        return self

    async def browser(self) -> Browser:
        """The browser, launched (again) when it is not there. Raises Unavailable when it does not start."""
        async with self._lock:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self._broken is not None:
                # It never started; to try again for each flow would only take time.
                raise self._broken
            assert self._driver is not None
            more = []
            if self._resolve:
                # The first rule that fits is taken, and one with a port says more.
                mapped = sorted(self._resolve.items(), key=lambda item: ":" not in item[0])
                rules = ", ".join(f"MAP {host} {address}" for host, address in mapped)
                more.append(f"--host-resolver-rules={rules}")
            if self._debugging_port is not None:
                more.append(f"--remote-debugging-port={self._debugging_port}")
            try:
                self._browser = await self._driver.chromium.launch(
                    executable_path=self._binary.path,
                    headless=not self._headed,
                    chromium_sandbox=self.sandboxed,
                    args=[*_ARGUMENTS, *more],
                    timeout=_STARTING * 1000,
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
            except Error as wrong:
                said = f"the browser {self._binary.path.name} does not start: {wrong.message.splitlines()[0]}"
                if not self.launches:
                    self._broken = Unavailable(said)
                raise Unavailable(said) from wrong
            self.launches += 1
            self.gate = await Gate.at(self._browser)
            return self._browser

    async def named(self) -> Named:
        """The browser for run.json."""
        if self._beginning is not None and self._beginning is not asyncio.current_task():
            # Whoever is interrupted meanwhile leaves it to `close`.
            await asyncio.shield(self._beginning)
        if self.description is not None:
            return self.description
        browser = await self.browser()
        self.description = Named(
            kind=self._binary.kind,
            version=browser.version,
            path=self._binary.shown,
            headless=not self._headed,
            viewport=self._viewport,
        )
        return self.description

    async def learn_fonts(self, browser: Browser, page: Page | None) -> None:
        """Measure the fonts, once, for the description: in a plain page that shows nothing yet, else in one of our own.

        To open a page costs three times as much as to measure in it.
        """
        if self._knows_fonts or self.description is None:
            return
        self._knows_fonts = True
        fonts = await _fingerprint(browser, page)
        self.description = self.description.model_copy(update={"fonts": fonts})

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        await self.close()

    async def close(self) -> None:
        """Close browser and driver, whatever state they are in; one that died is closed already."""
        if self._beginning is not None:
            # A browser that does not come up is not waited for.
            self._beginning.cancel()
            await asyncio.wait([self._beginning])
            self._beginning = None
        self._driver = None
        try:
            if self._browser is not None and self._browser.is_connected():
                await self._browser.close()
        except Error as gone:
            if "closed" not in gone.message:
                raise
        finally:
            await self._source.close()


async def _fingerprint(browser: Browser, page: Page | None) -> str:
    """A short sum of what texts measure here; empty when the browser does not say."""
    try:
        if page is not None:
            measured: str = await page.evaluate(_FONTS)
        else:
            own = await browser.new_page()
            try:
                measured = await own.evaluate(_FONTS)
            finally:
                await own.close()
    except Error:
        # Pictures are then compared whatever the fonts are; a browser that is gone is told by what needs it.
        return ""
    return hashlib.sha256(measured.encode()).hexdigest()[:12]
