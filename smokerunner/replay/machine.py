"""The machine that replays, for run.json: what of it may shape what is seen."""

from __future__ import annotations

import os
from pathlib import Path

from smokerunner.model.run import Machine
from smokerunner.replay.capacity import usable_cores
from smokerunner.replay.cgroup import memory_limit, text_of

_CLOCK_SOURCE = Path("/sys/devices/system/clocksource/clocksource0/current_clocksource")
_KEEPERS = {
    "systemd-timesyncd": (Path("/run/systemd/timesync"), Path("/run/systemd/timesync/synchronized")),
    "chrony": (Path("/run/chrony/chronyd.pid"), None),
    "ntpd": (Path("/run/ntpd.pid"), None),
}
"""Who keeps the time: a path that is there while it runs, and one that is there once the clock is right."""


def machine() -> Machine:
    """The facts of this machine. Nothing is started to find them, and what cannot be known is `unknown`."""
    return Machine(cores=usable_cores(), memory_megabytes=_memory(), clock=_clock())


def _memory() -> int | None:
    """What is there, or what a container may use of it."""
    try:
        there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None
    return min(there, memory_limit(Path("/")) or there) >> 20


def _clock() -> str:
    """The kernel's clock source, and whether somebody keeps it right, as far as files tell."""
    source = text_of(_CLOCK_SOURCE) or "unknown source"
    for name, (running, right) in _KEEPERS.items():
        if running.exists():
            state = "state unknown" if right is None else "synchronised" if right.exists() else "not synchronised yet"
            return f"{source}, kept by {name}, {state}"
    return f"{source}, synchronisation unknown"
