"""What the flows of a run spent their time on, together and step by step."""

from collections.abc import Iterable, Iterator

from smokerunner.model.frozen import Frozen
from smokerunner.model.profile import Spent, added
from smokerunner.model.result import Result

_SLOWEST = 5


class Slow(Frozen):
    """A step that took long. `flow` also tells an attempt after the first, and a cleanup."""

    flow: str
    number: str
    title: str
    spent: Spent


def parts_of(flow: Result) -> tuple[Result, ...]:
    """A flow's attempts and cleanups that were measured; those of an attempt that was cleaned up come after it."""
    return tuple(part for part in flow.walk() if part.kind in ("attempt", "cleanup") and part.spent is not None)


def part_name(flow: Result, part: Result) -> str:
    """`login`, `login, attempt 2` or `login, cleanup`."""
    if part.kind == "cleanup":
        return f"{flow.name}, cleanup"
    return flow.name if part.name == "1" else f"{flow.name}, attempt {part.name}"


def spent_of(flows: Iterable[Result]) -> Spent:
    """All attempts and cleanups together; with several workers that is more than passed on the clock."""
    return added(part.spent for flow in flows for part in parts_of(flow))


def slowest(flows: Iterable[Result]) -> tuple[Slow, ...]:
    """The five steps that took longest; of steps around others, the others are meant."""
    found = [
        Slow(flow=part_name(flow, part), number=step.number, title=step.title, spent=step.spent)
        for flow in flows
        for part in parts_of(flow)
        for step in _innermost(part)
        if step.spent is not None
    ]
    return tuple(sorted(found, key=lambda slow: -slow.spent.total)[:_SLOWEST])


def _innermost(part: Result) -> Iterator[Result]:
    for child in part.children:
        if child.kind == "step":
            yield from _innermost(child) if child.children else (child,)
