"""Where the steps of one attempt are performed, and what all their results have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from smokerunner.browser.session import Session
from smokerunner.model.event import StepEnded, StepStarted
from smokerunner.model.flow import Flow
from smokerunner.model.kind import Kind
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.step import Step
from smokerunner.model.target import Target
from smokerunner.replay.attempt import Verdict, attempt
from smokerunner.replay.company import OWN, Company
from smokerunner.replay.pictures.album import Album
from smokerunner.replay.stop import Stopped
from smokerunner.replay.world import World


@dataclass
class Stage:
    """Where steps of one attempt are performed. Child steps share all but the page, the scope and the numbers;
    those of another person also have another session.
    """

    world: World
    flow_name: str
    flow: Flow
    session: Session
    """Of whoever acts."""
    company: Company
    place: str
    """Folder of the evidence: `flows/login`."""
    id: str
    """Of the attempt or cleanup that the steps belong to: `flows/login/1`."""
    since: datetime
    taken: set[str] = field(default_factory=set)
    secret_fields: list[Target] = field(default_factory=list)
    album: Album = field(default_factory=Album)
    performed: dict[str, Step] = field(default_factory=dict)
    """The steps by the ids of their results."""
    person: str = OWN
    """Who acts."""

    def id_of(self, label: str) -> str:
        """The id of a step's result: `03.01` is `flows/login/1/03/01`."""
        return f"{self.id}/{label.replace('.', '/')}"

    def window(self) -> dict[str, Any]:
        """The window of whoever acts, for a result, where it is not the run's own."""
        width, height = self.session.settings.viewport
        size, scale = f"{width}x{height}", self.session.settings.outfit.scale
        own = {"viewport": size} if size != self.world.file.viewport else {}
        return {**own, "scale": scale} if scale != 1 else own

    def default_timeout(self, step: Step) -> float:
        """How long a step may take: its own word, then the flow's, the file's, the environment's, the action's."""
        for said in (step.timeout, self.flow.timeout, self.world.file.timeout, self.world.environment.timeout):
            if said is not None:
                return said
        return step.default_timeout


async def entered(stage: Stage, step: Step, label: str, where: tuple[str | int, ...]) -> Stage | Result:
    """The stage as whoever does this step has it; the step's result when their browser cannot be opened."""
    if step.as_ is None or step.as_ == stage.person:
        return stage
    world = stage.world
    try:
        with world.watch.spending(Kind.LAUNCH):
            opened = await attempt(stage.company.session(step.as_))
    except Stopped as stop:
        opened = Verdict(Outcome.SKIPPED, str(stop))
    if opened.outcome is Outcome.PASSED:
        return replace(stage, session=opened.value, person=step.as_)
    world.say(StepStarted, flow=stage.flow_name, number=label, title=step.title)
    said = f"the browser of {step.as_}: {opened.message}"
    update = {"outcome": opened.outcome, "message": world.secrets.scrub(said)}
    result = skipped(stage, step, label, where, "").model_copy(update=update)
    if opened.traceback:
        kept = world.keep_traceback(f"{stage.place}/{label}-traceback.txt", opened.traceback)
        result = result.model_copy(update={"artifacts": kept})
    world.say(StepEnded, flow=stage.flow_name, number=label, result=result)
    return result


def skipped(stage: Stage, step: Step, label: str, where: tuple[str | int, ...], reason: str) -> Result:
    """The result of a step that was not tried."""
    return Result(
        id=stage.id_of(label),
        kind="step",
        name=label,
        title=step.title,
        outcome=Outcome.SKIPPED,
        message=reason,
        started=stage.world.clock.now(),
        action=step.action,
        person=step.as_ or stage.person,
        source=source_of(stage.world, where),
    )


def source_of(world: World, where: tuple[str | int, ...]) -> str:
    """File and line of a step, the file as one finds it from the working folder; empty when that is not known."""
    line = world.line_of(where)
    here, there = Path.cwd(), world.path.resolve()
    shown = there.relative_to(here).as_posix() if there.is_relative_to(here) else there.name
    return f"{shown}:{line}" if line else ""
