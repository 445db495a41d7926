"""The steps of a flow in the order a reader meets them, and the one that tells what broke."""

from __future__ import annotations

from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.reports.html.differing import differs


@record
class StepView:
    """A step with its number; `depth` is above 0 for a step within a step."""

    number: str
    result: Result
    depth: int = 0


@record
class Story:
    """What a flow's card begins with: the step that broke it, if there is one, and why."""

    lead: StepView | None
    findings: tuple[Diagnosis, ...]


def steps_of(attempt: Result) -> list[StepView]:
    """Every step of an attempt, those within steps right after theirs."""
    return list(_below(attempt, attempt, 0))


def _below(attempt: Result, parent: Result, depth: int) -> list[StepView]:
    found = []
    for child in parent.children:
        if child.kind in ("step", "cleanup"):
            found.append(StepView(_number(child, attempt), child, depth))
            found += _below(attempt, child, depth + 1)
    return found


def _number(step: Result, attempt: Result) -> str:
    parts = step.id.removeprefix(f"{attempt.id}/").split("/")
    return ".".join(part.lstrip("0") or "0" for part in parts)


def story_of(flow: Result) -> Story:
    """The step that the likeliest diagnosis explains, else the innermost that went wrong first."""
    deciding = flow.deciding
    steps = steps_of(deciding) if deciding is not None and flow.outcome.is_bad else []
    findings = flow.diagnoses
    named = {finding.step for finding in findings[:1]}
    lead = next((step for step in steps if step.result.id in named), None)
    if lead is None:
        bad = [step for step in steps if step.result.outcome.is_bad]
        lead = next((step for step in bad if not any(child.outcome.is_bad for child in step.result.children)), None)
    if not findings and lead is not None:
        findings = lead.result.diagnoses
    return Story(lead, findings)


def panels_of(steps: list[StepView], lead: StepView | None = None) -> list[StepView]:
    """The steps a reader must look at, those that went wrong first; the lead, which has its place, is left out."""
    told = lead.result if lead is not None else None
    chosen = [step for step in steps if is_notable(step.result) and not _is_told(step.result, told)]
    return sorted(chosen, key=lambda step: not step.result.outcome.is_bad)


def _is_told(step: Result, lead: Result | None) -> bool:
    """Whether it is the lead, or a step around it that says nothing of its own."""
    if lead is None:
        return False
    return step.id == lead.id or (lead in step.walk() and (not step.message or lead.message in step.message))


def is_notable(step: Result) -> bool:
    """Whether a reader must look at this step: it gets a panel of its own."""
    attention = step.outcome.is_bad or step.outcome is Outcome.WARNED
    seen = step.warnings or step.mend or step.requests or any(seen.counts for seen in step.console)
    return attention or bool(seen) or differs(step)
