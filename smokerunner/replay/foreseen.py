"""What a run would do, as it can be told before it: the shape of `run --plan`. Durations are in seconds."""

from __future__ import annotations

from typing import Literal

from smokerunner.model.record import record

Origin = Literal["file", "environment", "flow", "option", "needed flow", "saved by a needed flow"]
"""Who gives a variable its value."""


@record
class ForeseenRequest:
    """An address that a step opens or asks by itself; where clicks and forms lead is known only then."""

    method: str
    url: str
    """With `${…}` where a part of it is known only during the run."""
    navigates: bool
    objection: str = ""
    """Why it would be stopped; empty when it may pass."""


@record
class ForeseenStep:
    """A step in words; `data` is what stands beside its action, by key, rendered as far as it is known."""

    number: str
    action: str
    words: str
    name: str = ""
    person: str = ""
    data: tuple[tuple[str, str], ...] = ()
    saves: tuple[str, ...] = ()
    when: str = ""
    timeout: float | None = None
    """Only where the step says it itself."""
    may_fail: bool = False
    request: ForeseenRequest | None = None
    files: tuple[str, ...] = ()
    children: tuple[ForeseenStep, ...] = ()


@record
class ForeseenVariable:
    """A variable's value with secrets by name, `${unique}` as such; `origin` says who gives it."""

    name: str
    value: str
    origin: Origin


@record
class ForeseenPerson:
    """Somebody else who takes part, in a browser of their own."""

    name: str
    starts_from: str = ""
    browser: tuple[str, ...] = ()


@record
class ForeseenFlow:
    """A flow that would run, or be skipped, and when: all flows of a wave may run at the same time."""

    name: str
    title: str
    selected: bool
    needed_by: tuple[str, ...]
    severity: str
    tags: tuple[str, ...]
    effects: str
    skipped: str
    """Why it would be skipped; empty when it would run."""
    wave: int
    needs: tuple[str, ...]
    starts_from: str
    after: tuple[str, ...]
    exclusive: tuple[str, ...]
    attempts: int
    timeout: float | None
    """For each step; None: each action's own."""
    time_target: float | None
    browser: tuple[str, ...]
    people: tuple[ForeseenPerson, ...]
    variables: tuple[ForeseenVariable, ...]
    steps: tuple[ForeseenStep, ...]
    cleanup: tuple[ForeseenStep, ...]
    writes: str
    """What it may send besides GET, in words."""
    usual_seconds: float | None = None
    """How long it took of late, by the history."""


@record
class ForeseenSecret:
    """A secret that the flows use, the variable its value comes from, and whether there is one. Never the value."""

    name: str
    source: str
    has_value: bool


@record
class Foreseen:
    """The whole run of one app."""

    app: str
    file: str
    environment: str
    base_url: str
    production: bool
    read_only: bool
    hosts: tuple[str, ...]
    allow_post: tuple[str, ...]
    mailbox: str
    mail_links: str
    browser: str
    viewport: str
    workers: int
    shortage: str
    """Why there are no more workers, when memory is the reason."""
    repeat: int
    shuffle: str
    longest_first: bool
    """Whether the flows begin by how long they took, and not as in the file."""
    max_time: float | None
    secrets: tuple[ForeseenSecret, ...]
    flows: tuple[ForeseenFlow, ...]

    @property
    def missing_secrets(self) -> tuple[ForeseenSecret, ...]:
        """Those without a value, with which nothing would be run."""
        return tuple(secret for secret in self.secrets if not secret.has_value)

    @property
    def stopped(self) -> tuple[ForeseenRequest, ...]:
        """Every request that is known now and would be stopped."""
        return tuple(
            step.request
            for flow in self.flows
            if not flow.skipped
            for step in every_step((*flow.steps, *flow.cleanup))
            if step.request is not None and step.request.objection
        )


def every_step(steps: tuple[ForeseenStep, ...]) -> tuple[ForeseenStep, ...]:
    """These steps and those inside them, in order."""
    return tuple(found for step in steps for found in (step, *every_step(step.children)))
