"""A person made of raw mouse and keyboard: what is clicked and typed is found on the screen, as by an eye."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Frame, Locator, Page

# Where the tools stand in Playwright's bar, in pixels from the middle of the page.
_ASSERT_VISIBLE = 104
_ASSERT_TEXT = 136
_ASSERT_VALUE = 168


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
        await asyncio.sleep(0.8)

    async def expect_text(self, place: Locator) -> None:
        """Point at a text that is expected, with the recorder's own tool in the bar at the top."""
        await self._point(_ASSERT_TEXT, place)
        await self.page.keyboard.press("Control+Enter")
        await asyncio.sleep(0.5)

    async def expect_visible(self, place: Locator) -> None:
        """Point at an element that is expected."""
        await self._point(_ASSERT_VISIBLE, place)

    async def expect_value(self, place: Locator) -> None:
        """Point at a field whose value is expected."""
        await self._point(_ASSERT_VALUE, place)

    async def _point(self, tool: int, place: Locator) -> None:
        size = self.page.viewport_size
        assert size is not None
        await self.page.mouse.click(size["width"] / 2 + tool, 16)
        await asyncio.sleep(0.5)
        await self.click(place)
        await asyncio.sleep(0.5)

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
