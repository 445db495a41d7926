"""Things that lead back to themselves."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from smokerunner.language.nodes import Location


def circles(
    order: Sequence[str], links: Iterable[tuple[str, str, Location]]
) -> Iterator[tuple[tuple[str, ...], Location]]:
    """One circle for each knot of names, and the place of the link in it that leads forward in the file.

    A link is (from, to, place); names that are not in `order` are passed over.
    """
    position = {name: index for index, name in enumerate(order)}
    places: dict[str, dict[str, Location]] = {name: {} for name in order}
    for start, end, place in links:
        if start in position and end in position:
            places[start].setdefault(end, place)
    told: set[str] = set()
    for name in order:
        if name in told:
            continue
        circle = _back_to(name, places)
        if circle is None:
            continue
        told.update(circle)
        # Links to what stands further up are the rule; the one that leads down closed the circle.
        pairs = list(itertools.pairwise(circle))
        first = next(index for index, (start, end) in enumerate(pairs) if position[end] >= position[start])
        turned = [start for start, _ in (*pairs[first:], *pairs[:first])]
        yield (*turned, turned[0]), places[turned[0]][turned[1 % len(turned)]]


def _back_to(name: str, places: dict[str, dict[str, Location]]) -> tuple[str, ...] | None:
    """The shortest way from `name` back to it."""
    came_from: dict[str, str] = {}
    waiting = [name]
    for current in waiting:
        for following in places[current]:
            if following == name:
                way = [current]
                while way[-1] != name:
                    way.append(came_from[way[-1]])
                return (*reversed(way), name)
            if following not in came_from:
                came_from[following] = current
                waiting.append(following)
    return None
