"""A person made of raw mouse and keyboard: what is clicked and typed is found on the screen, as by an eye."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.async_api import Frame, Locator, Page

from smokerunner.recording import session
from smokerunner.recording.looking import Looking

# Where the tools stand in Playwright's bar, in pixels from the middle of the page.
_ASSERT_VISIBLE = 104
_ASSERT_TEXT = 136
_ASSERT_VALUE = 168
_PATIENCE = 20
"""Seconds that a busy machine may take to notice something."""


class Attention(Looking):
    """A recorder's eyes whose owner can be waited for: on a busy machine they look later, and a person with them."""

    latest: ClassVar[Attention | None] = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.calm = 0
        """Looks since something changed."""
        type(self).latest = self

    async def look(self) -> None:
        """Look, and remember how calm it was."""
        await super().look()
        self.calm = self.calm + 1 if self.is_calm else 0

    @classmethod
    def pay(cls, patch: pytest.MonkeyPatch) -> None:
        """Have every recording of this process look with eyes that can be waited for."""
        patch.setattr(cls, "latest", None)
        patch.setattr(session, "Looking", cls)


async def rest() -> None:
    """Do nothing for a moment, until the recorder has seen what was done."""
    await asyncio.sleep(0.6)
    watcher = Attention.latest
    if watcher is None:
        return
    watcher.calm = 0

    async def is_calm() -> bool:
        return watcher.calm >= 2

    await _until(is_calm, "the recorder's looking twice at the same")


async def _until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    for _ in range(_PATIENCE * 20):
        if await condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {_PATIENCE} s in vain for {what}")


class Hand:
    """Moves the mouse and presses keys in one page. Locators are only used to see where something is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def click(self, place: Locator | str, *, count: int = 1) -> None:
        """Move to the middle of it and click."""
        locator = self._locator(place)
        await locator.wait_for(state="visible", timeout=10_000)
        await locator.scroll_into_view_if_needed()
        box = await locator.bounding_box()
        assert box is not None, f"{locator} is nowhere to be seen"
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await self.page.mouse.move(x, y)
        await self.page.mouse.click(x, y, click_count=count)

    async def write(self, place: Locator | str, text: str) -> None:
        """Click into a field, empty it as a person does, and type letter by letter."""
        await self.click(place)
        await self.press("Control+A")
        await self.type(text)

    async def type(self, text: str) -> None:
        """Type where the cursor is."""
        await self.page.keyboard.type(text, delay=5)

    async def press(self, key: str) -> None:
        """Press one key or chord."""
        await self.page.keyboard.press(key)

    async def choose(self, place: Locator, option: str) -> None:
        """Choose in a native list by typing its beginning: the list itself is drawn outside the page."""
        await place.focus()
        await self.type(option)

    async def give(self, place: Locator, file: Path) -> None:
        """Choose a file in the dialog that a click opens, which is drawn outside the page."""
        async with self.page.expect_file_chooser() as chooser:
            await self.click(place)
        await (await chooser.value).set_files(file)

    async def go(self, url: str) -> None:
        """Type an address into the address bar, which is outside the page as well."""
        await self.page.goto(url)

    async def see(self, place: Locator | str) -> None:
        """Wait until it can be seen, and look at it for a moment."""
        await self._locator(place).first.wait_for(state="visible", timeout=15_000)
        await rest()

    async def expect_text(self, place: Locator) -> None:
        """Point at a text that is expected, with the recorder's own tool in the bar at the top."""
        await self._take("text", _ASSERT_TEXT)
        await self.click(place)
        await _until(lambda: self._bar_shows("accept"), "the recorder's asking which text")
        await self.page.keyboard.press("Control+Enter")
        await self._lay_down("text")

    async def expect_visible(self, place: Locator) -> None:
        """Point at an element that is expected."""
        await self._take("visibility", _ASSERT_VISIBLE)
        await self.click(place)
        await self._lay_down("visibility")

    async def expect_value(self, place: Locator) -> None:
        """Point at a field whose value is expected."""
        await self._take("value", _ASSERT_VALUE)
        await self.click(place)
        await self._lay_down("value")

    async def _take(self, tool: str, right: int) -> None:
        size = self.page.viewport_size
        assert size is not None
        await self.page.mouse.click(size["width"] / 2 + right, 16)
        await _until(lambda: self._bar_shows(tool, "toggled"), f"the recorder's tool '{tool}'")

    async def _lay_down(self, tool: str) -> None:
        """Wait until the tool can be taken again: the bar is there, and nothing in it is under way."""

        async def is_down() -> bool:
            bar = await self._bar()
            return {tool} in bar and not any(words & {"succeeded", "accept"} for words in bar)

        await _until(is_down, f"the recorder's laying down '{tool}'")

    async def _bar_shows(self, *classes: str) -> bool:
        return any(set(classes) <= words for words in await self._bar())

    async def _bar(self) -> list[set[str]]:
        """The classes of each tool in Playwright's bar, closed to scripts and not always there."""
        cdp = await self.page.context.new_cdp_session(self.page)
        try:
            document = await cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})
        finally:
            await cdp.detach()
        return [
            set(words.split())
            for node in _nodes(document["root"])
            if node["localName"] == "x-pw-tool-item"
            for name, words in _pairs(node.get("attributes", []))
            if name == "class"
        ]

    def button(self, name: str, *, exact: bool = False) -> Locator:
        """A button by what it says."""
        return self.page.get_by_role("button", name=name, exact=exact)

    def link(self, name: str, *, exact: bool = False) -> Locator:
        """A link by what it says."""
        return self.page.get_by_role("link", name=name, exact=exact)

    def field(self, label: str, frame: Frame | None = None) -> Locator:
        """A field by its label."""
        return (frame or self.page).get_by_label(label, exact=True)

    def _locator(self, place: Locator | str) -> Locator:
        return self.page.get_by_text(place) if isinstance(place, str) else place


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*node.get("children", []), *node.get("shadowRoots", [])]
    return [node, *(found for child in inner for found in _nodes(child))]


def _pairs(flat: list[str]) -> list[tuple[str, str]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
