"""Whoever goes along with a replay and is asked what to do: before a step, and when one has failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from pydantic import BaseModel

from smokerunner.browser.tab import Tab
from smokerunner.model.record import record
from smokerunner.model.step import Step
from smokerunner.model.target import Target

Place = tuple[str | int, ...]
"""Keys and positions as they stand in a flow file."""


@record
class Moment:
    """A step that is about to be tried, or that has failed."""

    flow: str
    """The flow that is replayed; the step may be of another one that it uses."""
    number: str
    """As in the pictures' names: `03`, or `03.01` inside another step."""
    place: Place
    """Where the step stands in the flow file."""
    step: Step
    """As it is tried now, its variables as written."""
    rendered: Step | None
    """With its variables filled in; None before the step, and when they cannot be."""
    tab: Tab
    message: str = ""
    """Why it has failed."""


@record
class GoOn:
    """Try the step, or leave it failed."""


@record
class Retry:
    """Try again, with this step in its place."""

    step: Step


@record
class Skip:
    """Leave the step out; the rest goes on, and the step is warned."""


@record
class GiveUp:
    """The step has failed, and the flow with it."""


Reply = GoOn | Retry | Skip | GiveUp


class Companion(Protocol):
    """Asked for every step, but for those of a cleanup."""

    async def before(self, moment: Moment) -> Reply:
        """What to do with a step that is next: GoOn, Skip or GiveUp."""
        ...

    async def failed(self, moment: Moment) -> Reply:
        """What to do with a step that has failed: Retry, Skip, or anything else to leave it so."""
        ...

    async def passed(self, moment: Moment) -> None:
        """A step that was tried again works now."""
        ...


def targets_in(value: Any, place: Place = ()) -> Iterator[tuple[Place, Target]]:
    """The outermost targets of a step with their places below it; steps inside it have their own."""
    if isinstance(value, Target):
        yield place, value
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            if not isinstance(item, Step):
                yield from targets_in(item, (*place, index))
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if name in value.model_fields_set and not isinstance(item := getattr(value, name), Step):
                yield from targets_in(item, (*place, field.alias or name))


def with_target(value: Any, place: Place, target: Target) -> Any:
    """The same step with another target at a place that `targets_in` named."""
    if not place:
        return type(value).model_validate(target.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True))
    if isinstance(value, tuple):
        index = int(place[0])
        return (*value[:index], with_target(value[index], place[1:], target), *value[index + 1 :])
    name = next(name for name, field in type(value).model_fields.items() if (field.alias or name) == place[0])
    return value.model_copy(update={name: with_target(getattr(value, name), place[1:], target)})
