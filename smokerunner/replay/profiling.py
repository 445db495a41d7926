"""Where the time of a whole run went: its phases on the wall clock, and what the processors worked for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from smokerunner.model.profile import Phase, Profile

_PROC = Path("/proc")


class Profiling:
    """Follows one run, if that is asked for. `began` is when the tool did, by the monotonic clock; None: now."""

    def __init__(self, *, wanted: bool, began: float | None) -> None:
        self._wanted = wanted
        self._at = time.monotonic() if began is None else began
        # Whatever the process has done so far was done for a run that began with it.
        self._cpu = time.process_time() if began is None else 0.0
        self._phase: Phase | None = Phase.START
        self._seconds: dict[Phase, float] = {}
        self._strangers: frozenset[int] = frozenset()
        if wanted and began is None:
            self._strangers = frozenset(pid for pid, parent, _ in _processes() if parent == os.getpid())
        self._worked: tuple[float, float] | None = None

    def enter(self, phase: Phase | None) -> None:
        """The phase before ends here; None: the run does."""
        if not self._wanted:
            return
        if phase is Phase.CLOSING and self._worked is None:
            # A process that has ended takes its figures with it: most of a browser's are not told to whom it belongs.
            self._worked = _worked(self._strangers)
        now = time.monotonic()
        if self._phase is not None:
            self._seconds[self._phase] = self._seconds.get(self._phase, 0.0) + now - self._at
        self._phase, self._at = phase, now

    def profile(self) -> Profile | None:
        """What is known of the phases that have ended; None when nobody asked."""
        if not self._wanted:
            return None
        driver, browser = self._worked or (None, None)
        return Profile(
            phases={phase: round(seconds, 4) for phase, seconds in self._seconds.items()},
            cpu_own=round(time.process_time() - self._cpu, 2),
            cpu_driver=driver,
            cpu_browser=browser,
        )


def process_began() -> float | None:
    """When this process did, by the monotonic clock; None where the system does not tell."""
    try:
        ticks = int((_PROC / "self/stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, ValueError):
        return None
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.monotonic() - max(age, 0.0)


def _worked(strangers: frozenset[int]) -> tuple[float, float] | None:
    """Seconds that the processors worked for our children and for all below them, and for their dead.

    None where the system does not tell. `strangers` are children that belong to somebody else.
    """
    seen = list(_processes())
    if not seen:
        return None
    ours = {pid for pid, parent, _ in seen if parent == os.getpid()} - strangers
    below, driver, browser = set(ours), 0.0, 0.0
    for _ in seen:
        more = {pid for pid, parent, _ in seen if parent in below} - below
        if not more:
            break
        below |= more
    for pid, _, (own, dead) in seen:
        if pid in ours:
            driver, browser = driver + own, browser + dead
        elif pid in below:
            browser += own + dead
    return round(driver, 2), round(browser, 2)


def _processes() -> Iterator[tuple[int, int, tuple[float, float]]]:
    """Of every process: its id, its parent's, and the seconds worked for it and for its children that have ended."""
    for path in _PROC.glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            # It has ended since it was listed.
            continue
        own, dead = (sum(map(int, fields[at : at + 2])) / os.sysconf("SC_CLK_TCK") for at in (11, 13))
        yield int(path.parent.name), int(fields[1]), (own, dead)
