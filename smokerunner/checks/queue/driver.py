"""Drivers that swallow what they are given: `queue.driver`."""

from __future__ import annotations

from typing import ClassVar

from smokerunner.checks.laravel.artisan import about
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity


class Driver(Check):
    """Reads which driver takes the jobs."""

    id: ClassVar[str] = "queue.driver"
    asks: ClassVar[str] = "Is there a queue at all, or do jobs run inside requests, or nowhere?"
    passes: ClassVar[str] = "`artisan about` names a driver that is neither sync nor null"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "laravel/framework: AboutCommand"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan."""
        driver = (await about(ctx, "drivers")).get("queue")
        what, wanted = "artisan about, drivers.queue", "neither sync nor null"
        if driver in (None, "", "null"):
            # `about` leaves out what is null.
            seen = "null: jobs are thrown away; set QUEUE_CONNECTION"
            reading = Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
            return Finding.of([reading], severity=Severity.CRITICAL)
        if driver == "sync":
            seen = "sync: jobs run inside requests, which wait for them; set QUEUE_CONNECTION=database or redis"
            outcome = Outcome.FAILED if ctx.production else Outcome.WARNED
            return Finding.of([Reading(what=what, outcome=outcome, seen=seen, wanted=wanted)])
        weak = "a worker may still be missing; queue.canary sees whether jobs are done"
        return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=str(driver), wanted=wanted)], weak=weak)
