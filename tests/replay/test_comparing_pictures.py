"""What a comparison makes of steps: their outcome, what they say, and the files beside their pictures."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smokerunner.evidence.folder import Folder
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Past
from smokerunner.model.secret import Secrets
from smokerunner.model.step import Step
from smokerunner.model.visual import Visual
from smokerunner.pictures.reference import Facts, References
from smokerunner.replay.pictures.comparing import Approved, Judged
from smokerunner.replay.pictures.recalling import LastPassed
from smokerunner.replay.pictures.studio import Studio
from smokerunner.steps.navigate import Goto
from tests.review.drawn_bundle import AT, STEPS, browser, bundle, drawn_run, page, usual

SAME, MOVED = page(), page(button=300)


def step(number: str, outcome: Outcome = Outcome.PASSED, *children: Result) -> Result:
    return Result(
        id=f"flows/buy/1/{number.replace('.', '/')}",
        kind="step",
        name=number,
        title="goto /",
        action="goto",
        outcome=outcome,
        message="no such page" if outcome.is_bad else "",
        started=AT,
        artifacts=(Artifact(kind="picture", path=f"flows/buy/{number}-goto.png"),),
        children=children,
    )


def judged(home: Path, results: list[Result], now: bytes = MOVED, **said: object) -> list[Result]:
    """Every step's approved picture is SAME, and now they look otherwise."""
    references = References(home / "screenshots")
    folder = Folder.create(home / "out", "shop-test-x", Secrets({}))
    for result in (below for top in results for below in top.walk()):
        name = f"{result.name}-goto.png"
        references.write(SAME, Facts.of(browser(), app="shop", flow="buy", step=name, run="earlier"))
        folder.write(f"flows/buy/{name}", now)
    approved = Approved(references, "shop", "buy", **{"visual": Visual(), "browser": browser(), **said})  # type: ignore[arg-type]
    return approved.judge(folder, results).steps


def goto(**beside: object) -> Step:
    return Goto.model_validate({"goto": "/", **beside})


def test_the_same_is_the_same(home: Path) -> None:
    (result,) = judged(home, [step("01")], now=SAME)
    assert (result.outcome, result.warnings) == (Outcome.PASSED, ())
    assert result.comparison is not None
    assert (result.comparison.verdict, result.comparison.run) == ("same", "earlier")
    assert [item.kind for item in result.artifacts] == ["picture"]


def test_a_difference_warns_and_is_kept(home: Path) -> None:
    (result,) = judged(home, [step("01")])
    assert result.outcome is Outcome.WARNED
    assert result.comparison is not None
    assert result.comparison.earlier == "flows/buy/earlier/01-goto.png"
    assert (home / "out/.shop-test-x.partial/flows/buy/earlier/01-goto.png").read_bytes() == SAME
    assert [item.kind for item in result.artifacts] == ["picture", "earlier", "difference"]


@pytest.mark.parametrize(
    ("outer", "beside", "outcome"),
    [
        (Visual(mode="strict"), {}, Outcome.FAILED),
        (Visual(mode="strict"), {"visual": "warn"}, Outcome.WARNED),
        (Visual(mode="strict"), {"visual": "off"}, Outcome.PASSED),
        (Visual(mode="strict"), {"on_failure": "warn"}, Outcome.WARNED),
        (Visual(mode="off"), {"visual": "strict"}, Outcome.FAILED),
        (Visual(mode="strict"), {"visual": {"tolerance": "30%"}}, Outcome.PASSED),
        (Visual(mode="strict", tolerance=0.3), {"visual": {"tolerance": "0%"}}, Outcome.FAILED),
    ],
)
def test_the_innermost_word_counts(home: Path, outer: Visual, beside: dict[str, object], outcome: Outcome) -> None:
    (result,) = judged(home, [step("01")], visual=outer, steps={"flows/buy/1/01": goto(**beside)})
    assert result.outcome is outcome


def test_what_is_bad_stays_as_it_is(home: Path) -> None:
    (result,) = judged(home, [step("01", Outcome.ERROR)], visual=Visual(mode="strict"))
    assert (result.outcome, result.message, result.warnings) == (Outcome.ERROR, "no such page", ())
    assert result.comparison is not None
    assert result.comparison.verdict == "differs"


def test_a_step_is_as_bad_as_those_within_it(home: Path) -> None:
    steps = {"flows/buy/1/01": goto(visual="off"), "flows/buy/1/01/01": goto(visual="strict")}
    (result,) = judged(home, [step("01", Outcome.PASSED, step("01.01"))], steps=steps)
    assert (result.outcome, result.children[0].outcome) == (Outcome.FAILED, Outcome.FAILED)
    assert result.message.startswith("step 1.1: does not look as approved: ")
    assert result.comparison is None
    (result,) = judged(home / "again", [step("01", Outcome.PASSED, step("01.01"))], visual=Visual(mode="off"))
    assert result.outcome is Outcome.PASSED


def without_references(home: Path, results: list[Result], *known: str, **said: object) -> Judged:
    """Judged where only the steps `known` have approved pictures."""
    folder = Folder.create(home / "out", "shop-test-x", Secrets({}))
    references = References(home / "some")
    for result in (below for top in results for below in top.walk()):
        folder.write(f"flows/buy/{result.name}-goto.png", SAME)
    for name in known:
        step_name = f"{name}-goto.png"
        references.write(SAME, Facts.of(browser(), app="shop", flow="buy", step=step_name, run="earlier"))
    visual = {"visual": Visual(), "browser": browser(), **said}
    return Approved(references, "shop", "buy", **visual).judge(folder, results)  # type: ignore[arg-type]


def test_no_reference_no_word(home: Path) -> None:
    assert without_references(home, [step("01")]) == Judged([step("01")])
    assert without_references(home / "off", [step("01")], visual=Visual(mode="off")) == Judged([step("01")])


def test_strict_without_references_is_no_silent_pass(home: Path) -> None:
    bare = step("05").model_copy(update={"artifacts": ()})
    again = Artifact(kind="picture", path="flows/buy/06-goto.png", same_as="flows/buy/02-goto.png")
    steps = [
        step("01", Outcome.PASSED, step("01.01")), step("02"), step("03", Outcome.SKIPPED), step("04"), bare,
        step("06").model_copy(update={"artifacts": (again,)}), step("07", Outcome.FAILED), step("08"),
    ]  # fmt: skip
    judged = without_references(
        home, steps, "08", visual=Visual(mode="strict"), steps={"flows/buy/1/04": goto(visual="off")}
    )
    assert judged.warnings == (
        "visual: strict, but 3 pictures have no approved reference; smokerunner approve <bundle> makes them",
    )
    assert judged.comparison is None
    assert [result.outcome for result in judged.steps] == [result.outcome for result in steps]
    one = without_references(home / "one", [step("01"), step("02")], steps={"flows/buy/1/02": goto(visual="strict")})
    assert one.warnings[0].startswith("visual: strict, but 1 picture has no approved reference; ")
    assert without_references(home / "all", [step("01")], "01", visual=Visual(mode="strict")).warnings == ()


def test_a_flow_with_some_references_notes_those_that_are_missing(home: Path) -> None:
    judged = without_references(home, [step("01"), step("02"), step("03"), step("04", Outcome.FAILED)], "02")
    assert judged.warnings == ()
    assert judged.comparison is not None
    assert judged.comparison.message == "2 pictures have no approved reference"


def test_a_picture_without_facts_is_no_reference(home: Path) -> None:
    folder = Folder.create(home / "out", "shop-test-x", Secrets({}))
    folder.write("flows/buy/01-goto.png", MOVED)
    references = References(home / "screenshots")
    references.put(("shop", "buy", "01-goto.png"), SAME)
    judged = Approved(references, "shop", "buy", Visual(), browser()).judge(folder, [step("01")])
    assert judged.steps[0].outcome is Outcome.PASSED
    note = judged.comparison
    assert note is not None
    assert note.message == (
        "1 picture not compared: the approved picture holds no facts about itself; approve the step once more"
    )


def test_the_last_passed_run_is_laid_beside_what_went_wrong(home: Path) -> None:
    passed = bundle(home / "out", usual())
    now = drawn_run({STEPS[0]: SAME, "02-click-buy-it.png": MOVED}, "shop-test-now",
                    outcomes={"02-click-buy-it.png": Outcome.FAILED})  # fmt: skip
    folder = Folder.create(home / "out", now.id, Secrets({}))
    folder.write("flows/buy/02-click-buy-it.png", MOVED)
    past = {"buy": Past(last_passed_run=passed.name)}
    flow, notes = LastPassed(folder, past, browser()).beside(now.flows[0])
    assert notes == []
    good, bad = flow.steps
    assert good.comparison is None
    # Its picture has another name now; its number and action are the same.
    assert bad.comparison is not None
    assert (bad.comparison.against, bad.comparison.verdict) == ("last passed", "differs")
    assert folder.read(bad.comparison.earlier) == usual()[STEPS[1]]
    assert bad.outcome is Outcome.FAILED
    flow, _ = LastPassed(folder, past, browser("121")).beside(now.flows[0])
    said = flow.steps[1].comparison
    assert said is not None
    assert said.message == "the picture of the last passed run was made with chromium 120, this is chromium 121"
    assert said.earlier
    gone = LastPassed(folder, {"buy": Past(last_passed_run="gone")}, browser())
    assert gone.beside(now.flows[0]) == (now.flows[0], [])


def test_it_is_compared_with_what_is_known_of_the_browser_when_the_flow_ends(home: Path) -> None:
    passed = bundle(home / "out", usual())
    now = drawn_run({STEPS[1]: MOVED}, "shop-test-now", outcomes={STEPS[1]: Outcome.FAILED})
    folder = Folder.create(home / "out", now.id, Secrets({}))
    folder.write(f"flows/buy/{STEPS[1]}", MOVED)
    known = [browser()]
    past = {"buy": Past(last_passed_run=passed.name)}
    studio = Studio(folder, now.model_copy(update={"history": past}), "off", browser=lambda: known[-1])
    known.append(browser("121"))
    studio.begin(now.flows[0])
    (flow,), notes = asyncio.run(studio.finish(now.flows))
    assert notes == []
    said = flow.steps[0].comparison
    assert said is not None
    assert said.message == "the picture of the last passed run was made with chromium 120, this is chromium 121"
