"""What changed between two runs, in lines, the worst first: one screen of a terminal, or all of it for a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smokerunner.model.number import counted
from smokerunner.model.outcome import Outcome
from smokerunner.reports.wording import duration, harmless, legible, one_line
from smokerunner.review.change import Changed, CheckChange, Compared, FlowChange, Look, StepChange, Times

FLOWS, STEPS, OTHERS = 10, 4, 3
"""How many flows a screen tells, how many steps of each, and how many of its other news."""
_SHORTEST = 12
"""What is left of a step's title, in letters, however much is to be said of the step."""


def lines_of(compared: Compared, width: int | None = None) -> list[str]:
    """One screen of lines no longer than `width`, or all there is to tell when it is None.

    Nothing of the app's text is taken for a command by whoever reads them.
    """
    return [_cut(harmless(_printable(line)), width) for line in _lines(compared, width)]


def _lines(compared: Compared, width: int | None) -> Iterator[str]:
    yield f"{compared.app}: {compared.before} → {compared.after}"
    was, now = compared.verdicts
    yield f"verdict  {now}, as before" if was == now else f"verdict  {was} → {now}"
    for index, fact in enumerate(compared.facts):
        yield f"{'changed' if index == 0 else '':<9}{_fact(fact)}"
    for note in compared.notes:
        yield f"note     {note}"
    yield ""
    for change in compared.flows if width is None else compared.flows[:FLOWS]:
        yield from _flow(change, width)
    if width is not None and len(compared.flows) > FLOWS:
        yield f"  … and {counted(len(compared.flows) - FLOWS, 'more flow')}; --flow NAME and --json tell all"
    yield from _checks(compared, width)
    looks = sum(step.look is not None for change in compared.flows for step in change.steps)
    if compared.flows or compared.checks:
        yield ""
    checked = bool(compared.checks or compared.unchanged_checks)
    kinds = [counted(len(compared.unchanged), "flow")] if compared.flows or compared.unchanged or not checked else []
    kinds += [counted(len(compared.unchanged_checks), "check")] if checked else []
    same = f"{' and '.join(kinds)} unchanged"
    yield same + (f"; {looks} of {counted(compared.pictures, 'picture')} differ" if compared.pictures else "")


def _fact(fact: Changed) -> str:
    return f"{fact.what}: {fact.before or 'none'} → {fact.after or 'none'}"


def _flow(change: FlowChange, width: int | None) -> Iterator[str]:
    yield f"  {_sign(change)} {change.name}: {_course(change)}"
    if change.after is not None and change.after.is_bad:
        told = change.causes[0] if change.causes else change.message
        yield from _listed([told] if told and change.before is not change.after else [], "why", width)
    if change.before is change.after:
        yield from _listed(change.causes, "new cause", width)
    else:
        yield from _listed(change.causes[1:], "or", width)
    yield from _listed(change.causes_gone, "no longer", width)
    # That no step was reached after the one that failed goes without saying.
    cut_short = change.after is not None and change.after.is_bad
    steps = [step for step in change.steps if not cut_short or step.after not in (None, Outcome.SKIPPED)]
    only_times = [step for step in steps if step.before is step.after and step.look is None]
    yield from _steps([step for step in steps if step not in only_times], width)
    for said, label in (
        (change.requests, "fails now"),
        (change.requests_fixed, "fails no more"),
        (change.console, "console, new"),
        (change.console_gone, "console, gone"),
        (change.hosts, "asks a new host"),
        (change.hosts_gone, "asks no more"),
    ):
        yield from _listed(said, label, width)
    if change.times is not None:
        yield f"      {_times(change.times)}"
    yield from _steps(only_times, width)


def _checks(compared: Compared, width: int | None) -> Iterator[str]:
    """The checks that changed: which fail now, which were mended, and what else those find that fail still."""
    for change in compared.checks if width is None else compared.checks[:FLOWS]:
        yield f"  {_sign(change)} {change.name}: {_course(change)}"
        if change.after is not None and change.after.is_bad and change.before is not change.after:
            yield from _listed([change.message] if change.message else [], "why", width)
        yield from _listed(change.found, "new", width)
        yield from _listed(change.mended, "mended", width)
    if width is not None and len(compared.checks) > FLOWS:
        yield f"  … and {counted(len(compared.checks) - FLOWS, 'more check')}; --flow ID and --json tell all"


def _steps(steps: Sequence[StepChange], width: int | None) -> Iterator[str]:
    ranked = sorted(steps, key=_step_rank)
    for step in ranked if width is None else ranked[:STEPS]:
        yield _fitted(step, width)
    if width is not None and len(ranked) > STEPS:
        yield f"      … and {counted(len(ranked) - STEPS, 'more step')}"


def _fitted(step: StepChange, width: int | None) -> str:
    """One line about a step. Rather its times and the end of its title are lost than what became of it."""
    began, said = f"      step {step.number} ", _step(step)
    if width is None:
        return f"{began}{one_line(step.title)}: {said}"
    room = width - len(began) - len(": ")
    if room - len(said) < _SHORTEST:
        said = _step(step.model_copy(update={"times": None})) or said
    return f"{began}{_cut(one_line(step.title), max(room - len(said), _SHORTEST))}: {said}"


def _listed(said: Sequence[str], label: str, width: int | None) -> Iterator[str]:
    for text in said if width is None else said[:OTHERS]:
        yield f"      {label}: {one_line(text)}"
    if width is not None and len(said) > OTHERS:
        yield f"      {label}: … and {len(said) - OTHERS} more"


def _sign(change: FlowChange | CheckChange) -> str:
    if change.before is None:
        return "+"
    if change.after is None:
        return "-"
    if change.after is change.before:
        return "~"
    return (
        "✗" if change.after.is_bad else "!" if change.after is Outcome.WARNED else "✓" if change.after.is_good else "-"
    )


def _course(change: FlowChange | CheckChange | StepChange) -> str:
    if change.before is None:
        return f"new, {change.after}"
    if change.after is None:
        return f"gone, was {change.before}"
    return f"{change.after}" if change.before is change.after else f"{change.before} → {change.after}"


def _times(times: Times) -> str:
    word = "slower" if times.after > times.before else "quicker"
    return f"{word}: {duration(times.before)} → {duration(times.after)}"


def _step(step: StepChange) -> str:
    course = "" if step.before is step.after else _course(step)
    times = "" if step.times is None else _times(step.times)
    return ", ".join(part for part in (course, _look(step.look), times) if part)


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


def _cut(line: str, width: int | None) -> str:
    return line if width is None or len(line) <= width else f"{line[: width - 1]}…"
