"""Whether a page still looks as it did when its picture was taken, without taking another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from playwright.async_api import Error

from smokerunner.browser.backstage import Backstage
from smokerunner.model.record import record

_PATIENCE = 2.0
"""Seconds that the page may take to answer; one that is busier than that is not still."""

_FRAMES = 2
"""How many frames the browser needs to put away what it painted for a picture."""
_JUST_OPENED, _LATER = (3, 4), (2, 2)
"""How often it tells of what it painted in a document before anybody listened, the first picture included, and how many
such rests are waited for that: in the first document of a page, and in those that follow. Where it tells less often
more is waited for, and where it tells more often a picture is taken that need not be."""


@record
class Look:
    """How a page stands before its picture."""

    plain: bool
    """Nothing in it moves or shows a secret, and it has no other page inside: a picture may be taken just as it is."""
    state: str | None
    """What it shows and holds; None when some of that may change unseen."""


@record
class Still:
    """A moment at which the page looked as in the picture: how often it had been painted, and what it held."""

    document: str
    painted: int
    state: str


class Painting:
    """Watches one page. Whatever cannot be told counts as painted.

    Two things are asked, both beyond the reach of the page's own scripts. The browser says when it paints a frame; it
    also does so for the picture itself. So what the page holds is compared too, from before the picture until somebody
    asks. Films, moving pictures, canvases, running animations and frames of other origins can change without either: a
    page that has one is never still.
    """

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._watched = ""
        self._painted = 0
        self._listens = False
        self._told, self._rests = 0, 0
        """How often the browser will have told of painting when it has told of all before this document's watch."""
        self.was_covered = False
        """Whether something had to be covered in the last picture, as it then probably must be in the next."""

    async def look(self, secrets: Sequence[str]) -> Look:
        """How the page stands now. To be asked just before a picture; a page that does not answer is not plain."""
        try:
            async with asyncio.timeout(_PATIENCE):
                seen = await self._backstage.ask(f"look({json.dumps(list(secrets))})")
                await self.watch()
        except (Error, TimeoutError):
            return Look(plain=False, state=None)
        return Look(seen["plain"], seen["state"])

    def after(self, before: Look, *, prepared: bool) -> asyncio.Future[Still | None]:
        """The moment after a picture, given the look before it; later when the page was `prepared` for the picture."""
        known: asyncio.Future[Still | None] = asyncio.get_running_loop().create_future()
        if before.state is None:
            known.set_result(None)
        elif prepared or not self._has_told:
            # The next step need not wait for them.
            return asyncio.create_task(self._after(1 if self._has_told else self._rests, before.state))
        else:
            known.set_result(Still(self._watched, self._painted, before.state))
        return known

    @property
    def _has_told(self) -> bool:
        return self._painted >= self._told

    async def _after(self, rests: int, before: str) -> Still | None:
        document, painted, state = self._watched, -1, None
        try:
            async with asyncio.timeout(_PATIENCE):
                while rests and not (self._has_told and self._painted == painted):
                    painted = self._painted
                    state = await self._backstage.ask(f"rested({_FRAMES}).then(() => backstage.state(false))")
                    rests -= 1
        except (Error, TimeoutError):
            return None
        if state != before or document != self._backstage.document:
            return None
        return Still(document, self._painted, before)

    async def is_still(self, since: Still) -> bool:
        """Whether the page has looked the same since then."""
        if self._painted != since.painted:
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                state = await self._backstage.ask("state(false)")
        except (Error, TimeoutError):
            return False
        return state == since.state and (self._painted, self._backstage.document) == (since.painted, since.document)

    async def watch(self) -> None:
        """Hear of what is painted in the document that is shown now: one that another process shows is not watched yet.

        The earlier the better, since the browser begins with telling once more what had been painted before.
        """
        session = await self._backstage.enter()
        if self._watched == self._backstage.document:
            return
        times, self._rests = _LATER if self._listens else _JUST_OPENED
        self._told = self._painted + times
        if not self._listens:
            self._listens = True
            session.on("LayerTree.layerTreeDidChange", self._on_painted)
        await self._backstage.send("LayerTree.enable")
        self._watched = self._backstage.document

    def _on_painted(self, _: object) -> None:
        self._painted += 1
