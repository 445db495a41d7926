"""What the page shows of a result, decided here so that the templates only lay it out."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from urllib.parse import quote

from smokerunner.model.mending import Mend
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run
from smokerunner.reports.wording import file_of, number_of

ICONS = {
    Outcome.PASSED: "✓",
    Outcome.WARNED: "!",
    Outcome.INCONCLUSIVE: "?",
    Outcome.ERROR: "⊘",
    Outcome.FAILED: "✕",
    Outcome.SKIPPED: "–",
}
VERDICTS = {"go": "passed", "roll back": "failed", "cannot tell": "inconclusive"}
"""The colours of a verdict are those of an outcome."""

_TALLEST = 1.25
"""Height to width; the thumbnail of a taller picture shows its upper part."""
_SIZE = re.compile(r"(\d+)x(\d+)")


@dataclass(frozen=True)
class Frame:
    """The size of the pictures in CSS pixels, which is also that of boxes and points."""

    width: int = 1280
    height: int = 720

    @classmethod
    def of(cls, run: Run) -> Frame:
        """The viewport of a run; the usual one when no browser was needed."""
        found = _SIZE.fullmatch(run.browser.viewport) if run.browser else None
        return cls(int(found[1]), int(found[2])) if found and int(found[1]) and int(found[2]) else cls()

    @property
    def ratio(self) -> str:
        """The thumbnail's width to height, as CSS writes it."""
        return f"{self.width} / {min(self.height, round(self.width * _TALLEST))}"

    @property
    def dot(self) -> float:
        """The radius of the click point: the same part of every width."""
        return round(self.width * 0.014, 1)


@dataclass(frozen=True)
class StepView:
    """A step with its number; `depth` is above 0 for a step within a step."""

    number: str
    result: Result
    depth: int = 0


def steps_of(attempt: Result) -> list[StepView]:
    """Every step of an attempt, those within steps right after theirs."""
    return list(_below(attempt, attempt, 0))


def _below(attempt: Result, parent: Result, depth: int) -> list[StepView]:
    found = []
    for child in parent.children:
        if child.kind in ("step", "cleanup"):
            found.append(StepView(number_of(child, attempt), child, depth))
            found += _below(attempt, child, depth + 1)
    return found


def panels_of(steps: list[StepView]) -> list[StepView]:
    """The steps a reader must look at, those that went wrong first."""
    return sorted((step for step in steps if is_notable(step.result)), key=lambda step: not step.result.outcome.is_bad)


def is_notable(step: Result) -> bool:
    """Whether a reader must look at this step: it gets a panel of its own."""
    attention = step.outcome.is_bad or step.outcome is Outcome.WARNED
    return attention or bool(step.warnings or step.mend or step.requests or any(seen.counts for seen in step.console))


def files_of(result: Result) -> list[Artifact]:
    """What is linked by name: everything that is not a picture."""
    return [artifact for artifact in result.artifacts if artifact.kind != "picture"]


def trace_command(artifact: Artifact) -> str:
    """What opens a trace, to be typed in the bundle's folder; empty for other files and withheld ones."""
    path = file_of(artifact)
    return f"playwright show-trace {shlex.quote(path)}" if artifact.kind == "trace" and path else ""


def href(path: str) -> str:
    """A path of the bundle as a relative link."""
    # A colon before the first slash would make a scheme of it.
    return f"./{quote(path)}"


def address(url: str) -> str:
    """A link out of the report; empty unless it is plain HTTP, since the address came from the app."""
    return url if re.match(r"https?://", url) else ""


def shortened(url: str) -> str:
    """An address without its host, which is the same for nearly every step."""
    return re.sub(r"^https?://[^/?#]*/?", "/", url)


def snippet(mend: Mend) -> str:
    """The target to paste; JSON is YAML."""
    return json.dumps(mend.instead, ensure_ascii=False)
