"""A stopwatch for one attempt: each moment counts for the innermost thing that is being done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from smokerunner.model.kind import Kind
from smokerunner.model.profile import Spent

Reading = Mapping[Kind, float]
"""Seconds by kind up to some moment."""
_UNWATCHED = nullcontext()


class Watch:
    """The watch of a run without --profile: it measures nothing and costs nothing."""

    def spending(self, _kind: Kind, /) -> AbstractContextManager[object]:
        """While this context is open, time counts as that kind, except within contexts inside it."""
        return _UNWATCHED

    def turn_out(self, _kind: Kind, /, *, since: float | None = None) -> None:
        """What the innermost context has counted, all of it or since a moment, was of this kind after all."""

    def read(self) -> Reading:
        """What has been counted up to now."""
        return {}

    def spent(self, _since: Reading, /) -> Spent | None:
        """What was counted since an earlier reading; None when nothing is measured."""
        return None


@dataclass
class _Span:
    kind: Kind
    seconds: float = 0.0


class Stopwatch(Watch):
    """Begins at once, with time that is smokerunner's own. Nothing is counted twice and nothing left out."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._at = monotonic()
        self._counted = dict.fromkeys(Kind, 0.0)
        self._open = [_Span(Kind.OWN)]

    @contextmanager
    def spending(self, kind: Kind, /) -> Iterator[None]:
        """While this context is open, time counts as that kind, except within contexts inside it."""
        span = _Span(kind)
        self._count()
        self._open.append(span)
        try:
            yield
        finally:
            self._count()
            # By itself, and not the last one: work that was cut off may leave later than what went on after it.
            self._open = [other for other in self._open if other is not span]

    def turn_out(self, kind: Kind, /, *, since: float | None = None) -> None:
        """What the innermost context has counted, all of it or since a moment, was of this kind after all."""
        self._count()
        span = self._open[-1]
        moved = span.seconds if since is None else min(max(self._at - since, 0.0), span.seconds)
        self._counted[span.kind] -= moved
        self._counted[kind] += moved
        span.seconds -= moved

    def read(self) -> Reading:
        """What has been counted up to now."""
        self._count()
        return dict(self._counted)

    def spent(self, since: Reading, /) -> Spent:
        """What was counted since an earlier reading."""
        now = self.read()
        return Spent.model_validate({kind: round(max(now[kind] - since.get(kind, 0.0), 0.0), 4) for kind in Kind})

    def _count(self) -> None:
        now = self._monotonic()
        span = self._open[-1]
        span.seconds += now - self._at
        self._counted[span.kind] += now - self._at
        self._at = now
