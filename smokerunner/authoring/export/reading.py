"""From a flow file and the names of flows to the module that is printed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from smokerunner.authoring.export.elements import PAGE, expression, locator, regex, text
from smokerunner.authoring.export.facts import LISTENING, items
from smokerunner.authoring.export.reader import Reader
from smokerunner.authoring.export.steps import WRITERS, saved_by
from smokerunner.authoring.export.tree import Block, Course, Expr, Known, Leniently, Listen, Module, Statement
from smokerunner.model.browsing import Browsing
from smokerunner.model.duration import spell
from smokerunner.model.fact import Facts
from smokerunner.model.flow import Flow, FlowFile
from smokerunner.model.step import Step
from smokerunner.model.template import Template, references

_DEFAULT_URL = "http://127.0.0.1:8000"


def read(file: FlowFile, names: Sequence[str], source: str) -> Module:
    """What is exported for these flows of a checked file: they, what they need and what they use.

    `source` is the flow file's name.
    """
    wanted = _wanted(file, names)
    readers = {
        name: Reader(file, WRITERS, timeout=_milliseconds(file.flows[name].timeout, file.timeout)) for name in wanted
    }
    courses = tuple(_course(file, name, readers[name]) for name in wanted)
    remarks = [f"{name}, {place}: {said}" for name in wanted for place, said in _grouped(readers[name].remarks)]
    remarks += _about(file, wanted)
    width, height = file.viewport.split("x")
    return Module(
        app=file.app,
        source=source,
        base_url=(file.base_url or _DEFAULT_URL).rstrip("/"),
        secrets=tuple(secret.name for secret in file.secrets),
        shared=_ordered(file.variables),
        variables=tuple(dict.fromkeys(_variables(file, wanted))),
        viewport=(int(width), int(height)),
        tolerated=tuple(
            expression(matcher.matches) if matcher.matches is not None else regex(matcher)
            for matcher in file.tolerate.console
        ),
        dismissed=tuple(locator(PAGE, target, PAGE) for target in file.dismiss),
        courses=courses,
        selected=tuple(name for name in wanted if name in names),
        left=tuple(name for name in wanted if any(name in file.flows[other].requires for other in wanted)),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _grouped(remarks: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What is said of several steps is said once."""
    for said in dict.fromkeys(said for _, said in remarks):
        places = [place for place, other in remarks if other == said]
        yield f"step{'' if len(places) == 1 else 's'} {', '.join(places)}", said


def _milliseconds(*said: float | None) -> int | None:
    return next((round(seconds * 1000) for seconds in said if seconds is not None), None)


def _wanted(file: FlowFile, names: Sequence[str]) -> tuple[str, ...]:
    """In the order of the file."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            flow = file.flows[name]
            left += [*flow.requires, *_used((*flow.steps, *flow.cleanup))]
    return tuple(name for name in file.flows if name in found)


def _used(steps: Sequence[Step]) -> Iterator[str]:
    for step in _every(steps):
        if step.action == "use":
            yield str(step.acts_on)


def _variables(file: FlowFile, wanted: Sequence[str]) -> Iterator[str]:
    yield from file.variables
    for name in wanted:
        flow = file.flows[name]
        yield from flow.variables
        for step in _every((*flow.steps, *flow.cleanup)):
            yield from step.save
            yield from (ref.name for _, ref in references(step) if ref.kind == "variable")
            yield from getattr(step, "with_", ()) if step.action == "use" else ()


def _every(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        for children in step.children().values():
            yield from _every(children)


def _about(file: FlowFile, wanted: Collection[str]) -> Iterator[str]:
    """What belongs to the whole file, or to a flow as a whole, and is not in the code."""
    if file.mask or any(step.mask for name in wanted for step in _every(file.flows[name].steps)):
        yield "pictures and their masks are left out"
    if file.tolerate.requests:
        yield "`tolerate: requests` is left out: nothing judges failed requests here"
    if any(file.flows[name].starts_from for name in wanted):
        yield "session storage is not carried from one flow to another; cookies, local storage and IndexedDB are"
    for name in wanted:
        flow = file.flows[name]
        browsing = flow.browser if file.browser is None else (flow.browser or Browsing()).within(file.browser)
        said = sorted(browsing.model_fields_set) if browsing is not None else []
        said += ["viewport"] if flow.viewport is not None else []
        if said:
            yield f"{name}: what it says of its browser is left out ({', '.join(said)}); give it to new_context"
        if flow.time_target is not None:
            yield f"{name}: time target of {spell(flow.time_target)} not judged"


def _course(file: FlowFile, name: str, reader: Reader) -> Course:
    flow = file.flows[name]
    steps = (*_listening(flow.steps), *reader.block(flow.steps))
    reader.locals.clear()
    cleanup = tuple(_cleaning(flow.cleanup, file, name, reader))
    if cleanup:
        cleanup = (*_listening(flow.cleanup), *cleanup)
    return Course(
        name=name,
        title=str(flow.title or ""),
        requires=flow.requires,
        starts_from=flow.starts_from,
        own=_own(file, flow),
        steps=steps,
        cleanup=cleanup,
        timeout=reader.timeout,
    )


def _cleaning(steps: Sequence[Step], file: FlowFile, name: str, reader: Reader) -> Iterator[Statement]:
    """A cleanup: what was never saved is not cleaned, and what goes wrong is told."""
    for index, step in enumerate(steps, 1):
        reader.number = f"cleanup {index}"
        body: Block = (Leniently(tuple(reader.step(step)), f"{name}, cleanup: {step.title}"),)
        named = {reference.name for _, reference in references(step) if reference.kind == "variable"}
        missing = tuple(sorted(named & set(saved_by(file, name))))
        if missing:
            yield Known(missing, body)
        else:
            yield from body


def _listening(steps: Sequence[Step]) -> Iterator[Listen]:
    """What must be listened to from the beginning, for the facts that ask what has been."""
    asked = {name for step in _every(steps) for facts in _facts(step) for name, _ in items(facts)}
    for fact, what in LISTENING.items():
        if fact in asked:
            yield Listen(what)


def _facts(step: Step) -> Iterator[Facts]:
    values: list[Any] = [getattr(step, name) for name in step.model_fields_set]
    yield from (value for value in values if isinstance(value, BaseModel) and isinstance(value, Facts))


def _own(file: FlowFile, flow: Flow) -> tuple[tuple[str, Expr], ...]:
    """A flow's own variables, and those of the file that are made from them.

    What the flows it needs have left is final, so with these nothing of the file is made anew.
    """
    own = dict(flow.variables)
    if own and not flow.requires:
        grown = True
        while grown:
            follows = {
                name: value
                for name, value in file.variables.items()
                if name not in own and any(ref.name in own for ref in value.references if ref.kind == "variable")
            }
            own |= follows
            grown = bool(follows)
    return _ordered(own)


def _ordered(variables: Mapping[str, Template]) -> tuple[tuple[str, Expr], ...]:
    """Each after those that it is made from; the file was checked to have no circle."""
    done: dict[str, Expr] = {}

    def put(name: str) -> None:
        if name in done or name not in variables:
            return
        for reference in variables[name].references:
            if reference.kind == "variable":
                put(reference.name)
        done[name] = text(variables[name])

    for name in variables:
        put(name)
    return tuple(done.items())
