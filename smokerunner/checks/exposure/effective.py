"""`sec.debug-flag`, `sec.app-env`: what the app itself says, its configuration's cache included."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from pydantic import Field

from smokerunner.checks.laravel.artisan import about, last_words, run_artisan
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_TAG = re.compile(r"<[^>]*>")
_ON, _OFF = ("ENABLED", "ON", "TRUE"), ("OFF", "DISABLED", "FALSE")


def _word(value: Any) -> str:
    """A value as artisan says it: before Laravel 10 with the colours of its console."""
    return _TAG.sub("", str(value)).strip().upper()


class DebugFlag(Check):
    """Reads debug mode as it is in effect; .env may say something else, when the configuration was cached."""

    id: ClassVar[str] = "sec.debug-flag"
    asks: ClassVar[str] = "Is debug mode off?"
    passes: ClassVar[str] = "`artisan about --json` says so"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "runbook; laravel/framework: AboutCommand"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan."""
        environment = await about(ctx, "environment")
        said = _word(environment.get("debug_mode"))
        if said not in (*_ON, *_OFF):
            raise Inconclusive("`artisan about --json` does not say whether debug mode is on")
        what = "debug mode, says `artisan about`"
        if said in _OFF:
            return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen="off")])
        seen = "on; set APP_DEBUG=false and run `php artisan config:cache`"
        return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted="off")])


class AppEnvironment(Check):
    """Reads the name of the environment as it is in effect."""

    id: ClassVar[str] = "sec.app-env"
    asks: ClassVar[str] = "Does the app know that it is in production?"
    passes: ClassVar[str] = "`artisan about --json` names the expected environment"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/framework: AboutCommand; spatie/laravel-health: EnvironmentCheck"

    expected: str | None = Field(
        default=None, description="The name that APP_ENV must have; `production` where the environment is marked so."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan."""
        expected = self.expected or ("production" if ctx.production else None)
        if expected is None:
            raise NotReached("this environment is not marked `production: true`; say what is `expected` here")
        seen = await _environment(ctx)
        good = seen == expected
        reading = Reading(
            what="APP_ENV, says artisan",
            outcome=Outcome.PASSED if good else Outcome.FAILED,
            seen=seen if good else f"{seen}; set it in .env and run `php artisan config:cache`",
            wanted=expected,
        )
        return Finding.of([reading])


async def _environment(ctx: CheckContext) -> str:
    """Its name; Laravel before 9.21 has no `about`, but every one has `env`."""
    try:
        found = (await about(ctx, "environment")).get("environment")
    except Inconclusive:
        found = None
    if isinstance(found, str) and found:
        return found
    ran = await run_artisan(ctx, "env")
    named = re.search(r"environment(?: is|:) \[?([\w.-]+)\]?", _TAG.sub("", ran.out))
    if ran.code != 0 or named is None:
        raise Inconclusive(f"artisan does not say which environment it is in: {last_words(ran)}")
    return named[1].rstrip(".")
