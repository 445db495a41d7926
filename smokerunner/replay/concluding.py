"""A flow's own result, from its attempts and its cleanup, or from why it was not tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smokerunner.model.check import Asked
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.result import Result
from smokerunner.replay.plan import Planned
from smokerunner.replay.world import World

_MOST_LOOKS = 3
"""How many pictures that differ are told one by one: more have one cause, such as a lost stylesheet."""


def flow_result(planned: Planned, attempts: Sequence[Result], cleanup: Result | None, started: datetime) -> Result:
    """A flow's own result: one passed after a bad one is warned, none passed is the worst; cleanup can only warn."""
    good = next((tried for tried in attempts if tried.outcome.is_good), None)
    warnings: list[str] = []
    if good is not None:
        outcome, message = good.outcome, good.message
        warnings += [*_notes(good.children), *good.warnings]
        if len(attempts) > 1:
            outcome = Outcome.WARNED
            warnings.insert(0, f"passed on attempt {len(attempts)}; before that: {attempts[0].message}")
    else:
        outcome = worst(tried.outcome for tried in attempts)
        message = next(tried.message for tried in attempts if tried.outcome is outcome)
    cleanups = [child for tried in attempts for child in tried.children if child.kind == "cleanup"]
    for cleaned in (*cleanups, *([cleanup] if cleanup is not None else [])):
        if cleaned.message:
            warnings.append(cleaned.message)
            outcome = worst((outcome, Outcome.WARNED)) if outcome is not Outcome.SKIPPED else outcome
    return Result(
        id=f"flows/{planned.name}",
        kind="flow",
        name=planned.name,
        flow=planned.flow_name if planned.repetition > 1 else "",
        repetition=planned.repetition,
        title=str(planned.flow.title or ""),
        outcome=outcome,
        message=message,
        warnings=tuple(dict.fromkeys(warnings)),
        started=started,
        seconds=round(sum(tried.seconds for tried in attempts), 4),
        severity=planned.flow.severity,
        tags=planned.flow.tags,
        prerequisite=planned.prerequisite,
        comparison=(good or attempts[-1]).comparison,
        children=(*attempts, *([cleanup] if cleanup is not None else [])),
    )


def _notes(steps: Sequence[Result]) -> list[str]:
    """What the steps warn of, each with its number; many pictures that differ are told in one line."""
    told = [(step, note) for top in steps for step in top.walk() for note in step.warnings]
    looks = [step.comparison for step, note in told if step.comparison is not None and _is_look(step, note)]
    if len(looks) <= _MOST_LOOKS:
        return [f"step {step.number}: {note}" for step, note in told]
    worst_look = max(looks, key=lambda look: look.changed)
    where = next(step.number for step, _ in told if step.comparison is worst_look)
    share = f"{worst_look.changed:.0%}".replace("%", " %") if worst_look.changed >= 0.01 else "less than 1 %"
    folded = f"{len(looks)} pictures differ from the approved ones, most in step {where} ({share})"
    return [folded, *(f"step {step.number}: {note}" for step, note in told if not _is_look(step, note))]


def _is_look(step: Result, note: str) -> bool:
    look = step.comparison
    return look is not None and look.verdict == "differs" and note == look.complaint


def skipped_flow(world: World, planned: Planned, reason: str, root: str | None) -> Result:
    """The result of a flow that was not tried; `root` is the flow whose result is to blame."""
    return Result(
        id=f"flows/{planned.name}",
        kind="flow",
        name=planned.name,
        flow=planned.flow_name if planned.repetition > 1 else "",
        repetition=planned.repetition,
        title=str(planned.flow.title or ""),
        outcome=Outcome.SKIPPED,
        message=reason,
        root=root,
        started=world.clock.now(),
        severity=planned.flow.severity,
        tags=planned.flow.tags,
        prerequisite=planned.prerequisite,
    )


def skipped_check(world: World, asked: Asked, reason: str, root: str | None) -> Result:
    """The result of a check that was not asked; `root` is whose result is to blame."""
    return Result(
        id=f"checks/{asked.id}",
        kind="check",
        name=asked.id,
        title=asked.check.asks,
        outcome=Outcome.SKIPPED,
        message=reason,
        root=root,
        started=world.clock.now(),
        severity=asked.severity,
        tags=asked.check.tags,
        source=asked.source,
        criterion=asked.check.passes,
    )
