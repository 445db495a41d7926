from __future__ import annotations

import pytest

from smokerunner.model.errors import BadInput
from smokerunner.model.flow import FlowFile, Severity
from smokerunner.replay.plan import Selection, plan, require_known
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
