"""`perf.home`, `perf.login`, `perf.health` and the family `perf.*`: the app answers within its target."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from smokerunner.checks.http.wall import is_missing
from smokerunner.checks.timing.samples import Samples, sample
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_NOISY = 5
"""Times the median that the samples may differ by before the median means little."""
_PATIENCE = 10.0
"""Seconds each answer may take."""


class Perf(Check):
    """Takes samples of one address, and compares their median with the target."""

    id: ClassVar[str] = "perf.*"
    asks: ClassVar[str] = "Does the page answer in time?"
    passes: ClassVar[str] = "every sample with status 200, their median within the target; near it is warned"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "runbook"
    alone: ClassVar[bool] = True
    default_timeout: ClassVar[float] = 150.0
    usual: ClassVar[str] = "/"
    usual_target: ClassVar[float] = 1.0
    usual_warn: ClassVar[float] = 0.2

    path: str | None = Field(default=None, description="The page, by its path.")
    target: Seconds | None = Field(default=None, description="What the median may take at most; by default 1 s.")
    warn: Seconds | None = Field(default=None, description="Above this it is warned; by default 200 ms.")
    samples: Annotated[int, Field(ge=3, le=100)] = Field(default=10, description="How many samples are taken.")
    every: Seconds = Field(default=0.2, description="The pause between samples.")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.path is None and type(self) is Perf:
            raise ValueError("which page? give its `path`")
        if self.target is not None and self.warn is not None and self.warn > self.target:
            raise ValueError("`warn` must not be more than `target`")
        return self

    async def run(self, ctx: CheckContext) -> Finding:
        """Take the samples, with nothing else under way."""
        path = self.path or self.usual
        taken = await sample(ctx, path, self.samples, pause=self.every, limit=_PATIENCE)
        if self.path is None and path != "/" and await is_missing(ctx, taken.warm_up):
            raise NotReached(f"there is no {path} ({taken.warm_up}); name the page with `path`, or turn this off")
        if not taken.answers:
            raise Inconclusive(f"GET {taken.url}: answered once, then not at all: {taken.silent[0]}")
        what = f"GET {taken.url}"
        readings = [self._statuses(what, taken)]
        severity = None
        if readings[0].outcome is Outcome.PASSED:
            measured = self._measured(what, taken)
            readings.append(measured)
            near = taken.median < 2 * self._target
            if measured.outcome is Outcome.FAILED and near and self.means is Severity.HIGH:
                severity = Severity.MEDIUM
        readings += _context(what, taken, ctx.base_url + path)
        cached = taken.cached_by
        return Finding.of(readings, severity=severity, weak=f"a cache answered ({cached})" if cached else "")

    @property
    def _target(self) -> float:
        return self.target or max(self.usual_target, self.warn or 0)

    @property
    def _warn(self) -> float:
        return min(self.warn or self.usual_warn, self._target)

    def _statuses(self, what: str, taken: Samples) -> Reading:
        number = len(taken.answers) + len(taken.silent)
        bad = [answer for answer in taken.answers if answer.status != 200]
        wanted = "status 200 each time"
        if any(answer.status in (403, 429) for answer in bad):
            seen = f"{len(bad)} of {number} kept out ({bad[0]}); allow these requests, or take fewer samples"
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)
        if bad:
            seen = f"{len(bad)} of {number} answered otherwise: {bad[0]}"
            return Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
        if taken.silent:
            seen = f"{len(taken.silent)} of {number} not answered: {taken.silent[0]}"
            return Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
        return Reading(what=what, outcome=Outcome.PASSED, seen=f"{number} times status 200")

    def _measured(self, what: str, taken: Samples) -> Reading:
        middle, slowest, quickest = taken.median, taken.totals[-1], taken.totals[0]
        seen = (
            f"median {spell(middle)} of {len(taken.answers)} samples, {spell(quickest)} to {spell(slowest)}; "
            f"{taken.told_phases()}; of which the network about {spell(taken.floor)}"
        )
        wanted = f"at most {spell(self._target)}"
        # Noise that changes nothing about the answer is no reason not to give it.
        if taken.spread > _NOISY * middle and quickest <= self._target < slowest:
            said = f"too noisy to tell: {seen}; ask again, or take more samples"
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=said, wanted=wanted)
        if middle > self._target:
            return Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
        if middle > self._warn:
            wanted = f"at most {spell(self._warn)} to be quick ({spell(self._target)} to pass)"
            return Reading(what=what, outcome=Outcome.WARNED, seen=seen, wanted=wanted)
        return Reading(what=what, outcome=Outcome.PASSED, seen=seen)


class PerfHome(Perf):
    """Takes samples of the home page."""

    id: ClassVar[str] = "perf.home"
    asks: ClassVar[str] = "Does the home page answer in time?"


class PerfLogin(Perf):
    """Takes samples of the login page; skipped where there is none at /login."""

    id: ClassVar[str] = "perf.login"
    asks: ClassVar[str] = "Does the login page answer in time?"
    usual: ClassVar[str] = "/login"


class PerfHealth(Perf):
    """Takes samples of the health address; skipped where there is none at /up."""

    id: ClassVar[str] = "perf.health"
    asks: ClassVar[str] = "Does the health address answer in time?"
    passes: ClassVar[str] = "every sample with status 200, their median within 200 ms"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "runbook, Laravel"
    usual: ClassVar[str] = "/up"
    usual_target: ClassVar[float] = 0.2


def _context(what: str, taken: Samples, asked: str) -> list[Reading]:
    """What is told beside, without any judgement."""
    cold = f"{spell(taken.warm_up.phases.total)} (status {taken.warm_up.status}), not counted"
    found = [Reading(what=f"{what}, first request", outcome=Outcome.PASSED, seen=cold)]
    if taken.url != asked:
        found.append(Reading(what=f"GET {asked}", outcome=Outcome.PASSED, seen=f"leads to {taken.url}, which is timed"))
    if taken.answers[-1].truncated:
        found.append(Reading(what=f"{what}, body", outcome=Outcome.PASSED, seen="read only in part: it is very long"))
    return found
