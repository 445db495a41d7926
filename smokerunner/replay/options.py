"""What the command line says about a run."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from smokerunner.model.record import record
from smokerunner.replay.plan import Selection

if TYPE_CHECKING:
    from smokerunner.evidence.signature import PrivateKey

Keep = Literal["on", "off", "failure"]
"""For every flow or step, for none, or only for those that were bad."""


@record
class Options:
    """One replay. Durations are in seconds; `workers` 0 chooses by the machine's cores and memory."""

    selection: Selection = field(default_factory=Selection)
    workers: int = 0
    trace: Keep = "failure"
    pictures: Keep = "on"
    retries: int = 0
    repeat: int = 1
    shuffle: str | None = None
    """The seed of a random order within what flows need; None: the order of the file."""
    max_time: float | None = None
    fail_fast: bool = False
    fail_on_warned: bool = False
    allow_real: bool = False
    release: str | None = None
    wait_release: float | None = None
    variables: dict[str, str] = field(default_factory=dict)
    headed: bool = False
    browser_path: str | None = None
    out: Path = Path("evidence")
    history: Path | None = None
    """The history's database; None: none is kept."""
    profile: bool = False
    """Whether it is measured where the time goes."""
    pack: bool = True
    key: PrivateKey | None = None
    """What signs the bundle; None: it is not signed."""
    screenshots: Path | None = None
    """Where the approved references lie; None: pictures are not compared with any."""

    def shown(self) -> dict[str, str]:
        """What shaped the run, for run.json; variables by name only."""
        said = {
            "flow": ", ".join(self.selection.names),
            "tag": ", ".join(self.selection.tags),
            "not-tag": ", ".join(self.selection.not_tags),
            "severity": ", ".join(self.selection.severities),
            "workers": str(self.workers) if self.workers else "",
            "trace": self.trace,
            "pictures": self.pictures,
            "retries": str(self.retries) if self.retries else "",
            "repeat": str(self.repeat) if self.repeat > 1 else "",
            "shuffle": self.shuffle or "",
            "max-time": f"{self.max_time:g} s" if self.max_time else "",
            "fail-fast": "yes" if self.fail_fast else "",
            "profile": "yes" if self.profile else "",
            "no-needs": "" if self.selection.with_needs else "yes",
            "var": ", ".join(sorted(self.variables)),
            "sign": f"key {self.key.public().name}" if self.key else "",
        }
        return {name: value for name, value in said.items() if value}
