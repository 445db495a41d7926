"""Whether a page still looks as it did when its picture was taken, without taking another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Error, Page

_PATIENCE = 2.0
"""Seconds that the page may take to answer; one that is busier than that is not still."""
_WORLD = "smokerunner"


@dataclass(frozen=True)
class Still:
    """A moment at which the page looked as in the picture: how often it had been painted, and what it held."""

    painted: int
    state: str


class Painting:
    """Watches one page. Whatever cannot be told counts as painted.

    Two things are asked, both beyond the reach of the page's own scripts. The browser says when it paints a frame; it
    also does so for the picture itself. So what the page holds is compared too, from before the picture until the
    browser has put away what it painted for it. Films, moving pictures, canvases, running animations and frames of
    other origins can change without either: a page that has one is never still.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._world: int | None = None
        self._painted = 0
        self._is_new = True

    async def state(self) -> str | None:
        """What the page holds now; None when it may change unseen, or does not answer. To be asked before a picture."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._ask(_BEFORE, anew=True)
        except (Error, TimeoutError):
            return None

    async def still(self, before: str | None) -> Still | None:
        """The moment after a picture, given the state before it; None when the page may have changed meanwhile."""
        if before is None:
            return None
        try:
            async with asyncio.timeout(_PATIENCE):
                # When it has just begun to tell, the browser tells once more about what had been painted before.
                frames = _FRAMES_AT_FIRST if self._is_new else _FRAMES
                self._is_new = False
                state = await self._ask(f"{_WAIT}({frames}).then(() => {_STATE})")
                return Still(self._painted, before) if state == before else None
        except (Error, TimeoutError):
            return None

    async def is_still(self, since: Still) -> bool:
        """Whether the page has looked the same since then."""
        if self._painted != since.painted:
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._ask(_STATE) == since.state and self._painted == since.painted
        except (Error, TimeoutError):
            return False

    async def _ask(self, script: str, *, anew: bool = False) -> str | None:
        """Evaluate in a world of our own; `anew` enters that of a new document, which has none yet."""
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
            self._session.on("LayerTree.layerTreeDidChange", self._on_painted)
        if self._world is None:
            await self._enter(self._session)
        try:
            return await self._evaluate(self._session, script)
        except Error as wrong:
            if not anew or "context" not in wrong.message:
                raise
        await self._enter(self._session)
        return await self._evaluate(self._session, script)

    async def _enter(self, session: CDPSession) -> None:
        tree = await session.send("Page.getFrameTree")
        made = await session.send(
            "Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"], "worldName": _WORLD}
        )
        self._world = made["executionContextId"]
        self._is_new = True
        # A document that another process shows is not watched by itself.
        await session.send("LayerTree.enable")

    async def _evaluate(self, session: CDPSession, script: str) -> str | None:
        answer = await session.send(
            "Runtime.evaluate",
            {"expression": script, "contextId": self._world, "awaitPromise": True, "returnByValue": True},
        )
        value: Any = answer["result"].get("value")
        return value if isinstance(value, str) else None

    def _on_painted(self, _: object) -> None:
        self._painted += 1


_FRAMES, _FRAMES_AT_FIRST = 2, 8
_WAIT = """(number => new Promise(done => {
    const next = () => number-- > 0 ? requestAnimationFrame(next) : done();
    next();
}))"""

# All that the page shows and holds as one short number; null when some of it can change unseen.
_SCRIPT = r"""(BEFORE => {
    const MOVING = /^(canvas|video|audio|object|embed|marquee|animate|animateMotion|animateTransform|set)$/;
    const MOVING_FILE = /\.(gif|apng|webp|avif)([?#]|$)|^data:image\/(gif|apng|webp|avif)/i;
    const parts = [location.href, innerWidth, innerHeight, devicePixelRatio, document.readyState];
    let number = 0;
    // A picture brings what ends by itself to its end, so that may still run before, but not afterwards.
    const ends = one => BEFORE && one.effect !== null && one.effect.getComputedTiming().endTime !== Infinity;
    const isStill = root => {
        if (root.getAnimations().some(one => one.playState === 'running' && !ends(one))) return false;
        if (root.fonts && root.fonts.status !== 'loaded') return false;
        for (const sheet of root.adoptedStyleSheets) parts.push(sheet.cssRules.length);
        for (const one of root.querySelectorAll('*')) {
            number += 1;
            if (number > 20000 || MOVING.test(one.localName)) return false;
            if (one.scrollTop || one.scrollLeft) parts.push(number, one.scrollTop, one.scrollLeft);
            if (one === root.activeElement) parts.push(number);
            if ('value' in one) parts.push(one.value, one.checked, one.indeterminate, one.selectedIndex);
            if (one.localName === 'progress' && !one.hasAttribute('value')) return false;
            if (one.localName === 'img') {
                if (!one.complete || MOVING_FILE.test(one.currentSrc)) return false;
                parts.push(one.currentSrc, one.naturalWidth);
            }
            if (one.localName === 'iframe' || one.localName === 'frame') {
                const inner = one.contentDocument;
                if (inner === null ? one.getClientRects().length > 0 : !holds(inner)) return false;
            }
            if (one.shadowRoot !== null) {
                push(one.shadowRoot.innerHTML);
                if (!isStill(one.shadowRoot)) return false;
            }
        }
        return true;
    };
    // Hiding the caret for a picture leaves an empty attribute behind.
    const push = markup => parts.push(markup.replaceAll(' style=""', ''));
    const holds = page => {
        push(page.documentElement ? page.documentElement.outerHTML : '');
        const chosen = page.getSelection();
        if (chosen && !chosen.isCollapsed) parts.push(chosen.anchorOffset, chosen.focusOffset, String(chosen));
        return isStill(page);
    };
    if (!holds(document)) return null;
    if (performance.getEntriesByType('resource').some(one => MOVING_FILE.test(one.name))) return null;
    let high = 0xdeadbeef, low = 0x41c6ce57;
    const text = parts.join('\u0001');
    for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index);
        high = Math.imul(high ^ code, 2654435761);
        low = Math.imul(low ^ code, 1597334677);
    }
    return `${number}-${text.length}-${high >>> 0}-${low >>> 0}`;
})"""
_BEFORE, _STATE = f"{_SCRIPT}(true)", f"{_SCRIPT}(false)"
