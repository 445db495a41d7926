"""`sec.debug-html`, `sec.debug-json`: errors are provoked, and their pages must tell visitors nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from smokerunner.checks.exposure.ground import Ground, is_challenge, random_path
from smokerunner.checks.exposure.judgement import unheard
from smokerunner.checks.exposure.markers import debug_keys, debug_page
from smokerunner.checks.exposure.signature import head
from smokerunner.checks.laravel.artisan import about, is_on
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Refused, Silence
from smokerunner.model.errors import Inconclusive, NotReached, Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_WEAK = (
    "no error that can be provoked from outside shows anything, which is no proof that debug is off; "
    "with `server:`, sec.debug-flag asks the app itself"
)
_ADVICE = "Switch debug off (Laravel: APP_DEBUG=false and `php artisan config:cache`; Django: DEBUG = False)"
_LIMIT = 262_144


@dataclass(frozen=True)
class _Provocation:
    """A harmless request that makes an app say that something is wrong."""

    method: str
    path: str


def _provocations() -> tuple[_Provocation, ...]:
    return (
        _Provocation("GET", random_path("smoke-")),
        _Provocation("POST", "/"),
        _Provocation("GET", "/%ff"),
        _Provocation("GET", "/?x[]=1"),
    )


class DebugPages(Check):
    """Provokes errors as a browser would, and looks for the pages of developers."""

    id: ClassVar[str] = "sec.debug-html"
    asks: ClassVar[str] = "Do error pages keep the app's inside to themselves?"
    passes: ClassVar[str] = "no debug page after an unknown path, a wrong method and a bad encoding (weak evidence)"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook; nuclei laravel-debug-infoleak; laravel/framework"

    async def run(self, ctx: CheckContext) -> Finding:
        """Provoke each error once."""
        return await _provoke(ctx, self.means, "text/html,*/*;q=0.8", debug_page, _provocations())


class DebugJson(Check):
    """Provokes errors as a program would, and looks for stack traces."""

    id: ClassVar[str] = "sec.debug-json"
    asks: ClassVar[str] = "Do errors in JSON keep the app's inside to themselves?"
    passes: ClassVar[str] = "no exception with file, line and trace (weak evidence)"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "laravel/framework: Handler::convertExceptionToArray"

    async def run(self, ctx: CheckContext) -> Finding:
        """Provoke each error once."""
        below_api = _Provocation("GET", random_path("api/smoke-"))
        return await _provoke(ctx, self.means, "application/json", _keys_or_page, (*_provocations(), below_api))


def _keys_or_page(answer: Answer) -> str:
    """Some apps answer with a developer's page whatever was asked for."""
    return debug_keys(answer) or debug_page(answer)


async def _provoke(
    ctx: CheckContext,
    means: Severity,
    accept: str,
    look: Callable[[Answer], str],
    provocations: tuple[_Provocation, ...],
) -> Finding:
    ground = Ground(ctx)
    await ground.awake()
    readings = await asyncio.gather(
        *(_reading(ctx, ground, one, {"accept": accept}, look) for one in provocations),
    )
    finding = Finding.of(readings, weak=_WEAK if not await _is_known_off(ctx) else "", severity=means)
    if finding.outcome is Outcome.FAILED:
        return replace(finding, message=f"{finding.message}. {_ADVICE}")
    return finding


async def _reading(
    ctx: CheckContext,
    ground: Ground,
    one: _Provocation,
    headers: Mapping[str, str],
    look: Callable[[Answer], str],
) -> Reading:
    url = ctx.base_url + one.path
    what, wanted = f"{one.method} {url}", "an error page without details"
    try:
        answer = await ctx.web.ask(url, method=one.method, headers=headers, limit=_LIMIT)
    except (Silence, Refused) as silence:
        return unheard(what, silence, wanted=wanted)
    seen = look(answer)
    if seen:
        said = f"{head(answer)}, {seen}"
        return Reading(what=what, outcome=Outcome.FAILED, seen=said, wanted=wanted)
    if is_challenge(answer) or await ground.refuses_all(answer):
        said = f"{answer}: a wall, or everything is refused; the app was not seen"
        return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=said, wanted=wanted)
    return Reading(what=what, outcome=Outcome.PASSED, seen=str(answer))


async def _is_known_off(ctx: CheckContext) -> bool:
    """Whether the app itself says that debug is off."""
    try:
        environment = await about(ctx, "environment")
    except (NotReached, Inconclusive, Unavailable):
        return False
    return "debug_mode" in environment and not is_on(environment["debug_mode"], "ENABLED", "ON", "TRUE")
