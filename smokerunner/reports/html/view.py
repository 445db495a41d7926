"""Small things that the templates ask for, decided here so that they only lay them out."""

from __future__ import annotations

import json
import re
import shlex
from urllib.parse import quote

from smokerunner.model.mending import Mend
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import PICTURES, TITLES, Artifact, Result
from smokerunner.model.run import Run
from smokerunner.model.vitals import Rating
from smokerunner.reports.wording import file_of

ICONS = {
    Outcome.PASSED: "✓",
    Outcome.WARNED: "!",
    Outcome.INCONCLUSIVE: "?",
    Outcome.ERROR: "⊘",
    Outcome.FAILED: "✕",
    Outcome.SKIPPED: "–",
}
RATINGS: dict[Rating, Outcome] = {
    "good": Outcome.PASSED,
    "needs improvement": Outcome.WARNED,
    "poor": Outcome.FAILED,
}
"""The outcome whose colour and sign a web vital's rating has."""
_TONES = {"go": "passed", "roll back": "failed", "cannot tell": "inconclusive"}

_SHOWN_ELSEWHERE = PICTURES - {"sheet", "animation"}


def tone_of(run: Run) -> str:
    """The colour of the verdict, which is that of an outcome; a go that asks for a look is not green."""
    tone = _TONES[run.verdict]
    return "warned" if tone == "passed" and run.outcome is Outcome.WARNED else tone


def files_of(result: Result) -> list[Artifact]:
    """What is linked by name: everything that is not shown as a picture of a step."""
    return [artifact for artifact in result.artifacts if artifact.kind not in _SHOWN_ELSEWHERE]


def file_title(artifact: Artifact) -> str:
    """What a linked file is called."""
    if artifact.kind == "download" and artifact.title:
        return f"Downloaded {artifact.title}"
    return artifact.title or TITLES.get(artifact.kind, artifact.kind)


def trace_command(artifact: Artifact) -> str:
    """What opens a trace, to be typed in the bundle's folder; empty for other files and withheld ones."""
    path = file_of(artifact)
    return f"playwright show-trace {shlex.quote(path)}" if artifact.kind == "trace" and path else ""


def sentence(text: str) -> str:
    """A text that begins with a large letter and ends with a full stop."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else ""


def href(path: str) -> str:
    """A path of the bundle as a relative link."""
    # A colon before the first slash would make a scheme of it.
    return f"./{quote(path)}"


def address(url: str) -> str:
    """A link out of the report; empty unless it is plain HTTP, since the address came from the app."""
    return url if re.match(r"https?://", url) else ""


def snippet(mend: Mend) -> str:
    """The target to paste; JSON is YAML."""
    return json.dumps(mend.instead, ensure_ascii=False)


def short(number: float) -> str:
    """A number of pixels to a tenth, without a tail of zeros."""
    return f"{number:.1f}".removesuffix(".0")
