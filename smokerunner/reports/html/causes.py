"""What broke, in a line each: flows that share a cause share its line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from smokerunner.model.flow import Severity
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.checks import bad_readings, told_of, within
from smokerunner.reports.html.steps import story_of
from smokerunner.reports.wording import held_up, moment

_SHOWN = 200


@record
class Cause:
    """A cause and the results that it broke; `id` is empty where nothing was diagnosed."""

    id: str
    title: str
    severity: Severity | None
    since: str
    results: tuple[Result, ...]
    blocked: int = 0
    """How many flows and checks were skipped because of it."""
    held_up: str = ""
    """The same in words."""


def causes_of(run: Run, results: list[Result]) -> list[Cause]:
    """The first cause of every bad result: what concerns the run, then the severest, then what held up most flows."""
    found: dict[tuple[str, str], Cause] = {}
    for result in results:
        if not result.outcome.is_bad:
            continue
        finding = next(iter(story_of(result).findings), None)
        said = finding.title if finding else _first_line(result, run.base_url)
        severity = finding.severity if finding else result.severity
        key = (finding.id if finding else "", said)
        known = found.get(key)
        together = (*known.results, result) if known else (result,)
        found[key] = Cause(*key, known.severity if known else severity, _since(run, together), together)
    skipped = Counter(one.root for one in (*run.flows, *run.checks) if one.outcome is Outcome.SKIPPED)
    causes = [
        replace(each, blocked=sum(skipped[one.name] for one in each.results), held_up=held_up(run, *each.results))
        for each in found.values()
    ]
    return sorted(causes, key=_urgency)


def _urgency(cause: Cause) -> tuple[bool, int, int]:
    ranks = list(Severity)
    rank = ranks.index(cause.severity) if cause.severity else len(ranks)
    return all(result.kind in ("flow", "check") for result in cause.results), rank, -cause.blocked


def _since(run: Run, results: tuple[Result, ...]) -> str:
    """Since when the first of these fails, as far as history knows."""
    pasts = [past for past in (run.history.get(result.flow_name) for result in results) if past is not None]
    failing = [past for past in pasts if past.failing_since_at]
    if failing:
        first = min(failing, key=lambda past: past.failing_since_at or run.ended)
        release = f" (release {first.failing_since_release})" if first.failing_since_release else ""
        return f"since {moment(first.failing_since_at or run.ended)}{release}"
    return "new in this run" if any(past.last_passed_run for past in pasts) else ""


def _first_line(result: Result, base: str) -> str:
    message = result.message
    bad = bad_readings(result)
    if bad and not told_of(result)[0]:
        # All are told below, with what would have been right; nearly all are of the app's own host.
        message = f"{within(bad[0].what, base)}: {bad[0].seen}" + (f", and {len(bad) - 1} more" if bad[1:] else "")
    line = next(iter(message.splitlines()), "") or f"{result.title or result.name}: {result.outcome}"
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
