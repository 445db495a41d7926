"""A flow, attempt after attempt, each in a fresh browser context with evidence of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smokerunner.browser.session import Session
from smokerunner.browser.sockets import written
from smokerunner.browser.state import SavedState
from smokerunner.model.comparison import Comparison
from smokerunner.model.duration import spell
from smokerunner.model.event import FlowStarted
from smokerunner.model.kind import Kind
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.record import record
from smokerunner.model.result import TITLES, Artifact, ConsoleMessage, Result
from smokerunner.model.step import Step
from smokerunner.model.visual import Visual
from smokerunner.pictures.reference import References
from smokerunner.replay.attempt import Verdict, attempt
from smokerunner.replay.company import OWN, Company
from smokerunner.replay.outfitting import today_of
from smokerunner.replay.performing import perform
from smokerunner.replay.pictures.comparing import Approved
from smokerunner.replay.plan import Planned
from smokerunner.replay.receiving import keep_downloads
from smokerunner.replay.scope import Scope
from smokerunner.replay.stage import Stage
from smokerunner.replay.stop import INTERRUPTED, Stopped
from smokerunner.replay.world import World


@record
class Left:
    """What an attempt leaves to the flows that need it, and to its own cleanup."""

    variables: Mapping[str, str] = field(default_factory=dict)
    state: SavedState | None = None
    unique: str = ""
    taken: frozenset[str] = frozenset()
    people: Mapping[str, SavedState] = field(default_factory=dict)
    """What the other people of the flow began with, and begin with again in its cleanup."""


async def try_flow(
    world: World, planned: Planned, inherited: Mapping[str, str], states: Mapping[str, SavedState], *, keeps_state: bool
) -> tuple[list[Result], Left]:
    """All attempts of a flow until one is good or none is left, and what the last one leaves.

    `states` are what its people begin with; its own user has the empty name. An attempt that is followed by another is
    cleaned up at once, since the next one makes data of its own.
    """
    results: list[Result] = []
    allowed = 1 + (world.options.retries if planned.flow.may_repeat else 0)
    for number in range(1, allowed + 1):
        result, left = await _attempt_once(world, planned, inherited, states, number, keeps_state=keeps_state)
        results.append(result)
        if not result.outcome.is_bad or world.stop.reason is not None:
            break
        if number < allowed and planned.flow.cleanup:
            cleaned = await clean_up(world, planned, inherited, left, number)
            results[-1] = result.model_copy(update={"children": (*result.children, cleaned)})
    return results, left


async def _attempt_once(
    world: World,
    planned: Planned,
    inherited: Mapping[str, str],
    states: Mapping[str, SavedState],
    number: int,
    *,
    keeps_state: bool,
) -> tuple[Result, Left]:
    world = world.watched()
    place = _place(planned.name, number)
    scope = _scope(world, planned, inherited)
    started, began = world.clock.now(), world.clock.monotonic()
    part = _Part("steps", _id(planned.name, number), place, started)
    world.say(FlowStarted, flow=planned.name, attempt=number, steps=len(planned.flow.steps))
    done = _Done()
    try:
        tried = await attempt(_perform_all(world, planned, scope, states, part, done, keeps_state=keeps_state))
    except Stopped as stop:
        tried = Verdict(Outcome.SKIPPED, str(stop))
    seconds = world.clock.monotonic() - began
    with world.watch.spending(Kind.PICTURES):
        compared = await _compare_pictures(world, planned, done)
    if tried.outcome is Outcome.PASSED and not any(step.outcome.is_bad for step in done.steps):
        tried = compared
    outcome, message = _judged(tried.outcome, tried.message, done, world.stop.reason)
    warnings = list(done.warnings)
    target = planned.flow.time_target
    if target is not None and seconds > target and outcome in (Outcome.PASSED, Outcome.WARNED):
        warnings.append(f"took {spell(seconds)}, over its time target of {spell(target)}")
    if warnings and outcome is Outcome.PASSED:
        outcome = Outcome.WARNED
    artifacts = list(done.artifacts)
    if tried.traceback:
        artifacts += world.keep_traceback(f"{place}/traceback.txt", tried.traceback)
    result = Result(
        id=part.id,
        kind="attempt",
        name=str(number),
        title=f"Attempt {number}",
        outcome=outcome,
        message=world.secrets.scrub(message),
        warnings=tuple(world.secrets.scrub(warning) for warning in warnings),
        started=started,
        seconds=round(seconds, 4),
        artifacts=tuple(artifacts),
        comparison=done.comparison,
        spent=world.watch.spent({}),
        children=tuple(done.steps),
    )
    return result, Left(scope.exported(), done.state, scope.unique, frozenset(done.taken), states)


async def clean_up(world: World, planned: Planned, inherited: Mapping[str, str], left: Left, number: int) -> Result:
    """Run a flow's cleanup steps in a fresh context that holds what the attempt left. Never worse than warned."""
    world = world.watched()
    place = f"{_place(planned.name, number)}/cleanup"
    scope = _scope(world, planned, {**inherited, **left.variables}, left.unique)
    for name, value in left.variables.items():
        scope.set(name, value)
    started, began = world.clock.now(), world.clock.monotonic()
    done = _Done(taken=set(left.taken))
    part = _Part("cleanup", f"{_id(planned.name, number)}/cleanup", place, started)
    own = {OWN: left.state} if left.state is not None else {}
    states = {**{name: state for name, state in left.people.items() if name != OWN}, **own}
    tried = await attempt(_perform_all(world, planned, scope, states, part, done, keeps_state=False))
    bad = [step for step in done.steps if step.outcome.is_bad]
    message = "; ".join(f"{step.title}: {step.message}" for step in bad) or tried.message
    outcome = Outcome.WARNED if message else worst(step.outcome for step in done.steps)
    return Result(
        id=part.id,
        kind="cleanup",
        name="cleanup",
        title=f"Cleanup of {planned.name}",
        outcome=outcome,
        message=world.secrets.scrub(f"cleanup did not work: {message}" if message else ""),
        started=started,
        seconds=round(world.clock.monotonic() - began, 4),
        artifacts=tuple(done.artifacts),
        spent=world.watch.spent({}),
        children=tuple(done.steps),
    )


@record
class _Part:
    """Which steps of a flow: `key` is `steps` or `cleanup`; mail counts from `since` on."""

    key: str
    id: str
    place: str
    since: datetime


@dataclass
class _Done:
    """What an attempt has so far; kept when it ends early."""

    steps: list[Result] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    state: SavedState | None = None
    taken: set[str] = field(default_factory=set)
    performed: dict[str, Step] = field(default_factory=dict)
    comparison: Comparison | None = None


async def _perform_all(
    world: World,
    planned: Planned,
    scope: Scope,
    states: Mapping[str, SavedState],
    part: _Part,
    done: _Done,
    *,
    keeps_state: bool,
) -> None:
    flow = planned.flow
    in_cleanup = part.key == "cleanup"
    async with Company(world, planned, scope, states, in_cleanup=in_cleanup) as company:
        with world.watch.spending(Kind.LAUNCH):
            session = await company.session(OWN)
        stage = Stage(
            world,
            planned.name,
            flow,
            session,
            company,
            part.place,
            part.id,
            part.since,
            done.taken,
            performed=done.performed,
        )
        try:
            await perform(
                stage,
                flow.cleanup if in_cleanup else flow.steps,
                session.tab,
                scope,
                where=("flows", planned.flow_name, part.key),
                results=done.steps,
                in_cleanup=in_cleanup,
            )
            if keeps_state and not session.tab.crashed:
                kept = await attempt(session.state())
                done.state = kept.value
                if kept.outcome is not Outcome.PASSED:
                    done.warnings.append(f"what its browser held could not be kept: {kept.message}")
        finally:
            if not in_cleanup:
                for person, one in company.sessions.items():
                    await _keep_evidence(world, one, person, part.place, done)


async def _keep_evidence(world: World, session: Session, person: str, place: str, done: _Done) -> None:
    """Keep what one session leaves, under a name of its own when it is not the flow's own user's."""
    bad = any(step.outcome.is_bad for step in done.steps) or not done.steps
    keep_trace = world.options.trace == "on" or (world.options.trace == "failure" and bad)
    console, sockets = list(session.traffic.console), written(session.traffic.sockets.seen)
    label = f"late-{person}" if person else "late"
    done.artifacts += keep_downloads(world, place, label, session.traffic.take_downloads())
    with world.watch.spending(Kind.WRITING):
        trace, har = await session.finish(keep_trace=keep_trace)
    kept: tuple[tuple[str, str, str, bytes | None], ...] = (
        ("console", "console", "jsonl", _lines(console) if console else None),
        ("websockets", "websockets", "jsonl", sockets or None),
        ("network", "network", "har", har),
        ("trace", "trace", "zip", trace),
    )
    for kind, name, ending, data in kept:
        if data is not None:
            path, title = (f"{name}-{person}", f"{TITLES[kind]} of {person}") if person else (name, "")
            done.artifacts.append(world.keep(kind, f"{place}/{path}.{ending}", data, title))


async def _compare_pictures(world: World, planned: Planned, done: _Done) -> Verdict:
    """Lay the approved pictures beside those of an attempt that has ended, so that no difference ends a flow early.

    Good, unless somebody insists on the looks and they could not be compared.
    """
    folder = world.options.screenshots
    if folder is None or world.stop.reason == INTERRUPTED:
        return Verdict(Outcome.PASSED)
    file, flow = world.file, planned.flow
    approved = Approved(
        references=References(folder),
        app=file.app,
        flow=planned.flow_name,
        visual=(flow.visual or Visual()).within(file.visual),
        browser=world.engine.description,
        steps=done.performed,
    )
    judged = await attempt(asyncio.to_thread(approved.judge, world.folder, done.steps))
    if judged.outcome is Outcome.PASSED:
        done.steps, done.comparison = judged.value.steps, judged.value.comparison
        done.warnings += judged.value.warnings
        return Verdict(Outcome.PASSED)
    message = f"its pictures could not be compared: {judged.message}"
    if approved.is_strict:
        return Verdict(judged.outcome, message, traceback=judged.traceback)
    done.warnings.append(message)
    return Verdict(Outcome.PASSED)


def _lines(messages: Sequence[ConsoleMessage]) -> bytes:
    lines = (json.dumps(message.model_dump(mode="json"), ensure_ascii=False) for message in messages)
    return ("\n".join(lines) + "\n").encode()


def _judged(tried: Outcome, message: str, done: _Done, stopped: str | None) -> tuple[Outcome, str]:
    """The attempt's outcome: its worst step, or that it was not carried through."""
    outcome = worst((tried, *(step.outcome for step in done.steps)))
    if tried.is_bad:
        return outcome, message
    bad = next((step for step in done.steps if step.outcome is outcome and outcome.is_bad), None)
    if bad is not None:
        return outcome, f"step {bad.number} ({bad.title}): {bad.message}"
    if stopped is not None and (message == stopped or any(step.message == stopped for step in done.steps)):
        return Outcome.SKIPPED, stopped
    if done.steps and all(step.outcome is Outcome.SKIPPED for step in done.steps):
        return Outcome.SKIPPED, f"every step was skipped: {done.steps[0].message}"
    return outcome, ""


def _scope(world: World, planned: Planned, inherited: Mapping[str, str], unique: str | None = None) -> Scope:
    return Scope(
        layers=(
            world.file.variables,
            world.environment.variables,
            inherited,
            planned.flow.variables,
            world.options.variables,
        ),
        secrets=world.secrets,
        run_id=world.run_id,
        unique_text=unique,
        today=today_of(world, planned),
    )


def _id(name: str, number: int) -> str:
    return f"flows/{name}/{number}"


def _place(name: str, number: int) -> str:
    return f"flows/{name}" if number == 1 else f"flows/{name}/attempt-{number}"
