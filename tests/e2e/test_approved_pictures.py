"""Approved pictures from end to end: what is the same, what warns, what fails, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from changing_shop import Shop, opened

from smokerunner.browser.binary import Binary
from smokerunner.cli.drawing import Artist
from smokerunner.cli.replaying import replay_all
from smokerunner.demo.deploy import Deploy
from smokerunner.demo.faults import FAULTS
from smokerunner.demo.rehearsal import compared, rehearse
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.pictures.reference import facts_in, with_facts
from smokerunner.replay.options import Options
from smokerunner.replay.plan import Selection
from tests.conftest import Ran, Smoke

pytestmark = pytest.mark.e2e

FLOW = """app: shop
base_url: {base_url}
flows:
  buy:
    {visual}
    steps:
      - goto: /
      - expect: {{visible: {{button: Buy now}}}}
"""


@pytest.fixture
def shop() -> Iterator[Shop]:
    with opened() as serving:
        yield serving


def replayed(smoke: Smoke, shop: Shop, visual: str = "visual: warn", *more: str) -> Ran:
    Path("flows").mkdir(exist_ok=True)
    Path("flows/shop.yaml").write_text(FLOW.format(base_url=shop.base_url, visual=visual))
    return smoke("run", "--no-history", *more)


def approved(smoke: Smoke, shop: Shop, runs: int = 1) -> None:
    for _ in range(runs):
        assert replayed(smoke, shop).exit_code == 0
    done = smoke("approve", *Path("evidence").glob("*.zip"))
    assert done.exit_code == 0, done.err


def first(run: Run) -> Result:
    return run.flows[0].steps[0]


def test_a_moved_button_is_found_and_shown(smoke: Smoke, shop: Shop) -> None:
    approved(smoke, shop)
    assert first(replayed(smoke, shop).run).comparison.verdict == "same"  # type: ignore[union-attr]
    shop.left = 40
    ran = replayed(smoke, shop)
    step = first(ran.run)
    assert (ran.exit_code, ran.run.outcome, step.outcome) == (0, Outcome.WARNED, Outcome.WARNED)
    comparison = step.comparison
    assert comparison is not None
    assert (comparison.against, comparison.verdict) == ("reference", "differs")
    assert step.warnings == (comparison.complaint,)
    (area,) = comparison.areas
    assert area.x == pytest.approx(30, abs=3)
    assert {item.kind for item in step.artifacts} >= {"picture", "earlier", "difference"}
    for path in (comparison.earlier, comparison.difference):
        assert (ran.bundle / path).read_bytes().startswith(b"\x89PNG")
    assert smoke("verify", ran.bundle).exit_code == 0


def test_a_jitter_of_one_pixel_passes(smoke: Smoke, shop: Shop) -> None:
    approved(smoke, shop)
    shop.jitter = 1
    ran = replayed(smoke, shop)
    step = first(ran.run)
    assert step.outcome is Outcome.PASSED
    assert step.comparison is not None
    assert step.comparison.verdict == "same"
    before, after = (path.read_bytes() for path in sorted(Path("evidence").glob("*/flows/buy/01-goto.png")))
    assert before != after


def test_a_clock_and_an_avatar_are_dynamic_and_the_price_is_not(smoke: Smoke, shop: Shop) -> None:
    shop.ticking = True
    approved(smoke, shop, runs=3)
    assert first(replayed(smoke, shop).run).outcome is Outcome.PASSED
    shop.price = "41.50"
    assert first(replayed(smoke, shop).run).outcome is Outcome.WARNED


def test_another_browser_is_named_and_not_shown_as_a_sea_of_red(smoke: Smoke, shop: Shop) -> None:
    approved(smoke, shop)
    for path in Path("screenshots").rglob("*.png"):
        facts = facts_in(path.read_bytes())
        assert facts is not None
        path.write_bytes(with_facts(path.read_bytes(), facts.model_copy(update={"version": "99"})))
    shop.left = 40
    ran = replayed(smoke, shop)
    flow = ran.run.flows[0]
    assert (ran.exit_code, flow.outcome, flow.warnings) == (0, Outcome.PASSED, ())
    assert flow.comparison is not None
    assert "2 pictures not compared: the approved picture was made with " in flow.comparison.message
    assert " 99, this is " in flow.comparison.message
    assert "buy: 2 pictures not compared" in ran.out
    strict = replayed(smoke, shop, "visual: strict")
    assert (strict.exit_code, first(strict.run).outcome) == (3, Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("visual", "code", "outcome"),
    [
        ("visual: strict", 1, Outcome.FAILED),
        ("visual: {mode: strict, tolerance: 30%}", 0, Outcome.PASSED),
        ("visual: off", 0, Outcome.PASSED),
    ],
)
def test_a_flow_says_how_strict_it_is(smoke: Smoke, shop: Shop, visual: str, code: int, outcome: Outcome) -> None:
    approved(smoke, shop)
    shop.left = 40
    ran = replayed(smoke, shop, visual)
    assert (ran.exit_code, first(ran.run).outcome) == (code, outcome)
    # A difference never keeps the later steps from being performed.
    assert ran.run.flows[0].steps[1].outcome is outcome
    if outcome is Outcome.FAILED:
        assert first(ran.run).message.startswith("does not look as approved: ")
        # What failed only by its looks is what somebody may want to approve.
        assert "2 changed" in smoke("approve", ran.bundle).out
        assert replayed(smoke, shop, visual).exit_code == 0


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc for a file that cannot be read")
@pytest.mark.parametrize(
    ("visual", "code", "outcome"), [("visual: strict", 3, Outcome.ERROR), ("visual: warn", 0, Outcome.WARNED)]
)
def test_what_cannot_be_compared_is_no_approval(
    smoke: Smoke, shop: Shop, visual: str, code: int, outcome: Outcome
) -> None:
    approved(smoke, shop)
    reference = next(Path("screenshots").rglob("*.png"))
    reference.unlink()
    reference.symlink_to("/proc/self/mem")
    ran = replayed(smoke, shop, visual)
    assert (ran.exit_code, ran.run.flows[0].outcome) == (code, outcome)
    assert "its pictures could not be compared" in ran.out


def test_strict_without_references_warns(smoke: Smoke, shop: Shop) -> None:
    ran = replayed(smoke, shop, "visual: strict")
    flow = ran.run.flows[0]
    assert (ran.exit_code, flow.outcome) == (0, Outcome.WARNED)
    # A busy machine may paint the same page late, and then it has two pictures.
    own = [step for step in flow.steps if step.picture is not None and step.picture.same_as is None]
    number = "1 picture has" if len(own) == 1 else f"{len(own)} pictures have"
    assert flow.warnings == (
        f"visual: strict, but {number} no approved reference; smokerunner approve <bundle> makes them",
    )
    assert flow.warnings[0] in ran.out
    assert smoke("approve", ran.bundle).exit_code == 0
    assert replayed(smoke, shop, "visual: strict").run.flows[0].outcome is Outcome.PASSED


def test_without_references_the_last_passed_run_is_shown(smoke: Smoke, shop: Shop) -> None:
    replayed(smoke, shop)
    passed = smoke("run").run
    shop.left = 40
    flow = Path("flows/shop.yaml")
    flow.write_text(flow.read_text().replace("Buy now", "Buy later"))
    ran = smoke("run")
    failed = ran.run.flows[0].steps[1]
    assert failed.outcome is Outcome.FAILED
    assert failed.comparison is not None
    assert (failed.comparison.against, failed.comparison.verdict) == ("last passed", "differs")
    assert failed.comparison.run == passed.id
    assert (ran.bundle / failed.comparison.earlier).exists()
    assert first(ran.run).comparison is None


EYES = sorted(name for name, fault in FAULTS.items() if fault.only_eyes)


def test_the_faults_that_only_eyes_notice() -> None:
    assert EYES == ["layout-broken", "picture-missing", "stylesheet-missing", "wrong-price"]


@pytest.mark.slow
def test_each_of_them_warns_and_shows_the_difference(tmp_path: Path, binary: Binary) -> None:
    screenshots = tmp_path / "screenshots"
    selection = Selection(names=("browse", "cart"))
    usual = Options(selection=selection, history=None, release=Deploy.release, screenshots=screenshots)
    assert rehearse(usual, binary, screenshots) > 20
    for fault in EYES:
        options = replace(usual, out=tmp_path / fault)
        with Deploy(fault) as deploy, compared(options, binary, (fault,), print) as same:
            assert same is options
            assert replay_all([deploy.job(options, binary)], Artist()) == 0
        (document,) = options.out.glob("*/run.json")
        run = Run.model_validate_json(document.read_text())
        assert run.outcome is Outcome.WARNED, fault
        differing = [
            step
            for flow in run.flows
            for step in flow.steps
            if step.comparison is not None and step.comparison.verdict == "differs"
        ]
        assert differing, fault
        for step in differing:
            assert step.comparison is not None
            assert (document.parent / step.comparison.difference).exists()
            assert (document.parent / step.comparison.earlier).exists()
