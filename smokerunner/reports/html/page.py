"""The page: what the template is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from smokerunner.model.flow import Severity
from smokerunner.model.outcome import Outcome
from smokerunner.model.rendering import Read
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports import checks, vitals, wording
from smokerunner.reports.html import differing, seen, shots, steps, view
from smokerunner.reports.html.assets import TEMPLATES, assets
from smokerunner.reports.html.causes import causes_of
from smokerunner.reports.html.spending import spending_of
from smokerunner.reports.html.timeline import timeline_of

GROUPS = (
    ("broke", "What broke", (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE)),
    ("look", "Worth a look", (Outcome.WARNED,)),
    ("passed", "Passed", (Outcome.PASSED,)),
    ("untried", "Not tried", (Outcome.SKIPPED,)),
)
"""The parts of the page that list flows, the worst first."""
_MOST_GOOD = 8
"""Readings of a check that passed which are shown without a click, once it is opened."""
_WARNED_OPEN = 3
"""So many warned flows whose pictures differ stand open; with more of them the first are enough to judge by."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled_before(),
    )
    environment.globals |= {
        "icons": view.ICONS,
        "trace_command": view.trace_command,
        "vital_names": [(vitals.NAMES[key], meaning) for key, meaning in vitals.MEANINGS.items()],
        "vital_tones": view.RATINGS,
        "most_good": _MOST_GOOD,
        "after_of": shots.after_of,
        "before_of": shots.before_of,
        "said_of": differing.said_of,
        "is_another_page": differing.is_another_page,
    }
    environment.filters |= {
        "sentence": view.sentence,
        "bad_readings": checks.bad_readings,
        "good_readings": checks.good_readings,
        "told": checks.told_of,
        "gist": checks.gist_of,
        "within": checks.within,
        "own_warnings": checks.own_warnings,
        "words": checks.words_of,
        "duration": wording.duration,
        "moment": wording.moment,
        "title_of": wording.title_of,
        "href": view.href,
        "address": view.address,
        "shortened": wording.shortened,
        "short": view.short,
        "snippet": view.snippet,
        "share": differing.share_of,
        "told_warnings": differing.warnings_of,
        "files": view.files_of,
        "vital_pages": vitals.pages_of,
        "vital_summary": vitals.summary_of,
        "file_title": view.file_title,
        "steps": steps.steps_of,
        "notable": steps.is_notable,
        "panels": steps.panels_of,
        "story": steps.story_of,
        "looks": shots.looks_of,
        "reaches_below": shots.reaches_below,
        "detail": shots.detail_of,
        "cut": shots.cut_of,
        "strip": shots.strip_shots,
        "seen": seen.seen_of,
    }
    return environment


def _compiled_before() -> FileSystemBytecodeCache | None:
    """Where compiled templates lie: beside their texts, as Python does it with modules, or nowhere."""
    folder = Path(sys.pycache_prefix, *TEMPLATES.parts[1:]) if sys.pycache_prefix else TEMPLATES / "__pycache__"
    if sys.dont_write_bytecode:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        # An installation that is not ours to write to; each process compiles for itself.
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def prepare() -> None:
    """Load the templates now, for whoever has time before the page is wanted."""
    _environment().get_template("report.html")


def page(run: Run, read: Read) -> str:
    """The page of a run; `read` gives the small pictures that it holds itself."""
    frame = shots.Frame.of(run)
    flows = wording.by_attention(run.flows)
    others = wording.others_of(run)
    ratios = {other.name: (other.ratio, other.width) for other in shots.Frame.others(run)}
    pictured = bool(run.flows) or not run.checks
    served = assets(frame.ratio, ratios, profiled=run.profile is not None, checked=bool(run.checks), pictured=pictured)
    broken = [check for check in wording.by_attention(run.checks) if check.outcome.is_bad]
    asked = [check for check in run.checks if check.outcome is not Outcome.SKIPPED]
    both = (*run.flows, *run.checks)
    text = (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            verdict=view.tone_of(run),
            reason=wording.reason_of(run),
            release=wording.release_of(run.release),
            causes=causes_of(run, [*others, *flows, *wording.by_attention(run.checks)]),
            groups=[
                (key, title, [flow for flow in flows if flow.outcome in outcomes]) for key, title, outcomes in GROUPS
            ],
            opened=_opened(flows),
            others=others,
            attention=wording.ATTENTION,
            severities=_severities(both),
            tags=_tags(run),
            nouns=wording.nouns_of(run),
            noun=wording.nouns_of(run, "{}", " or "),
            pictured=pictured,
            broken_checks=broken,
            checks_lead=bool(broken) and not any(flow.outcome.is_bad for flow in flows),
            families=checks.families_of(asked),
            unasked=[check for check in run.checks if check.outcome is Outcome.SKIPPED],
            sent=checks.sent_by(run.checks),
            histories={flow.name: wording.history_of(flow, run.history.get(flow.flow_name)) for flow in run.flows}
            | {check.name: checks.since_of(run, check) for check in run.checks},
            medians={name: past.median_seconds for name, past in run.history.items() if past.median_seconds},
            frame=frame,
            small=shots.inlined(read, flows),
            timeline=timeline_of(run),
            spending=spending_of(run),
            served=served,
        )
    )
    return wording.legible(text)


def _opened(flows: list[Result]) -> set[str]:
    """The ids of the flows whose card stands open."""
    warned = [flow for flow in flows if flow.outcome is Outcome.WARNED and any(map(differing.differs, flow.walk()))]
    return {flow.id for flow in (*(flow for flow in flows if flow.outcome.is_bad), *warned[:_WARNED_OPEN])}


def _tags(run: Run) -> list[str]:
    """All tags, and the families of checks, which can be chosen as tags can."""
    words = [tag for flow in run.flows for tag in flow.tags]
    words += [word for check in run.checks for word in checks.words_of(check)]
    return list(dict.fromkeys(words))


def _severities(results: Sequence[Result]) -> list[str]:
    used = {result.severity for result in results}
    return [severity.value for severity in Severity if severity in used]
