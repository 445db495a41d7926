"""Annotations for GitHub Actions: what went wrong, beside the step's line in the flow file."""

from __future__ import annotations

from collections.abc import Iterator

from smokerunner.model.number import counted as number_of_things
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.checks import bad_readings, own_warnings, since_of, told_of
from smokerunner.reports.place import WITHIN, Place
from smokerunner.reports.wording import (
    beside,
    blamed_step,
    blocked_by,
    by_attention,
    diagnoses_of,
    done_of,
    files_of,
    harmless,
    history_of,
    innermost,
    legible,
    number_of,
    others_of,
    reason_of,
    repeats,
    source_of,
    title_of,
)

FILENAME = "annotations.txt"
MOST = 10
"""Annotations of one level that GitHub shows of a step; the last one says how many more there are."""
LONGEST = 3000
"""Characters of a message."""

_LEVELS = {
    Outcome.FAILED: "error",
    Outcome.ERROR: "error",
    Outcome.INCONCLUSIVE: "warning",
    Outcome.WARNED: "warning",
    Outcome.SKIPPED: "notice",
}


@record
class _Annotation:
    level: str
    title: str
    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """A workflow command; whatever the app says, it is one line and one command."""
        properties = {"file": self.file, "line": str(self.line) if self.line else "", "title": self.title}
        said = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
        return f"::{self.level} {said}::{_data(self.message)}"


def render(run: Run, place: Place = WITHIN) -> str:
    """One workflow command a line: for what is not passed, worst first, and the verdict as a notice."""
    ranked = (*others_of(run), *by_attention((*run.flows, *run.checks)))
    found = [_of(run, result, place) for result in ranked if _counts(result)]
    head = f"{run.verdict}: {run.app} on {run.environment}"
    verdict = _Annotation("notice", head, f"{reason_of(run)}\nEvidence: {place.folder or run.id}")
    return "".join(f"{annotation}\n" for annotation in (*_fitting(found, "error"), *_fitting(found, "warning"), verdict,
                                                         *_fitting(found, "notice", MOST - 1)))  # fmt: skip


def _counts(result: Result) -> bool:
    return result.outcome in _LEVELS


def _fitting(found: list[_Annotation], level: str, most: int = MOST) -> Iterator[_Annotation]:
    of_level = [annotation for annotation in found if annotation.level == level]
    if len(of_level) <= most:
        yield from of_level
        return
    yield from of_level[: most - 1]
    rest = of_level[most - 1 :]
    names = "\n".join(annotation.title for annotation in rest)
    yield _Annotation(level, f"{number_of_things(len(rest), 'more ' + level)} in the report", names)


def _of(run: Run, result: Result, place: Place) -> _Annotation:
    return _of_check(run, result) if result.kind == "check" else _of_flow(run, result, place)


def _of_check(run: Run, check: Result) -> _Annotation:
    """A check: its question in the title, for its id alone tells little, and what it saw."""
    message, advice = told_of(check)
    lines = [message, *map(str, bad_readings(check)), f"What to do: {advice}" if advice else ""]
    lines += own_warnings(check)
    lines += [f"To pass: {check.criterion}"] if check.criterion and check.outcome.is_bad else []
    lines += [f"Severity: {check.severity}"] if check.severity and check.outcome.is_bad else []
    lines.append(since_of(run, check))
    said = "\n".join(line for line in lines if line) or f"{check.name} is {check.outcome}"
    title = f"{check.name} {check.outcome}" + (f": {check.title}" if check.title else "")
    return _Annotation(_LEVELS[check.outcome], title, said, *source_of(check))


def _of_flow(run: Run, result: Result, place: Place) -> _Annotation:
    file, line = source_of(result)
    found = diagnoses_of(result)
    step, attempt = blamed_step(result), result.deciding
    name = result.name if result.kind == "flow" else title_of(result)
    lines, message = [], (step.message if step is not None else "") or result.message
    title = f"{name} {result.outcome}" + (f": {found[0].title}" if found else "")
    if found:
        lines += [found[0].explanation]
        lines += [f"{proof.label}: {proof.text}" for proof in beside(found[0], message).proof]
        # The title stands right above; a message that says no more than it does is not said again.
        message = "" if repeats(message, found[0].title) else message
    if step is not None and attempt is not None:
        called = f"Step {number_of(step, attempt)}, {done_of(step)}"
        lines.append(f"{called}: {message}" if message else called)
    else:
        lines.append(message)
    lines.append(blocked_by(run, result))
    lines += result.warnings
    if result.kind == "flow":
        lines.append(history_of(result, run.history.get(result.flow_name)))
    pictures = files_of(innermost(step), "picture") if step is not None else []
    lines += [f"Picture: {place.path(path)}" for path in pictures[:1]]
    said = "\n".join(line for line in lines if line) or f"{name} is {result.outcome}"
    return _Annotation(_LEVELS[result.outcome], title, said, file, line)


def _data(text: str) -> str:
    """A message: GitHub ends a command at the end of its line."""
    text = legible(text)
    text = harmless(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
    for sign, instead in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(sign, instead)
    # Other signs that end a line for some readers.
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
