"""What a deploy must have left behind: `srv.caches`, `srv.storage-link`, `rel.migrate-pending`."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import judged
from smokerunner.checks.laravel.artisan import about, is_on, last_words, run_artisan
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.severity import Severity

_PENDING = 13
"""What artisan shall answer when something is pending; 1 is its answer to everything that goes wrong."""


class Caches(Check):
    """Reads which of Laravel's caches were built."""

    id: ClassVar[str] = "srv.caches"
    asks: ClassVar[str] = "Were configuration, routes, events and views cached?"
    passes: ClassVar[str] = "`artisan about` says so of all four"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "laravel/framework: AboutCommand; spatie/laravel-health: OptimizedAppCheck"

    caches: tuple[str, ...] = Field(default=("config", "routes", "events", "views"), description="Which of them.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan."""
        seen = await about(ctx, "cache")
        readings = []
        for name in self.caches:
            if name not in seen:
                raise Inconclusive(f"`artisan about --json` says nothing of the cache of {name}")
            good = is_on(seen[name], "CACHED")
            said = "cached" if good else f"not cached; run `php artisan {name.removesuffix('s')}:cache` when deploying"
            readings.append(judged(f"cache of {name}", said, "cached", good=good))
        return Finding.of(readings)


class StorageLink(Check):
    """Reads whether the links into the public folder are there."""

    id: ClassVar[str] = "srv.storage-link"
    asks: ClassVar[str] = "Can uploaded files be seen, through `public/storage`?"
    passes: ClassVar[str] = "`artisan about` calls every link linked"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "laravel/framework: AboutCommand"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan."""
        links = await about(ctx, "storage")
        return Finding.of(
            judged(
                name,
                "linked" if is_on(linked, "LINKED") else "not linked; run `php artisan storage:link`",
                "linked",
                good=is_on(linked, "LINKED"),
            )
            for name, linked in links.items()
        )


class MigratePending(Check):
    """Reads whether a migration was left out."""

    id: ClassVar[str] = "rel.migrate-pending"
    asks: ClassVar[str] = "Were all migrations run?"
    passes: ClassVar[str] = "`artisan migrate:status` names none that is pending"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "laravel/framework: StatusCommand"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan, also one that does not know `--pending`."""
        ran = await run_artisan(ctx, "migrate:status", f"--pending={_PENDING}")
        what, wanted = "artisan migrate:status", "none pending"
        if ran.code == _PENDING:
            names = re.findall(r"^\s*(\d{4}_\S+?)[ .]+Pending", ran.out, re.M)
            said = f"pending: {_listed(names)}; run `php artisan migrate --force`"
            return Finding.of([judged(what, said, wanted, good=False)])
        if ran.code == 0:
            return Finding.of([judged(what, "none pending", wanted, good=True)])
        ran = await run_artisan(ctx, "migrate:status")
        if "Migration table not found" in ran.out:
            return Finding.of([judged(what, "no migration was ever run", wanted, good=False)])
        rows = re.findall(r"^\|\s*(Yes|No)\s*\|\s*(\S+)", ran.out, re.M)
        if ran.code != 0 or not rows:
            raise Inconclusive(f"`artisan migrate:status` did not tell: {last_words(ran)}")
        names = [name for was_run, name in rows if was_run == "No"]
        said = f"pending: {_listed(names)}; run `php artisan migrate --force`" if names else "none pending"
        return Finding.of([judged(what, said, wanted, good=not names)])


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3]) or "some"
    return f"{shown} and {len(names) - 3} more" if names[3:] else shown
