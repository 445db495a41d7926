"""In which order flows begin, and when a whole run would end: the line that runs use, its clock only told."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from smokerunner.model.flow import FlowFile
from smokerunner.replay.line import Line
from smokerunner.replay.order import expected, in_turn, longest_first
from smokerunner.replay.plan import Planned, Selection, plan, shuffled
from smokerunner.steps import VOCABULARY


@dataclass(frozen=True)
class Told:
    """A flow with how long it takes, in seconds; None: nobody knows."""

    name: str
    seconds: float | None
    needs: str = ""
    exclusive: str = ""
    steps: int = 1


def planned(*flows: Told, repeat: int = 1) -> tuple[Planned, ...]:
    """The plan of a file with these flows."""
    told: dict[str, object] = {}
    for flow in flows:
        facts = {"needs": flow.needs, "exclusive": flow.exclusive}
        told[flow.name] = {"steps": [{"goto": "/"}] * flow.steps} | {name: fact for name, fact in facts.items() if fact}
    file = FlowFile.model_validate({"app": "shop", "flows": told}, context={"vocabulary": VOCABULARY})
    return plan(file, Selection(), repeat)


def usual(*flows: Told) -> dict[str, float]:
    return {flow.name: flow.seconds for flow in flows if flow.seconds is not None}


def begun(order: Sequence[Planned], seconds: Mapping[str, float], workers: int) -> tuple[list[str], float]:
    """In which order the flows begin in a line of this order, and when the last one ends."""
    line = Line(order, workers)
    at, names = 0.0, []
    under_way: list[tuple[float, int, str]] = []
    flows = {one.name: one for one in order}

    def begin(one: Planned, worker: int) -> None:
        names.append(one.name)
        heapq.heappush(under_way, (at + seconds[one.name], worker, one.name))

    def arrive(arriving: Sequence[Planned]) -> None:
        for one in arriving:
            line.join(one, partial(begin, one))

    arrive(line.at_once())
    line.advance()
    while under_way:
        at, worker, name = heapq.heappop(under_way)
        arrive(line.tried(name))
        line.leave(flows[name], worker)
        line.advance()
    return names, at


LAST = (*(Told(f"short-{number}", 4) for number in range(8)), Told("long", 30))
CHAIN = (
    *(Told(f"other-{number}", 6) for number in range(6)),
    Told("register", 2),
    Told("login", 2, needs="register"),
    Told("order", 20, needs="login"),
)
ACCOUNT = (
    *(Told(f"free-{number}", 7) for number in range(6)),
    *(Told(f"cart-{number}", 5, exclusive="robin") for number in range(6)),
)
EVEN = tuple(Told(f"same-{number}", 5) for number in range(8))
MIXED = (
    Told("login", 3),
    Told("search", 2),
    Told("order", 9, needs="login", exclusive="robin"),
    Told("returns", 6, needs="order", exclusive="robin"),
    Told("profile", 4, needs="login", exclusive="robin"),
    Told("help", 1),
    Told("reset", 12),
    Told("export", 8),
)


@pytest.mark.parametrize("workers", [1, 2, 3, 4])
@pytest.mark.parametrize("flows", [LAST, CHAIN, ACCOUNT, EVEN, MIXED])
def test_a_run_ends_no_later_than_in_the_order_of_the_plan(flows: tuple[Told, ...], workers: int) -> None:
    known, as_planned = usual(*flows), planned(*flows)
    _, before = begun(as_planned, known, workers)
    names, after = begun(in_turn(as_planned, known, workers=workers), known, workers)
    assert sorted(names) == sorted(known)
    assert after <= before


@pytest.mark.parametrize(
    ("flows", "workers", "before", "after"),
    [(LAST, 2, 46, 32), (LAST, 4, 38, 30), (CHAIN, 2, 42, 30), (CHAIN, 3, 36, 24), (ACCOUNT, 2, 51, 37)],
)
def test_it_ends_much_earlier_where_the_longest_would_come_last(
    flows: tuple[Told, ...], workers: int, before: float, after: float
) -> None:
    known, as_planned = usual(*flows), planned(*flows)
    assert begun(as_planned, known, workers)[1] == before
    assert begun(longest_first(as_planned, known), known, workers)[1] == after


def test_what_depends_on_a_flow_counts_with_it() -> None:
    order = [one.name for one in longest_first(planned(*CHAIN), usual(*CHAIN))]
    assert order[:3] == ["register", "login", "order"]
    assert order[3:] == [f"other-{number}" for number in range(6)], "equal ones stay as they were"


def test_a_flow_that_may_begin_only_now_passes_those_that_wait_longer_for_less() -> None:
    names, _ = begun(longest_first(planned(*CHAIN), usual(*CHAIN)), usual(*CHAIN), 2)
    assert names.index("login") == 2
    assert names.index("order") == 3


def test_one_worker_goes_by_the_plan() -> None:
    assert in_turn(planned(*LAST), usual(*LAST), workers=1) == planned(*LAST)
    names, _ = begun(planned(*CHAIN), usual(*CHAIN), 1)
    assert names == [flow.name for flow in CHAIN]


def test_a_seed_beats_what_is_known() -> None:
    flows, known = planned(*CHAIN), usual(*CHAIN)
    assert [shuffled(flows, str(seed)) for seed in range(9)] == [
        in_turn(flows, known, workers=2, seed=str(seed)) for seed in range(9)
    ]


def test_without_history_the_plan_stands() -> None:
    assert longest_first(planned(*LAST), {}) == planned(*LAST)
    assert longest_first(planned(*LAST), {"of-another-file": 9.0}) == planned(*LAST)


def test_a_new_flow_is_judged_by_its_steps() -> None:
    flows = (
        Told("known", 6, steps=3),
        Told("slow", 20, steps=4),
        Told("quick", 1, steps=1),
        Told("new", None, steps=5),
    )
    # 1, 2 and 5 seconds a step; the median is 2.
    assert expected(planned(*flows), usual(*flows)) == {"known": 6, "slow": 20, "quick": 1, "new": 10}
    order = [one.name for one in longest_first(planned(*flows), usual(*flows))]
    assert order == ["slow", "new", "known", "quick"]


def test_repetitions_are_flows_of_their_own() -> None:
    flows = (Told("short", 1), Told("login", 2), Told("order", 9, needs="login"))
    order = [one.name for one in longest_first(planned(*flows, repeat=2), usual(*flows))]
    assert order == ["login", "login~2", "order", "order~2", "short", "short~2"]


def test_an_account_has_one_user_at_a_time() -> None:
    flows = (Told("a", 5, exclusive="robin"), Told("b", 5, exclusive="robin"), Told("c", 1), Told("d", 1))
    line = Line(planned(*flows), 3)
    given: dict[str, int] = {}
    for one in line.at_once():
        line.join(one, partial(given.__setitem__, one.name))
    line.advance()
    assert given == {"a": 1, "c": 2, "d": 3}
    line.leave(planned(*flows)[2], 2)
    line.advance()
    assert "b" not in given
    line.leave(planned(*flows)[0], 1)
    line.advance()
    assert given["b"] == 1, "the lowest number that is free"
