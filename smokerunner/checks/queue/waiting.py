"""Jobs that wait: `queue.depth`, `queue.oldest`, and those that nobody finishes: `queue.stuck`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import judged
from smokerunner.checks.queue.standing import Queues, Standing
from smokerunner.checks.queue.tables import rows
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template

_STUCK = """
    SELECT queue AS queue, COUNT(*) AS number, MIN(reserved_at) AS since
    FROM {table} WHERE reserved_at < :before GROUP BY queue
"""
_CLOCKS_DIFFER = 60.0


class Depth(Queues, Check):
    """Counts the jobs that wait."""

    id: ClassVar[str] = "queue.depth"
    asks: ClassVar[str] = "Do jobs pile up?"
    passes: ClassVar[str] = "each queue has fewer jobs than `most`, and artisan calls it OK"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "laravel/framework: MonitorCommand"

    most: int = Field(default=1000, ge=1, description="So many are too many.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Count."""
        wanted = f"fewer than {self.most}"
        return Finding.of(
            judged(one.name, str(one), wanted, good=one.size < self.most and not one.alert)
            for one in await self.standing(ctx, self.most)
        )


class Oldest(Queues, Check):
    """Looks for how long the oldest job waits."""

    id: ClassVar[str] = "queue.oldest"
    asks: ClassVar[str] = "Are jobs done soon?"
    passes: ClassVar[str] = "no job that could be done waits for longer than `within`"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/framework: MonitorCommand; laravel/horizon: waits"

    within: Seconds = Field(default=60.0, description="How long a job may wait.")
    critical: Seconds = Field(default=900.0, description="From here on it is critical.")
    most: int = Field(default=1000, ge=1, description="As of queue.depth, so that artisan is asked once for both.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask, and reckon with this machine's clock."""
        now = ctx.clock.now().timestamp()
        stands = await self.standing(ctx, self.most)
        ages = [now - one.oldest for one in stands if one.oldest is not None]
        readings = [self._reading(one, now) for one in stands]
        grave = Severity.CRITICAL if ages and max(ages) >= self.critical else None
        return Finding.of(readings, severity=grave)

    def _reading(self, one: Standing, now: float) -> Reading:
        what, wanted = f"oldest job on {one.name}", f"waits less than {spell(self.within)}"
        if one.oldest is None:
            if one.pending or (one.pending is None and one.size):
                seen = f"{one}, and since when is not told by this driver"
                return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)
            return Reading(what=what, outcome=Outcome.PASSED, seen="none waits", wanted=wanted)
        age = now - one.oldest
        if age < -_CLOCKS_DIFFER:
            seen = "is of a time to come; do the clocks differ?"
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)
        seen = f"waits {spell(max(age, 0.0))}; {one}"
        if age >= self.within and one.reserved == 0:
            seen += ", 0 reserved: no worker takes from this queue"
        return judged(what, seen, wanted, good=age < self.within)


class Stuck(Check):
    """Looks for jobs that a worker took and neither finished nor gave back."""

    id: ClassVar[str] = "queue.stuck"
    asks: ClassVar[str] = "Are there jobs that a worker took and never finished?"
    passes: ClassVar[str] = "no job was reserved longer ago than `retry_after` and a minute"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "laravel/framework: the table of jobs"

    database: Template | None = Field(
        default=None, description="SQLAlchemy's URL of the app's database: ${secrets.DB_URL}."
    )
    table: str = Field(default="jobs", pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$", description="The table of jobs.")
    retry_after: Seconds = Field(default=90.0, description="As in the app's config/queue.php.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read the table; artisan does not tell since when jobs are reserved."""
        if self.database is None:
            raise NotReached("needs the app's database: `database: ${secrets.DB_URL}`; artisan does not tell it")
        now = ctx.clock.now().timestamp()
        before = int(now - self.retry_after - 60)
        found = await rows(str(self.database), _STUCK.format(table=self.table), before=before)
        what, wanted = f"reserved jobs in {self.table}", f"none for longer than {spell(self.retry_after + 60)}"
        if not found:
            return Finding.of([judged(what, "none", wanted, good=True)])
        seen = "; ".join(
            f"{row['number']} on {row['queue']}, the oldest for {spell(now - float(row['since']))}" for row in found
        )
        said = f"{seen}: a worker was killed, and no other is there to take them"
        return Finding.of([judged(what, said, wanted, good=False)])
