"""What a page can tell when a step on it was bad. Every look is bounded; what cannot be seen is left out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from playwright.async_api import Error

from smokerunner.browser.ambiguity import narrowings
from smokerunner.browser.candidates import nearest, wanted_text, written
from smokerunner.browser.tab import Tab
from smokerunner.model.errors import Failure, Unavailable
from smokerunner.model.geometry import Box
from smokerunner.model.observation import AnswerSeen, Candidate, FrameSeen, Observation, TargetSeen
from smokerunner.model.record import record
from smokerunner.model.target import SHORT_ROLES, Target

BUDGET = 2.0
"""Seconds that all looks at one scene may take."""
_LOOK = 1.0
_TEXT, _ARIA, _SAID, _ELEMENT = 4_000, 8_000, 4_000, 500
_ANSWERS, _SLOWEST, _LEAST_SLOW, _FRAMES, _SOCKETS = 15, 5, 0.3, 8, 5
_TOLD = {"document", "xhr", "fetch", "api"}
Seen = TypeVar("Seen")
Scrub = Callable[[str], str]

_PAGE = """() => {
    const shown = e => !e.checkVisibility || e.checkVisibility({visibilityProperty: true});
    const fine = /success|info|primary|secondary/;
    const loud = '[role=alert], [aria-live=assertive], .alert, .error, .errors, .errorlist, .invalid-feedback, '
        + '.field-error, .form-error, .text-danger, .is-danger, .help-block.error';
    const alerts = [...document.querySelectorAll(loud)].filter(e => shown(e) && !fine.test(e.className));
    for (const field of document.querySelectorAll('[aria-invalid=true]'))
        for (const id of `${field.getAttribute('aria-errormessage') || ''} ${field.getAttribute('aria-describedby')
                || ''}`.split(' '))
            if (id && document.getElementById(id)) alerts.push(document.getElementById(id));
    const said = alerts.map(e => e.innerText || '').map(text => text.trim()).filter(Boolean);
    const active = document.activeElement;
    if (active?.matches?.(':user-invalid') && active.validationMessage) said.push(active.validationMessage);
    const passwords = [...document.querySelectorAll('input[type=password]')];
    return {
        text: (document.body?.innerText || '').slice(0, 50000),
        alerts: [...new Set(said)].slice(0, 10).map(text => text.slice(0, 5000)),
        asks: passwords.some(shown),
        typed: passwords.map(field => field.value).filter(Boolean),
        images: [...document.querySelectorAll('img, canvas, video, svg, object, embed, iframe')].filter(
            e => shown(e) && e.getBoundingClientRect().width > 1).length,
        viewport: `${innerWidth}x${innerHeight}`,
    };
}"""

_ELEMENT_STATE = """e => {
    const box = e.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
    const inWindow = box.width > 0 && box.height > 0 && x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    let fixed = false;
    for (let up = e; up; up = up.parentElement) fixed = fixed || getComputedStyle(up).position === 'fixed';
    const page = document.documentElement;
    const reachable = inWindow || (!fixed && x + scrollX >= 0 && y + scrollY >= 0
        && x + scrollX <= page.scrollWidth && y + scrollY <= page.scrollHeight);
    let cover = null;
    const hit = inWindow ? e.getRootNode().elementFromPoint(x, y) : null;
    const label = hit?.closest('label');
    if (hit && hit !== e && !e.contains(hit) && !hit.contains(e) && label?.control !== e) {
        cover = hit;
        while (cover.parentElement && cover.parentElement !== document.body && !cover.parentElement.contains(e))
            cover = cover.parentElement;
    }
    const called = one => one.getAttribute('role') || one.tagName.toLowerCase()
        + (one.id ? '#' + one.id : one.classList.length ? '.' + one.classList[0] : '');
    const words = one => (one.getAttribute('aria-label') || one.innerText || '').slice(0, 5000);
    return {
        box: {x: box.left, y: box.top, width: box.width, height: box.height}, inWindow, reachable,
        cover: cover ? [called(cover), words(cover)] : null,
        text: (e.innerText || '').slice(0, 20000),
        value: e.type === 'password' ? (e.value ? '***' : '') : String(e.value ?? '').slice(0, 20000),
    };
}"""

_FRAMES_HERE = """all => all.slice(0, 8).map((e, index) => e.title ? {title: e.title}
    : e.getAttribute('name') ? {css: `iframe[name="${e.getAttribute('name')}"]`}
    : e.id ? {css: `iframe[id="${e.id}"]`} : {css: 'iframe', nth: index + 1})"""


@record
class Aim:
    """An element that a step names: where in the step, with its variables filled in, and as it is written."""

    place: str
    target: Target
    written: str


class Scene:
    """One page at the moment after a bad step. `since` is how many requests there were before the step."""

    def __init__(self, tab: Tab, since: int, scrub: Scrub) -> None:
        self._tab = tab
        self._since = since
        self._scrub = scrub
        self._until = asyncio.get_running_loop().time() + BUDGET
        self._typed: list[str] = []

    async def observe(self, aims: Sequence[Aim]) -> Observation:
        """All that can be seen within the budget, masked and cut."""
        tab, scrub = self._tab, self._scrub
        await tab.traffic.bodies.settle(0.5)
        answers = [self._masked(answer) for answer in tab.traffic.answers(tab.raw, self._since)]
        seen = Observation(
            url=scrub(tab.url),
            status=tab.status,
            answers=tuple(self._told(answers)),
            redirects=tuple(self._masked(hop) for hop in tab.traffic.redirects(tab.raw, self._since)),
            slowest=tuple(self._slowest(answers)),
            websockets=tuple(self._cut(said, _ELEMENT) for said in tab.traffic.sockets.troubles[-_SOCKETS:]),
        )
        if tab.crashed or tab.raw.is_closed():
            return seen
        page: dict[str, Any] = await self._soon(lambda: tab.raw.evaluate(_PAGE), {})
        self._typed = page.get("typed", [])
        aria = await self._soon(lambda: tab.raw.locator("body").aria_snapshot(timeout=_LOOK * 1000), "")
        return seen.model_copy(
            update={
                "title": self._cut(await self._soon(tab.raw.title, ""), _ELEMENT),
                "viewport": page.get("viewport", ""),
                "text": self._cut(page.get("text", ""), _TEXT),
                "aria": self._cut(aria, _ARIA),
                "images": page.get("images", 0),
                "alerts": tuple(self._cut(text, _ELEMENT) for text in page.get("alerts", [])),
                "asks_for_password": page.get("asks", False),
                "frames": tuple(
                    FrameSeen(url=scrub(frame.url), name=scrub(frame.name)) for frame in tab.raw.frames[:_FRAMES]
                ),
                "targets": tuple([await self._target(aim, aria) for aim in aims]),
            }
        )

    async def _target(self, aim: Aim, aria: str) -> TargetSeen:
        tab, target = self._tab, aim.target.alone
        matcher = target.name if target.finder == "role" else target.finds
        seen = TargetSeen(
            place=aim.place,
            words=self._scrub(str(target)),
            written=aim.written if aim.written != str(target) else "",
            role=str(target.role or "") if target.finder == "role" else target.finder * (target.finder in SHORT_ROLES),
            name=self._scrub(wanted_text(target)) if matcher is not None else "",
            count=await self._soon(lambda: tab.count(target), None),
        )
        if seen.count is None:
            return seen
        if seen.count == 1:
            return seen.model_copy(update=await self._state(target))
        if seen.count:
            ready: list[dict[str, Any]] = await self._soon(lambda: narrowings(tab, target), [])
            return seen.model_copy(update={"narrowings": self._kept(_candidate(one) for one in ready)})
        around = await self._around(target, aria)
        near: tuple[Candidate, ...] = await self._soon(lambda: nearest(tab, target, around), ())
        return seen.model_copy(update={"elsewhere": await self._elsewhere(target), "candidates": self._kept(near)})

    async def _state(self, target: Target) -> dict[str, object]:
        locator = self._tab.locate(target)
        found: dict[str, Any] = await self._soon(lambda: locator.evaluate(_ELEMENT_STATE, timeout=_LOOK * 1000), {})
        cover = found.get("cover")
        return {
            "visible": await self._soon(locator.is_visible, None),
            "enabled": await self._soon(lambda: locator.is_enabled(timeout=_LOOK * 1000), None),
            "box": Box(**{key: round(value, 1) for key, value in found["box"].items()}) if found else None,
            "in_window": found.get("inWindow"),
            "reachable": found.get("reachable"),
            "covered_by": self._called(*cover) if cover else "",
            "text": self._cut(found.get("text", ""), _ELEMENT),
            "value": self._cut(found.get("value", ""), _ELEMENT),
        }

    def _called(self, kind: str, text: str) -> str:
        words = " ".join(self._scrub(text).split())
        shown = words if len(words) <= 60 else words[:59] + "…"
        return f'{self._scrub(kind)} "{shown}"' if shown else self._scrub(kind)

    async def _around(self, target: Target, aria: str) -> str:
        """The accessibility tree of where the target is looked for."""
        body = Target.model_validate({"css": "body"}).model_copy(update={"frame": target.frame})
        around = target.within or body
        if await self._soon(lambda: self._tab.count(around), 0) != 1:
            around = body
        if around is body and target.frame is None:
            return aria
        return await self._soon(lambda: self._tab.locate(around).aria_snapshot(timeout=_LOOK * 1000), "")

    async def _elsewhere(self, target: Target) -> Candidate | None:
        """The same element in another frame, or outside of the one that is named."""
        if target.within is not None:
            return None
        others: list[Target | None] = [None] if target.frame is not None else []
        here: list[dict[str, Any]] = await self._soon(
            lambda: self._tab.raw.locator("iframe").evaluate_all(_FRAMES_HERE), []
        )
        others += [Target.model_validate(frame) for frame in here]
        for frame in others:
            moved = target.model_copy(update={"frame": frame})
            if frame != target.frame and await self._soon(lambda moved=moved: self._tab.count(moved), 0) == 1:  # type: ignore[misc]
                return next(iter(self._kept([_candidate(written(moved), 1.0)])), None)
        return None

    def _kept(self, candidates: Any) -> tuple[Candidate, ...]:
        """Without those whose name is a secret: a masked target finds nothing."""
        return tuple(one for one in candidates if self._scrub(one.words) == one.words)

    def _masked(self, answer: AnswerSeen) -> AnswerSeen:
        return answer.model_copy(update={"url": self._scrub(answer.url), "text": self._cut(answer.text, _SAID)})

    @staticmethod
    def _told(answers: Sequence[AnswerSeen]) -> list[AnswerSeen]:
        """The last ones that a person would ask for: pages and data, and whatever else went wrong."""
        return [a for a in answers if a.kind in _TOLD or a.failure or (a.status or 0) >= 400][-_ANSWERS:]

    @staticmethod
    def _slowest(answers: Sequence[AnswerSeen]) -> list[AnswerSeen]:
        under = [answer for answer in answers if answer.during or (answer.status is None and answer.failure is None)]
        slow = [answer.model_copy(update={"text": ""}) for answer in under if (answer.seconds or 0) >= _LEAST_SLOW]
        return sorted(slow, key=lambda answer: -(answer.seconds or 0))[:_SLOWEST]

    def _cut(self, text: str, limit: int) -> str:
        """Masked line by line, so that what is a secret as a whole is seen as one, then cut at the end of a line."""
        masked = "\n".join(self._line(line) for line in self._scrub(text).splitlines())
        if len(masked) <= limit:
            return masked
        return masked[:limit].rpartition("\n")[0] or masked[:limit]

    def _line(self, line: str) -> str:
        before, colon, value = line.rpartition(": ")
        bare = value.strip().strip('"')
        if colon and bare and (bare in self._typed or self._scrub(bare) != bare):
            return f"{before}{colon}***"
        return self._scrub(line) if line.strip() else line

    async def _soon(self, ask: Callable[[], Awaitable[Seen]], otherwise: Seen) -> Seen:
        """Ask within what is left of the budget. What cannot be answered must not hide why the step was bad."""
        until = min(self._until, asyncio.get_running_loop().time() + _LOOK)
        try:
            async with asyncio.timeout_at(until):
                return await ask()
        except (Error, TimeoutError, Failure, Unavailable, ValueError):
            return otherwise


def _candidate(target: dict[str, Any], likeness: float = 0.5) -> Candidate:
    return Candidate(words=re.sub(r"\s+", " ", str(Target.model_validate(target))), target=target, likeness=likeness)
