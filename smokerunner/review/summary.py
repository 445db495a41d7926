"""What changed between two runs, in lines for a terminal: one screen, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smokerunner.model.number import counted
from smokerunner.model.outcome import Outcome
from smokerunner.reports.wording import duration, harmless, legible, one_line
from smokerunner.review.change import Changed, Compared, FlowChange, Look, StepChange, Times

WIDTH = 100
FLOWS, STEPS, OTHERS = 10, 4, 3
"""How many flows are told, how many steps of each, and how many of its other news."""


def lines_of(compared: Compared) -> list[str]:
    """All lines; nothing of the app's text is taken for a command by whoever reads them."""
    return [_cut(harmless(_printable(line))) for line in _lines(compared)]


def _lines(compared: Compared) -> Iterator[str]:
    yield f"{compared.app}: {compared.before} → {compared.after}"
    was, now = compared.verdicts
    yield f"verdict  {now}, as before" if was == now else f"verdict  {was} → {now}"
    for index, fact in enumerate(compared.facts):
        yield f"{'changed' if index == 0 else '':<9}{_fact(fact)}"
    for note in compared.notes:
        yield f"note     {note}"
    yield ""
    for change in compared.flows[:FLOWS]:
        yield from _flow(change)
    if len(compared.flows) > FLOWS:
        yield f"  … and {counted(len(compared.flows) - FLOWS, 'more flow')}; --flow NAME and --json tell all"
    looks = sum(step.look is not None for change in compared.flows for step in change.steps)
    if compared.flows:
        yield ""
    same = f"{counted(len(compared.unchanged), 'flow')} unchanged"
    yield same + (f"; {looks} of {counted(compared.pictures, 'picture')} differ" if compared.pictures else "")


def _fact(fact: Changed) -> str:
    return f"{fact.what}: {fact.before or 'none'} → {fact.after or 'none'}"


def _flow(change: FlowChange) -> Iterator[str]:
    yield f"  {_sign(change)} {change.name}: {_course(change)}{_times(change.times)}"
    if change.after is not None and change.after.is_bad:
        told = change.causes[0] if change.causes else change.message
        yield from _listed([told] if told and change.before is not change.after else [], "why")
    if change.before is change.after:
        yield from _listed(change.causes, "new cause")
    else:
        yield from _listed(change.causes[1:], "or")
    yield from _listed(change.causes_gone, "no longer")
    # That no step was reached after the one that failed goes without saying.
    cut_short = change.after is not None and change.after.is_bad
    ranked = sorted(
        (step for step in change.steps if not cut_short or step.after not in (None, Outcome.SKIPPED)), key=_step_rank
    )
    for step in ranked[:STEPS]:
        yield f"      step {step.number} {one_line(step.title)}: {_step(step)}"
    if len(ranked) > STEPS:
        yield f"      … and {counted(len(ranked) - STEPS, 'more step')}"
    yield from _listed(change.requests, "fails now")
    yield from _listed(change.requests_fixed, "fails no more")
    yield from _listed(change.console, "console, new")
    yield from _listed(change.console_gone, "console, gone")
    yield from _listed(change.hosts, "asks a new host")
    yield from _listed(change.hosts_gone, "asks no more")


def _listed(said: Sequence[str], label: str) -> Iterator[str]:
    for text in said[:OTHERS]:
        yield f"      {label}: {one_line(text)}"
    if len(said) > OTHERS:
        yield f"      {label}: … and {len(said) - OTHERS} more"


def _sign(change: FlowChange) -> str:
    if change.before is None:
        return "+"
    if change.after is None:
        return "-"
    if change.after is change.before:
        return "~"
    return (
        "✗" if change.after.is_bad else "!" if change.after is Outcome.WARNED else "✓" if change.after.is_good else "-"
    )


def _course(change: FlowChange | StepChange) -> str:
    if change.before is None:
        return f"new, {change.after}"
    if change.after is None:
        return f"gone, was {change.before}"
    return f"{change.after}" if change.before is change.after else f"{change.before} → {change.after}"


def _times(times: Times | None) -> str:
    if times is None:
        return ""
    word = "slower" if times.after > times.before else "quicker"
    return f", {word}: {duration(times.before)} → {duration(times.after)}"


def _step(step: StepChange) -> str:
    course = "" if step.before is step.after else _course(step)
    return ", ".join(part for part in (course, _times(step.times).removeprefix(", "), _look(step.look)) if part)


def _look(look: Look | None) -> str:
    if look is None:
        return ""
    if not look.areas:
        return look.message
    share = f"{look.changed:.1%}" if look.changed >= 0.001 else "less than 0.1%"
    return f"looks different: {share} of the picture, in {counted(len(look.areas), 'place')}"


def _step_rank(step: StepChange) -> tuple[bool, float, float]:
    times = step.times.after - step.times.before if step.times else 0.0
    return step.before is step.after, -(step.look.changed if step.look else 0.0), -times


def _printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in legible(line))


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
