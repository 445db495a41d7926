"""A rule, what it finds, and the ways through a flow file that rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from smokerunner.authoring.sheet import Sheet
from smokerunner.language.load import LoadedFile
from smokerunner.language.names import every_step
from smokerunner.language.nodes import Location
from smokerunner.model.flow import Flow, FlowFile
from smokerunner.model.step import Step
from smokerunner.model.target import Target

Fix = Callable[[Sheet], None]


@dataclass(frozen=True)
class Finding:
    """Something unwise: where, what, and what would be right. A `fix` is there only when it is safe."""

    location: Location
    says: str
    fix: Fix | None = None


@dataclass(frozen=True)
class Rule:
    """One thing that lint looks for. Only a `warning` makes a file unclean."""

    id: str
    about: str
    find: Callable[[LoadedFile], Iterable[Finding]]
    level: Literal["warning", "info"] = "warning"
    fixes: bool = False


def steps_of(name: str, flow: Flow) -> Iterator[tuple[Location, Step]]:
    """All steps of a flow with their places, those inside others first, cleanup last."""
    yield from every_step(flow.steps, ("flows", name, "steps"))
    yield from every_step(flow.cleanup, ("flows", name, "cleanup"))


def all_steps(file: FlowFile) -> Iterator[tuple[Location, Step]]:
    """All steps of all flows."""
    for name, flow in file.flows.items():
        yield from steps_of(name, flow)


def used_steps(file: FlowFile, steps: Iterable[Step], through: tuple[str, ...] = ()) -> Iterator[Step]:
    """These steps, those inside them, and those of the flows that they use, in the order they are done."""
    for step in steps:
        yield step
        for inner in step.children().values():
            yield from used_steps(file, inner, through)
        if step.action == "use" and str(step.acts_on) in file.flows and str(step.acts_on) not in through:
            yield from used_steps(file, file.flows[str(step.acts_on)].steps, (*through, str(step.acts_on)))


def parts(value: Any, place: Location) -> Iterator[tuple[Location, Any]]:
    """Everything below a model with its place in the file, the steps inside a step left out."""
    yield place, value
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            inner = getattr(value, name)
            if not isinstance(inner, Step):
                yield from parts(inner, (*place, type(value).model_fields[name].alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from parts(item, (*place, key))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            if not isinstance(item, Step):
                yield from parts(item, (*place, index))


def words(target: Target) -> str:
    """All that a target says, in lower case."""
    found = [str(target.finds)] if target.finder in ("css", "xpath") else [target.label_text]
    return " ".join(found).lower()


def written_targets(step: Step) -> tuple[Target, ...]:
    """The fields that a step types into."""
    into = getattr(step, "in_", None)
    return (into,) if isinstance(into, Target) else step.targets
