"""Web vitals of the document that is shown, measured by the browser's own timeline in a world of our own."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from smokerunner.browser.failures import is_passing
from smokerunner.model.vitals import Vitals

_WORLD = "smokerunner"
_SOON = 1.0
"""Seconds that a reading may take: a page whose scripts never pause does not answer."""
_LOST = ("No frame for given id", "No frame with given id", "Cannot find context", "closed", "crashed", "detached")

# Observers are made once a document and see what was before them, too. The rules are those of web.dev/articles/vitals:
# shifts less than 1 s apart count together, for at most 5 s; of every 50 interactions the slowest is left out.
_MEASURE = """(() => {
    const begin = () => {
        const seen = {lcp: null, cls: 0, shifts: 0, first: 0, last: 0, painted: false, acts: new Map()};
        const take = {
            'paint': entry => { seen.painted ||= entry.name === 'first-contentful-paint'; },
            'largest-contentful-paint': entry => { seen.lcp = entry.startTime; },
            'layout-shift': entry => {
                if (entry.hadRecentInput) return;
                const at = entry.startTime;
                const goes_on = seen.shifts && at - seen.last < 1000 && at - seen.first < 5000;
                if (!goes_on) { seen.shifts = 0; seen.first = at; }
                seen.shifts += entry.value;
                seen.last = at;
                seen.cls = Math.max(seen.cls, seen.shifts);
            },
            'event': entry => {
                const id = entry.interactionId;
                if (id) seen.acts.set(id, Math.max(seen.acts.get(id) || 0, entry.duration));
            },
        };
        take['first-input'] = take.event;
        const observers = Object.entries(take).map(([type, one]) => {
            const each = entries => entries.forEach(one);
            const observer = new PerformanceObserver(list => each(list.getEntries()));
            observer.observe({type, buffered: true, durationThreshold: 16});
            return () => each(observer.takeRecords());
        });
        return () => {
            observers.forEach(catch_up => catch_up());
            const durations = [...seen.acts.values()].sort((a, b) => b - a);
            const loaded = performance.getEntriesByType('navigation')[0];
            return {
                url: loaded ? loaded.name : location.href,
                began: performance.timeOrigin,
                lcp: seen.lcp,
                cls: seen.painted ? seen.cls : null,
                inp: durations[Math.min(durations.length - 1, Math.floor(durations.length / 50))] ?? null,
            };
        };
    };
    if (!/^https?:$/.test(location.protocol)) return null;
    return (globalThis.measured ??= begin())();
})()"""


class Meter:
    """Reads the vitals of one page. No script of the page can see it, and it needs no leave of its policy."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._frame = ""

    async def begin(self) -> None:
        """Measure every document of the page from its start: begun later, the browser paints once more for it."""
        session = await self._asked()
        script = {"source": f"void {_MEASURE}", "worldName": _WORLD}
        await session.send("Page.addScriptToEvaluateOnNewDocument", script)

    async def read(self) -> Vitals | None:
        """What was measured so far; None of a page that is none, or that does not answer soon."""
        try:
            async with asyncio.timeout(_SOON):
                found = await self._read()
        except TimeoutError:
            return None
        except Error as wrong:
            # The page was left or closed while it was asked: there is no document that this would be about.
            if is_passing(wrong) or any(sign in wrong.message for sign in _LOST):
                self._frame = ""
                return None
            raise
        if found is None or (found["lcp"], found["cls"], found["inp"]) == (None, None, None):
            return None
        return Vitals(
            url=found["url"],
            began=datetime.fromtimestamp(found["began"] / 1000, UTC),
            lcp=_rounded(found["lcp"], 1),
            cls=_rounded(found["cls"], 4),
            inp=_rounded(found["inp"], 1),
        )

    async def _read(self) -> dict[str, Any] | None:
        session = await self._asked()
        if not self._frame:
            tree = await session.send("Page.getFrameTree")
            self._frame = tree["frameTree"]["frame"]["id"]
        # The same world again, if this document has it already.
        world = await session.send("Page.createIsolatedWorld", {"frameId": self._frame, "worldName": _WORLD})
        answer = await session.send(
            "Runtime.evaluate",
            {"expression": _MEASURE, "contextId": world["executionContextId"], "returnByValue": True},
        )
        found: dict[str, Any] | None = answer["result"].get("value")
        return found

    async def _asked(self) -> CDPSession:
        if self._session is None:
            self._session = await self._page.context.new_cdp_session(self._page)
        return self._session


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
