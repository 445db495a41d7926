"""Response times: taken one after the other, each on a connection of its own, and what they amount to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields
from statistics import median

from smokerunner.model.check import Answer, CheckContext, Phases, Silence
from smokerunner.model.duration import spell

_MOST = 4_194_304
"""Bytes that are read of each answer."""
_CACHES = ("age", "x-cache", "cf-cache-status", "x-varnish-cache", "x-litespeed-cache")
_NAMES = {"name": "DNS", "connect": "connect", "tls": "TLS", "first_byte": "first byte", "transfer": "transfer"}


@dataclass(frozen=True)
class Samples:
    """All answers of one address. Those that are missing are in `silent`, never in an average."""

    url: str
    """Where the redirects of the warm-up led."""
    warm_up: Answer
    answers: tuple[Answer, ...]
    silent: tuple[str, ...] = ()

    @property
    def totals(self) -> list[float]:
        """Seconds of each sample, quickest first."""
        return sorted(answer.phases.total for answer in self.answers)

    @property
    def median(self) -> float:
        """Seconds."""
        return median(self.totals)

    @property
    def spread(self) -> float:
        """Seconds between the quickest and the slowest."""
        return self.totals[-1] - self.totals[0]

    @property
    def phases(self) -> Phases:
        """The median of each phase."""
        return Phases(
            **{one.name: median(getattr(answer.phases, one.name) for answer in self.answers) for one in fields(Phases)}
        )

    @property
    def floor(self) -> float:
        """Seconds that the network alone takes: one round trip for the connection, one or two for TLS, one to ask."""
        trip = self.phases.connect
        return trip * (3 if self.phases.tls else 2)

    @property
    def cached_by(self) -> str:
        """The headers by which a cache says that it answered in the app's stead; empty when none does."""
        said = [f"{name}: {value}" for name in _CACHES if (value := self.answers[-1].header(name)) is not None]
        hits = [one for one in said if "hit" in one.lower() or (one.startswith("age: ") and one != "age: 0")]
        return ", ".join(hits)

    def told_phases(self) -> str:
        """The phases in words; those that took no time are left out."""
        found = self.phases
        parts = [f"{word} {spell(getattr(found, name))}" for name, word in _NAMES.items() if getattr(found, name)]
        return ", ".join(parts)


async def sample(ctx: CheckContext, path: str, number: int, *, pause: float, limit: float) -> Samples:
    """One request to warm up, which follows redirects, then `number` to where it ended.

    `pause` seconds lie between them, and each may take `limit` seconds.
    Raises Silence when not even the first one is answered.
    """
    warm_up = await ctx.web.ask(path, limit=_MOST, timeout=limit, fresh=True, follow=5)
    answers, silent = [], []
    for _ in range(number):
        await asyncio.sleep(pause)
        try:
            answers.append(await ctx.web.ask(warm_up.url, limit=_MOST, timeout=limit, fresh=True))
        except Silence as silence:
            silent.append(str(silence))
    return Samples(warm_up.url, warm_up, tuple(answers), tuple(silent))
