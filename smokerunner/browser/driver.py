"""Playwright's driver, a program of its own, which can start before anybody knows what will be asked of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import Playwright, async_playwright

from smokerunner.browser.apart import train
from smokerunner.model.cache import cache_folder, is_cache_wanted

_COMPILED = "NODE_COMPILE_CACHE"
"""Where Node.js keeps what it has compiled, as Python does beside its modules; it makes the folder itself."""


class Driver:
    """One driver, started once. Whoever stops waiting for it does not stop it; `close` does."""

    def __init__(self) -> None:
        self._starting: asyncio.Task[Playwright] | None = None

    def begin(self) -> None:
        """Start it while something else is done; what goes wrong is told to whoever needs it."""
        if self._starting is None:
            self._starting = asyncio.create_task(_start())

    async def started(self) -> Playwright:
        """The driver, when it is there."""
        self.begin()
        assert self._starting is not None
        return await asyncio.shield(self._starting)

    async def close(self) -> None:
        """End it, if it was begun; one that is half started would stay behind, so it is waited for."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        await asyncio.wait([starting])
        if not starting.cancelled() and starting.exception() is None:
            await starting.result().stop()


async def _start() -> Playwright:
    # A quarter of its start is spent on compiling the same files.
    with _compiled_once():
        driver = await async_playwright().start()
    await train(driver.selectors)
    return driver


@contextmanager
def _compiled_once() -> Iterator[None]:
    """Playwright hands on the environment as it is, and takes no other."""
    folder = cache_folder() if is_cache_wanted() else None
    if folder is None or _COMPILED in os.environ:
        yield
        return
    os.environ[_COMPILED] = str(folder / "driver")
    try:
        yield
    finally:
        os.environ.pop(_COMPILED, None)
