"""The last picture of each page of an attempt, and whether the page still looks like it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from smokerunner.browser.painting import Painting, Still
from smokerunner.browser.tab import Tab
from smokerunner.model.result import Artifact


@dataclass(frozen=True)
class View:
    """What a picture shows of a page beside its moment: two pictures with different views differ by themselves."""

    masks: tuple[str, ...]
    secrets: tuple[str, ...]
    full_page: bool


@dataclass(frozen=True)
class _Last:
    artifact: Artifact
    view: View
    still: asyncio.Task[Still | None]


class Album:
    """The pictures of one attempt."""

    def __init__(self) -> None:
        self._watches: dict[Tab, Painting] = {}
        self._last: dict[Tab, _Last] = {}

    async def take(self, tab: Tab, view: View, capture: Callable[[], Awaitable[Artifact]]) -> Artifact:
        """A new picture, kept in mind as the last one of its page."""
        self.forget(tab)
        watch = self._watches.setdefault(tab, Painting(tab.raw))
        before = await watch.state()
        artifact = await capture()
        # Two frames pass until the page is as it was before the picture; the next step need not wait for them.
        self._last[tab] = _Last(artifact, view, asyncio.create_task(watch.still(before)))
        return artifact

    async def same(self, tab: Tab, view: View) -> Artifact | None:
        """The last picture of the page, if the page still looks like it."""
        last = self._last.get(tab)
        if last is None or last.view != view:
            return None
        still = await last.still
        return last.artifact if still is not None and await self._watches[tab].is_still(still) else None

    def forget(self, tab: Tab) -> None:
        """Something was done to the page, so no picture of it stands for it any more."""
        self._last.pop(tab, None)
