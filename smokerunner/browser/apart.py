"""Functions evaluated in the world that Playwright keeps to itself, and not in the page's own.

Playwright evaluates functions in the page's world, and looks for elements in its own. Whoever makes it do both makes it
put its library, some 350 kB, into both worlds of every document, which is as much work as half a picture. So we ask
like a selector: an engine of our own ends at a node whose text is the answer. No script of the page can interfere.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from playwright.async_api import Frame, Locator, Selectors

from smokerunner.browser.aside import aside
from smokerunner.browser.page_script import page_script

_ENGINE = "apart"
_INSIDE = "internal:control=enter-frame"
"""What Playwright writes where a locator goes into a frame; such a one cannot be part of another."""
_numbers = count()


async def train(selectors: Selectors) -> None:
    """Make a driver's new contexts know how to answer."""
    await selectors.register(_ENGINE, script=page_script("apart.js"), content_script=True)


async def evaluate_apart(locator: Locator, function: str, argument: Any = None, *, frame: Frame | None = None) -> Any:
    """What a function answers of all the elements that match now, none included, as `Locator.evaluate_all` does.

    `frame` is the one that the locator begins in, unless that is the page. The answer is what JSON can hold.
    """
    with aside():
        if _INSIDE in repr(locator):
            return await locator.evaluate_all(function, argument)
        # There is always something that matches, so nothing is waited for but a page that is being replaced.
        whole = (frame or locator.page).locator(f"{_ENGINE}=begin").or_(locator)
        question = json.dumps([next(_numbers), function, argument])
        return json.loads(await whole.locator(f"{_ENGINE}={question}").text_content(timeout=0) or "null")
