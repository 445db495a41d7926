"""`queue.failed-new`: no job has failed of late."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from smokerunner.checks.api.judging import judged
from smokerunner.checks.laravel.artisan import about, artisan_json, last_words, run_artisan
from smokerunner.checks.queue.tables import rows
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.severity import Severity
from smokerunner.model.template import Pattern, Template

_FAILED = "SELECT queue AS queue, payload AS payload, failed_at AS failed_at FROM {table} WHERE failed_at >= :since"
_MOMENT = re.compile(r"\b(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?")
_CLASS = re.compile(r"\b[A-Z]\w*(?:\\\w+)+")


@dataclass(frozen=True)
class Failed:
    """A job that failed: what it was, and when."""

    job: str
    at: datetime


class FailedNew(Check):
    """Looks for jobs that failed since the deploy."""

    id: ClassVar[str] = "queue.failed-new"
    asks: ClassVar[str] = "Have jobs failed since the deploy?"
    passes: ClassVar[str] = "the list of failed jobs could be read, and names none since then"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/framework: ListFailedCommand, the table failed_jobs"

    since: Template | None = Field(default=None, description="When the deploy was, such as 2026-11-22T14:02:07Z.")
    within: Seconds = Field(default=3600.0, description="How far back to look when `since` is not given.")
    grave: Pattern = Field(
        default=Pattern("(?i)mail|payment|charge|invoice|stripe"),
        description="Jobs whose failure is critical, by their classes.",
    )
    timezone: str | None = Field(default=None, description="The app's; by default what `artisan about` says, or UTC.")
    database: Template | None = Field(
        default=None, description="SQLAlchemy's URL of the app's database, to do without artisan: ${secrets.DB_URL}."
    )
    table: str = Field(default="failed_jobs", pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$", description="The table of them.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read the list and count by class."""
        since = self._since(ctx.clock.now())
        zone, weak = await self._zone(ctx)
        failed = [one for one in await self._listed(ctx, since, zone) if one.at >= since]
        what = "failed jobs"
        wanted = f"none since {since:%Y-%m-%d %H:%M:%S} UTC"
        if not failed:
            return Finding.of([judged(what, "none", wanted, good=True)], weak=weak)
        kinds = Counter(one.job for one in failed)
        seen = ", ".join(f"{number} × {job}" for job, number in kinds.most_common(3))
        newest = max(one.at for one in failed)
        said = f"{len(failed)}: {seen}; the newest {spell((ctx.clock.now() - newest).total_seconds())} ago"
        grave = Severity.CRITICAL if any(re.search(self.grave, job) for job in kinds) else None
        return Finding.of([judged(what, said, wanted, good=False)], weak=weak, severity=grave)

    def _since(self, now: datetime) -> datetime:
        if self.since is None:
            return now - timedelta(seconds=self.within)
        try:
            found = datetime.fromisoformat(self.since.strip())
        except ValueError as wrong:
            raise Inconclusive(f"since: {self.since!r} is no time; write it like 2026-11-22T14:02:07Z") from wrong
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)

    async def _zone(self, ctx: CheckContext) -> tuple[tzinfo, str]:
        """In which zone the app writes times, and what is uncertain about it."""
        name = self.timezone
        if name is None and ctx.server is not None:
            try:
                told = (await about(ctx, "environment")).get("timezone")
            except Inconclusive:
                told = None
            name = told if isinstance(told, str) else None
        if name is None:
            return UTC, "times were read as UTC, as nobody says the app's time zone"
        try:
            return ZoneInfo(name), ""
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise Inconclusive(f"no time zone is called {name!r}") from wrong

    async def _listed(self, ctx: CheckContext, since: datetime, zone: tzinfo) -> Sequence[Failed]:
        if self.database is not None:
            local = since.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
            found = await rows(str(self.database), _FAILED.format(table=self.table), since=local)
            return [Failed(_class_of(row), _moment(str(row["failed_at"]), zone)) for row in found]
        if ctx.server is None:
            raise NotReached("needs the app's server (`server: {…}`), or its database (`database: ${secrets.DB_URL}`)")
        try:
            told = await artisan_json(ctx, "queue:failed", "--json")
        except Inconclusive:
            return await self._from_text(ctx, zone)
        return [Failed(_class_of(one), _moment(str(one.get("failed_at", "")), zone)) for one in _jobs(told)]

    async def _from_text(self, ctx: CheckContext, zone: tzinfo) -> list[Failed]:
        """The list as it was before there was JSON: a line for each job, with its time and class."""
        ran = await run_artisan(ctx, "queue:failed")
        if ran.code == 0 and re.search("No failed jobs", ran.out):
            return []
        found = [
            Failed(kind[0] if (kind := _CLASS.search(line)) else "a job", _moment(line, zone))
            for line in ran.out.splitlines()
            if _MOMENT.search(line)
        ]
        if ran.code != 0 or not found:
            raise Inconclusive(f"`artisan queue:failed` gave no list: {last_words(ran)}")
        return found


def _jobs(told: Any) -> Iterator[dict[str, Any]]:
    """The jobs of the JSON list, under whatever key it stands. Raises Inconclusive when it is none."""
    found = told
    if isinstance(told, dict):
        found = next((value for value in told.values() if isinstance(value, list)), None)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Inconclusive("`artisan queue:failed --json` gave no list")
    return iter(found)


def _class_of(one: dict[str, Any]) -> str:
    for key in ("class", "name", "job", "displayName"):
        if isinstance(one.get(key), str):
            return str(one[key])
    payload = str(one.get("payload", ""))
    found = re.search(r'"displayName":"((?:[^"\\]|\\.)+)"', payload)
    return found[1].replace("\\\\", "\\") if found else "a job"


def _moment(text: str, zone: tzinfo) -> datetime:
    found = _MOMENT.search(text)
    if found is None:
        raise Inconclusive(f"{text[:40]!r} is no time that is understood")
    moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ''}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
