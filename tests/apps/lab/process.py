"""A server in the background: started in a session of its own, known by its process id, ended with all its children."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.apps.lab.machine import Unmet


@dataclass(frozen=True)
class Server:
    """A command that listens on a port of this machine."""

    name: str
    command: tuple[str | Path, ...]
    port: int
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """The servers of one app, by the files in its folder that hold their ids."""

    folder: Path

    @property
    def run(self) -> Path:
        """Where ids and logs are."""
        return self.folder / "run"

    def pid(self, name: str) -> int | None:
        """The process of this server, or None when it does not run."""
        path = self.run / f"{name}.pid"
        if not path.exists():
            return None
        pid, _, born = path.read_text("utf-8").partition(" ")
        # The system gives ids anew: one that began at another time is somebody else's, and never ended.
        return int(pid) if pid and _born(int(pid)) == born else None

    def pids(self) -> dict[str, int]:
        """The servers that run, and their process ids."""
        found = {path.stem: self.pid(path.stem) for path in sorted(self.run.glob("*.pid"))}
        return {name: pid for name, pid in found.items() if pid}

    def start(self, server: Server, patience: float = 60) -> None:
        """Start a server and wait until it listens; Unmet when it does not, or when the port is taken."""
        if listens(server.port):
            raise Unmet(f"port {server.port} is taken by something else; stop that, or choose another with --port")
        log = self.run / f"{server.name}.log"
        # Not subprocess.Popen: the server outlives this program, which Popen warns of. What this program has open, such
        # as a pipe that somebody reads to its end, must not stay open as long as the server.
        opened = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
        others = [fd for fd in opened if fd > 2 and _is_inherited(fd)]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        pid = os.posix_spawnp(
            "env",
            ["env", f"--chdir={server.cwd}", *map(str, server.command)],
            {**os.environ, **server.environment},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
                *((os.POSIX_SPAWN_CLOSE, fd) for fd in others),
            ],
            setsid=True,
        )
        (self.run / f"{server.name}.pid").write_text(f"{pid} {_born(pid)}", "utf-8")
        end = time.monotonic() + patience
        while not listens(server.port):
            if _ended(pid) or time.monotonic() > end:
                self.stop()
                last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
                raise Unmet(f"{server.name} does not listen on port {server.port}: {last[0]} ({log})")
            time.sleep(0.1)

    def stop(self) -> list[str]:
        """End every server that runs, with its children; the names of those that ran."""
        ended = []
        for name, pid in self.pids().items():
            _end(pid)
            ended.append(name)
        for path in self.run.glob("*.pid"):
            path.unlink()
        return ended

    def memory(self) -> float:
        """What its processes hold in memory, in MB; pages they share are counted for each by its part."""
        sessions, total = set(self.pids().values()), 0.0
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError):
                if os.getsid(int(entry.name)) in sessions:
                    lines = (entry / "smaps_rollup").read_text().splitlines()
                    total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
        return total


def listens(port: int) -> bool:
    """Whether something on this machine takes connections there."""
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def _is_inherited(fd: int) -> bool:
    with suppress(OSError):
        return os.get_inheritable(fd)
    return False


def _born(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; None when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return fields[19]


def _ended(pid: int) -> bool:
    # Whoever started it must ask for its end, or it stays in the list of processes.
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    return not Path(f"/proc/{pid}").exists()


def _end(pid: int) -> None:
    for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        with suppress(ProcessLookupError):
            os.killpg(pid, sign)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if _ended(pid):
                return
            time.sleep(0.1)
    raise Unmet(f"process {pid} does not end")
