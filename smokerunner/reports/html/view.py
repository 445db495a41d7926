"""Small things that the templates ask for, decided here so that they only lay them out."""

from __future__ import annotations

import json
import re
import shlex
from urllib.parse import quote, urlsplit

from smokerunner.model.mending import Mend
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import PICTURES, Artifact, Result
from smokerunner.reports.wording import file_of

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

FILES = {
    "trace": "Trace",
    "console": "Console",
    "network": "Network",
    "traceback": "Traceback of smokerunner",
    "download": "Download",
    "text": "Text",
    "sheet": "All steps on one picture",
    "animation": "Animation",
}
"""What a file is called when it has no title of its own."""
_SHOWN_ELSEWHERE = PICTURES - {"sheet", "animation"}


def files_of(result: Result) -> list[Artifact]:
    """What is linked by name: everything that is not shown as a picture of a step."""
    return [artifact for artifact in result.artifacts if artifact.kind not in _SHOWN_ELSEWHERE]


def file_title(artifact: Artifact) -> str:
    """What a linked file is called."""
    return artifact.title or FILES.get(artifact.kind, artifact.kind)


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


def shortened(url: str, base: str) -> str:
    """An address without its host where that is the app's own, as for nearly every step."""
    origin, wanted = _origin(url), _origin(base)
    return url[len(origin) :] or "/" if origin and origin.casefold() == wanted.casefold() else url


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def snippet(mend: Mend) -> str:
    """The target to paste; JSON is YAML."""
    return json.dumps(mend.instead, ensure_ascii=False)


def short(number: float) -> str:
    """A number of pixels to a tenth, without a tail of zeros."""
    return f"{number:.1f}".removesuffix(".0")


def per_cent(part: float) -> str:
    """A part of a picture in words: `0.4 %`; never 0 for something."""
    return "less than 0.1 %" if 0 < part < 0.001 else f"{part * 100:.1f} %"
