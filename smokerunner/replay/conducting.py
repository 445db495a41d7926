"""One run from its plan to its sealed bundle: probes, flows, evidence, history, exit code."""

from __future__ import annotations

import asyncio
import hashlib
import platform
import re
import secrets as random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from smokerunner import __version__
from smokerunner.browser.launch import Engine
from smokerunner.diagnosis.diagnosing import diagnose
from smokerunner.evidence.folder import Folder
from smokerunner.model.check import Asked
from smokerunner.model.checking import Checks
from smokerunner.model.event import Event, Listener, ProbeEnded, Profiled, RunEnded, RunStarted, StepEnded
from smokerunner.model.number import counted
from smokerunner.model.outcome import ExitCode, Outcome
from smokerunner.model.profile import Phase
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Browser, Past, Release, Run, Source, Tool
from smokerunner.model.spending import slowest, spent_of
from smokerunner.replay.access import Access
from smokerunner.replay.attempt import attempt
from smokerunner.replay.concluding import skipped_check, skipped_flow
from smokerunner.replay.job import Job, engine_of
from smokerunner.replay.machine import machine
from smokerunner.replay.pictures.studio import Studio
from smokerunner.replay.plan import Planned, plan
from smokerunner.replay.probing import Probe, Reach
from smokerunner.replay.profiling import Profiling
from smokerunner.replay.remembering import Memory
from smokerunner.replay.running import Running
from smokerunner.replay.stop import INTERRUPTED, Stop, Stopped
from smokerunner.replay.world import Post, SystemClock, World

if TYPE_CHECKING:
    from smokerunner.evidence.seal import Sealed


@record
class Concluded:
    """A run that has ended, where its evidence lies, and what the process answers."""

    run: Run
    sealed: Sealed
    exit_code: ExitCode


@dataclass
class _Course:
    """What is known of a run while it goes on."""

    results: list[Result] = field(default_factory=list)
    release: Release = field(default_factory=Release)
    browser: Browser | None = None
    notes: list[str] = field(default_factory=list)
    notes_at_end: list[str] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    studio: Studio | None = None
    profiling: Profiling = field(default_factory=lambda: Profiling(wanted=False, began=None))
    closing: asyncio.Task[None] | None = None
    """The browser goes while the evidence is sealed: that takes as long, and neither needs the other."""


async def conduct(job: Job, emit: Listener, stop: Stop, engine: Engine | None = None) -> Concluded:
    """Replay, seal, record. Raises Unwritable when the evidence cannot be written.

    The `engine` may have begun already; whoever gave it closes it, too.
    """
    clock = SystemClock()
    started = clock.now()
    profiling = Profiling(wanted=job.options.profile, began=job.began)
    run_id = f"{job.file.app}-{job.environment_name}-{started:%Y%m%dT%H%M%SZ}-{random.token_hex(3)}"
    folder = Folder.create(job.options.out, run_id, job.secrets)
    flows = plan(job.file, job.options.selection, job.options.repeat) if job.with_flows else ()
    # Now, and not at the end: a file may be edited while its flows run.
    # Checks alone need no flow file, and of a bare address nothing at all.
    files = dict.fromkeys(path for path in (job.path, job.config) if path is not None and path.is_file())
    sources = tuple(map(_source, files))
    course = _Course(profiling=profiling, sources=sources)
    names = [planned.name for planned in flows]
    flow_names = list(dict.fromkeys(planned.flow_name for planned in flows))
    memory = Memory(job.options.history, job.file.app, job.environment_name)
    known = memory.known_console(flow_names)
    post = Post(job.environment, job.mailbox)
    engine = engine or engine_of(job)

    def tell(event: Event) -> None:
        if course.studio is not None and isinstance(event, StepEnded):
            course.studio.see(event.result)
        emit(event)

    world = World(
        run_id=run_id,
        path=job.path,
        file=job.file,
        environment=job.environment,
        base_url=job.base_url,
        options=job.options,
        secrets=job.secrets,
        engine=engine,
        folder=folder,
        post=post,
        stop=stop,
        emit=tell,
        known_console={planned.name: known.get(planned.flow_name, frozenset()) for planned in flows},
        line_of=job.line_of,
        clock=clock,
        companion=job.companion,
        environment_name=job.environment_name,
        workers=job.workers,
        usual_seconds=memory.usual_seconds(),
    )
    course.notes += memory.take_notes()
    if job.needs_browser and not engine.sandboxed:
        course.notes.append("running as root, so Chromium's own sandbox is off (--no-sandbox)")
    if len(flows) > job.workers and not job.options.workers and job.capacity.shortage:
        course.notes.append(f"{counted(job.workers, 'flow')} at a time, {job.capacity.shortage}")
    if job.options.shuffle is not None:
        course.notes.append(f"in a random order; --shuffle={job.options.shuffle} makes the same order again")
    world.say(
        RunStarted,
        run=run_id,
        app=job.file.app,
        environment=job.environment_name,
        base_url=_shown_url(job),
        flows=tuple(names),
        prerequisites=tuple(planned.name for planned in flows if planned.prerequisite),
        workers=job.workers,
        notes=tuple(course.notes),
    )
    timer = None
    if job.options.max_time is not None:
        reason = f"time is up (--max-time {job.options.max_time:g} s)"
        timer = asyncio.get_running_loop().call_later(job.options.max_time, stop.now, reason)
    past = memory.past(flow_names, [asked.id for asked in job.checks])
    # What writes the reports takes as long to load as the browser takes to start, and both can be done at once.
    loading = asyncio.create_task(attempt(asyncio.to_thread(_load_end)))

    def studio() -> Studio:
        run = _run(world, job, course, started=started, past=past)
        return Studio(
            folder, run, job.options.pictures, alone=len(flows) == 1, browser=lambda: world.engine.description
        )

    try:
        try:
            await _replay(world, flows, course, studio, job.checks)
        finally:
            if timer is not None:
                timer.cancel()
            await loading
            await post.close()
        run = await _finished(course, lambda: _run(world, job, course, started=started, past=past))
        return await _concluded(world, job, course, memory, run)
    finally:
        if course.closing is not None:
            await course.closing


async def _finished(course: _Course, made: Callable[[], Run]) -> Run:
    """What was seen, with all that was drawn of it."""
    course.profiling.enter(Phase.DRAWING)
    if course.studio is not None:
        course.results, said = await course.studio.finish(course.results)
        course.notes_at_end += said
    course.notes_at_end += sorted(
        {f"{flow.name}: {flow.comparison.message}" for flow in course.results if flow.comparison}
    )
    return made()


async def _concluded(world: World, job: Job, course: _Course, memory: Memory, run: Run) -> Concluded:
    """The run, sealed and remembered, and the last words about it. Raises Unwritable."""
    profiling, notes_at_end = course.profiling, course.notes_at_end
    profiling.enter(Phase.SEALING)
    run = run.model_copy(update={"profile": profiling.profile()})
    from smokerunner.evidence.seal import seal
    from smokerunner.reports.catalogue import REPORTS

    sealed = await asyncio.to_thread(seal, world.folder, run, REPORTS, job.options.key)
    notes_at_end += sealed.problems
    # Another process may hold the file for a while; an interrupt must be heard meanwhile.
    await asyncio.to_thread(memory.record, sealed.run)
    notes_at_end += memory.take_notes()
    if course.closing is not None:
        profiling.enter(Phase.CLOSING)
        await course.closing
    profiling.enter(None)
    profile = profiling.profile()
    if profile is not None:
        flows_run = sealed.run.flows
        world.say(Profiled, profile=profile, spent=spent_of(flows_run), slowest=slowest(flows_run))
    code = sealed.run.exit_code(fail_on_warned=job.options.fail_on_warned)
    world.say(
        RunEnded,
        run=world.run_id,
        outcome=sealed.run.outcome,
        verdict=sealed.run.verdict,
        counts={str(outcome): number for outcome, number in sealed.run.counts.items()},
        seconds=sealed.run.seconds,
        bundle=str(sealed.path),
        archive=str(sealed.archive) if sealed.archive else None,
        exit_code=int(code),
        notes=tuple(notes_at_end),
        repeated=sealed.run.repeated,
    )
    return Concluded(sealed.run, sealed, code)


def _load_end() -> None:
    """What is needed only when the flows have ended."""
    import smokerunner.evidence.seal  # noqa: F401
    from smokerunner.reports.catalogue import prepare

    prepare()


async def _replay(
    world: World,
    flows: tuple[Planned, ...],
    course: _Course,
    open_studio: Callable[[], Studio],
    checks: tuple[Asked, ...],
) -> None:
    course.profiling.enter(Phase.PROBES)
    access = Access.of(world)
    probe = Probe(world.environment, world.base_url, access)
    expected = world.options.release
    try:
        tried = await attempt(world.stop.unless(_before(probe, world)))
    except Stopped as stop:
        course.release = Release(expected=expected, read_from=str(world.environment.release or ""))
        course.results += [skipped_flow(world, planned, str(stop), None) for planned in flows]
        course.results += [skipped_check(world, asked, str(stop), None) for asked in checks]
        return
    reach, seen = tried.value or (Reach(tried.outcome, f"the app cannot be asked: {tried.message}"), None)
    course.release = Release(expected=expected, before=seen, read_from=str(world.environment.release or ""))
    if reach.outcome is not Outcome.PASSED:
        course.results.append(_plain(world, "reach", "app reachable", reach.outcome, reach.message))
        course.results += [skipped_flow(world, planned, "app not reachable", "reach") for planned in flows]
        if not (reach.is_tls and checks):
            course.results += [skipped_check(world, asked, "app not reachable", "reach") for asked in checks]
            return
        # What is wrong with a certificate, and what else there is, is just what checks can say.
        flows = ()
    elif reach.message:
        course.results.append(_plain(world, "reach", "app reachable", Outcome.WARNED, reach.message))
    try:
        if flows or any(asked.check.needs_browser for asked in checks):
            course.profiling.enter(Phase.LAUNCH)
            await world.engine.start()
            try:
                named = await attempt(world.stop.unless(world.engine.named()))
                course.browser = named.value
            except Stopped:
                course.browser = None
        if world.environment.mailbox is not None:
            # It must listen before the app sends anything; that it does not open is told by the step that needs it.
            await attempt(world.post.open())
        course.profiling.enter(Phase.FLOWS)
        if flows:
            # Only now is known which release and which browser stand above the steps.
            course.studio = studio = open_studio()
            try:
                course.results += await Running(world, flows, studio.begin).results()
            except BaseException:
                studio.close()
                raise
            finally:
                # Its fonts are measured in the first page that is opened.
                course.browser = world.engine.description
        if checks:
            # Few runs have them, and they bring an HTTP client with them.
            from smokerunner.replay.checking import Checking

            # After the flows, as response times are measured.
            settings = world.environment.checks or Checks()
            course.results += await Checking(world, settings, access).results(checks)
    finally:
        course.profiling.enter(Phase.CLOSING)
        course.closing = asyncio.create_task(world.engine.close())
    if world.stop.reason != INTERRUPTED:
        after = await attempt(probe.release())
        course.release = course.release.model_copy(update={"after": after.value})
    course.results += _judge_release(world, course.release)


async def _before(probe: Probe, world: World) -> tuple[Reach, str | None]:
    expected, limit = world.options.release, world.options.wait_release
    if expected is not None and limit:
        # A deploy that is still going on may refuse connections; that is what the wait is for.
        seen = await probe.wait_for_release(expected, limit)
        return await probe.reach(), seen
    reach = await probe.reach()
    return reach, await probe.release() if reach.outcome is Outcome.PASSED else None


def _judge_release(world: World, release: Release) -> list[Result]:
    if world.environment.release is None:
        return []
    before, after, expected = release.before, release.after, release.expected
    title = "release under test"
    if expected is not None and before is not None and before != expected:
        said = f"wrong release served: {before}, expected {expected} ({release.read_from})"
        return [_plain(world, "release", title, Outcome.FAILED, said, release)]
    if world.stop.reason == INTERRUPTED:
        return []
    if before != after and before is not None and after is not None:
        said = f"the release changed during the run: {before} before, {after} after ({release.read_from})"
        return [_plain(world, "release", title, Outcome.INCONCLUSIVE, said, release)]
    if before != after:
        when = "before" if before is None else "after"
        said = f"the release could not be read {when} the run: {before or after} otherwise ({release.read_from})"
        return [_plain(world, "release", title, Outcome.INCONCLUSIVE, said, release)]
    if before is None:
        said = f"the release could not be read from {release.read_from}"
        wanted = Outcome.INCONCLUSIVE if expected is not None else Outcome.WARNED
        return [_plain(world, "release", title, wanted, said, release)]
    return [_plain(world, "release", title, Outcome.PASSED, f"{before} ({release.read_from})", release)]


def _plain(
    world: World, kind: str, title: str, outcome: Outcome, message: str, release: Release | None = None
) -> Result:
    """A result about the whole run, told at once to whoever watches."""
    result = Result.model_validate(
        {
            "id": kind,
            "kind": kind,
            "name": kind,
            "title": title,
            "outcome": outcome,
            "message": world.secrets.scrub(message),
            "started": world.clock.now(),
        }
    )
    setting = replace(world.setting, release=release or Release())
    result = result.model_copy(update={"diagnoses": diagnose(result, setting)})
    world.say(ProbeEnded, result=result)
    return result


def _source(path: Path) -> Source:
    return Source(path=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def _shown_url(job: Job) -> str:
    """The address without a password in it."""
    return job.secrets.scrub(re.sub(r"//[^/@]*@", "//", job.base_url))


def _run(world: World, job: Job, course: _Course, *, started: object, past: Mapping[str, Past]) -> Run:
    return Run.model_validate(
        {
            "id": world.run_id,
            "app": job.file.app,
            "environment": job.environment_name,
            "base_url": _shown_url(job),
            "started": started,
            "ended": world.clock.now(),
            "interrupted": world.stop.reason == INTERRUPTED,
            "release": course.release,
            "browser": course.browser,
            "tool": Tool(
                smokerunner=__version__,
                playwright=version("playwright"),
                python=platform.python_version(),
                platform=f"{platform.system()} {platform.machine()}",
            ),
            "machine": machine(),
            "sources": course.sources,
            "options": job.options.shown(),
            "results": tuple(course.results),
            "history": past,
        }
    )
