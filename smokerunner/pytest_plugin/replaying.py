"""Flows of one file replayed in one run, whatever event loop may be running here."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from smokerunner.browser.binary import require
from smokerunner.language.environment import load_config
from smokerunner.language.load import LoadedFile
from smokerunner.model.errors import BadInput
from smokerunner.model.run import Run
from smokerunner.model.template import Template
from smokerunner.pytest_plugin.options import SmokeOptions
from smokerunner.replay.conducting import Concluded, conduct
from smokerunner.replay.job import Job
from smokerunner.replay.options import Options
from smokerunner.replay.plan import Selection
from smokerunner.replay.preparing import prepare, system_lookup
from smokerunner.replay.stop import INTERRUPTED, Stop


@dataclass(frozen=True)
class Done:
    """A run as run.json tells it, where it lies, and how long all of it took, in seconds."""

    run: Run
    bundle: Path
    seconds: float


def replay(
    loaded: LoadedFile, names: tuple[str, ...], options: SmokeOptions, root: Path, *, fail_fast: bool = False
) -> Done:
    """Replay these flows, and what they need. `root` is where .env lies.

    Raises BadInput when nothing can be replayed, Unavailable when the evidence cannot be written.
    """
    began = time.monotonic()
    concluded = _conducted(_job(loaded, names, options, root, fail_fast=fail_fast))
    return Done(concluded.sealed.run, concluded.sealed.path, time.monotonic() - began)


def _job(loaded: LoadedFile, names: tuple[str, ...], options: SmokeOptions, root: Path, *, fail_fast: bool) -> Job:
    config = load_config(options.config) if options.config is not None else None
    written = system_lookup(root)
    wanted = Options(
        selection=Selection(names=names),
        workers=options.workers,
        trace=options.trace,  # type: ignore[arg-type]
        pictures=options.pictures,  # type: ignore[arg-type]
        retries=options.retries,
        fail_fast=fail_fast,
        fail_on_warned=options.fail_on_warned,
        allow_real=options.allow_real,
        release=options.release,
        variables={name: _template(name, value) for name, value in options.variables.items()},
        headed=options.headed,
        browser_path=options.browser_path,
        out=options.out,
        history=options.history,
        screenshots=options.screenshots,
    )
    given = options.base_url
    job = prepare(
        loaded,
        config,
        wanted,
        binary=require(options.browser_path, headed=options.headed),
        environment_name=options.environment,
        base_url=given if given is None or isinstance(given, str) else given.get(loaded.file.app),
        lookup=lambda name: options.secrets.get(name) or written(name),
    )
    return replace(job, mailbox=options.mailbox)


def _template(name: str, value: str) -> Template:
    try:
        return Template(value)
    except ValueError as wrong:
        raise BadInput(f"variable {name}: {wrong}") from None


def _conducted(job: Job) -> Concluded:
    """Conduct it in a thread with a loop of its own; an interrupt here ends the run, which is still sealed."""
    stop = Stop()
    with _loop() as loop:
        running = asyncio.run_coroutine_threadsafe(conduct(job, lambda _: None, stop), loop)
        try:
            return running.result()
        except BaseException:
            # Also pytest's own time limit comes as an exception of this thread, and ends only what goes on here.
            if not running.done():
                loop.call_soon_threadsafe(stop.now, INTERRUPTED)
                running.result()
            raise


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    # A daemon, so that a second interrupt ends the process at once.
    thread = threading.Thread(target=loop.run_forever, name="smokerunner", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        for finish in (loop.shutdown_asyncgens, loop.shutdown_default_executor):
            asyncio.run_coroutine_threadsafe(finish(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
