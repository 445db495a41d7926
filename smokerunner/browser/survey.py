"""What is asked about an element before it is acted on, all at once: one question costs as much as another."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.async_api import Locator

from smokerunner.browser.apart import evaluate_apart
from smokerunner.browser.aside import aside
from smokerunner.browser.page_script import page_script
from smokerunner.model.record import record

_SOON = 1000.0
"""Milliseconds that Playwright may take to tell where an element is that is not in the page itself."""


@record
class Survey:
    """How many elements match, and of the one element, when it is one, where it is and what can be put into it."""

    number: int
    field: str | None = None
    """The `type` of a form field, '' for an editor; None for what is neither."""
    seen: dict[str, Any] | None = None
    """The window's own words about the one element: its box, and whether that can be believed."""

    async def box(self, locator: Locator, *, into_view: bool) -> tuple[float, float, float, float] | None:
        """Where the element is in the window, in CSS pixels: x, y, width and height; None when it has no place."""
        seen = self.seen
        if seen is None:
            return None
        if into_view and seen["isOutside"]:
            await survey(locator, into_view=True)
            # What the page does when it is scrolled may have moved it once more.
            return await (await survey(locator)).box(locator, into_view=False)
        if not seen["hasBox"]:
            return None
        if seen["isAlone"]:
            x, y, width, height = seen["box"]
            return x, y, width, height
        # A frame does not know where it stands in its page. A page that was not made for a phone is drawn smaller
        # there; elements are measured as if it were not.
        with aside():
            found = await locator.bounding_box(timeout=_SOON)
        zoom = float(seen["scale"]) if into_view else 1.0
        if found is None:
            return None
        return found["x"] * zoom, found["y"] * zoom, found["width"] * zoom, found["height"] * zoom


async def survey(locator: Locator, *, into_view: bool = False) -> Survey:
    """Look at all that match, without waiting for any; `into_view` scrolls the one element there first."""
    # All matches are asked at once, for to ask one of them takes six times as long: Playwright waits for it and makes a
    # handle of it.
    seen: dict[str, Any] = await evaluate_apart(locator, _function(), into_view)
    if seen["number"] != 1:
        return Survey(seen["number"])
    return Survey(1, seen["field"], seen)


@cache
def _function() -> str:
    return page_script("survey.js")
