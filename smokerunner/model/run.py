"""A run: what run.json holds, and the single source of every report, history row and decision."""

from collections import Counter
from datetime import datetime
from typing import Literal

from pydantic import Field

from smokerunner.model.frozen import Frozen
from smokerunner.model.outcome import ExitCode, Outcome, worst
from smokerunner.model.profile import Profile
from smokerunner.model.result import Result

SCHEMA_VERSION = 1
OUTCOME_ORDER = tuple(Outcome)


class Release(Frozen):
    """Which build was tested. `before` and `after` were read from the app at the ends of the run."""

    expected: str | None = None
    before: str | None = None
    after: str | None = None
    read_from: str = Field(default="", description="Header, JSON path or page marker it was read from.")


class Browser(Frozen):
    """The browser that replayed; `kind` also stands in approved references."""

    kind: Literal["chromium-headless-shell", "chromium", "chrome"]
    version: str
    path: str = Field(description="The binary's name or path, home folder shortened.")
    headless: bool = True
    viewport: str = "1280x720"
    scale: float = Field(default=1.0, description="Pixels of a picture to a CSS pixel.")
    fonts: str = Field(default="", description="A fingerprint of the fonts it draws with; empty: not measured.")

    def at(self, step: Result) -> "Browser":
        """The same as it was in one step, whose flow or person may have another window."""
        own = {"viewport": step.viewport or self.viewport, "scale": self.scale if step.scale is None else step.scale}
        return self.model_copy(update=own)


class Tool(Frozen):
    """What produced the bundle."""

    smokerunner: str
    playwright: str
    python: str
    platform: str


class Machine(Frozen):
    """Where it ran, as far as that may have shaped what was seen."""

    cores: int
    memory_megabytes: int | None = None
    clock: str = Field(default="", description="What keeps its clock right, and whether it is: `system, synchronised`.")


class Past(Frozen):
    """What history knew about a flow when the run ended."""

    last_passed_run: str | None = None
    last_passed_at: datetime | None = None
    last_passed_release: str | None = None
    failing_since_run: str | None = None
    failing_since_at: datetime | None = None
    failing_since_release: str | None = None
    median_seconds: float | None = Field(default=None, description="Of its passed runs, newest 20.")


class Repeated(Frozen):
    """A flow that was replayed several times."""

    flow: str
    good: int
    times: int
    skipped: int = 0

    @property
    def is_good(self) -> bool:
        """Whether none that was tried was bad."""
        return self.good + self.skipped == self.times

    def __str__(self) -> str:
        return f"{self.good} of {self.times}" + (f", {self.skipped} skipped" if self.skipped else "")


class Source(Frozen):
    """A flow file that was replayed."""

    path: str
    sha256: str


class Run(Frozen):
    """One replay of an app's flows in one environment."""

    schema_version: int = SCHEMA_VERSION
    id: str = Field(description="<app>-<environment>-<UTC time>-<6 hex digits>; also the bundle's name.")
    app: str
    environment: str = "local"
    base_url: str = ""
    started: datetime
    ended: datetime
    interrupted: bool = False
    release: Release = Release.model_construct()
    browser: Browser | None = Field(default=None, description="None when nothing needed a browser.")
    tool: Tool
    machine: Machine | None = None
    sources: tuple[Source, ...] = ()
    options: dict[str, str] = Field(default={}, description="Command line options that shaped the run.")
    results: tuple[Result, ...] = ()
    profile: Profile | None = Field(default=None, description="With --profile: where its time went.")
    history: dict[str, Past] = Field(default={}, description="By the name of a flow, or the id of a check.")

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of all results."""
        return worst(result.outcome for result in self.results)

    @property
    def flows(self) -> tuple[Result, ...]:
        """The results that are flows."""
        return tuple(result for result in self.results if result.kind == "flow")

    @property
    def checks(self) -> tuple[Result, ...]:
        """The results that are checks."""
        return tuple(result for result in self.results if result.kind == "check")

    @property
    def repeated(self) -> tuple[Repeated, ...]:
        """How often each flow was good, those that were not always so first; empty when none was repeated."""
        if all(flow.repetition == 1 for flow in self.flows):
            return ()
        good = Counter(flow.flow_name for flow in self.flows if flow.outcome.is_good)
        times = Counter(flow.flow_name for flow in self.flows)
        skipped = Counter(flow.flow_name for flow in self.flows if flow.outcome is Outcome.SKIPPED)
        found = (
            Repeated(flow=name, good=good[name], times=number, skipped=skipped[name]) for name, number in times.items()
        )
        return tuple(sorted(found, key=lambda one: (one.is_good, one.skipped == 0)))

    @property
    def seconds(self) -> float:
        """Wall time of the whole run."""
        return (self.ended - self.started).total_seconds()

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many flows and checks ended how, zero included."""
        seen = Counter(result.outcome for result in (*self.flows, *self.checks))
        return {outcome: seen.get(outcome, 0) for outcome in OUTCOME_ORDER}

    @property
    def verdict(self) -> str:
        """The one answer a release engineer needs: `go`, `roll back` or `cannot tell`."""
        if self.outcome is Outcome.FAILED:
            return "roll back"
        whole = not (self.interrupted or self.cut_short)
        return "go" if self.outcome.is_good and whole else "cannot tell"

    @property
    def cut_short(self) -> bool:
        """Whether a flow was skipped though no other flow is to blame: the time was up, or the run was stopped."""
        return any(result.outcome is Outcome.SKIPPED and result.root is None for result in self.flows)

    def exit_code(self, *, fail_on_warned: bool = False) -> ExitCode:
        """What the process answers for this run; skipped flows alone are 'nothing ran'."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        outcome = self.outcome
        if outcome is Outcome.FAILED:
            return ExitCode.FAILED
        if not outcome.is_good or self.cut_short or (fail_on_warned and outcome is Outcome.WARNED):
            return ExitCode.CANNOT_TELL
        return ExitCode.OK
