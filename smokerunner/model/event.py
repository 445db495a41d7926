"""What happens while a run goes on; replay emits, only the command line draws."""

from collections.abc import Callable
from datetime import datetime

from smokerunner.model.frozen import Frozen
from smokerunner.model.profile import Profile, Spent
from smokerunner.model.result import Result
from smokerunner.model.run import Repeated
from smokerunner.model.spending import Slow


class Event(Frozen):
    """The base of all events; `at` is in UTC."""

    at: datetime


class RunStarted(Event):
    """The flows are ordered and the browser is about to start."""

    run: str
    app: str
    environment: str
    base_url: str
    flows: tuple[str, ...]
    prerequisites: tuple[str, ...] = ()
    workers: int = 1
    notes: tuple[str, ...] = ()


class FlowStarted(Event):
    """A flow's attempt begins; `attempt` counts from 1."""

    flow: str
    attempt: int
    steps: int


class StepStarted(Event):
    """A step begins; `number` is as in the picture's name."""

    flow: str
    number: str
    title: str


class StepEnded(Event):
    """A step's result is known."""

    flow: str
    number: str
    result: Result


class FlowEnded(Event):
    """A flow's result is known, attempts and cleanup included."""

    flow: str
    result: Result


class ChecksStarted(Event):
    """The checks are about to be asked; `checks` are their ids."""

    checks: tuple[str, ...]


class CheckEnded(Event):
    """A check's result is known."""

    check: str
    result: Result


class ProbeEnded(Event):
    """Something about the run as a whole is known: whether the app is there, which release is served."""

    result: Result


class Profiled(Event):
    """Where the time of the run went, with --profile; `spent` is that of all flows together."""

    profile: Profile
    spent: Spent
    slowest: tuple[Slow, ...]


class RunEnded(Event):
    """Everything is written; `bundle` and `archive` say where, and `exit_code` what the process will answer."""

    run: str
    outcome: str
    verdict: str
    counts: dict[str, int]
    seconds: float
    bundle: str
    archive: str | None
    exit_code: int
    notes: tuple[str, ...] = ()
    repeated: tuple[Repeated, ...] = ()


Listener = Callable[[Event], None]
