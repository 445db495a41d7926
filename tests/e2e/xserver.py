"""A screen that nobody sees, and a real mouse and keyboard for it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.async_api import Locator, Page

NEEDED = ("Xvfb", "xdotool")


def lacking() -> str:
    """What is missing for a window of our own; '' when all is there."""
    return ", ".join(name for name in NEEDED if shutil.which(name) is None)


@contextlib.contextmanager
def screen(folder: Path) -> Iterator[str]:
    """A screen of 1500 x 1000 pixels; the value for DISPLAY. What it shows lies in `folder`, in XWD's format."""
    read, write = os.pipe()
    words = [
        "Xvfb",
        "-displayfd",
        str(write),
        "-screen",
        "0",
        "1500x1000x24",
        "-nolisten",
        "tcp",
        "-fbdir",
        str(folder),
    ]
    server = subprocess.Popen(words, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "the X server did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


class Mouse:
    """Moves the real pointer and presses real keys. The page is only looked at, to know where things are."""

    def __init__(self, display: str, page: Page) -> None:
        self._display = display
        self._page = page
        self._offset = (0, 0)

    def do(self, *words: object) -> str:
        """One call of xdotool."""
        environment = {**os.environ, "DISPLAY": self._display}
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=environment, check=True, capture_output=True, text=True, timeout=30
        )
        return done.stdout.strip()

    async def find_page(self) -> None:
        """Where the page lies on the screen: by a movement that the page tells of."""
        await self._page.evaluate("addEventListener('mousemove', e => { window.__at = [e.clientX, e.clientY] })")
        for x in range(600, 640):
            self.do("mousemove", x, 500)
            seen = await self._page.evaluate("window.__at")
            if seen:
                await asyncio.sleep(0.3)
                seen = await self._page.evaluate("window.__at")
                self._offset = (x - seen[0], 500 - seen[1])
                return
            await asyncio.sleep(0.2)
        raise AssertionError("the page does not see the pointer")

    async def click(self, place: Locator) -> None:
        """Click the middle of it."""
        await place.wait_for()
        box = await place.bounding_box()
        assert box is not None
        self.click_at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await self._page.wait_for_timeout(200)

    def click_at(self, x: float, y: float) -> None:
        """Click a point of the page."""
        self.do("mousemove", round(x + self._offset[0]), round(y + self._offset[1]))
        time.sleep(0.1)
        self.do("click", 1)

    async def write(self, text: str) -> None:
        """Type where the cursor is."""
        self.do("type", "--delay", 30, text)
        await self._page.wait_for_timeout(200)

    def press(self, key: str) -> None:
        """Press a key or chord."""
        self.do("key", key)
