"""What the page shows, before it is laid out: causes, timeline, what was seen, pictures of a step."""

from __future__ import annotations

from itertools import pairwise

from sample_run import LOGIN, REGISTER, RUN, before

from smokerunner.model.comparison import Comparison
from smokerunner.model.flow import Severity
from smokerunner.model.geometry import Box
from smokerunner.model.observation import Observation
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.reports.html.causes import causes_of
from smokerunner.reports.html.differing import is_another_page, said_of, share_of, warnings_of
from smokerunner.reports.html.seen import seen_of
from smokerunner.reports.html.shots import Frame, cut_of, detail_of, looks_of
from smokerunner.reports.html.steps import panels_of, steps_of, story_of
from smokerunner.reports.html.timeline import timeline_of
from smokerunner.reports.html.view import tone_of
from smokerunner.reports.wording import shortened

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
    assert [share_of(part) for part in (0, 0.0001, 0.0042, 0.53, 1)] == [
        "0 %",
        "less than 0.1 %",
        "0.42 %",
        "53 %",
        "100 %",
    ]


def test_what_concerns_the_run_comes_first_then_the_severest_then_what_held_up_most() -> None:
    def broken(name: str, severity: Severity) -> Result:
        return LOGIN.model_copy(
            update={"id": f"flows/{name}", "name": name, "severity": severity, "diagnoses": (), "message": name}
        )

    flows = [broken("a", Severity.HIGH), broken("b", Severity.HIGH), broken("c", Severity.CRITICAL)]
    held_up = [REGISTER.model_copy(update={"name": n, "outcome": Outcome.SKIPPED, "root": "b"}) for n in "xyz"]
    reach = REGISTER.model_copy(
        update={"kind": "reach", "outcome": Outcome.FAILED, "severity": None, "message": "gone"}
    )
    run = RUN.model_copy(update={"results": (*flows, *held_up)})
    found = causes_of(run, [*flows, reach])
    assert [(cause.title, cause.blocked) for cause in found] == [("gone", 0), ("c", 0), ("b", 3), ("a", 0)]


def looking_other(number: int, changed: float, places: int = 2) -> Result:
    areas = tuple(Box(x=10, y=place, width=5, height=5) for place in range(places))
    comparison = Comparison(
        against="reference", verdict="differs", changed=changed, areas=areas, message=f"{number}×9 pixels at 680, 825"
    )
    update = {"name": f"0{number}", "comparison": comparison, "warnings": (comparison.complaint,), "diagnoses": ()}
    return SIGN_IN.model_copy(update={**update, "outcome": Outcome.WARNED})


def test_what_differs_is_said_without_coordinates() -> None:
    (step, everywhere) = looking_other(1, 0.09, places=4), looking_other(2, 0.6)
    assert warnings_of(step).lines == ("does not look as approved: 9 % of the picture differs, in 4 places",)
    assert everywhere.comparison is not None
    assert said_of(everywhere.comparison) == "it looks like another page"
    last = everywhere.comparison.model_copy(update={"against": "last passed", "changed": 0.09})
    assert is_another_page(last)
    assert not is_another_page(last.model_copy(update={"against": "reference"}))


def test_many_pictures_that_differ_are_one_line() -> None:
    steps = tuple(looking_other(number, number / 10) for number in (1, 2, 3, 4))
    warnings = tuple(f"step {step.number}: {step.warnings[0]}" for step in steps)
    flow = LOGIN.model_copy(update={"children": steps, "warnings": ("slow", *warnings)})
    told = warnings_of(flow)
    assert told.lines == ("slow",)
    assert told.summary == "4 pictures differ from the approved ones, most in step 4 (40 %)"
    assert told.folded[0] == "step 1: does not look as approved: 10 % of the picture differs, in 2 places"
    few = flow.model_copy(update={"warnings": warnings[:2]})
    assert (warnings_of(few).summary, len(warnings_of(few).lines)) == ("", 2)


def test_a_go_that_asks_for_a_look_is_not_green() -> None:
    good = SIGN_IN.model_copy(update={"kind": "flow", "outcome": Outcome.PASSED})
    warned = good.model_copy(update={"outcome": Outcome.WARNED})
    tones = [tone_of(RUN.model_copy(update={"results": results})) for results in ((good,), (good, warned), (LOGIN,))]
    assert tones == ["passed", "warned", "failed"]


def test_the_slider_begins_where_something_differs() -> None:
    assert cut_of(looking_other(1, 0.1), Frame()) == 5
    area = Box(x=600, y=0, width=80, height=10)
    comparison = Comparison(against="reference", verdict="differs", areas=(area,))
    assert cut_of(SIGN_IN.model_copy(update={"comparison": comparison}), Frame()) == 50
