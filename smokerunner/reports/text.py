"""Plain text for any terminal or log: no colour, at most 100 columns, what is wrong first."""

from __future__ import annotations

import textwrap

from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.checks import bad_readings, own_warnings, sent_by, since_of, told_of
from smokerunner.reports.place import WITHIN, Place
from smokerunner.reports.wording import (
    blamed_step,
    blocked_by,
    by_attention,
    counted,
    diagnoses_of,
    done_of,
    duration,
    files_of,
    harmless,
    history_of,
    innermost,
    legible,
    moment,
    number_of,
    one_line,
    others_of,
    reason_of,
    release_of,
    source_of,
    title_of,
    told_once,
)

FILENAME = "summary.txt"
WIDTH = 100
PROOF = 6
"""Lines that are shown of each proof."""
READINGS = 8
"""Readings that are told of a bad check."""
FILES = ("text", "download", "traceback")
"""What a check may have kept."""
LABEL = 12
"""Columns of what stands before a text."""


def render(run: Run, place: Place = WITHIN) -> str:
    """The run as text, to be read from the top until one knows enough."""
    lines = [one_line(f"{run.verdict.upper()}: {run.app} on {run.environment} in {duration(run.seconds)}")]
    lines += _wrapped("", reason_of(run))
    lines += _wrapped("", counted(run))
    release = release_of(run.release)
    facts = [run.base_url, f"release {release}" if release else "", moment(run.started)]
    lines += [*_wrapped("", " · ".join(fact for fact in facts if fact)), ""]
    for result in others_of(run):
        if result.outcome is not Outcome.PASSED:
            lines += [_title(result), *_told(result), *_wrapped("blocks", blocked_by(run, result)), ""]
    for one in run.repeated:
        lines += _wrapped("repeated", f"{one.flow}: {one} good")
    lines += [""] if run.repeated else []
    flows = by_attention(run.flows)
    for flow in flows:
        if flow.outcome.is_bad:
            lines += [*failure(run, flow, place), ""]
    for check in by_attention(run.checks):
        if check.outcome.is_bad:
            lines += [*bad_check(run, check, place), ""]
    lines += _rows([flow for flow in flows if not flow.outcome.is_bad])
    lines += _rows([check for check in by_attention(run.checks) if not check.outcome.is_bad])
    lines += _wrapped("requests", f"{sent_by(run.checks)} sent by checks") if run.checks else []
    lines += _wrapped("evidence", place.folder or run.id)
    lines += _wrapped("open", place.path("report.html"))
    return "".join(f"{harmless(line)}\n" for line in lines)


def _title(result: Result) -> str:
    title = one_line(title_of(result))
    facts = [result.name, title if title != result.name else "", result.severity or "", duration(result.seconds)]
    return _cut(f"{result.outcome.upper():<{LABEL}}  {' · '.join(fact for fact in facts if fact)}")


def failure(run: Run, flow: Result, place: Place) -> list[str]:
    """A bad flow: why, where, since when, and its picture."""
    lines, found = [_title(flow)], diagnoses_of(flow)
    step, attempt = blamed_step(flow), flow.deciding
    message = (step.message if step is not None else "") or flow.message
    if found:
        first, message = told_once(found[0], message, step)
        lines += _why(first)
    if step is not None and attempt is not None:
        called = f"{number_of(step, attempt)}, {done_of(step)}"
        lines += _wrapped("step", f"{called}: {message}" if message else called)
        if innermost(step).url:
            lines += _wrapped("page", innermost(step).url)
    else:
        lines += [line for said in (message, *flow.warnings) for line in _wrapped("", said, indent=True)]
    lines += _wrapped("blocks", blocked_by(run, flow))
    if found[1:]:
        lines += _wrapped("or", "; ".join(item.title for item in found[1:3]))
    lines += _wrapped("since", history_of(flow, run.history.get(flow.flow_name)))
    file, number = source_of(flow)
    lines += _wrapped("flow file", f"{file}:{number}" if file else "")
    pictures = files_of(innermost(step), "picture") if step is not None else []
    lines += _wrapped("picture", place.path(pictures[0]) if pictures else "")
    return lines


def bad_check(run: Run, check: Result, place: Place) -> list[str]:
    """A bad check: what was seen, what would have been right, and since when."""
    lines, bad = [_title(check)], bad_readings(check)
    message, advice = told_of(check)
    lines += _wrapped("", message, indent=True)
    for reading in bad[:READINGS]:
        lines += _wrapped("seen", str(reading))
    lines += _wrapped("", f"and {len(bad) - READINGS} more", indent=True) if len(bad) > READINGS else []
    lines += _wrapped("what to do", advice)
    lines += _wrapped("to pass", check.criterion)
    lines += [line for warning in own_warnings(check) for line in _wrapped("warning", warning)]
    lines += _wrapped("since", since_of(run, check))
    lines += _wrapped("asked by", check.source)
    for path in files_of(check, *FILES):
        lines += _wrapped("file", place.path(path))
    return lines


def _why(found: Diagnosis) -> list[str]:
    lines = _wrapped("why", found.title)
    lines += _wrapped("", found.explanation, indent=True)
    for proof in found.proof:
        lines += _wrapped("proof", f"{proof.label}:")
        start = f"{'':{LABEL}}  | "
        said = [part for line in legible(proof.text).splitlines() for part in _filled(one_line(line), start, start)]
        lines += said[:PROOF]
        lines += [f"{start}…"] if len(said) > PROOF else []
    if found.mend is not None:
        lines += _wrapped("mend", f"{found.mend.instead} instead of {found.mend.found}")
    return lines


def _rows(results: list[Result]) -> list[str]:
    """What needs no more than a line, below each other."""
    width = min(max((len(result.name) for result in results), default=0), 30)
    lines = [line for result in results for line in _row(result, width)]
    return [*lines, ""] if lines else []


def _row(flow: Result, width: int) -> list[str]:
    time = "" if flow.outcome is Outcome.SKIPPED else duration(flow.seconds)
    lines = [_cut(f"{flow.outcome:<{LABEL}}  {flow.name:<{width}}  {time:>11}  {one_line(title_of(flow))}".rstrip())]
    warnings = own_warnings(flow) if flow.kind == "check" else flow.warnings
    for said in (flow.message, *warnings) if flow.outcome is not Outcome.PASSED else ():
        lines += _wrapped("", said, indent=True)
    return lines


def _told(result: Result) -> list[str]:
    return [line for said in (result.message, *result.warnings) for line in _wrapped("", said, indent=True)]


def _wrapped(label: str, text: str, *, indent: bool = False) -> list[str]:
    """A text in lines that fit, its own line breaks kept; nothing for no text."""
    first = f"{label:<{LABEL}}  " if label else " " * (LABEL + 2) if indent else ""
    lines: list[str] = []
    for line in legible(text).splitlines():
        flat = one_line(line)
        if flat:
            start = first if not lines else " " * len(first)
            lines += _filled(flat, start, " " * len(first))
    return lines


def _filled(text: str, first: str, others: str) -> list[str]:
    """A text in lines; a path or an address is not cut in two, for then it could be neither clicked nor copied."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
