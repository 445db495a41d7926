"""The web vitals of a flow's pages, each document once, with words for how good they are."""

from __future__ import annotations

from collections.abc import Iterable

from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.vitals import LIMITS, Rating, Vitals
from smokerunner.reports.wording import duration

NAMES = {"lcp": "LCP", "inp": "INP", "cls": "CLS"}
MEANINGS = {
    "lcp": "Largest contentful paint: when the main thing could be seen",
    "inp": "Interaction to next paint: how soon the page answered",
    "cls": "Cumulative layout shift: how much moved by itself",
}
_RANKS: tuple[Rating, ...] = ("good", "needs improvement", "poor")


@record
class Measure:
    """One value in words; all empty when it was not measured."""

    name: str
    value: str
    rating: Rating | None

    def __str__(self) -> str:
        return f"{self.name} {self.value} {self.rating}"


@record
class PageVitals:
    """A document as it was measured last."""

    vitals: Vitals

    @property
    def measures(self) -> tuple[Measure, ...]:
        """LCP, INP and CLS, in this order."""
        return tuple(
            Measure(NAMES[name], _told(name, getattr(self.vitals, name)), self.vitals.rating(name)) for name in NAMES
        )

    @property
    def rating(self) -> Rating:
        """The worst of its ratings."""
        return max((found for name in NAMES if (found := self.vitals.rating(name))), key=_RANKS.index, default="good")

    @property
    def badness(self) -> tuple[int, float]:
        """The worse, the greater: its rating, then how near or far beyond poor it is."""
        shares = [(getattr(self.vitals, name) or 0) / poor for name, (_, poor) in LIMITS.items()]
        return _RANKS.index(self.rating), max(shares)


def pages_of(flow: Result) -> list[PageVitals]:
    """The documents of the attempt that decided, in the order they were seen, each with its last reading."""
    newest: dict[object, Vitals] = {}
    attempt = flow.deciding
    for step in attempt.walk() if attempt is not None else ():
        if step.vitals is not None:
            newest[(step.vitals.url, step.vitals.began)] = step.vitals
    return [PageVitals(vitals) for vitals in newest.values()]


def summary_of(pages: Iterable[PageVitals]) -> str:
    """`4 pages, 1 poor, 1 needs improvement`; empty when there are none."""
    ratings = [page.rating for page in pages]
    if not ratings:
        return ""
    said = [f"{ratings.count(rank)} {rank}" for rank in reversed(_RANKS[1:]) if rank in ratings]
    return f"{len(ratings)} page{'' if len(ratings) == 1 else 's'}, {', '.join(said) or 'good'}"


def _told(name: str, value: float | None) -> str:
    if value is None:
        return ""
    if name == "cls":
        return f"{value:.2f}" if value >= 0.005 or not value else "under 0.01"
    return f"{value:.0f} ms" if name == "inp" else duration(value / 1000)
