"""What was seen: one frozen, recursive type for a step, an attempt, a flow, a check and a log group."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field

from smokerunner.model.comparison import Comparison
from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.flow import Severity
from smokerunner.model.frozen import Frozen
from smokerunner.model.geometry import Box, Point
from smokerunner.model.mending import Mend
from smokerunner.model.observation import Observation
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.profile import Spent
from smokerunner.model.vitals import Vitals

ArtifactKind = Literal[
    "picture",
    "before",
    "earlier",
    "difference",
    "thumbnail",
    "sheet",
    "animation",
    "trace",
    "console",
    "network",
    "websockets",
    "traceback",
    "download",
    "text",
]
PICTURES: frozenset[str] = frozenset({"picture", "before", "earlier", "difference", "thumbnail", "sheet", "animation"})
"""The kinds that are shown, not linked by name."""
TITLES: Mapping[str, str] = {
    "trace": "Trace",
    "console": "Console",
    "network": "Network",
    "websockets": "WebSockets",
    "traceback": "Traceback of smokerunner",
    "download": "Download",
    "text": "Text",
    "sheet": "All steps on one picture",
    "animation": "Animation",
}
"""What a file is called when it has no title of its own."""


class Artifact(Frozen):
    """A file of the bundle; `path` is relative to the bundle, with forward slashes."""

    kind: ArtifactKind
    path: str
    title: str = ""
    same_as: str | None = Field(default=None, description="Nothing was painted since this earlier picture.")
    withheld: str | None = Field(default=None, description="Why the file is not in the bundle.")


class ConsoleMessage(Frozen):
    """A line of the browser's console. `counts`: an error of the app's own origin that is not tolerated."""

    level: str
    text: str
    url: str = ""
    line: int = 0
    counts: bool = False
    at: datetime


class RequestSeen(Frozen):
    """A request of the page. `status` is None until it is answered; `failure` says why it never was."""

    method: str
    url: str
    kind: str = ""
    status: int | None = None
    failure: str | None = None
    seconds: float | None = None
    at: datetime


class Reading(Frozen):
    """One thing that a check looked at: a request, a certificate, a cookie, a queue."""

    what: str = Field(description="What was looked at, such as `GET https://shop.example/.env`.")
    outcome: Outcome
    seen: str = Field(default="", description="What was seen; never more than what proves it.")
    wanted: str = Field(default="", description="What would have been right.")

    def __str__(self) -> str:
        said = f"{self.what}: {self.seen}" if self.seen else self.what
        return f"{said}, wanted {self.wanted}" if self.wanted and self.outcome is not Outcome.PASSED else said


class Result(Frozen):
    """One thing that was asked and what came of it. `id` is unique in the run: `flows/login/1/03`."""

    id: str
    kind: Literal["flow", "attempt", "step", "cleanup", "check", "release", "reach", "run"]
    name: str
    title: str = ""
    outcome: Outcome
    message: str = Field(default="", description="One or more sentences: what is wrong, or why it was skipped.")
    warnings: tuple[str, ...] = ()
    root: str | None = Field(default=None, description="The flow whose result made this one be skipped.")
    started: datetime
    seconds: float = 0.0
    severity: Severity | None = None
    tags: tuple[str, ...] = ()
    prerequisite: bool = Field(default=False, description="Brought along because a selected flow needs it.")
    action: str = ""
    url: str = Field(default="", description="Where the page was when the step had settled.")
    locator: str = Field(default="", description="The target that was used, in words.")
    value: str = Field(default="", description="What was typed or chosen, masked.")
    mend: Mend | None = None
    box: Box | None = Field(default=None, description="The element acted on, as it was just before.")
    point: Point | None = Field(default=None, description="Where it was clicked.")
    source: str = Field(default="", description="file:line of the step.")
    artifacts: tuple[Artifact, ...] = ()
    console: tuple[ConsoleMessage, ...] = ()
    requests: tuple[RequestSeen, ...] = Field(default=(), description="Requests that failed or were answered ≥ 400.")
    observation: Observation | None = Field(default=None, description="The scene of a step that was bad.")
    comparison: Comparison | None = Field(default=None, description="Its picture beside an earlier one.")
    diagnoses: tuple[Diagnosis, ...] = Field(default=(), description="Why it failed, the likeliest first.")
    vitals: Vitals | None = Field(default=None, description="Web vitals of the page shown when the step had settled.")
    spent: Spent | None = Field(
        default=None,
        description="With --profile, of an attempt, a cleanup or a step: its whole time, steps and pictures included.",
    )
    person: str = Field(default="", description="Who did the step, when not the flow's own user.")
    viewport: str = Field(default="", description="The window's size in CSS pixels, where it is not the run's.")
    scale: float | None = Field(default=None, description="Its screen's pixels to a CSS pixel, where not the run's.")
    flow: str = Field(default="", description="A flow's name in its file, where `name` tells repetitions apart.")
    repetition: int = Field(default=1, ge=1, description="Which repetition of the flow, with --repeat.")
    worker: int | None = Field(default=None, description="Which of the run's workers ran it, from 1.")
    readings: tuple[Reading, ...] = Field(default=(), description="Of a check: everything that it looked at.")
    weak: str = Field(default="", description="Of a check that passed: why that proves less than one would wish.")
    sent: int = Field(default=0, description="Of a check: how many requests it sent.")
    criterion: str = Field(default="", description="Of a check: what must be seen to pass.")
    children: "tuple[Result, ...]" = ()

    @property
    def flow_name(self) -> str:
        """A flow's name in its file, whichever repetition this is."""
        return self.flow or self.name

    @property
    def before(self) -> Artifact | None:
        """The page just before the step acted: where its box and click point belong."""
        return next((item for item in self.artifacts if item.kind == "before"), None)

    @property
    def picture(self) -> Artifact | None:
        """The picture of this step, if it has one."""
        return next((item for item in self.artifacts if item.kind == "picture"), None)

    @property
    def number(self) -> str:
        """A step's number as people say it: `3`, or `3.1` for a step within it; its `name` has leading zeros."""
        return ".".join(part.lstrip("0") or "0" for part in self.name.split("."))

    @property
    def attempts(self) -> "tuple[Result, ...]":
        """A flow's attempts."""
        return tuple(child for child in self.children if child.kind == "attempt")

    @property
    def steps(self) -> "tuple[Result, ...]":
        """The steps of the attempt that decided: of a flow its last good or worst attempt, else the children."""
        if self.kind != "flow":
            return tuple(child for child in self.children if child.kind == "step")
        return self.deciding.steps if self.deciding is not None else ()

    @property
    def deciding(self) -> "Result | None":
        """The attempt a flow's outcome rests on: a good one if there is one, else the first of the worst."""
        tried = self.attempts
        if not tried:
            return None
        good = [attempt for attempt in tried if attempt.outcome.is_good]
        bad = worst(attempt.outcome for attempt in tried)
        return good[-1] if good else next(attempt for attempt in tried if attempt.outcome is bad)

    def walk(self) -> "tuple[Result, ...]":
        """This result and everything below it, in order."""
        return (self, *(below for child in self.children for below in child.walk()))
