from __future__ import annotations

import pytest

from smokerunner.model.errors import BadInput
from smokerunner.model.flow import FlowFile, Severity
from smokerunner.replay.plan import Selection, plan, require_known, shuffled
from smokerunner.steps import VOCABULARY


def file(**flows: dict[str, object]) -> FlowFile:
    step = [{"goto": "/"}]
    data = {"app": "shop", "flows": {name: {"steps": step, **facts} for name, facts in flows.items()}}
    return FlowFile.model_validate(data, context={"vocabulary": VOCABULARY})


SHOP = file(
    order={"starts_from": "login", "tags": ["shop"], "severity": "critical"},
    login={"needs": "register", "tags": ["auth"]},
    register={"tags": ["auth"]},
    browse={"tags": ["shop"], "after": "order"},
)


def names(**selection: object) -> list[tuple[str, bool]]:
    return [(planned.name, planned.prerequisite) for planned in plan(SHOP, Selection(**selection))]  # type: ignore[arg-type]


def test_everything_runs_after_what_it_needs() -> None:
    assert names() == [("register", False), ("login", False), ("order", False), ("browse", False)]


def test_a_flow_brings_what_it_needs_marked_as_prerequisite() -> None:
    assert names(names=("order",)) == [("register", True), ("login", True), ("order", False)]
    assert names(names=("order",), with_needs=False) == [("order", False)]


def test_after_orders_without_bringing() -> None:
    assert names(names=("browse",)) == [("browse", False)]
    assert plan(SHOP, Selection())[-1].waits_for == ("order",)
    assert plan(SHOP, Selection(names=("browse",)))[0].waits_for == ()


def test_tags_and_severities_narrow() -> None:
    assert names(tags=("auth",)) == [("register", False), ("login", False)]
    assert names(not_tags=("auth",), with_needs=False) == [("order", False), ("browse", False)]
    assert names(severities=(Severity.CRITICAL,), with_needs=False) == [("order", False)]


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(names=("ordr",)), "no flow called 'ordr', did you mean 'order'?"),
        (Selection(tags=("shopp",)), "no tag called 'shopp', did you mean 'shop'?"),
        (Selection(names=("zzzzzz",)), "there are browse, login, order, register"),
        (Selection(names=("login",), tags=("shop",)), "nothing is selected"),
    ],
)
def test_what_is_not_there_is_refused(selection: Selection, said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("?", r"\?")):
        require_known([SHOP], selection)


def test_a_repetition_needs_flows_of_the_same_repetition() -> None:
    twice = {planned.name: planned for planned in plan(SHOP, Selection(names=("order",)), repeat=2)}
    assert list(twice) == ["register", "register~2", "login", "login~2", "order", "order~2"]
    second = twice["order~2"]
    assert (second.flow_name, second.repetition) == ("order", 2)
    assert second.waits_for == second.requires == ("login~2",)
    assert twice["order"].requires == ("login",)
    assert second.prerequisite is False
    assert twice["login~2"].prerequisite is True


def test_a_seed_decides_the_order_within_what_is_needed() -> None:
    flows = plan(SHOP, Selection(), repeat=5)
    orders = {seed: [planned.name for planned in shuffled(flows, seed)] for seed in ("1", "2", "3", "1 ")}
    assert orders["1"] == [planned.name for planned in shuffled(flows, "1")]
    assert len({tuple(order) for order in orders.values()}) > 1
    for order in orders.values():
        assert sorted(order) == sorted(planned.name for planned in flows)
        place = {name: index for index, name in enumerate(order)}
        assert all(place[other] < place[planned.name] for planned in flows for other in planned.waits_for)
