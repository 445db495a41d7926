"""In which order flows begin, as far as what they need leaves a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smokerunner.replay.effects import all_steps
from smokerunner.replay.plan import Planned, shuffled


def in_turn(
    flows: Sequence[Planned], usual: Mapping[str, float], *, workers: int, seed: str | None = None
) -> tuple[Planned, ...]:
    """The order in which flows of a plan begin: as the seed has it, the longest first, or the plan's own.

    `usual` are the seconds that flows took, by their names in the file. One after the other takes as long in any order,
    so that of the plan stays, which is easiest to follow.
    """
    if seed is not None:
        return shuffled(flows, seed)
    return longest_first(flows, usual) if workers > 1 else tuple(flows)


def longest_first(flows: Sequence[Planned], usual: Mapping[str, float]) -> tuple[Planned, ...]:
    """The same flows, first those on which most hangs: what a flow takes with the longest that can only come after it.

    Each stands after what it waits for, as in `flows`; when nothing is known of any, all stand as there.
    """
    seconds = expected(flows, usual)
    if not seconds:
        return tuple(flows)
    hanging = _hanging(flows, seconds, {})
    hanging = _hanging(flows, seconds, _queues(flows, seconds, hanging))
    return tuple(sorted(flows, key=lambda planned: -hanging[planned.name]))


def expected(flows: Sequence[Planned], usual: Mapping[str, float]) -> dict[str, float]:
    """The seconds that each flow of a plan may take; by its steps when it is not known, empty when none is."""
    steps = {planned.flow_name: max(1, sum(1 for _ in all_steps(planned.flow.steps))) for planned in flows}
    known = [usual[name] / number for name, number in steps.items() if name in usual]
    if not known:
        return {}
    # Brings half of Python's numbers with it, and a run without a history needs none of them.
    from statistics import median

    a_step = median(known)
    return {planned.name: usual.get(planned.flow_name, a_step * steps[planned.flow_name]) for planned in flows}


def _hanging(flows: Sequence[Planned], seconds: Mapping[str, float], at_least: Mapping[str, float]) -> dict[str, float]:
    """By flow: its own seconds and those of the longest chain that waits for it."""
    after: dict[str, float] = {}
    found: dict[str, float] = {}
    # A plan has each flow after what it waits for, so whatever comes later is known.
    for planned in reversed(flows):
        own = max(seconds[planned.name] + after.get(planned.name, 0.0), at_least.get(planned.name, 0.0))
        found[planned.name] = own
        for name in planned.waits_for:
            after[name] = max(after.get(name, 0.0), own)
    return found


def _queues(flows: Sequence[Planned], seconds: Mapping[str, float], hanging: Mapping[str, float]) -> dict[str, float]:
    """By flow: its own seconds and those of all that can use its account only after it."""
    queued: dict[str, float] = {}
    for account in {name for planned in flows for name in planned.flow.exclusive}:
        users = [planned.name for planned in reversed(flows) if account in planned.flow.exclusive]
        total = 0.0
        for name in sorted(users, key=lambda name: hanging[name]):
            total += seconds[name]
            queued[name] = max(queued.get(name, 0.0), total)
    return queued
