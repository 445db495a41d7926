"""`python -m tests.apps start laravel`: real apps on this machine, see tests/apps/README.md."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.apps.lab.hosting import APPS, Unmet, place_of, start, state, stop
from tests.apps.lab.process import Running
from tests.apps.lab.replaying import flow_file, replay

WITH_FLOWS = ("laravel", "oscar", "wagtail")
_INTERRUPTED = 130


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _start(name: str, port: int | None, smtp_port: int | None) -> None:
    told = "started" if start(name, port, smtp_port) else "runs already"
    say(f"{name}: {told}, {APPS[name].address(place_of(name, port, smtp_port))}")


def _status() -> None:
    for name, app in APPS.items():
        running = Running(state() / name)
        pids = running.pids()
        told = f"runs (process {', '.join(map(str, pids.values()))}, {running.memory():.0f} MB)" if pids else "-"
        say(f"{name:12}{app.about:48}{told}")


def _replay(apps: Sequence[str], repeat: int, workers: int, out: Path) -> int:
    for name in apps:
        flow_file(name)
    results = []
    for name in apps:
        results.append(replay(name, repeat, workers, out))
        if results[-1].exit_code == _INTERRUPTED:
            break
    say(f"\nHow often each flow passed, of {repeat} times in random order:")
    for result in results:
        for line in result.table():
            say(line)
    for result in results:
        told = f"exit code {result.exit_code}, {result.seconds:.0f} s, evidence in {result.bundle or 'no bundle'}"
        say(f"{result.app}: {told}")
    return max(result.exit_code for result in results)


def main() -> int:
    """The command line; 2 when the machine lacks something, which one line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.apps", description="Real apps to test against.")
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("start", help="install what is missing, and start")
    stopping = commands.add_parser("stop", help="stop, all that run when none is named")
    commands.add_parser("status", help="what runs, and how much memory it holds")
    starting.add_argument("apps", nargs="+", choices=APPS, metavar="APP", help=", ".join(APPS))
    stopping.add_argument("apps", nargs="*", metavar="APP", help=", ".join(APPS))
    starting.add_argument("--port", type=int, help="instead of the app's own")
    starting.add_argument("--smtp-port", type=int, help="where it sends mail, instead of its own; MailDev takes 1025")
    replaying = commands.add_parser("replay", help="start, replay flows/APP.yaml many times, and stop")
    replaying.add_argument("apps", nargs="*", metavar="APP", help=f"by default {', '.join(WITH_FLOWS)}")
    replaying.add_argument("--repeat", type=int, default=20, metavar="N", help="how often; 20 by default")
    replaying.add_argument("--workers", type=int, default=4, metavar="N", help="flows at the same time; 4 by default")
    replaying.add_argument("--out", type=Path, default=Path("evidence"), help="where bundles are put")
    told = parser.parse_args()
    # A pipeline that gives up says so with this; what was started is stopped all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if told.command == "start":
            for name in told.apps:
                _start(name, told.port, told.smtp_port)
        elif told.command == "stop":
            for name in told.apps or APPS:
                say(f"{name}: {'stopped' if stop(name) else 'did not run'}")
        elif told.command == "replay":
            return _replay(told.apps or WITH_FLOWS, told.repeat, told.workers, told.out.absolute())
        else:
            _status()
    except Unmet as unmet:
        sys.stderr.write(f"error: {unmet}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
