"""`health.spatie`: what spatie/laravel-health has found, read with care.

The endpoint answers 200 although checks failed, and 200 with an empty body when nothing was ever checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.checks.api.judging import aged, document
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds
from smokerunner.model.errors import Failure, Inconclusive
from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template

_OUTCOMES: Mapping[str, Outcome] = {
    "ok": Outcome.PASSED,
    "warning": Outcome.WARNED,
    "skipped": Outcome.INCONCLUSIVE,
    "failed": Outcome.FAILED,
    "crashed": Outcome.FAILED,
}


@dataclass(frozen=True)
class Report:
    """What was found, and when, in seconds since 1970."""

    url: str
    finished: float
    results: tuple[Mapping[str, Any], ...]


class HealthEndpoint(Frozen):
    """Where the app tells its health."""

    path: Template = Field(default=Template("/health"), description="HealthCheckJsonResultsController's route.")
    token: Template | None = Field(default=None, description="Sent as X-Secret-Token: ${secrets.HEALTH_TOKEN}.")
    headers: dict[str, Template] = Field(default={}, description="Other headers to send.")
    fresh: bool = Field(default=True, description="Let the checks be made now; else the last stored ones are read.")

    async def report(self, ctx: CheckContext) -> Report:
        """What it tells. Raises Failure when it tells nothing, Inconclusive when this is not its endpoint."""
        url = join(ctx.base_url, self.path)
        if self.fresh:
            url += "&fresh" if urlsplit(url).query else "?fresh"
        headers = {"accept": "application/json", **self.headers}
        if self.token is not None:
            headers["x-secret-token"] = str(self.token)
        # Checks are made while it is answered, and some of them wait for others.
        answer = await ctx.web.ask(url, headers=headers, limit=1_048_576, timeout=30.0, fresh=True)
        if answer.status in (401, 403) or answer.location:
            raise Inconclusive(f"GET {url}: {answer}; say under `token` what opens it")
        if answer.status == 200 and not answer.body.strip():
            raise Failure(f"GET {url}: 200 with an empty body: nothing was checked; run `php artisan health:check`")
        try:
            told = document(answer)
        except ValueError as wrong:
            raise Inconclusive(f"GET {url}: {answer.status}, {wrong}; not the JSON of laravel-health") from wrong
        results = told.get("checkResults") if isinstance(told, dict) else None
        # A collection that was sorted keeps its keys, and becomes a JSON object.
        listed = list(results.values()) if isinstance(results, dict) else results
        finished = told.get("finishedAt") if isinstance(told, dict) else None
        if (
            not isinstance(listed, list)
            or not all(isinstance(one, dict) for one in listed)
            or isinstance(finished, bool)
            or not isinstance(finished, int | float)
            or not 0 < finished < 1e12
        ):
            raise Inconclusive(f"GET {url}: {answer}; not the JSON of laravel-health")
        if not listed:
            raise Failure(f"GET {url}: no check is registered there, so nothing is known of the app's health")
        return Report(url, float(finished), tuple(listed))


class Spatie(HealthEndpoint, Check):
    """Reads every result that spatie/laravel-health has, and how old they are."""

    id: ClassVar[str] = "health.spatie"
    asks: ClassVar[str] = "Does the app call itself healthy?"
    passes: ClassVar[str] = "results that are newer than `within`, every one of them ok"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "spatie/laravel-health: HealthCheckJsonResultsController"

    within: Seconds = Field(default=300.0, description="How old the results may be.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask, and read each result."""
        report = await self.report(ctx)
        readings = [how_old(ctx, report, self.within)]
        for one in report.results:
            status = str(one.get("status", ""))
            outcome = _OUTCOMES.get(status, Outcome.INCONCLUSIVE)
            said = one.get("notificationMessage") or one.get("shortSummary") or ""
            seen = f"{status or 'no status'}, {said}" if said and outcome is not Outcome.PASSED else status
            name = str(one.get("label") or one.get("name") or "a check")
            readings.append(Reading(what=name, outcome=outcome, seen=ctx.secrets.scrub(seen)[:300], wanted="ok"))
        return Finding.of(readings)


def how_old(ctx: CheckContext, report: Report, within: float) -> Reading:
    """Whether the results are new enough."""
    age = ctx.clock.now().timestamp() - report.finished
    advice = "nothing makes the checks: is `php artisan schedule:run` in the crontab?"
    return aged(f"results of {report.url}", age, within, advice)
