"""`queue.horizon`: Horizon runs, and nothing of it is paused."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import document, judged
from smokerunner.checks.laravel.artisan import last_words, run_artisan
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template


class Horizon(Check):
    """Reads the figures of Horizon's dashboard, or asks `horizon:status`."""

    id: ClassVar[str] = "queue.horizon"
    asks: ClassVar[str] = "Does Horizon run its workers?"
    passes: ClassVar[str] = "status running, no supervisor paused, and nobody waits longer than `within`"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/horizon: DashboardStatsController, StatusCommand"

    path: Template = Field(default=Template("/horizon/api/stats"), description="Where the figures are.")
    headers: dict[str, Template] = Field(default={}, description="What opens the dashboard, such as a cookie or token.")
    within: Seconds = Field(default=60.0, description="How long a job may have to wait.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read the dashboard when it was said how it opens; else ask artisan, which knows less."""
        if ctx.server is not None and not self.headers:
            return await self._by_artisan(ctx)
        url = join(ctx.base_url, self.path)
        answer = await ctx.web.ask(url, headers={"accept": "application/json", **self.headers}, fresh=True)
        if answer.status in (401, 403) or answer.location:
            raise Inconclusive(f"GET {url}: {answer}; say under `headers` what opens it, or name the app's `server`")
        try:
            seen = document(answer)
        except ValueError as wrong:
            raise Inconclusive(f"GET {url}: {answer.status}, {wrong}; no figures of Horizon") from wrong
        if answer.status != 200 or not isinstance(seen, dict) or "status" not in seen or "jobsPerMinute" not in seen:
            raise Inconclusive(f"GET {url}: {answer}; no figures of Horizon")
        return self._judged(url, seen)

    def _judged(self, url: str, seen: dict[str, Any]) -> Finding:
        status = str(seen["status"])
        readings = [judged(f"{url}, status", status, "running", good=status == "running")]
        # The status is `paused` only when all are.
        paused = seen.get("pausedMasters", 0)
        readings.append(judged(f"{url}, pausedMasters", str(paused), "0", good=paused == 0))
        waits = seen.get("wait")
        # An empty map of PHP is an empty list.
        for queue, seconds in waits.items() if isinstance(waits, dict) else ():
            if not isinstance(seconds, int | float):
                raise Inconclusive(f"{url}: the wait for {queue} is no number")
            wanted = f"less than {spell(self.within)}"
            readings.append(judged(f"wait for {queue}", spell(float(seconds)), wanted, good=seconds < self.within))
        processes = seen.get("processes")
        if status == "running" and processes == 0:
            readings.append(judged(f"{url}, processes", "0: there is no worker", "at least 1", good=False))
        return Finding.of(readings, severity=Severity.CRITICAL if status == "inactive" else None)

    async def _by_artisan(self, ctx: CheckContext) -> Finding:
        ran = await run_artisan(ctx, "horizon:status")
        said = ran.out.lower()
        # Before laravel/horizon#1471 the exit code was 1 for both.
        status = next((word for word in ("inactive", "paused", "running") if f"horizon is {word}" in said), None)
        if status is None:
            raise Inconclusive(f"`artisan horizon:status` did not tell: {last_words(ran)}")
        good = status == "running"
        outcome = Outcome.PASSED if good and ran.code == 0 else Outcome.FAILED
        reading = Reading(what="artisan horizon:status", outcome=outcome, seen=status, wanted="running")
        weak = "artisan does not tell how long jobs wait; give `headers` to read the dashboard"
        return Finding.of([reading], weak=weak, severity=Severity.CRITICAL if status == "inactive" else None)
