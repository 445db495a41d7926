"""The last picture of each page of an attempt, and whether the page still looks like it."""

from __future__ import annotations

import asyncio
import hashlib

from smokerunner.browser.capture import Shot
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
    content: bytes
    """A digest of the picture."""
    view: View
    still: asyncio.Future[Still | None]


class Album:
    """The pictures of one attempt."""

    def __init__(self) -> None:
        self._last: dict[Tab, _Last] = {}

    def keep(self, tab: Tab, view: View, artifact: Artifact, shot: Shot) -> None:
        """Keep a new picture in mind as the last one of its page."""
        self._last[tab] = _Last(artifact, _digest(shot), view, shot.still)

    async def same(self, tab: Tab, view: View) -> Artifact | None:
        """The last picture of the page, if the page still looks like it."""
        last = self._last.get(tab)
        if last is None or last.view != view:
            return None
        still = await last.still
        if still is None:
            # It can change unseen, so not even an equal picture says that it has not.
            self.forget(tab)
        return last.artifact if still is not None and await tab.painting.is_still(still) else None

    def equal(self, tab: Tab, view: View, shot: Shot) -> Artifact | None:
        """The last picture of the page, if this new one is the same to the byte: the page now is as in the new one.

        The browser tells of paint that nobody sees, of some only long after the picture that it was for.
        """
        last = self._last.get(tab)
        if last is None or last.view != view or last.content != _digest(shot):
            return None
        self.keep(tab, view, last.artifact, shot)
        return last.artifact

    def forget(self, tab: Tab) -> None:
        """Something was done to the page, so no picture of it stands for it any more."""
        self._last.pop(tab, None)


def _digest(shot: Shot) -> bytes:
    return hashlib.sha256(shot.png).digest()
