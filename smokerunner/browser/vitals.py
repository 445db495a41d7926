"""Web vitals of the document that is shown, measured by the browser's own timeline in a world of our own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from playwright.async_api import Error

from smokerunner.browser.backstage import Backstage
from smokerunner.browser.failures import is_passing
from smokerunner.model.vitals import Vitals

_SOON = 1.0
"""Seconds that a reading may take: a page whose scripts never pause does not answer."""
_LOST = ("No frame for given id", "No frame with given id", "Cannot find context", "closed", "crashed", "detached")


async def vitals_of(backstage: Backstage) -> Vitals | None:
    """What was measured so far; None of a page that is none, or that does not answer soon."""
    try:
        async with asyncio.timeout(_SOON):
            found = await backstage.ask("vitals()")
    except TimeoutError:
        return None
    except Error as wrong:
        # The page was left or closed while it was asked: there is no document that this would be about.
        if is_passing(wrong) or any(sign in wrong.message for sign in _LOST):
            return None
        raise
    if found is None or (found["lcp"], found["cls"], found["inp"]) == (None, None, None):
        return None
    return Vitals(
        url=found["url"],
        began=datetime.fromtimestamp(found["began"] / 1000, UTC),
        lcp=_rounded(found["lcp"], 1),
        cls=_rounded(found["cls"], 4),
        inp=_rounded(found["inp"], 1),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
