"""A flow's own result: what its steps warn of, told so that one cause is one line."""

from __future__ import annotations

from smokerunner.model.comparison import Comparison
from smokerunner.model.flow import Flow
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.replay.concluding import flow_result
from smokerunner.replay.plan import Planned
from smokerunner.steps.navigate import Goto
from tests.review.drawn_bundle import AT


def differing(number: int, changed: float, *more: str) -> Result:
    look = Comparison(against="reference", verdict="differs", changed=changed, message=f"{changed:.1%} differ")
    return Result(
        id=f"flows/buy/1/{number:02}",
        kind="step",
        name=f"{number:02}",
        outcome=Outcome.WARNED,
        started=AT,
        comparison=look,
        warnings=(*more, look.complaint),
    )


def warnings(*steps: Result) -> tuple[str, ...]:
    tried = Result(
        id="flows/buy/1", kind="attempt", name="1", outcome=Outcome.WARNED, started=AT, children=steps,
        warnings=("took long",),
    )  # fmt: skip
    goto = Goto.model_validate({"goto": "/"})
    planned = Planned("buy", Flow.model_construct(steps=(goto,), tags=()), prerequisite=False, waits_for=())
    return flow_result(planned, [tried], None, AT).warnings


def test_few_pictures_that_differ_are_told_one_by_one() -> None:
    assert warnings(*(differing(number, 0.25) for number in (1, 2, 3))) == (
        *(f"step {number}: does not look as approved: 25.0% differ" for number in (1, 2, 3)),
        "took long",
    )


def test_many_pictures_that_differ_are_one_line_that_names_the_worst() -> None:
    steps = [differing(1, 0.1), differing(2, 0.53, "its fallback was used"), differing(3, 0.2)]
    within = differing(4, 0.001)
    holding = Result(
        id="flows/buy/1/04", kind="step", name="04", outcome=Outcome.WARNED, started=AT, children=(within,)
    )
    assert warnings(*steps, holding) == (
        "4 pictures differ from the approved ones, most in step 2 (53 %)",
        "step 2: its fallback was used",
        "took long",
    )
    small = warnings(*(differing(number, 0.001) for number in range(1, 5)))
    assert small[0] == "4 pictures differ from the approved ones, most in step 1 (less than 1 %)"
