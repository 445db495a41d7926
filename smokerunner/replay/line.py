"""The line in which flows wait for a worker: whoever stands in front and has all it needs is next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from smokerunner.replay.plan import Planned

Begin = Callable[[int], None]
"""Called with the number of the worker that a flow is given."""


class Line:
    """Who waits, by their place in `order`. A worker that becomes free goes to the first whose accounts are free."""

    def __init__(self, order: Sequence[Planned], workers: int) -> None:
        self._places = {planned.name: place for place, planned in enumerate(order)}
        self._order = order
        self._missing = {planned.name: set(planned.waits_for) for planned in order}
        self._after: dict[str, list[Planned]] = {}
        for planned in order:
            for name in set(planned.waits_for):
                self._after.setdefault(name, []).append(planned)
        self._waiting: list[tuple[int, Planned, Begin]] = []
        self._free = list(range(1, workers + 1))
        self._accounts: set[str] = set()
        """Those that somebody uses now."""

    def at_once(self) -> list[Planned]:
        """Those that wait for no other flow."""
        return [planned for planned in self._order if not self._missing[planned.name]]

    def tried(self, name: str) -> list[Planned]:
        """A flow was tried, or will never be: those that wait for no other any more."""
        freed = []
        for planned in self._after.pop(name, []):
            self._missing[planned.name].discard(name)
            if not self._missing[planned.name]:
                freed.append(planned)
        return freed

    def join(self, planned: Planned, begin: Begin) -> None:
        """Wait for a worker, at the flow's own place; `advance` gives one."""
        heapq.heappush(self._waiting, (self._places[planned.name], planned, begin))

    def advance(self) -> None:
        """Give every worker that is free to somebody, the lowest number first."""
        held_up = []
        while self._free and self._waiting:
            place, planned, begin = heapq.heappop(self._waiting)
            if self._accounts.isdisjoint(planned.flow.exclusive):
                self._accounts.update(planned.flow.exclusive)
                begin(heapq.heappop(self._free))
            else:
                held_up.append((place, planned, begin))
        for one in held_up:
            heapq.heappush(self._waiting, one)

    def leave(self, planned: Planned, worker: int) -> None:
        """Give back a worker and the flow's accounts; `advance` passes them on."""
        heapq.heappush(self._free, worker)
        self._accounts.difference_update(planned.flow.exclusive)
