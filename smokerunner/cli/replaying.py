"""Jobs one after the other, with the terminal's signals tied to the run's own switch."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from smokerunner.cli.drawing import Artist
from smokerunner.cli.garbage import look_as_usual
from smokerunner.cli.reporting import Reporting, Told, seen_from_here
from smokerunner.model.errors import Unavailable
from smokerunner.model.event import Event
from smokerunner.model.outcome import ExitCode
from smokerunner.replay.job import Job, engine_of
from smokerunner.replay.profiling import process_began
from smokerunner.replay.stop import INTERRUPTED, Stop

if TYPE_CHECKING:
    from smokerunner.browser.driver import Driver
    from smokerunner.replay.conducting import Concluded

_WORST = (ExitCode.OK, ExitCode.CANNOT_TELL, ExitCode.FAILED, ExitCode.INTERRUPTED)


def replay_all(jobs: Sequence[Job], artist: Artist, reporting: Reporting | None = None) -> int:
    """Replay each job, then print and write what reports were asked for; the worst exit code of all.

    An interrupt ends the job under way and those after it.
    """
    reporting = reporting or Reporting()
    reporting.require_room([job.file.app for job in jobs])
    with asyncio.Runner() as runner:
        return replay_each(jobs, artist, reporting, runner, None)


def replay_each(
    jobs: Sequence[Job], artist: Artist, reporting: Reporting, runner: asyncio.Runner, driver: Driver | None
) -> int:
    """The same in this loop; the `driver` may have begun in it, and serves the first job."""
    codes = []
    told = []
    audience = Audience(artist)
    with artist:
        for job in jobs:
            # What came before it was done for the first one, or for all.
            began = process_began() if job is jobs[0] and job.options.profile else None
            concluded, interrupted = runner.run(_replay(replace(job, began=began), audience, driver))
            # It ends with the browser that it started.
            driver = None
            code = ExitCode.CANNOT_TELL if concluded is None else concluded.exit_code
            codes.append(code)
            told += [] if concluded is None else [_told(job, concluded)]
            if interrupted:
                # Also when it came too late for the run under way: the runs after it are not made.
                codes.append(ExitCode.INTERRUPTED if job is not jobs[-1] else code)
                break
    for problem in reporting.deliver(told, audience.show):
        audience.note(f"error: {problem}")
        codes.append(ExitCode.CANNOT_TELL)
    return int(max(codes, key=_WORST.index))


def _told(job: Job, concluded: Concluded) -> Told:
    root = concluded.sealed.path

    def read(path: str) -> bytes | None:
        return (root / path).read_bytes() if (root / path).is_file() else None

    def mask(text: str) -> str:
        return job.secrets.scrub_bytes(text.encode("utf-8", "replace")).decode()

    return Told(concluded.run, read, seen_from_here(root), mask)


class Audience:
    """Whoever reads the output. When nobody does any more, the run goes on all the same, to its evidence."""

    def __init__(self, artist: Artist) -> None:
        self._artist = artist
        self._listens = True

    def see(self, event: Event) -> None:
        """Show an event."""
        self._unless_gone(lambda: self._artist.see(event))

    def note(self, text: str) -> None:
        """Show a word beside the events."""
        self._unless_gone(lambda: self._artist.note(text))

    def show(self, text: str) -> None:
        """Print something that is no event."""
        self._unless_gone(lambda: click.echo(text, nl=False))

    def leave(self) -> None:
        """Give the terminal back."""
        self._unless_gone(lambda: self._artist.__exit__(None, None, None))

    def _unless_gone(self, show: Callable[[], None]) -> None:
        if not self._listens:
            return
        try:
            show()
        except OSError:
            # A closed pipe or a full disk. What is still buffered would be tried again at the end.
            self._listens = False
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _replay(job: Job, audience: Audience, driver: Driver | None) -> tuple[Concluded | None, bool]:
    """What came of it, None when its evidence could not be kept, and whether an interrupt came."""
    stop = Stop()
    loop = asyncio.get_running_loop()
    asked: list[bool] = []

    def interrupt() -> None:
        if asked:
            # The second time: at once. The browser's driver ends with the pipe to it, and its browser with it.
            audience.leave()
            os._exit(ExitCode.INTERRUPTED)
        asked.append(True)
        audience.note("interrupted: writing what there is; once more ends at once")
        stop.now(INTERRUPTED)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    engine = engine_of(job, driver)
    if job.needs_browser:
        engine.begin()
    try:
        # The browser takes as long to start as the rest of the program to load, and the machine has more than one core.
        conducting = await asyncio.to_thread(importlib.import_module, "smokerunner.replay.conducting")
        look_as_usual()
        return await conducting.conduct(job, audience.see, stop, engine), bool(asked)
    except Unavailable as wrong:
        # The runs of other apps, and what they found, stand for themselves.
        audience.note(f"error: {wrong}")
        return None, bool(asked)
    finally:
        await engine.close()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def serve_until_interrupted() -> None:
    """Wait for Ctrl-C or SIGTERM while something else serves."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    asked.wait()
