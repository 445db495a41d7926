"""How the queues stand: asked of artisan, or read from the tables of the driver `database`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from smokerunner.checks.laravel.artisan import artisan_json
from smokerunner.checks.queue.tables import rows
from smokerunner.model.check import CheckContext
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.frozen import Frozen
from smokerunner.model.template import Template

_JOBS = """
    SELECT queue AS queue, COUNT(*) AS size,
           SUM(CASE WHEN reserved_at IS NULL AND available_at <= :now THEN 1 ELSE 0 END) AS pending,
           SUM(CASE WHEN reserved_at IS NULL THEN 0 ELSE 1 END) AS reserved,
           MIN(CASE WHEN reserved_at IS NULL AND available_at <= :now THEN available_at END) AS oldest
    FROM {table} GROUP BY queue
"""


@dataclass(frozen=True)
class Standing:
    """One queue. `oldest` is in seconds since 1970, None when nothing waits, or the driver does not tell."""

    name: str
    size: int
    pending: int | None
    reserved: int | None
    oldest: float | None
    alert: bool = False

    def __str__(self) -> str:
        parts = [f"{self.size} on {self.name}"]
        parts += [
            f"{count} {word}" for count, word in ((self.pending, "pending"), (self.reserved, "reserved")) if count
        ]
        return ", ".join(parts)


class Queues(Frozen):
    """Which queues are looked at, and where it is known how they stand."""

    queues: Annotated[
        tuple[str, ...], BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,))
    ] = Field(default=("default",), min_length=1, description="Names, as in `redis:default` or `default`.")
    database: Template | None = Field(
        default=None,
        description="SQLAlchemy's URL of the app's database, to read the table of jobs without artisan: "
        "${secrets.DB_URL}.",
    )
    table: str = Field(default="jobs", pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$", description="The table of jobs.")

    async def standing(self, ctx: CheckContext, most: int) -> Sequence[Standing]:
        """How each of them stands; from `most` jobs on it is an alert. Raises NotReached, Inconclusive, Unavailable."""
        if self.database is not None:
            return await self._from_table(ctx, most)
        if ctx.server is None:
            raise NotReached("needs the app's server (`server: {…}`), or its database (`database: ${secrets.DB_URL}`)")
        found = await artisan_json(ctx, "queue:monitor", ",".join(self.queues), f"--max={most}", "--json")
        entries = found if isinstance(found, list) else [None]
        if not all(isinstance(one, dict) and isinstance(one.get("size"), int) for one in entries):
            raise Inconclusive("`artisan queue:monitor --json` did not list the queues")
        stands = [_told(one) for one in found]
        if len(stands) != len(self.queues):
            raise Inconclusive(f"`artisan queue:monitor --json` told of {len(stands)} of {len(self.queues)} queues")
        return stands

    async def _from_table(self, ctx: CheckContext, most: int) -> list[Standing]:
        now = ctx.clock.now().timestamp()
        found = {
            str(row["queue"]): row
            for row in await rows(str(self.database), _JOBS.format(table=self.table), now=int(now))
        }
        stands = []
        for name in self.queues:
            row = found.get(name.rpartition(":")[2])
            if row is None:
                # No row is how the table says that nothing waits.
                stands.append(Standing(name, 0, 0, 0, None))
                continue
            oldest = None if row["oldest"] is None else float(row["oldest"])
            size = int(row["size"])
            stands.append(Standing(name, size, int(row["pending"]), int(row["reserved"]), oldest, size >= most))
        return stands


def _told(one: dict[str, Any]) -> Standing:
    name = f"{one.get('connection')}:{one.get('queue')}"
    if one.get("connection") == "sync":
        raise Inconclusive(f"{name} is no queue: the driver sync runs jobs inside requests")
    return Standing(
        name=name,
        size=one["size"],
        pending=one.get("pending"),
        reserved=one.get("reserved"),
        oldest=one.get("oldest_pending"),
        # The exit code is 0 on an alert as well.
        alert=one.get("status") != "OK",
    )
