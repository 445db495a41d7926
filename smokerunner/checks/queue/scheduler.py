"""Whether cron calls the app: `sched.heartbeat` sees its mark, `sched.due-fired` what was due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import JsonPath, aged, document, judged
from smokerunner.checks.health.spatie import HealthEndpoint, how_old
from smokerunner.checks.laravel.artisan import artisan_json
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity


class Heartbeat(HealthEndpoint, Check):
    """Reads when the scheduler left its last mark."""

    id: ClassVar[str] = "sched.heartbeat"
    asks: ClassVar[str] = "Does the scheduler run?"
    passes: ClassVar[str] = "laravel-health's Schedule is ok and fresh, or a mark that is newer than `within`"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "spatie/laravel-health: ScheduleCheck"

    json_: JsonPath | None = Field(
        default=None,
        alias="json",
        description="Where a JSON answer of the app's own has the time: seconds since 1970, or ISO 8601.",
    )
    within: Seconds = Field(default=120.0, description="How old the mark may be.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read laravel-health's result, or the app's own mark."""
        if self.json_ is not None:
            return await self._own(ctx, self.json_)
        report = await self.report(ctx)
        found = next((one for one in report.results if one.get("name") == "Schedule"), None)
        if found is None:
            raise Inconclusive(f"GET {report.url}: laravel-health has no ScheduleCheck; register one")
        status = str(found.get("status"))
        said = str(found.get("notificationMessage") or found.get("shortSummary") or "")
        seen = f"{status}, {said}" if said and status != "ok" else status
        outcome = {"ok": Outcome.PASSED, "skipped": Outcome.INCONCLUSIVE}.get(status, Outcome.FAILED)
        return Finding.of(
            [Reading(what="Schedule", outcome=outcome, seen=seen, wanted="ok"), how_old(ctx, report, self.within)]
        )

    async def _own(self, ctx: CheckContext, path: str) -> Finding:
        from jsonpath import findall

        url = join(ctx.base_url, self.path)
        answer = await ctx.web.ask(url, headers={"accept": "application/json", **self.headers}, fresh=True)
        try:
            found = list(findall(path if path.startswith("$") else f"$.{path}", document(answer)))
        except ValueError as wrong:
            raise Inconclusive(f"GET {url}: {answer.status}, {wrong}") from wrong
        moment = _moment(found[0]) if found else None
        if answer.status != 200 or moment is None:
            seen = "nothing" if not found else f"{found[0]!r}"[:60]
            raise Inconclusive(f"GET {url}: {answer.status}, {path} is {seen}, no time")
        age = (ctx.clock.now() - moment).total_seconds()
        advice = "is `php artisan schedule:run` in the crontab, and cron running?"
        return Finding.of([aged(f"{path} of {url}", age, self.within, advice)])


class DueFired(Check):
    """Reads the schedule. Whether its tasks ran cannot be seen in one look, so passing is weak evidence."""

    id: ClassVar[str] = "sched.due-fired"
    asks: ClassVar[str] = "Has every task run that was due?"
    passes: ClassVar[str] = "the schedule can be read, holds the named tasks, and none is overdue"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/framework: ScheduleListCommand"

    tasks: tuple[str, ...] = Field(default=(), description="Parts of commands that must be scheduled.")

    async def run(self, ctx: CheckContext) -> Finding:
        """List what is scheduled; an empty list, and a task that is missing, can be told now."""
        told = await artisan_json(ctx, "schedule:list", "--json")
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            raise Inconclusive("`artisan schedule:list --json` gave no list")
        what = "artisan schedule:list"
        if not told:
            return Finding.of([judged(what, "no task is scheduled", "at least one", good=False)])
        names = [str(one.get("command") or one.get("description") or "") for one in told]
        readings = [
            judged(what, "scheduled" if (there := any(task in name for name in names)) else "missing", task, good=there)
            for task in self.tasks
        ]
        now = ctx.clock.now()
        for name, one in zip(names, told, strict=True):
            moment = _moment(one.get("next_due_date"))
            if moment is not None and moment < now and (now - moment).total_seconds() > 60:
                readings.append(judged(name or what, f"next due at {moment:%Y-%m-%d %H:%M} UTC", "later", good=False))
        readings.append(judged(what, f"{len(told)} scheduled", "at least one", good=True))
        weak = "one look cannot tell whether the tasks ran; sched.heartbeat sees whether cron calls the app"
        return Finding.of(readings, weak=weak)


def _moment(value: Any) -> datetime | None:
    """A time in seconds, milliseconds, or ISO 8601; None when it is none."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = None
    try:
        if number is not None:
            return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        found = datetime.fromisoformat(str(value).strip().replace(" +", "+"))
    except (ValueError, OverflowError, OSError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
