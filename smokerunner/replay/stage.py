"""Where the steps of one attempt are performed, and what all their results have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from smokerunner.browser.session import Session
from smokerunner.model.flow import Flow
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.step import Step
from smokerunner.model.target import Target
from smokerunner.replay.pictures.album import Album
from smokerunner.replay.world import World


@dataclass
class Stage:
    """Where steps of one attempt are performed. Child steps share all but the page, the scope and the numbers."""

    world: World
    flow_name: str
    flow: Flow
    session: Session
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

    def id_of(self, label: str) -> str:
        """The id of a step's result: `03.01` is `flows/login/1/03/01`."""
        return f"{self.id}/{label.replace('.', '/')}"

    def default_timeout(self, step: Step) -> float:
        """How long a step may take: its own word, then the flow's, the file's, the environment's, the action's."""
        for said in (step.timeout, self.flow.timeout, self.world.file.timeout, self.world.environment.timeout):
            if said is not None:
                return said
        return step.default_timeout


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
        source=source_of(stage.world, where),
    )


def source_of(world: World, where: tuple[str | int, ...]) -> str:
    """File and line of a step, the file as one finds it from the working folder; empty when that is not known."""
    line = world.line_of(where)
    here, there = Path.cwd(), world.path.resolve()
    shown = there.relative_to(here).as_posix() if there.is_relative_to(here) else there.name
    return f"{shown}:{line}" if line else ""
