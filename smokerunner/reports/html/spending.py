"""Where the time of a profiled run went, laid out for bars and for those who read numbers."""

from __future__ import annotations

from collections.abc import Iterator

from smokerunner.model.kind import Kind
from smokerunner.model.profile import Phase, Profile, Spent
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.model.spending import Slow, part_name, parts_of, slowest, spent_of

_THINNEST = 0.2
"""Per cent of a bar below which a piece of it is not drawn; its number is told all the same."""
_LEAST = 0.005
"""Seconds below which a number would be 0.00 s."""


@record
class Piece:
    """A stretch of a bar; `x` and `width` are per cent of its longest."""

    kind: Kind
    x: float
    width: float


@record
class Row:
    """One bar with its numbers. `depth` is above 0 for a step within a step."""

    label: str
    spent: Spent
    pieces: tuple[Piece, ...]
    flow: str = ""
    number: str = ""
    depth: int = 0

    @property
    def told(self) -> tuple[tuple[Kind, float], ...]:
        """The kinds that there was any of."""
        return tuple((kind, seconds) for kind, seconds in self.spent.parts if seconds >= _LEAST)


@record
class Part:
    """An attempt or a cleanup and its steps."""

    whole: Row
    steps: tuple[Row, ...]


@record
class Share:
    """A kind or a phase, what it took, and what it is."""

    name: Kind | Phase
    seconds: float
    share: float


@record
class Spending:
    """All of it; `app` is the app's share of what the flows took, as a whole number of per cent."""

    profile: Profile
    all: Row
    app: int
    kinds: tuple[Share, ...]
    phases: tuple[Share, ...]
    slowest: tuple[Row, ...]
    parts: tuple[Part, ...]


def spending_of(run: Run) -> Spending | None:
    """Where the time went; None when that was not measured."""
    profile = run.profile
    if profile is None:
        return None
    spent = spent_of(run.flows)
    slow = slowest(run.flows)
    most = slow[0].spent.total if slow else 0.0
    tried = [(flow, part) for flow in run.flows for part in parts_of(flow)]
    longest = max((part.spent.total for _, part in tried if part.spent is not None), default=0.0)
    phases = [(phase, profile.phases[phase]) for phase in Phase if phase in profile.phases]
    return Spending(
        profile=profile,
        all=Row("all flows", spent, pieces_of(spent, spent.total)),
        app=round(spent.app / (spent.total or 1) * 100),
        kinds=tuple(Share(kind, seconds, _per_cent(seconds, spent.total)) for kind, seconds in spent.parts),
        phases=tuple(Share(phase, seconds, _per_cent(seconds, profile.total)) for phase, seconds in phases),
        slowest=tuple(_slow(one, most) for one in slow),
        parts=tuple(_part(flow, part, longest) for flow, part in tried),
    )


def pieces_of(spent: Spent, longest: float, x: float = 0.0) -> tuple[Piece, ...]:
    """The bar of a time from `x` on: its kinds side by side, each as wide as its part of the longest."""
    pieces = []
    for kind, seconds in spent.parts:
        width = _per_cent(seconds, longest)
        if width >= _THINNEST:
            pieces.append(Piece(kind, round(x, 2), round(width, 2)))
        x += width
    return tuple(pieces)


def _part(flow: Result, part: Result, longest: float) -> Part:
    steps = [(step, depth, step.spent) for step, depth in _steps(part, 0)]
    most = max((spent.total for *_, spent in steps if spent is not None), default=0.0)
    spent = part.spent or Spent()
    return Part(
        Row(part_name(flow, part), spent, pieces_of(spent, longest), flow.name),
        tuple(
            Row(step.title, spent, pieces_of(spent, most), number=step.number, depth=depth)
            for step, depth, spent in steps
            if spent is not None
        ),
    )


def _steps(parent: Result, depth: int) -> Iterator[tuple[Result, int]]:
    for child in parent.children:
        # A cleanup between two attempts stands for itself.
        if child.kind == "step":
            yield child, depth
            yield from _steps(child, depth + 1)


def _slow(one: Slow, most: float) -> Row:
    return Row(one.title, one.spent, pieces_of(one.spent, most), one.flow, one.number)


def _per_cent(seconds: float, whole: float) -> float:
    return seconds / whole * 100 if whole else 0.0
