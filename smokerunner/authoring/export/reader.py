"""One flow while it is read: its page of the moment, its free names, and what a person must know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from smokerunner.authoring.export.beside import remarks, shown
from smokerunner.authoring.export.elements import PAGE
from smokerunner.authoring.export.facts import Place, looks
from smokerunner.authoring.export.tree import (
    Block,
    Expr,
    If,
    Leniently,
    Remark,
    Statement,
)
from smokerunner.model.duration import spell
from smokerunner.model.flow import FlowFile
from smokerunner.model.step import Step
from smokerunner.model.target import Target

Writer = Callable[[Any, "Reader"], Iterator[Statement]]
"""What makes statements of the steps of one action."""


@dataclass
class Reader:
    """What is known while one flow is read. `remarks` tell a person what is not in the code as it was in the file."""

    file: FlowFile
    writers: Mapping[str, Writer]
    page: Expr = PAGE
    popups: int = 0
    locals: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    timeout: int | None = None
    """Milliseconds for each step that says nothing itself."""
    number: str = ""
    """The number of the step that is being read, counted as in the pictures' names."""

    @property
    def below(self) -> bool:
        """Whether the app's address has a path of its own."""
        return self.file.base_url is not None and self.file.base_url.rstrip("/").count("/") > 2

    def name(self, wanted: str) -> str:
        """A local name that is free."""
        number = self.locals[wanted] = self.locals.get(wanted, 0) + 1
        return wanted if number == 1 else f"{wanted}_{number}"

    def block(self, steps: tuple[Step, ...]) -> Block:
        """Several steps."""
        outer = self.number
        made: list[Statement] = []
        for index, step in enumerate(steps, 1):
            self.number = f"{outer}.{index}" if outer else str(index)
            made += self.step(step)
        self.number = outer
        return tuple(made)

    def step(self, step: Step) -> Iterator[Statement]:
        """One step with all that stands beside it."""
        if step.name is not None:
            yield Remark(str(step.name))
        before = len(self.remarks)
        body: list[Statement] = []
        if step.as_ is None:
            body += (*self.writers[step.action](step, self), *shown(step, self.place(step)))
        else:
            self.remark(f"done by {step.as_}, in a browser context of their own, and left out here: {step.title}")
        for said in remarks(step):
            self.remark(said)
        for target in _targets(step):
            if target.fallbacks:
                self.remark(f"fallbacks left out: {', '.join(map(str, target.fallbacks))}")
        if step.time_target is not None:
            self.remark(f"time target of {spell(step.time_target)} not judged")
        # What is inside has its remarks already.
        own = [said for place, said in self.remarks[before:] if place == self.number]
        yield from (Remark(f"smokerunner: {said}") for said in own)
        made: Block = tuple(body)
        if step.on_failure == "warn":
            made = (Leniently(made, step.title),)
        if step.when is not None:
            made = (If(looks(step.when, self.place(None)), made),)
        yield from made

    def remark(self, said: str) -> None:
        """Something that a person must know of the step that is being read."""
        self.remarks.append((self.number, said))

    def patience(self, step: Step) -> int | None:
        """Milliseconds, when the step or its flow says so."""
        return self.timeout if step.timeout is None else round(step.timeout * 1000)

    def place(self, step: Step | None) -> Place:
        """Where facts are asked."""
        return Place(self.page, self.patience(step) if step is not None else None)

    def options(self, step: Step) -> dict[str, Expr]:
        """What an action of Playwright's is given."""
        return self.place(step).options

    def locator(self, target: Target) -> Expr:
        """The locator of a target on the page of the moment."""
        return self.place(None).locator(target)


def _targets(step: Step) -> Iterator[Target]:
    """Every target that a step names, those of its facts too."""

    def inside(value: Any) -> Iterator[Target]:
        if isinstance(value, Target):
            yield value
        elif isinstance(value, tuple | list):
            for item in value:
                if not isinstance(item, Step):
                    yield from inside(item)
        elif isinstance(value, BaseModel) and not (isinstance(value, Step) and value is not step):
            for name in value.model_fields_set:
                yield from inside(getattr(value, name))

    return inside(step)
