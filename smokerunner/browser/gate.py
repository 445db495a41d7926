"""The gate of a browser: whatever leaves it is looked at here, redirects and workers included.

A context's route, where it has one, sees what a page asks for first, but not where that is redirected to, and nothing
of shared workers or of pages that are being left. So the guards of all contexts register here, and what their limits do
not allow is stopped before it is sent. WebSockets do not come by: see `Guard`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from playwright.async_api import Browser, CDPSession, Error

from smokerunner.browser.aside import aside
from smokerunner.browser.failures import is_passing
from smokerunner.browser.guard import REDIRECTED, Guard, Limits
from smokerunner.model.record import record

_KINDS = ("Document", "XHR", "Fetch", "Ping", "CSPViolationReport", "Other")
"""Everything that navigates or can be other than GET; to hold up pictures, styles and scripts would only take time."""
_OVER = ("Invalid InterceptionId", "Target closed", "has been closed", "Connection closed")
"""What is said of a request that nobody waits for any more."""
_LATE = 20
"""So many closed contexts may still have something on its way."""


@record
class _Target:
    """`context` is the browser's id of the context it belongs to."""

    kind: str = ""
    context: str = ""


@dataclass
class _Ward:
    """A browser context; `guard` is None once it was closed, but a page that is left may still send something."""

    limits: Limits
    guard: Guard | None


class Gate:
    """Watches one browser from its launch to its end."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._wards: dict[str, _Ward] = {}
        """By the browser's id of the context."""
        self._targets: dict[str, _Target] = {}
        """Pages, frames of other sites and workers; a page's main frame has the id of its page."""
        self._patterns: list[dict[str, str]] = []
        """What is held up now; nothing while nobody's limits count."""

    @classmethod
    async def at(cls, browser: Browser) -> Self:
        """The gate of this browser, open until a context is admitted."""
        gate = cls(await browser.new_browser_cdp_session())
        gate._session.on("Target.targetCreated", gate._on_target)
        gate._session.on("Fetch.requestPaused", gate._decide)
        await gate._session.send("Target.setDiscoverTargets", {"discover": True})
        return gate

    async def admit(self, page: CDPSession, guard: Guard) -> None:
        """Hold everything that leaves the context of this page to the guard's limits."""
        found = await page.send("Target.getTargetInfo")
        self._wards[found["targetInfo"]["browserContextId"]] = _Ward(guard.limits, guard)
        # A picture, too, may be redirected to a host that must not learn what only the app is sent.
        sees_all = any(ward.limits.has_private_headers for ward in self._wards.values())
        patterns = [{"urlPattern": "*"}] if sees_all else [{"urlPattern": "*", "resourceType": kind} for kind in _KINDS]
        if patterns != self._patterns:
            self._patterns = patterns
            await self._session.send("Fetch.enable", {"patterns": patterns})

    async def rest(self) -> None:
        """Let everything pass until a context is admitted again."""
        self._wards.clear()
        self._patterns = []
        await self._session.send("Fetch.disable")

    def leave(self, guard: Guard) -> None:
        """The context is closed; what is on its way still is held to its limits, but nobody is told any more."""
        for ward in self._wards.values():
            if ward.guard is guard:
                ward.guard = None
        closed = [context for context, ward in self._wards.items() if ward.guard is None]
        for context in closed[:-_LATE]:
            del self._wards[context]

    def _on_target(self, told: Mapping[str, Any]) -> None:
        target = told["targetInfo"]
        self._targets[target["targetId"]] = _Target(target["type"], target.get("browserContextId", ""))

    async def _decide(self, paused: Mapping[str, Any]) -> None:
        number = {"requestId": paused["requestId"]}
        try:
            with aside():
                await self._answer(paused, number)
        except Error as wrong:
            if not (is_passing(wrong) or any(sign in wrong.message for sign in _OVER)):
                raise

    async def _answer(self, paused: Mapping[str, Any], number: Mapping[str, Any]) -> None:
        if await self._must_stop(paused):
            await self._session.send("Fetch.failRequest", {**number, "errorReason": "BlockedByClient"})
        else:
            await self._session.send("Fetch.continueRequest", {**number, **await self._headers(paused)})

    async def _must_stop(self, paused: Mapping[str, Any]) -> bool:
        """Whether it must not be sent; whose flow that touches is told, unless the context itself has named it."""
        method, url = _asked(paused["request"]), paused["request"]["url"]
        target = await self._target(paused)
        navigates = paused["resourceType"] == "Document" and target.kind == "page"
        wards = self._answering_for(target)
        if len(wards) == 1 and wards[0].limits.blocks(url):
            return True
        if any(ward.guard is not None and ward.guard.has_named(method, url) for ward in wards):
            return True
        # Of a frame within its page it is not known whose it is; but its context was asked, where it was told of it.
        is_told = not target.kind and paused.get("networkId")
        found = [
            ward.limits.foreign(method, url, navigates=False)
            if is_told
            else ward.limits.objection(method, url, navigates=navigates)
            for ward in wards
        ]
        objection = next((said for said in found if said is not None), None)
        if objection is None:
            return False
        for ward in () if is_told else wards:
            if ward.guard is not None:
                ward.guard.note(objection + (REDIRECTED if paused.get("redirectedRequestId") else ""), url)
        return True

    def _answering_for(self, target: _Target) -> list[_Ward]:
        """Those whose limits count: its context's; all, where nobody knows whose it is."""
        if not target.kind:
            return list(self._wards.values())
        return [self._wards[target.context]] if target.context in self._wards else []

    async def _target(self, paused: Mapping[str, Any]) -> _Target:
        """The page or worker that asks; empty for a frame that lives within its page's process."""
        frame = paused.get("frameId", "")
        if frame not in self._targets and paused["resourceType"] == "Document":
            try:
                self._on_target(await self._session.send("Target.getTargetInfo", {"targetId": frame}))
            except Error as wrong:
                if "No target with given id" not in wrong.message:
                    raise
        return self._targets.get(frame, _Target())

    async def _headers(self, paused: Mapping[str, Any]) -> Mapping[str, Any]:
        """What to send instead, if anything: the app is told which run it is, nobody else what only the app is told."""
        sent, everybody = paused["request"]["headers"], list(self._wards.values())
        if not everybody:
            return {}
        # All flows of a run are of one app.
        if everybody[0].limits.is_own(paused["request"]["url"]):
            known = {name.lower() for name in sent}
            headers = self._told_by_all(self._answering_for(await self._target(paused)))
            missing = {name: value for name, value in headers.items() if name.lower() not in known}
            return {"headers": _listed({**sent, **missing})} if missing else {}
        private = {name.lower() for ward in everybody for name in ward.limits.headers}
        kept = {name: value for name, value in sent.items() if name.lower() not in private}
        return {"headers": _listed(kept)} if len(kept) < len(sent) else {}

    @staticmethod
    def _told_by_all(wards: Sequence[_Ward]) -> Mapping[str, str]:
        """What the app is told whichever of these it is."""
        every = [ward.limits.headers for ward in wards]
        return {
            name: value
            for headers in every[:1]
            for name, value in headers.items()
            if all(other.get(name) == value for other in every)
        }


def _asked(request: Mapping[str, Any]) -> str:
    """What is meant: before a script may write to another origin, the browser asks there whether it may."""
    method: str = request["method"]
    return request["headers"].get("Access-Control-Request-Method", method) if method == "OPTIONS" else method


def _listed(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]
