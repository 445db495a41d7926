"""A check that asks a list of paths which must not be there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.checks.exposure.ground import Ground
from smokerunner.checks.exposure.judgement import Judged, Probe, conclude, judge_all
from smokerunner.model.check import Check, CheckContext, Finding

Path = Annotated[str, Field(pattern=r"^/[^\s#]*$")]


class PathCheck(Check):
    """Asks each path, and a random one beside it where the answer alone proves nothing."""

    probes: ClassVar[tuple[Probe, ...]] = ()
    advice: ClassVar[str] = ""
    """What to do when it fails."""
    default_timeout: ClassVar[float] = 180.0

    also: tuple[Path, ...] = Field(default=(), description="Other paths that are asked in the same way.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask them all."""
        ground = Ground(ctx)
        await ground.awake()
        judged = await self.judged(ctx, ground)
        return conclude(judged, means=self.means, advice=self.advice)

    async def judged(self, ctx: CheckContext, ground: Ground) -> Sequence[Judged]:
        """The judgement of every path; a check that looks at more than paths adds to it."""
        return await judge_all(ground, self.asked(ctx), ground.bases)

    def asked(self, ctx: CheckContext) -> tuple[Probe, ...]:
        """The paths of the table, those that depend on the host or the day, and those of the file."""
        known = (*self.probes, *self.more(ctx))
        signatures = tuple(dict.fromkeys(sign for probe in known for sign in probe.signatures))
        own = (Probe(path, signatures, short=known[0].short, only=known[0].only) for path in self.also)
        return (*known, *own)

    def more(self, ctx: CheckContext) -> Iterable[Probe]:  # noqa: ARG002 - those that override it look
        """Paths that depend on the host or the day."""
        return ()


def names_of(ctx: CheckContext) -> tuple[str, ...]:
    """What people call files after their site: shop.example, shop; www.shop.example as well. None for an address."""
    host = urlsplit(ctx.base_url).hostname or ""
    if ":" in host or host.replace(".", "").isdigit() or "." not in host:
        return ()
    bare = host.removeprefix("www.")
    return tuple(dict.fromkeys((host, bare, bare.partition(".")[0])))
