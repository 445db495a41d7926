"""What changed from one run to another, as data that programs read and people are told of."""

from __future__ import annotations

from pydantic import Field

from smokerunner.model.frozen import Frozen
from smokerunner.model.geometry import Box
from smokerunner.model.outcome import Outcome


class Changed(Frozen):
    """Something that was one way and is another; empty where there was, or is, nothing."""

    what: str
    before: str = ""
    after: str = ""


class Times(Frozen):
    """Seconds before and after, beyond what differs between any two runs."""

    before: float
    after: float


class Look(Frozen):
    """How a step's picture differs."""

    changed: float = Field(description="The part of all pixels, 0 to 1.")
    areas: tuple[Box, ...] = ()
    message: str = ""
    before: str = Field(description="The picture's path in the first bundle.")
    after: str = Field(description="The picture's path in the second bundle.")


class StepChange(Frozen):
    """A step that is not as it was, or that only one of the runs has."""

    number: str
    title: str
    before: Outcome | None = None
    after: Outcome | None = None
    times: Times | None = None
    look: Look | None = None


class FlowChange(Frozen):
    """What changed in a flow; an outcome is None where the run does not have the flow."""

    name: str
    before: Outcome | None
    after: Outcome | None
    times: Times | None = None
    message: str = Field(default="", description="What the second run says about the flow.")
    causes: tuple[str, ...] = Field(default=(), description="Titles of diagnoses that are new.")
    causes_gone: tuple[str, ...] = ()
    steps: tuple[StepChange, ...] = ()
    requests: tuple[str, ...] = Field(default=(), description="Requests that fail and did not.")
    requests_fixed: tuple[str, ...] = ()
    console: tuple[str, ...] = Field(default=(), description="Console errors that are new.")
    console_gone: tuple[str, ...] = ()
    hosts: tuple[str, ...] = Field(default=(), description="Hosts that were not asked before.")
    hosts_gone: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether nothing changed."""
        held = self.model_dump(exclude={"name", "before", "after", "message"}, exclude_defaults=True)
        return self.before is self.after and not held


class CheckChange(Frozen):
    """What changed in a check; an outcome is None where the run did not ask it."""

    name: str
    before: Outcome | None
    after: Outcome | None
    message: str = Field(default="", description="What the second run says about the check.")
    found: tuple[str, ...] = Field(default=(), description="Of one that was bad already: what it did not find before.")
    mended: tuple[str, ...] = Field(default=(), description="Of one that is bad still: what it no longer finds.")

    @property
    def is_none(self) -> bool:
        """Whether nothing changed."""
        return self.before is self.after and not self.found and not self.mended


class Compared(Frozen):
    """All that changed from the first run to the second."""

    app: str
    before: str = Field(description="The first run's id.")
    after: str = Field(description="The second run's id.")
    verdicts: tuple[str, str]
    facts: tuple[Changed, ...] = Field(default=(), description="Release, browser, tool, flow files, environment.")
    notes: tuple[str, ...] = Field(default=(), description="What makes the two less comparable.")
    flows: tuple[FlowChange, ...] = Field(default=(), description="Those that changed.")
    unchanged: tuple[str, ...] = Field(default=(), description="The names of the flows that did not change.")
    checks: tuple[CheckChange, ...] = Field(default=(), description="Those that changed.")
    unchanged_checks: tuple[str, ...] = Field(default=(), description="The ids of the checks that did not change.")
    pictures: int = Field(default=0, description="How many pictures were compared.")
