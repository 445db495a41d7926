"""A summary for a pull request, a release or a chat: the verdict first, and short."""

from __future__ import annotations

import re
from urllib.parse import quote

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.wording import (
    blamed_step,
    by_attention,
    counted,
    duration,
    file_of,
    history_of,
    legible,
    moment,
    number_of,
    others_of,
    release_of,
    title_of,
)

FILENAME = "summary.md"
LONGEST = 300
"""Characters of a message that are shown; the rest is in the report."""
MOST = 50
"""Flows that are listed; a comment that is too long is refused by those who would show it."""

_MARKS = {"go": "✅", "roll back": "❌", "cannot tell": "❔"}
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]#|~!])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def render(run: Run) -> str:
    """The run in GitHub's Markdown; every text of the app is escaped."""
    lines = [
        f"# {_MARKS[run.verdict]} {run.verdict.capitalize()}: {escape(run.app)} on {escape(run.environment)}",
        "",
        f"**{counted(run)}** in {duration(run.seconds)}{', interrupted' if run.interrupted else ''}.",
        "",
        *_facts(run),
    ]
    notes = [result for result in others_of(run) if result.outcome.is_bad or result.outcome is Outcome.WARNED]
    lines += [f"- **{result.outcome}** {escape(title_of(result))}: {_told(result.message)}" for result in notes]
    lines += [""] if notes else []
    flows = by_attention(run.flows)
    if flows:
        lines += ["| Outcome | Flow | Severity | Time | Reason |", "|---|---|---|--:|---|"]
        lines += [_row(flow) for flow in flows[:MOST]]
        lines += [f"| … | {len(flows) - MOST} more in report.html | | | |"] if len(flows) > MOST else []
        lines += [""]
    for flow in flows[:MOST]:
        if flow.outcome.is_bad:
            lines += _failure(run, flow)
    return "\n".join(lines)


def escape(text: str) -> str:
    """Text that shows as it is in Markdown, in a table too, on one line."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in legible(text)).split())
    return _PUNCTUATION.sub(r"\\\1", re.sub("[&<>]", lambda found: _ENTITIES[found[0]], flat))


def _facts(run: Run) -> list[str]:
    release = release_of(run.release)
    facts = [
        f"Address: {escape(run.base_url)}" if run.base_url else "",
        f"Release: {escape(release)}" if release else "",
        f"Started: {moment(run.started)}",
        f"Run: {escape(run.id)}",
    ]
    return [*(f"- {fact}" for fact in facts if fact), ""]


def _row(flow: Result) -> str:
    reason = flow.message or "; ".join(flow.warnings)
    severity = flow.severity or ""
    time = "" if flow.outcome is Outcome.SKIPPED else duration(flow.seconds)
    return f"| {flow.outcome} | {escape(flow.name)} | {severity} | {time} | {_told(reason)} |"


def _failure(run: Run, flow: Result) -> list[str]:
    lines = [f"## {flow.outcome.capitalize()}: {escape(title_of(flow))}", ""]
    step, attempt = blamed_step(flow), flow.deciding
    if step and attempt:
        lines += [
            f"Step {number_of(step, attempt)}, {escape(title_of(step))}: {_told(step.message or flow.message)}",
            "",
        ]
        picture = file_of(step.picture) if step.picture else None
        lines += [f"![step {number_of(step, attempt)}](<{quote(picture)}>)", ""] if picture else []
    else:
        lines += [_told(flow.message), ""]
    history = history_of(flow, run.history.get(flow.name))
    return [*lines, escape(history), ""] if history else lines


def _told(message: str) -> str:
    return escape(message if len(message) <= LONGEST else f"{message[:LONGEST]}…")
