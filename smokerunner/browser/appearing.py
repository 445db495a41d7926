"""Waiting for what comes and may vanish again: looked for from just before an act, many times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from smokerunner.browser.failures import is_passing
from smokerunner.browser.noticing import Lookout
from smokerunner.model.context import Appearance
from smokerunner.model.matcher import Matcher
from smokerunner.model.target import SHORT_ROLES, Target

if TYPE_CHECKING:
    from smokerunner.browser.looks import Looks

GRACE = 2.0
"""Seconds after which what stood there all along is taken for what was meant."""
_EAGER, _PAUSE, _CALM = 3.0, 0.01, 0.04
"""Seconds of looking closely, and the pauses between two looks then and later."""
_OTHERS = 5


async def appearing(
    page: Looks, act: Callable[[], Awaitable[None]], targets: Sequence[Target], timeout: float
) -> list[Appearance]:
    """Do something, and say of each target whether it came within `timeout` seconds. Raises what the act raises."""
    watches = [_Watch(page, target) for target in targets]
    lookout = Lookout(page.raw, targets, lambda index: watches[index].notice())
    until = asyncio.get_running_loop().time() + timeout
    looking: list[asyncio.Task[None]] = []
    try:
        for watch in watches:
            await watch.begin()
        await lookout.post()
        looking += [asyncio.create_task(watch.look(until)) for watch in watches]
        await act()
        for watch in watches:
            watch.acted()
        await asyncio.gather(*looking)
    finally:
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        for watch in watches:
            watch.end()
        await lookout.leave()
    return [watch.seen for watch in watches]


class _Watch:
    """One target. It has come when more of it can be seen than at some moment before."""

    def __init__(self, page: Looks, target: Target) -> None:
        self._page = page
        self._target = target
        self._wide = _wider(target)
        self._least = 0
        self._stood = False
        self._came = False
        self._done: float | None = None
        self._others: dict[str, None] = {}
        page.raw.on("domcontentloaded", self._on_document)

    @property
    def seen(self) -> Appearance:
        return Appearance(self._target, came=self._came, stood=self._stood, others=tuple(self._others))

    async def begin(self) -> None:
        """What is there already does not count."""
        self._least = await self._page.visible_count(self._target)
        self._stood = self._least > 0

    def end(self) -> None:
        """Listen no more."""
        self._page.raw.remove_listener("domcontentloaded", self._on_document)

    def acted(self) -> None:
        """The act is over; what stood there all along has only so much time to come anew."""
        self._done = asyncio.get_running_loop().time()

    def notice(self) -> None:
        """Somebody else has seen it."""
        self._came = True

    async def look(self, until: float) -> None:
        """Look again and again until it has come, or until that time of the loop's clock."""
        clock = asyncio.get_running_loop().time
        while not self._came:
            try:
                number = await self._page.visible_count(self._target)
                self._came = self._came or number > self._least
                self._least = min(self._least, number)
                if not self._came and self._wide is not None:
                    await self._note_others(self._wide)
            except Error as wrong:
                if self._page.raw.is_closed():
                    return
                # The document is replaced once more; the next look is at the new one.
                if not is_passing(wrong):
                    raise
            now = clock()
            if now >= until or (self._stood and self._least and self._done and now >= self._done + GRACE):
                return
            eager = self._done is None or now < self._done + _EAGER
            await asyncio.sleep(_PAUSE if eager else _CALM)

    async def _note_others(self, wide: Target) -> None:
        """What came of the same kind with other words."""
        found = self._page.locate(wide).filter(visible=True)
        try:
            texts = await found.all_inner_texts()
        except PlaywrightTimeout:
            return
        for text in texts[:_OTHERS]:
            if text.strip() and len(self._others) < _OTHERS:
                self._others.setdefault(text.strip())
            # Between two looks it came: the second sees it, the first is not asked again before it has gone.
            self._came = self._came or (not self._least and self._fits(text))

    def _fits(self, text: str) -> bool:
        """Whether an element of the kind with this text is what is meant, as nothing else is asked of it."""
        target = self._target
        named = target.name if target.finder == "role" else target.finds
        if (isinstance(named, Matcher) and named.text) or target.has or target.nth is not None:
            return False
        return target.has_text is not None and target.has_text.accepts(text)

    def _on_document(self, _: Page) -> None:
        # A new document has nothing that stood there before.
        self._least, self._stood = 0, False


def _wider(target: Target) -> Target | None:
    """The same without its words, for what came instead; None where that would be anything."""
    kept = {"within": target.within, "frame": target.frame}
    if target.finder in SHORT_ROLES or target.finder == "role":
        role = str(target.role) if target.finder == "role" else target.finder
        return Target.model_validate({"role": role}).model_copy(update=kept)
    if target.has_text is not None and target.finder != "text":
        return target.model_copy(update={"has_text": None, "nth": None})
    return None
