"""A summary for a pull request, a job's page or a chat: the verdict first, and short."""

from __future__ import annotations

import re

from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.number import counted as number_of_things
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.checks import (
    Family,
    bad_readings,
    families_of,
    own_warnings,
    sent_by,
    since_of,
    told_of,
)
from smokerunner.reports.place import WITHIN, Place
from smokerunner.reports.vitals import pages_of
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
    release_of,
    shortened,
    title_of,
    told_once,
)

FILENAME = "summary.md"
LONGEST = 300
"""Characters of a message that are shown; the rest is in the report."""
MOST = 50
"""Flows that are listed; a comment that is too long is refused by those who would show it."""
ROOM = 60_000
"""Characters, a little under what GitHub takes for a comment. Failures that do not fit are only counted."""
READINGS = 10
"""Readings that are shown of each check."""
PROOF = (8, 160)
"""Lines and columns that are shown of each proof."""

_MARKS = {"go": "✅", "roll back": "❌", "cannot tell": "❔"}
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]#|~!])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MENTION = re.compile(r"(?<![\w@])@(?=\w)")


def render(run: Run, place: Place = WITHIN) -> str:
    """The run in GitHub's Markdown; every text of the app is escaped."""
    lines = [
        f"# {_MARKS[run.verdict]} {run.verdict.capitalize()}: {escape(run.app)} on {escape(run.environment)}",
        "",
        f"**{counted(run)}** in {duration(run.seconds)}{', interrupted' if run.interrupted else ''}.",
        "",
        *_facts(run, place),
    ]
    notes = [result for result in others_of(run) if result.outcome.is_bad or result.outcome is Outcome.WARNED]
    for result in notes:
        lines += [f"**{result.outcome.capitalize()}** {escape(title_of(result))}: {_reason(result)}", ""]
        blocked = blocked_by(run, result)
        lines += [blocked, ""] if blocked else []
    if run.repeated:
        lines += ["| Flow | Good |", "|---|--:|"]
        lines += [f"| {escape(one.flow)} | {one} |" for one in run.repeated]
        lines += [""]
    flows = by_attention(run.flows)
    if flows:
        lines += ["| Outcome | Flow | Severity | Time | Reason |", "|---|---|---|--:|---|"]
        lines += [_row(flow) for flow in flows[:MOST]]
        lines += [f"| … | {len(flows) - MOST} more in report.html | | | |"] if len(flows) > MOST else []
        lines += [""]
    lines += _checks(run)
    told = [flow for flow in flows[:MOST] if flow.outcome.is_bad or _differing(flow)]
    lines += _fitting(lines, [_told_flow(run, flow, place) for flow in told], "flows")
    bad = [check for check in by_attention(run.checks)[:MOST] if check.outcome.is_bad]
    lines += _fitting(lines, [_check(run, check) for check in bad], "checks")
    return "\n".join(lines)


def _fitting(lines: list[str], sections: list[list[str]], what: str) -> list[str]:
    """The sections that there is room for after these lines, and how many there is none for."""
    found: list[str] = []
    for index, section in enumerate(sections):
        if sum(map(len, lines)) + sum(map(len, found)) + sum(map(len, section)) > ROOM:
            return [*found, f"{len(sections) - index} more {what} to look at are told in report.html.", ""]
        found += section
    return found


def _told_flow(run: Run, flow: Result, place: Place) -> list[str]:
    return _failure(run, flow, place) if flow.outcome.is_bad else _difference(flow, place)


def _checks(run: Run) -> list[str]:
    """What did not pass in a table; of the rest only how many there are, which is what one wants to know."""
    if not run.checks:
        return []
    ranked = [check for check in by_attention(run.checks) if check.outcome is not Outcome.PASSED]
    lines = []
    if ranked:
        lines += ["| Outcome | Check | Severity | Time | Reason |", "|---|---|---|--:|---|"]
        lines += [_row(check) for check in ranked[:MOST]]
        lines += [f"| … | {len(ranked) - MOST} more in report.html | | | |"] if len(ranked) > MOST else []
        lines += [""]
    passed = [_passed(family) for family in families_of(run.checks)]
    said = f"Checks passed: {', '.join(filter(None, passed)) or 'none'}."
    return [*lines, f"{said} {number_of_things(sent_by(run.checks), 'request')} sent.", ""]


def _passed(family: Family) -> str:
    """`TLS 4 of 5`; nothing where none did."""
    number = sum(check.outcome is Outcome.PASSED for check in family.checks)
    return f"{escape(family.title)} {number} of {len(family.checks)}" if number else ""


def _check(run: Run, check: Result) -> list[str]:
    """A bad check: what was seen, what would have been right, since when."""
    bad, (message, advice) = bad_readings(check), told_of(check)
    lines = [f"## {check.outcome.capitalize()}: {escape(title_of(check))} ({escape(check.name)})", ""]
    lines += [_told(message), ""] if message else []
    if bad:
        lines += ["| Looked at | Seen | Wanted |", "|---|---|---|"]
        lines += [f"| {_told(one.what)} | {_told(one.seen)} | {_told(one.wanted)} |" for one in bad[:READINGS]]
        lines += [f"| … | {len(bad) - READINGS} more in report.html | |"] if len(bad) > READINGS else []
        lines += [""]
    lines += [f"What to do: {_told(advice)}", ""] if advice else []
    lines += [f"To pass: {escape(check.criterion)}", ""] if check.criterion else []
    lines += [f"Warning: {_told(warning)}\n" for warning in own_warnings(check)]
    history = since_of(run, check)
    facts = [history, f"Asked by {check.source}." if check.source else ""]
    told = " ".join(escape(fact) for fact in facts if fact)
    return [*lines, told, ""] if told else lines


def escape(text: str) -> str:
    """Text that shows as it is in Markdown, in a table too, on one line; `@name` calls nobody."""
    flat = re.sub("[&<>]", lambda found: _ENTITIES[found[0]], one_line(text))
    return _MENTION.sub("@\u200b", harmless(_PUNCTUATION.sub(r"\\\1", flat)))


def _facts(run: Run, place: Place) -> list[str]:
    release = release_of(run.release)
    page = place.link("report.html")
    facts = [
        f"Address: {escape(run.base_url)}" if run.base_url else "",
        f"Release: {escape(release)}" if release else "",
        f"Started: {moment(run.started)}",
        f"Run: {escape(run.id)}",
        _vitals(run),
        f"Report: [report.html](<{page}>)" if page else f"Report: {_code(place.path('report.html'))}",
    ]
    return [*(f"- {fact}" for fact in facts if fact), ""]


def _vitals(run: Run) -> str:
    """The page with the worst web vitals, whatever they are."""
    pages = [(page, flow) for flow in run.flows for page in pages_of(flow)]
    if not pages:
        return ""
    page, flow = max(pages, key=lambda pair: pair[0].badness)
    said = ", ".join(str(measure) for measure in page.measures if measure.rating)
    where = shortened(page.vitals.url, run.base_url)
    return f"Worst web vitals: {escape(where)} in {escape(flow.name)}, {said} (one visit, this machine)"


def _row(flow: Result) -> str:
    severity = flow.severity or ""
    # A number and its unit stay together in a narrow column.
    time = "" if flow.outcome is Outcome.SKIPPED else duration(flow.seconds).replace(" ", "&nbsp;")
    return f"| {flow.outcome} | {escape(flow.name)} | {severity} | {time} | {_reason(flow)} |"


def _reason(result: Result) -> str:
    found = diagnoses_of(result)
    return _told(found[0].title if found else result.message or "; ".join(result.warnings))


def _failure(run: Run, flow: Result, place: Place) -> list[str]:
    lines = [f"## {flow.outcome.capitalize()}: {escape(title_of(flow))}", ""]
    found = diagnoses_of(flow)
    step, attempt = blamed_step(flow), flow.deciding
    message = (step.message if step is not None else "") or flow.message
    if found:
        first, message = told_once(found[0], message, step)
        lines += _why(first)
    if step and attempt:
        number = number_of(step, attempt)
        lines += [f"Step {number}, {escape(done_of(step))}" + (f": {_told(message)}" if message else ""), ""]
        lines += _picture(innermost(step), number, place)
    elif message:
        lines += [_told(message), ""]
    blocked = blocked_by(run, flow)
    lines += [blocked, ""] if blocked else []
    lines += [f"Perhaps also: {'; '.join(escape(item.title) for item in found[1:3])}", ""] if found[1:] else []
    history = history_of(flow, run.history.get(flow.flow_name))
    lines += [escape(history), ""] if history else []
    return lines + _more(flow, place)


def _why(found: Diagnosis) -> list[str]:
    explanation = f" {escape(found.explanation)}" if found.explanation else ""
    lines = [f"**{escape(found.title)}.**{explanation} ({escape(found.id)}, {found.severity})", ""]
    for proof in found.proof:
        lines += [f"{escape(proof.label)}:", "", *_fenced(proof.text), ""]
    if found.mend is not None:
        lines += [f"Mend: instead of {escape(found.mend.found)}", "", *_fenced(str(found.mend.instead)), ""]
    return lines


def _difference(flow: Result, place: Place) -> list[str]:
    """A flow that passed and looks different."""
    lines = [f"## Look: {escape(title_of(flow))}", ""]
    for step in _differing(flow):
        assert step.comparison is not None
        attempt = flow.deciding
        number = number_of(step, attempt) if attempt is not None else step.name
        said = step.comparison.message or f"{step.comparison.changed:.1%} of the picture differ"
        lines += [f"Step {number}, {escape(done_of(step))}: {_told(said)}", ""]
        lines += _picture(step, number, place)
    return lines + _more(flow, place)


def _differing(flow: Result) -> list[Result]:
    """The steps that look different from what was approved."""
    return [
        step
        for step in flow.walk()
        if step.comparison and step.comparison.verdict == "differs" and step.comparison.against == "reference"
    ]


def _picture(step: Result, number: str, place: Place) -> list[str]:
    """The small picture as a link to the whole one; where neither can be seen, the path of the whole one."""
    whole = files_of(step, "picture")
    # Of a step that passed, what looks different is the news.
    news = [] if step.outcome.is_bad else files_of(step, "difference")
    small = [*news, *files_of(step, "thumbnail"), *whole][:1]
    if not small:
        return []
    target, shown = place.link((whole or small)[0]), place.link(small[0])
    if target is None or shown is None:
        return [f"Picture: {_code(place.path((whole or small)[0]))}", ""]
    return [f"[![step {number}](<{shown}>)](<{target}>)" if shown != target else f"![step {number}](<{shown}>)", ""]


def _more(flow: Result, place: Place) -> list[str]:
    """All pictures of the flow on one sheet, and in motion."""
    told = []
    for result in (flow, *((flow.deciding,) if flow.deciding is not None else ())):
        for kind, words in (("sheet", "all steps on one sheet"), ("animation", "all steps in motion")):
            for path in files_of(result, kind)[:1]:
                link = place.link(path)
                told.append(f"[{words}](<{link}>)" if link else f"{words}: {_code(place.path(path))}")
    return [" · ".join(dict.fromkeys(told)), ""] if told else []


def _fenced(text: str) -> list[str]:
    """Lines shown as they are, in a fence that nothing inside can end."""
    most, width = PROOF
    lines = harmless(legible(text)).splitlines() or [""]
    shown = [line if len(line) <= width else f"{line[:width]}…" for line in lines[:most]]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *shown, *(["…"] if len(lines) > most else []), fence]


def _code(text: str) -> str:
    """A path within a line, as it is."""
    return f"`{one_line(text).replace('`', '´')}`"


def _told(message: str) -> str:
    return escape(message if len(message) <= LONGEST else f"{message[:LONGEST]}…")
