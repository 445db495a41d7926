"""What is asked of a page beyond the reach of its own scripts: over a session and in a world of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from smokerunner.browser.aside import aside
from smokerunner.browser.page_script import page_script

_WORLD = "smokerunner"
_LOST = ("context", "No frame for given id", "No frame with given id")


class Backstage:
    """One page. The functions of `backstage.js` are there in every document before the app's own scripts run."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._library = ""
        self._frame = ""
        self._world: int | None = None
        self._entering = asyncio.Lock()
        self.document = ""
        """The name of the document we are in, made up when it began; empty before the first."""

    async def begin(self) -> CDPSession:
        """The session, with the functions put into every document from now on."""
        if self._session is None:
            self._session = session = await self._page.context.new_cdp_session(self._page)
            self._library = page_script("backstage.js")
            script = {"source": f"globalThis.backstage ??= {self._library}", "worldName": _WORLD}
            with aside():
                await session.send("Page.addScriptToEvaluateOnNewDocument", script)
        return self._session

    async def enter(self) -> CDPSession:
        """Be in the document that is shown, unless we were in it already or in one before it. Raises Error."""
        session = await self.begin()
        async with self._entering:
            # The document may be left again while we are entering it.
            while self._world is None:
                await self._make_world()
        return session

    def leave(self) -> None:
        """Another document is shown."""
        self._world = None

    async def ask(self, call: str) -> Any:
        """What a function answers, such as `state(true)`, in the document that is shown. Raises Error of Playwright."""
        await self.enter()
        world = self._world
        try:
            return await self._evaluate(f"backstage.{call}")
        except Error as wrong:
            if not any(sign in wrong.message for sign in _LOST):
                raise
        # The document was left; the next one has a world of the same name.
        if self._world == world:
            self.leave()
        await self.enter()
        return await self._evaluate(f"backstage.{call}")

    async def _make_world(self) -> None:
        if not self._frame:
            tree = await self.send("Page.getFrameTree")
            self._frame = tree["frameTree"]["frame"]["id"]
        try:
            made = await self.send("Page.createIsolatedWorld", {"frameId": self._frame, "worldName": _WORLD})
        except Error:
            self._frame = ""
            raise
        self._world = made["executionContextId"]
        # The document that was shown when the session began has no functions yet.
        self.document = await self._evaluate(f"(globalThis.backstage ??= {self._library}).name")

    async def _evaluate(self, expression: str) -> Any:
        answer = await self.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": self._world, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            said = answer["exceptionDetails"].get("exception", {}).get("description", "it went wrong")
            raise RuntimeError(f"backstage: {said}")
        return answer["result"].get("value")

    async def send(self, method: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask the browser about this page, unnoticed by the trace. Raises Error of Playwright."""
        session = await self.begin()
        with aside():
            return await session.send(method, dict(parameters) if parameters is not None else None)
