"""Which flows run, and which of them only because another needs them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from smokerunner.model.errors import BadInput
from smokerunner.model.flow import Flow, FlowFile, Severity
from smokerunner.model.record import record
from smokerunner.replay.effects import with_used_effects


@record
class Selection:
    """What was asked for on the command line; empty means all."""

    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    with_needs: bool = True

    def wants(self, name: str, flow: Flow) -> bool:
        """Whether this flow itself was asked for."""
        return (
            (not self.names or name in self.names)
            and (not self.tags or bool(set(self.tags) & set(flow.tags)))
            and not set(self.not_tags) & set(flow.tags)
            and (not self.severities or flow.severity in self.severities)
        )

    def fits(self, file: FlowFile) -> bool:
        """Whether any flow of this file was asked for."""
        return any(self.wants(name, flow) for name, flow in file.flows.items())


@record
class Planned:
    """A flow that will run. `waits_for` are the flows of this plan that end before it begins."""

    name: str
    """Unique in the plan: `login`, and from the second repetition on `login~2`."""
    flow: Flow
    prerequisite: bool
    waits_for: tuple[str, ...]
    repetition: int = 1

    @property
    def flow_name(self) -> str:
        """The flow's name in its file."""
        return self.name.partition(_REPETITION)[0]

    def beside(self, other: str) -> str:
        """What another flow of the file is called in the same repetition."""
        return _numbered(other, self.repetition)

    @property
    def requires(self) -> tuple[str, ...]:
        """The flows of the same repetition that must have passed."""
        return tuple(map(self.beside, self.flow.requires))


_REPETITION = "~"
"""No flow's name in a file can hold it."""


def _numbered(name: str, repetition: int) -> str:
    return name if repetition == 1 else f"{name}{_REPETITION}{repetition}"


def plan(file: FlowFile, selection: Selection, repeat: int = 1) -> tuple[Planned, ...]:
    """The flows to run, each after what it needs; empty when the selection fits none.

    With `with_needs` off, a flow runs without what it needs only if it was asked for so. With `repeat`, all of them
    several times, each time with what they need; a flow's repetitions stand beside each other.
    """
    once = _plan_once(file, selection)
    return tuple(_repeated(planned, number) for planned in once for number in range(1, repeat + 1))


def _repeated(planned: Planned, number: int) -> Planned:
    if number == 1:
        return planned
    waits_for = tuple(_numbered(name, number) for name in planned.waits_for)
    return replace(planned, name=_numbered(planned.name, number), waits_for=waits_for, repetition=number)


def shuffled(flows: Sequence[Planned], seed: str) -> tuple[Planned, ...]:
    """The same flows in an order that the seed decides, each still after what it waits for."""
    mixed = list(flows)
    random.Random(seed).shuffle(mixed)
    return tuple(_after_what_they_wait_for({planned.name: planned for planned in mixed}))


def _after_what_they_wait_for(flows: Mapping[str, Planned]) -> Iterable[Planned]:
    ordered: dict[str, Planned] = {}

    def put(planned: Planned) -> None:
        if planned.name not in ordered:
            for name in planned.waits_for:
                put(flows[name])
            ordered[planned.name] = planned

    for planned in flows.values():
        put(planned)
    return ordered.values()


def _plan_once(file: FlowFile, selection: Selection) -> tuple[Planned, ...]:
    chosen = [name for name, flow in file.flows.items() if selection.wants(name, flow)]
    wanted = set(chosen)
    if selection.with_needs:
        wanted |= needed(file.flows, chosen)
    ordered = _in_order(file.flows, wanted)
    return tuple(
        Planned(
            name=name,
            flow=with_used_effects(file.flows, name),
            prerequisite=name not in chosen,
            waits_for=tuple(
                other for other in (*file.flows[name].requires, *file.flows[name].after) if other in wanted
            ),
        )
        for name in ordered
    )


def needed(flows: Mapping[str, Flow], names: Iterable[str]) -> set[str]:
    """Everything that these flows need, directly or not."""
    found: set[str] = set()
    left = list(names)
    while left:
        for other in flows[left.pop()].requires:
            if other not in found:
                found.add(other)
                left.append(other)
    return found


def _in_order(flows: Mapping[str, Flow], wanted: Collection[str]) -> list[str]:
    """As in the file, but each flow after what it waits for; the file was checked to have no circle."""
    ordered: list[str] = []

    def put(name: str) -> None:
        if name in ordered or name not in wanted:
            return
        for earlier in (*flows[name].requires, *flows[name].after):
            put(earlier)
        ordered.append(name)

    for name in flows:
        put(name)
    return ordered


def require_known(files: Iterable[FlowFile], selection: Selection) -> None:
    """Raise BadInput for a flow, tag or combination that no file has, with the nearest one."""
    files = list(files)
    flows = {name for file in files for name in file.flows}
    tags = {tag for file in files for flow in file.flows.values() for tag in flow.tags}
    wrong = [_unknown("flow", name, flows) for name in selection.names if name not in flows]
    wrong += [_unknown("tag", tag, tags) for tag in (*selection.tags, *selection.not_tags) if tag not in tags]
    if wrong:
        raise BadInput("\n".join(wrong))
    if not any(selection.fits(file) for file in files):
        raise BadInput("nothing is selected: no flow fits all of --flow, --tag, --not-tag and --severity together")


def _unknown(kind: str, name: str, known: Collection[str]) -> str:
    # Only for what was misspelt: it takes longer to import than to use.
    import difflib

    near = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f", did you mean '{near[0]}'?" if near else f"; there are {', '.join(sorted(known)) or 'none'}"
    return f"no {kind} called '{name}'{hint}"
