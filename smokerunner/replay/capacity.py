"""How many flows this machine can replay at a time: what it has for a run, and what a run takes."""

from __future__ import annotations

import os
from pathlib import Path

from smokerunner.model.record import record
from smokerunner.replay.cgroup import cores_allowed, memory_room, text_of

MOST = 4
"""Workers that are chosen at most: beyond that the app, too, is under a load that no visitor makes."""
_FLOWS_A_CORE = 2
_ALONE = 400
"""Megabytes that the browser, its driver and smokerunner take before the first page is open."""
_A_FLOW = 150
"""Megabytes that each flow takes in the browser. Plain pages take 60, heavy ones this."""


@record
class Capacity:
    """What a run may use: cores, also a part of one, and megabytes of memory that are free; None: that is not told."""

    cores: float
    free_megabytes: int | None = None

    @property
    def workers(self) -> int:
        """Flows at a time: two a core, at most four, and no more than there is memory for; never none."""
        return max(1, min(self._by_cores, self._by_memory))

    @property
    def shortage(self) -> str:
        """Why there are fewer than the cores could take, in words; empty when memory is not the reason."""
        if self.workers == self._by_cores:
            return ""
        return f"as only {self.free_megabytes} MB of memory are free"

    @property
    def _by_cores(self) -> int:
        return max(1, min(MOST, int(_FLOWS_A_CORE * self.cores)))

    @property
    def _by_memory(self) -> int:
        return MOST if self.free_megabytes is None else (self.free_megabytes - _ALONE) // _A_FLOW


def capacity(root: Path = Path("/")) -> Capacity:
    """What this process may use now, by the files below `root`. Nothing is started to find it."""
    allowed = cores_allowed(root)
    cores = usable_cores() if allowed is None else min(usable_cores(), allowed)
    free = [room for room in (_available(root), memory_room(root)) if room is not None]
    return Capacity(cores, min(free) >> 20 if free else None)


def usable_cores() -> int:
    """The cores that this process may run on."""
    # Python has it from 3.13 on.
    count = getattr(os, "process_cpu_count", None)
    if count is not None:
        return count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _available(root: Path) -> int | None:
    """The bytes that the machine has left, by its own word."""
    for line in text_of(root / "proc/meminfo").splitlines():
        name, _, size = line.partition(":")
        if name == "MemAvailable":
            return int(size.split()[0]) << 10
    return None
