"""Where the time of a run went: what each second was spent on, and by whom."""

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce

from pydantic import Field

from smokerunner.model.frozen import Frozen
from smokerunner.model.kind import Kind


class Spent(Frozen):
    """Seconds by what they were spent on. They add up to the whole time."""

    navigation: float = Field(default=0.0, description=Kind.NAVIGATION.about)
    waiting: float = Field(default=0.0, description=Kind.WAITING.about)
    acting: float = Field(default=0.0, description=Kind.ACTING.about)
    launch: float = Field(default=0.0, description=Kind.LAUNCH.about)
    pictures: float = Field(default=0.0, description=Kind.PICTURES.about)
    writing: float = Field(default=0.0, description=Kind.WRITING.about)
    own: float = Field(default=0.0, description=Kind.OWN.about)

    @property
    def parts(self) -> tuple[tuple[Kind, float], ...]:
        """Every kind with its seconds, the app's first."""
        return tuple((kind, getattr(self, kind)) for kind in Kind)

    @property
    def total(self) -> float:
        """The whole time."""
        return round(sum(seconds for _, seconds in self.parts), 4)

    @property
    def app(self) -> float:
        """What the app took of it."""
        return round(sum(seconds for kind, seconds in self.parts if kind.is_app), 4)

    def __add__(self, other: "Spent") -> "Spent":
        return Spent.model_validate({kind: round(mine + getattr(other, kind), 4) for kind, mine in self.parts})


def added(spent: Iterable[Spent | None]) -> Spent:
    """All of them together; those that were not measured count nothing."""
    return reduce(Spent.__add__, (one for one in spent if one is not None), Spent())


class Phase(StrEnum):
    """The parts of a run, one after the other."""

    START = "start"
    PROBES = "probes"
    LAUNCH = "launch"
    FLOWS = "flows"
    CLOSING = "closing"
    DRAWING = "drawing"
    SEALING = "sealing"

    @property
    def about(self) -> str:
        """The phase in a sentence."""
        return _PHASES[self]


_PHASES = {
    Phase.START: "Python starts, and flow files are read and checked.",
    Phase.PROBES: "The app is asked whether it is there, and for its release.",
    Phase.LAUNCH: "Driver and browser start.",
    Phase.FLOWS: "The flows run, several at a time when there are several workers.",
    Phase.CLOSING: "The app is asked for its release again; then the browser goes while drawing and sealing go on.",
    Phase.DRAWING: "What is left of sheets, films and earlier pictures; most is drawn while flows still run.",
    Phase.SEALING: "The evidence is searched for secrets, reported, hashed and packed.",
}


class Profile(Frozen):
    """Where the time of a whole run went. What went by in its flows stands beside each attempt and step."""

    phases: dict[Phase, float] = Field(
        description="Wall seconds by phase; run.json is written while the bundle is sealed, so it has no `sealing`."
    )
    cpu_own: float = Field(description="Seconds that the processors worked for smokerunner itself.")
    cpu_driver: float | None = Field(default=None, description="For Playwright's driver; None: not told here.")
    cpu_browser: float | None = Field(default=None, description="For the browser; None: not told here.")

    @property
    def total(self) -> float:
        """Wall seconds of all phases."""
        return round(sum(self.phases.values()), 4)
