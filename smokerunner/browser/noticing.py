"""A lookout inside the page, for what cannot be seen from outside: while a page waits for the answer to a navigation,
nobody outside is told what it shows, yet its own events still come through.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from smokerunner.browser.failures import is_passing
from smokerunner.model.matcher import Matcher
from smokerunner.model.target import Target

_WORLD, _TELL = "smokerunner-lookout", "smokerunnerTell"
_SOON = 2.0
"""Seconds that posting it may take; without it the looks from outside must do."""
_ROLES = {
    "status": "[role=status], output",
    "alert": "[role=alert]",
    "log": "[role=log]",
    "dialog": "[role=dialog], dialog",
    "alertdialog": "[role=alertdialog]",
}

# Runs in a world of its own, in this document and in those that follow. What is painted in one frame is enough.
_LOOKOUT = """((wanted, isNew) => {
    const words = text => text.split(/\\s+/).join(' ').trim();
    const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 0;
    const fits = (text, one) => one.text === null || (one.exact ? words(text) === one.text
        : words(text).toLowerCase().includes(one.text.toLowerCase()));
    const own = e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('');
    const found = one => [...document.querySelectorAll(one.css)].filter(
        e => fits(one.own ? own(e) : e.textContent, one) && shown(e));
    const old = wanted.map(one => new Set(isNew ? [] : found(one)));
    const told = wanted.map(() => false);
    let due = false;
    const look = () => {
        due = false;
        if (typeof TELL === 'undefined' || told.every(Boolean)) return observer.disconnect();
        wanted.forEach((one, index) => {
            const now = found(one);
            if (!told[index] && now.some(e => !old[index].has(e))) { told[index] = true; TELL(String(index)); }
            old[index] = new Set(now.filter(e => old[index].has(e)));
        });
    };
    const soon = () => { if (!due) { due = true; requestAnimationFrame(look); } };
    const observer = new MutationObserver(soon);
    observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
    soon();
})""".replace("TELL", _TELL)


class Lookout:
    """Posted in a page before an act; `notice` is called with a target's index when it comes."""

    def __init__(self, page: Page, targets: Sequence[Target], notice: Callable[[int], None]) -> None:
        self._page = page
        self._wanted = [(index, said) for index, target in enumerate(targets) if (said := _said(target)) is not None]
        self._notice = notice
        self._session: CDPSession | None = None

    async def post(self) -> None:
        """Begin. Only targets that are simple enough are looked for."""
        if not self._wanted:
            return
        try:
            async with asyncio.timeout(_SOON):
                await self._post()
        except TimeoutError:
            return
        except Error as wrong:
            # The page is being replaced, or gone: the act will tell.
            if not (is_passing(wrong) or "closed" in wrong.message or "No frame" in wrong.message):
                raise

    async def _post(self) -> None:
        self._session = session = await self._page.context.new_cdp_session(self._page)
        session.on("Runtime.bindingCalled", self._on_call)
        await session.send("Page.enable")
        await session.send("Runtime.enable")
        await session.send("Runtime.addBinding", {"name": _TELL, "executionContextName": _WORLD})
        script = f"{_LOOKOUT}({json.dumps([said for _, said in self._wanted])}"
        await session.send("Page.addScriptToEvaluateOnNewDocument", {"source": f"{script}, true)", "worldName": _WORLD})
        tree = await session.send("Page.getFrameTree")
        world = await session.send(
            "Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"], "worldName": _WORLD}
        )
        await session.send(
            "Runtime.evaluate", {"expression": f"{script}, false)", "contextId": world["executionContextId"]}
        )

    async def leave(self) -> None:
        """End; a document that is still there forgets it with its next change."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            await session.detach()
        except Error as wrong:
            if not ("closed" in wrong.message or "detached" in wrong.message):
                raise

    def _on_call(self, event: dict[str, Any]) -> None:
        if event["name"] == _TELL:
            self._notice(self._wanted[int(event["payload"])][0])


def _said(target: Target) -> dict[str, Any] | None:
    """The target for the script; None when it is more than a selector and a text."""
    if target.within or target.frame or target.has or target.nth is not None:
        return None
    role = str(target.role) if target.finder == "role" else target.finder
    text, own = target.has_text, False
    if role in _ROLES:
        named = target.name if target.finder == "role" else target.finds
        if isinstance(named, Matcher) and named.text:
            return None
        css = _ROLES[role]
    elif target.finder == "text" and text is None:
        css, text, own = "body *", target.text, True
    elif target.finder == "test_id" and target.test_id is not None and target.test_id.matches is None:
        css = f"[data-testid={json.dumps(target.test_id.text)}]"
    else:
        return None
    if text is not None and text.matches is not None:
        return None
    words = None if text is None else " ".join(text.text.split())
    return {"css": css, "text": words, "exact": text is not None and text.is_exact, "own": own}
