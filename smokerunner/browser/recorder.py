"""What a person does in a browser, as raw events: Playwright's own recorder, and what it does not tell.

Playwright's recorder is no public API: everything that depends on its insides stands in this file.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, ConsoleMessage, Dialog, Download, Error, Page

from smokerunner.browser.happenings import (
    Acted,
    Answered,
    ChosenFile,
    Closed,
    Downloaded,
    Event,
    Noted,
    Opened,
    Snapshot,
    Went,
)
from smokerunner.browser.locating import locate
from smokerunner.browser.page_script import page_script
from smokerunner.model.errors import Unavailable
from smokerunner.model.target import Target

_BINDING = "__smokeNote"
_PATIENCE = 60
_SOON = 600.0
"""Milliseconds a look at the page may take. One that a navigation has overtaken would wait much longer."""


@dataclass
class _Watched:
    """A page that is watched."""

    page: Page
    name: str
    cdp: CDPSession
    frame: str = ""
    starting: str = ""
    """How the navigation that goes on was started, in the protocol's words."""
    position: int = 0
    """Where in its history the page is."""
    dialog: Mapping[str, Any] = field(default_factory=dict)
    asking: int = 0
    """How many navigations are being asked about; what happens meanwhile is told after them."""
    held_back: list[Event] = field(default_factory=list)


class Lacking(Unavailable):
    """This Playwright has no recorder that can be used in process."""


class Recorder:
    """Listens to a context; every event goes to `listener` at once, in the order things happened where that is known.

    Playwright's recorder holds clicks back for half a second, so an `Acted` may come after what it caused; the
    `Noted` of the same act comes at once.
    """

    def __init__(self, context: BrowserContext, listener: Callable[[Event], None], *, mask_button: bool = True) -> None:
        self._context = context
        self._listener = listener
        self._mask_button = mask_button
        self._watched: dict[str, _Watched] = {}
        self.console_errors: dict[str, str] = {}
        """What the pages reported to the console as errors, each with the address that it is about."""

    async def start(self) -> None:
        """Begin. Raises Lacking when this Playwright has no recorder that can be used in process."""
        inner: Any = self._context._impl_obj
        if not hasattr(inner, "_start_recording"):
            raise Lacking("this version of Playwright has no recorder that can be used in process")
        await self._context.expose_binding(_BINDING, self._note)
        script = page_script("notes.js")
        await self._context.add_init_script(script.replace("__MASK_BUTTON__", "true" if self._mask_button else "false"))
        try:
            await inner._start_recording({"language": "jsonl"}, self)
        except Error as wrong:
            raise Lacking(f"Playwright's recorder does not start: {wrong.message.splitlines()[0]}") from wrong

    async def stop(self) -> None:
        """End; what the recorder still held back comes first. A browser that is gone has nothing left to say."""
        inner: Any = self._context._impl_obj
        try:
            await inner._stop_recording()
        except Error as wrong:
            if "closed" not in wrong.message and "disconnected" not in wrong.message:
                raise

    async def watch(self, page: Page, opener: Page | None = None) -> None:
        """Listen to a page, too: to where it is sent, its dialogs and downloads."""
        cdp = await self._context.new_cdp_session(page)
        watched = _Watched(page, _name(page), cdp)
        self._watched[watched.name] = watched
        # The event comes first: whatever is done in the page refers to it.
        self._listener(Opened(watched.name, _name(opener) if opener is not None else None))
        page.on("close", lambda _: self._closed(watched))
        page.on("dialog", lambda dialog: self._asked(watched, dialog))
        page.on("download", lambda download: self._received(watched, download))
        page.on("console", self._said)
        cdp.on("Page.frameStartedNavigating", lambda event: self._starting(watched, event))
        cdp.on("Page.frameNavigated", lambda event: self._navigated(watched, event))
        cdp.on("Page.javascriptDialogClosed", lambda event: self._answered(watched, event))
        await cdp.send("Page.enable")
        tree = await cdp.send("Page.getFrameTree")
        watched.frame = tree["frameTree"]["frame"]["id"]

    async def look(self, name: str) -> Snapshot | None:
        """What a page shows now; None when it cannot be asked, because it is loading, blocked or gone."""
        watched = self._watched.get(name)
        if watched is None or watched.page.is_closed() or watched.dialog:
            return None
        page = watched.page
        try:
            # In the form that the recorder's own snapshots have, so that they can be compared.
            aria = await page.locator("body").aria_snapshot(mode="ai", timeout=_SOON)
            return Snapshot(page.url, await page.title(), aria)
        except Error:
            return None

    async def finds_one(self, name: str, notation: Mapping[str, Any]) -> bool:
        """Whether a target finds exactly one element on the page now, and a visible one."""
        watched = self._watched.get(name)
        if watched is None or watched.page.is_closed() or watched.dialog:
            return False
        locator = locate(watched.page, Target.model_validate(dict(notation)))
        try:
            return await locator.count() == 1 and await locator.is_visible(timeout=_SOON)
        except Error:
            return False

    def action_added(self, page: Page, action: Mapping[str, Any], code: str) -> None:
        """Called by Playwright."""
        self._act(page, action, code, grows=False)

    def action_updated(self, page: Page, action: Mapping[str, Any], code: str) -> None:
        """Called by Playwright."""
        self._act(page, action, code, grows=True)

    def _tell(self, event: Event) -> None:
        watched = self._watched.get(event.page)
        if watched is not None and watched.asking:
            watched.held_back.append(event)
        else:
            self._listener(event)

    def _act(self, page: Any, action: Mapping[str, Any], code: str, *, grows: bool) -> None:
        line = json.loads(code.strip() or "{}")
        if line.get("name") not in (None, "openPage", "closePage", "navigate"):
            # Where the page is sent is known better from the protocol.
            # In an iframe the recorder sees only what is inside, which cannot be compared with the page.
            is_framed = "internal:control=enter-frame" in str(line.get("selector", ""))
            before = "" if is_framed else str(action.get("ariaSnapshot") or "")
            self._tell(Acted(page._guid, line, before, grows))

    def _note(self, source: Mapping[str, Any], note: Mapping[str, Any]) -> None:
        facts = dict(note)
        files = tuple(ChosenFile(str(item["name"]), base64.b64decode(item["data"])) for item in facts.pop("files", ()))
        in_frame = source["frame"].parent_frame is not None
        name = _name(source["page"])
        self._tell(Noted(name, str(facts.pop("kind")), str(facts.pop("url")), facts, files, in_frame))

    def _closed(self, watched: _Watched) -> None:
        self._watched.pop(watched.name, None)
        held_back, watched.held_back = watched.held_back, []
        for each in (*held_back, Closed(watched.name, watched.page.url)):
            self._listener(each)

    def _asked(self, watched: _Watched, dialog: Dialog) -> None:
        # Whoever uses the window answers it there; that somebody listens keeps Playwright from dismissing it.
        watched.dialog = {"kind": dialog.type, "says": dialog.message}

    def _answered(self, watched: _Watched, event: Mapping[str, Any]) -> None:
        asked, watched.dialog = watched.dialog, {}
        if asked and asked["kind"] != "beforeunload":
            accepted, text = bool(event["result"]), str(event.get("userInput", ""))
            self._tell(Answered(watched.name, asked["kind"], asked["says"], accepted, text))

    def _received(self, watched: _Watched, download: Download) -> None:
        self._tell(Downloaded(watched.name, download.suggested_filename))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.setdefault(message.text, str(message.location.get("url", "")))

    def _starting(self, watched: _Watched, event: Mapping[str, Any]) -> None:
        if event["frameId"] == watched.frame:
            watched.starting = str(event.get("navigationType", ""))

    async def _navigated(self, watched: _Watched, event: Mapping[str, Any]) -> None:
        if event["frame"]["id"] != watched.frame or event["frame"]["url"].startswith("chrome-error:"):
            return
        kind, watched.starting = watched.starting, ""
        watched.asking += 1
        try:
            history = await _history(watched)
        finally:
            watched.asking -= 1
        if history is not None:
            self._went(watched, kind, event["frame"]["url"], history)
        if not watched.asking:
            held_back, watched.held_back = watched.held_back, []
            for each in held_back:
                self._listener(each)

    def _went(self, watched: _Watched, kind: str, url: str, history: Mapping[str, Any]) -> None:
        position, before = int(history["currentIndex"]), watched.position
        watched.position = position
        entry = history["entries"][position]
        if kind.startswith("reload"):
            self._listener(Went(watched.name, "reload", url))
        elif kind.startswith("history"):
            self._listener(Went(watched.name, "back" if position < before else "forward", url))
        elif entry["transitionType"] in _SENT:
            self._listener(Went(watched.name, "goto", entry.get("userTypedURL") or entry["url"]))


async def _history(watched: _Watched) -> Mapping[str, Any] | None:
    """A page's history; None when the page went away. While one document replaces another there is no answer yet."""
    for _ in range(_PATIENCE):
        try:
            history: Mapping[str, Any] = await watched.cdp.send("Page.getNavigationHistory")
        except Error as wrong:
            if "Not attached to an active page" not in wrong.message:
                return None
            await asyncio.sleep(0.05)
        else:
            return history
    return None


_SENT = ("typed", "address_bar", "auto_bookmark", "generated", "keyword", "keyword_generated", "auto_toplevel")
"""How a navigation began that no page asked for, in Chromium's words."""


def _name(page: Any) -> str:
    return str(getattr(page, "_impl_obj", page)._guid)
