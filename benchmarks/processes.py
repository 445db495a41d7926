"""Commands measured from outside: seconds, CPU of the whole tree, and in a run of its own the memory of the tree."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LEFTOVERS = 5.0
"""Seconds that what a command left behind may take to end."""
_SAMPLE = 0.05
_SUBREAPER = 36


class Broken(Exception):
    """A command did not do what was measured; its text says what it printed last."""


@dataclass(frozen=True)
class Spent:
    """What one go took: seconds of wall time, and of CPU (user and system, all descendants)."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Memory:
    """The peaks of one go in megabytes: PSS of the whole tree, PSS of the first process alone, and its largest RSS."""

    tree: float
    alone: float
    resident: float
    processes: int


@dataclass(frozen=True)
class Command:
    """A command line, where it runs and what is added to its environment; `codes` are the exit codes that are right.

    `output` names a file in `cwd` that takes what it prints, for a tool whose evidence is what it prints;
    after `patience` seconds the command is given up.
    """

    argv: Sequence[str]
    cwd: Path | None = None
    environment: Mapping[str, str] | None = None
    codes: tuple[int, ...] = (0,)
    output: str | None = None
    patience: float = 300.0

    def measure(self) -> Spent:
        """Run it once. Raises Broken when it fails or takes too long."""
        _adopt_orphans()
        known = children()
        # Output goes to a file, not a pipe: what is left behind may hold a pipe open, and its end would be waited for.
        with self._output() as output:
            before = _cpu_of_children()
            began = time.perf_counter()
            with self._running(output, known) as started:
                late = _wait_for(started, self.patience)
            wall = time.perf_counter() - began
            if late:
                raise self._too_long(output)
            self._judge(started, output, known)
            return Spent(wall, _cpu_of_children() - before)

    def weigh(self) -> Memory:
        """Run it once with its memory looked at every 50 ms, which slows it: never a go that is timed."""
        _adopt_orphans()
        known = children()
        tree = alone = resident = 0.0
        most = 0
        with self._output() as output:
            with self._running(output, known) as started:
                ends = time.monotonic() + self.patience
                while started.poll() is None:
                    pids = descendants(started.pid)
                    sizes = {pid: _pss(pid) for pid in pids}
                    tree = max(tree, sum(sizes.values()))
                    alone = max(alone, sizes[started.pid])
                    resident = max(resident, _high_water(started.pid))
                    most = max(most, len(pids))
                    if time.monotonic() > ends:
                        raise self._too_long(output)
                    time.sleep(_SAMPLE)
            self._judge(started, output, known)
        return Memory(tree, alone, resident, most)

    @property
    def whole_environment(self) -> dict[str, str]:
        """This process's environment and what is added to it."""
        return {**os.environ, **(self.environment or {})}

    def _output(self) -> IO[bytes]:
        if self.output is None:
            return tempfile.TemporaryFile()
        return (self.cwd or Path()).joinpath(self.output).open("w+b")

    @contextlib.contextmanager
    def _running(self, output: IO[bytes], known: set[int]) -> Iterator[subprocess.Popen[bytes]]:
        """The command while the block runs; after it, also one that was interrupted, nothing of it is left."""
        started = subprocess.Popen(
            list(self.argv),
            cwd=self.cwd,
            env=self.whole_environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield started
        finally:
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait()
                _await_leftovers(known)

    def _judge(self, ended: subprocess.Popen[bytes], output: IO[bytes], known: set[int]) -> None:
        _await_leftovers(known)
        if ended.returncode not in self.codes:
            raise Broken(f"{self}: exit code {ended.returncode}; {_last(output)}")

    def _too_long(self, output: IO[bytes]) -> Broken:
        return Broken(f"{self}: no end after {self.patience:g} s; {_last(output)}")

    def __str__(self) -> str:
        return " ".join(Path(word).name if word.startswith("/") else word for word in self.argv[:6])


def _wait_for(started: subprocess.Popen[bytes], patience: float) -> bool:
    """Wait until it ends, by force in the end: whether it was late.

    `wait(timeout=…)` would look every 50 ms only, which is as long as some commands take.
    """
    late = threading.Event()

    def end() -> None:
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)

    timer = threading.Timer(patience, end)
    timer.daemon = True
    timer.start()
    try:
        started.wait()
    finally:
        timer.cancel()
    return late.is_set()


def descendants(pid: int) -> list[int]:
    """This process and all below it, those already gone left out."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (parent := _parent(int(entry.name))) is not None:
            below.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += below.get(each, [])
    return found


def _parent(pid: int) -> int | None:
    try:
        # The name in brackets may hold spaces and brackets itself.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _pss(pid: int) -> float:
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") / 1024


def _high_water(pid: int) -> float:
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM:") / 1024


def _kilobytes(file: Path, field: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        # It ended between the listing and the look.
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _adopt_orphans() -> None:
    """Let what a command leaves behind become a child of this process, so that its CPU is counted. Linux only."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _await_leftovers(known: set[int]) -> None:
    """Wait until all children but these have ended, so that their CPU is counted; in the end by force."""
    ends = time.monotonic() + _LEFTOVERS
    while left := children() - known:
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > ends:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            ends += _LEFTOVERS
        time.sleep(0.005)


def children() -> set[int]:
    """The children of this process, those included that it adopted."""
    own = os.getpid()
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return {pid for pid in numbers if _parent(pid) == own}


def _last(output: IO[bytes]) -> str:
    output.seek(0)
    lines = output.read().decode("utf-8", "replace").strip().splitlines()
    return " | ".join(lines[-6:]) or "it printed nothing"
