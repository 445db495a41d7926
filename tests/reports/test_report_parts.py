"""What the page shows, before it is laid out: causes, timeline, what was seen, pictures of a step."""

from __future__ import annotations

from itertools import pairwise

from sample_run import LOGIN, REGISTER, RUN, before

from smokerunner.model.comparison import Comparison
from smokerunner.model.geometry import Box
from smokerunner.model.observation import Observation
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.reports.html.causes import causes_of
from smokerunner.reports.html.seen import seen_of
from smokerunner.reports.html.shots import Frame, detail_of, looks_of
from smokerunner.reports.html.steps import panels_of, steps_of, story_of
from smokerunner.reports.html.timeline import timeline_of
from smokerunner.reports.html.view import per_cent, shortened

SIGN_IN = LOGIN.children[1].children[2]


def test_flows_with_the_same_cause_share_a_line() -> None:
    other = LOGIN.model_copy(update={"name": "order", "id": "flows/order"})
    (cause,) = causes_of(RUN, [LOGIN, other, REGISTER])
    assert (cause.id, [flow.name for flow in cause.results]) == ("server-error", ["login", "order"])
    assert cause.since == "since 2026-11-21 20:15:00 UTC (release 2026.11.2)"


def test_what_nothing_explains_is_told_by_its_first_line() -> None:
    silent = LOGIN.model_copy(update={"diagnoses": (), "message": "one\ntwo", "name": "new"})
    (cause,) = causes_of(RUN, [silent])
    assert (cause.id, cause.title, cause.since) == ("", "one", "")


def test_the_lead_is_the_step_that_the_diagnosis_names_else_the_innermost_bad_one() -> None:
    inner = SIGN_IN.model_copy(update={"id": "flows/login/2/03/01", "children": ()})
    outer = SIGN_IN.model_copy(update={"children": (inner,), "message": f"step 3.1: {inner.message}"})
    attempt = LOGIN.children[1].model_copy(update={"children": (*LOGIN.children[1].children[:2], outer)})
    flow = LOGIN.model_copy(update={"children": (attempt,), "diagnoses": ()})
    lead = story_of(flow).lead
    assert lead is not None
    assert (lead.result.id, lead.number) == (inner.id, "3.1")
    # The step around it says the same and gets no panel.
    assert [step.number for step in panels_of(steps_of(attempt), lead)] == ["2"]
    found = story_of(LOGIN).lead
    assert found is not None
    assert found.result.id == "flows/login/2/03"


def test_a_run_that_noted_no_workers_gets_lanes() -> None:
    nobody = tuple(result.model_copy(update={"worker": None}) for result in RUN.results)
    timeline = timeline_of(RUN.model_copy(update={"results": nobody}))
    assert timeline is not None
    for worker in range(1, timeline.workers + 1):
        spans = [(bar.begins, bar.begins + bar.result.seconds) for bar in timeline.bars if bar.worker == worker]
        assert all(ends <= begins + 0.01 for (_, ends), (begins, _) in pairwise(spans))
    assert timeline_of(RUN.model_copy(update={"results": ()})) is None


def test_nothing_reaches_out_of_the_timeline() -> None:
    timeline = timeline_of(RUN)
    assert timeline is not None
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 for bar in timeline.bars)
    assert [tick.seconds for tick in timeline.ticks] == [0, 5, 10, 15, 20, 25, 30, 35, 40]


def test_whatever_was_seen_is_told_and_what_was_not_is_left_out() -> None:
    seen = {each.label: each.text for each in seen_of(Observation(title="Log in", alerts=("a", "b"), images=0))}
    assert seen == {"Title": "Log in", "Alerts": "- a\n- b"}
    assert seen_of(None) == []


def test_pictures_stand_in_the_order_in_which_they_are_compared() -> None:
    assert [shot.kind for shot in looks_of(SIGN_IN)] == ["earlier", "after", "difference", "before"]
    alone = SIGN_IN.model_copy(update={"comparison": None})
    assert [shot.kind for shot in looks_of(alone)] == ["before", "after"]
    untouched = alone.model_copy(update={"box": None, "point": None})
    assert [shot.kind for shot in looks_of(untouched)] == ["after"]


def test_a_small_difference_is_shown_large() -> None:
    def step(area: Box, outcome: Outcome = Outcome.WARNED) -> Result:
        comparison = Comparison(against="reference", verdict="differs", earlier="flows/a/earlier/01.png", areas=(area,))
        picture = Artifact(kind="picture", path="flows/a/01.png")
        update = {"outcome": outcome, "comparison": comparison, "artifacts": (before("a", "01"), picture)}
        return SIGN_IN.model_copy(update=update)

    price = Box(x=680, y=825, width=16, height=9)
    assert detail_of(step(price), Frame()) == Box(x=560, y=769.5, width=256, height=120)
    assert detail_of(step(Box(x=0, y=0, width=1200, height=600)), Frame()) is None
    assert detail_of(step(price, Outcome.FAILED), Frame()) is None


def test_only_the_apps_own_host_is_left_out() -> None:
    base = "https://shop.example/eu"
    assert shortened("https://shop.example/eu/cart?x=1", base) == "/eu/cart?x=1"
    assert shortened("https://shop.example", base) == "/"
    assert shortened("https://pay.example/card", base) == "https://pay.example/card"
    assert shortened("about:blank", base) == "about:blank"
    assert shortened("http://[broken", base) == "http://[broken"


def test_something_is_never_nothing() -> None:
    assert (per_cent(0), per_cent(0.0001), per_cent(0.0042)) == ("0.0 %", "less than 0.1 %", "0.4 %")
