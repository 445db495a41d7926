"""The last picture of each page of an attempt, and whether the page still looks like it."""

from __future__ import annotations

import asyncio

from smokerunner.browser.painting import Still
from smokerunner.browser.tab import Tab
from smokerunner.model.record import record
from smokerunner.model.result import Artifact


@record
class View:
    """What a picture shows of a page beside its moment: two pictures with different views differ by themselves."""

    masks: tuple[str, ...]
    secrets: tuple[str, ...]
    full_page: bool


@record
class _Last:
    artifact: Artifact
    view: View
    still: asyncio.Future[Still | None]


class Album:
    """The pictures of one attempt."""

    def __init__(self) -> None:
        self._last: dict[Tab, _Last] = {}

    def keep(self, tab: Tab, view: View, artifact: Artifact, still: asyncio.Future[Still | None]) -> None:
        """Keep a new picture in mind as the last one of its page."""
        self._last[tab] = _Last(artifact, view, still)

    async def same(self, tab: Tab, view: View) -> Artifact | None:
        """The last picture of the page, if the page still looks like it."""
        last = self._last.get(tab)
        if last is None or last.view != view:
            return None
        still = await last.still
        return last.artifact if still is not None and await tab.painting.is_still(still) else None

    def forget(self, tab: Tab) -> None:
        """Something was done to the page, so no picture of it stands for it any more."""
        self._last.pop(tab, None)
