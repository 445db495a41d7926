"""What is asked about an element before it is acted on, all at once: one question costs as much as another."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator

from smokerunner.browser.aside import aside
from smokerunner.model.record import record

_SOON = 1000.0
"""Milliseconds that Playwright may take to tell where an element is that is not in the page itself."""

# Playwright's own way of scrolling waits until the element can be seen, which is the action's business. All matches are
# asked at once, for to ask one of them takes six times as long: Playwright waits for it and makes a handle of it.
_ALL = """(all, intoView) => {
    if (all.length !== 1) return {number: all.length};
    const [element] = all;
    const outside = box => box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;
    const isOutside = outside(element.getBoundingClientRect());
    if (intoView && isOutside) element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const {x, y, width, height} = element.getBoundingClientRect(), scale = visualViewport.scale;
    const meant = element.closest('label')?.control ?? element;
    const isField = ['INPUT', 'TEXTAREA', 'SELECT'].includes(meant.nodeName);
    return {number: 1, isOutside, scale, isAlone: self === top && scale === 1,
            hasBox: element.getClientRects().length > 0, box: [x, y, width, height],
            field: isField ? meant.type : meant.isContentEditable ? '' : null};
}"""


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
    with aside():
        seen: dict[str, Any] = await locator.evaluate_all(_ALL, into_view)
    if seen["number"] != 1:
        return Survey(seen["number"])
    return Survey(1, seen["field"], seen)
