"""From results to their causes: which step decided, what is asked about it, and in which order it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smokerunner.diagnosis.case import Case, Setting
from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.flow import Severity
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run

if TYPE_CHECKING:
    from smokerunner.diagnosis.cause import Cause, Finding

_MOST = 4
"""Diagnoses of one result: the first is the likeliest, the rest are there to be thought of."""
_FAR = 35
_WEAKEST_OF_WARNED = 60
_KINDS = ("flow", "release", "reach")
"""What causes know about. A check names its own: what was seen, what would have been right, and what to do."""


def diagnose(result: Result, setting: Setting) -> tuple[Diagnosis, ...]:
    """Why a flow, the release or the app's reach is not good; the likeliest first. Nothing when it passed."""
    if result.kind not in _KINDS or result.outcome in (Outcome.PASSED, Outcome.SKIPPED):
        return ()
    if result.outcome is Outcome.WARNED:
        return _of_warned(result, setting)
    return _told(_case(result, setting), failed=True)


def diagnosed(run: Run) -> Run:
    """The run with the diagnoses of all its results made anew."""
    setting = setting_of(run)
    return run.model_copy(
        update={
            "results": tuple(
                result.model_copy(update={"diagnoses": diagnose(result, setting)}) for result in run.results
            )
        }
    )


def other_causes(before: Run, after: Run) -> tuple[str, ...]:
    """Which results have another first cause than before, a line each: `login: server-error, before text-differs`."""
    pairs = zip(before.results, after.results, strict=True)
    return tuple(
        f"{new.name}: {_first_id(new)}, before {_first_id(old)}"
        for old, new in pairs
        if _first_id(old) != _first_id(new)
    )


def _first_id(result: Result) -> str:
    return result.diagnoses[0].id if result.diagnoses else "no cause"


def setting_of(run: Run) -> Setting:
    """What causes may know of a run."""
    return Setting(run.app, run.environment, run.base_url, run.release)


def _of_warned(flow: Result, setting: Setting) -> tuple[Diagnosis, ...]:
    """What a flow that went through is warned about, where a cause can be named."""
    found: dict[str, Diagnosis] = {}
    for attempt in flow.attempts:
        if attempt.outcome.is_bad:
            found |= {one.id: one for one in _told(_case_in(flow, attempt, setting), failed=False)}
    steps = list(_leaves(flow.deciding.steps if flow.deciding is not None else ()))
    for index, step in enumerate(steps):
        if step.outcome is Outcome.WARNED:
            case = Case(setting, flow, step, tuple(steps[:index]))
            for one in _told(case, failed=False, least=_WEAKEST_OF_WARNED):
                found.setdefault(one.id, one)
    return tuple(found.values())[:_MOST]


def _case(result: Result, setting: Setting) -> Case:
    return _case_in(result, result.deciding, setting) if result.deciding is not None else Case(setting, result, result)


def _case_in(flow: Result, attempt: Result, setting: Setting) -> Case:
    steps = list(_leaves(attempt.steps))
    bad = next((index for index, step in enumerate(steps) if step.outcome.is_bad), None)
    if bad is None:
        return Case(setting, flow, attempt, tuple(steps))
    return Case(setting, flow, steps[bad], tuple(steps[:bad]))


def _leaves(steps: tuple[Result, ...]) -> Iterator[Result]:
    """Steps in the order in which they ended, each inner one before the outer, skipped ones left out."""
    for step in steps:
        yield from _leaves(step.steps)
        if step.outcome is not Outcome.SKIPPED:
            yield step


def _told(case: Case, *, failed: bool, least: int = 0) -> tuple[Diagnosis, ...]:
    # Fifty files, which a run that passed never needs.
    from smokerunner.diagnosis.catalogue import CAUSES

    findings = [(cause, finding) for cause in CAUSES if (finding := cause.look(case)) is not None]
    findings = [pair for pair in findings if pair[1].strength >= least]
    findings.sort(key=lambda pair: -pair[1].strength)
    # What is far weaker than the likeliest only says the same with fewer words.
    told = [pair for pair in findings if pair[1].strength >= findings[0][1].strength - _FAR]
    return tuple(_diagnosis(cause, finding, case, failed=failed) for cause, finding in told[:_MOST])


def _diagnosis(cause: Cause, finding: Finding, case: Case, *, failed: bool) -> Diagnosis:
    from smokerunner.diagnosis.cause import propose

    setting, flow = case.setting, case.flow
    return Diagnosis(
        id=cause.id,
        title=finding.title,
        explanation=f"{finding.explanation} {cause.advice}".strip(),
        severity=propose(cause.blame, flow.severity or Severity.HIGH, failed=failed),
        proof=finding.proof,
        mend=finding.mend,
        step=case.step.id,
        app=setting.app,
        flow=flow.name if flow.kind == "flow" else "",
        environment=setting.environment,
    )
