"""When each flow ran on which worker, in parts of the whole run, so that the drawing fits every width."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime

from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.html.spending import Piece, pieces_of

_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_TICKS = 9


@record
class Span:
    """A stretch of time: `x` and `width` are per cent of the run."""

    result: Result
    x: float
    width: float
    pieces: tuple[Piece, ...] = ()
    """What it went for, in parts of the run, when that was measured."""


@record
class Bar(Span):
    """A flow, or its cleanup, on a worker. `begins` is seconds since the run began."""

    _: KW_ONLY
    flow: Result
    worker: int
    begins: float
    steps: tuple[Span, ...] = ()


@record
class Tick:
    """A mark on the time axis."""

    x: float
    seconds: float


@record
class Timeline:
    """All bars, worker after worker."""

    workers: int
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


@dataclass
class _Lanes:
    """Workers of a run that did not note them: whoever was free took the next flow."""

    free_at: list[float] = field(default_factory=list)

    def take(self, begins: float, ends: float) -> int:
        for at, free in enumerate(self.free_at):
            if free <= begins + 0.001:
                self.free_at[at] = ends
                return at + 1
        self.free_at.append(ends)
        return len(self.free_at)


def timeline_of(run: Run) -> Timeline | None:
    """The timeline of a run; None when no flow was tried."""
    whole = max(run.seconds, 0.001)
    lanes = _Lanes()
    bars: list[Bar] = []
    tried = [
        (part, flow)
        for flow in run.flows
        for part in flow.children
        if part.kind in ("attempt", "cleanup") and part.seconds > 0
    ]
    for part, flow in sorted(tried, key=lambda pair: (pair[0].started, pair[0].id)):
        begins = _since(run.started, part)
        worker = part.worker or flow.worker or lanes.take(begins, begins + part.seconds)
        x, width = _place(begins, part.seconds, whole)
        steps = tuple(
            _span(step, _since(run.started, step), whole)
            for step in part.children
            if step.kind == "step" and step.seconds > 0
        )
        begun = round(begins, 3)
        bars.append(Bar(part, x, width, flow=flow, worker=worker, begins=begun, steps=steps))
    if not bars:
        return None
    bars.sort(key=lambda bar: (bar.worker, bar.begins))
    return Timeline(max(bar.worker for bar in bars), _ticks(whole), tuple(bars))


def _span(step: Result, begins: float, whole: float) -> Span:
    if step.spent is None:
        return Span(step, *_place(begins, step.seconds, whole))
    x, width = _place(begins, step.spent.total, whole)
    pieces = pieces_of(step.spent, whole, x)
    return Span(step, x, width, pieces)


def _since(started: datetime, part: Result) -> float:
    return max((part.started - started).total_seconds(), 0.0)


def _place(begins: float, seconds: float, whole: float) -> tuple[float, float]:
    x = min(begins / whole * 100, 100.0)
    return round(x, 2), round(max(min(seconds / whole * 100, 100.0 - x), 0.0), 2)


def _ticks(whole: float) -> tuple[Tick, ...]:
    step = next((tick for tick in _TICKS if whole / tick <= _MOST_TICKS), whole / _MOST_TICKS)
    # A mark at the very end would be cut.
    numbers = range(int(whole * 0.97 / step) + 1)
    return tuple(Tick(round(number * step / whole * 100, 2), number * step) for number in numbers)
