"""What `approve` writes, keeps and refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from drawn_bundle import AT, STEPS, browser, bundle, page, usual

from smokerunner.model.geometry import Box
from smokerunner.model.outcome import Outcome
from smokerunner.pictures.compare import compare
from smokerunner.pictures.reference import Facts, References, facts_in, with_facts, without_facts
from smokerunner.review.approving import merged
from tests.conftest import Smoke

SHOTS = Path("screenshots/shop/buy")


def facts(name: str) -> Facts:
    found = facts_in((SHOTS / name).read_bytes())
    assert found is not None
    return found


def lies_in(inner: tuple[float, float], boxes: tuple[Box, ...]) -> bool:
    x, y = inner
    return any(box.x <= x < box.x + box.width and box.y <= y < box.y + box.height for box in boxes)


def test_every_good_picture_becomes_a_reference_with_its_facts(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual())
    ran = smoke("approve", made)
    assert ran.exit_code == 0, ran.err
    assert ran.out.splitlines()[-1] == "screenshots: 3 new, 0 changed, 0 unchanged"
    assert tuple(sorted(path.name for path in SHOTS.iterdir())) == STEPS
    stored = (SHOTS / STEPS[1]).read_bytes()
    assert without_facts(stored) == usual()[STEPS[1]]
    assert facts(STEPS[1]) == Facts(
        app="shop", flow="buy", step=STEPS[1], run=made.name, kind="chromium", version="120", viewport="640x360"
    )
    assert smoke("verify", made).exit_code == 0


def test_a_zip_is_as_good_and_nothing_is_written_twice(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual())
    smoke("approve", made)
    before = {path: path.stat().st_mtime_ns for path in SHOTS.iterdir()}
    ran = smoke("approve", f"{made}.zip")
    assert ran.out == "screenshots: 0 new, 0 changed, 3 unchanged\n"
    assert {path: path.stat().st_mtime_ns for path in SHOTS.iterdir()} == before


def test_a_changed_look_replaces_its_reference_only(smoke: Smoke, home: Path) -> None:
    smoke("approve", bundle(home / "evidence", usual()))
    changed = {**usual(), STEPS[1]: page(button=300)}
    ran = smoke("approve", bundle(home / "evidence", changed, "two"))
    assert ran.out.splitlines() == [f"changed   buy/{STEPS[1]}", "screenshots: 0 new, 1 changed, 2 unchanged"]
    assert without_facts((SHOTS / STEPS[1]).read_bytes()) == changed[STEPS[1]]


def test_only_the_steps_asked_for(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual())
    assert smoke("approve", made, "--flow", "buy", "--step", "2").exit_code == 0
    assert [path.name for path in SHOTS.iterdir()] == [STEPS[1]]
    for wrong, said in ((("--flow", "by"), "no flow called 'by'"), (("--step", "9"), "no good step 9")):
        ran = smoke("approve", made, *wrong)
        assert ran.exit_code == 2
        assert said in ran.err


def test_a_failed_step_is_never_approved(smoke: Smoke, home: Path) -> None:
    smoke("approve", bundle(home / "evidence", usual(), outcomes={STEPS[1]: Outcome.FAILED, STEPS[2]: Outcome.WARNED}))
    assert sorted(path.name for path in SHOTS.iterdir()) == [STEPS[0], STEPS[2]]


def test_a_bundle_that_was_changed_is_refused(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual())
    (made / "flows" / "buy" / STEPS[0]).write_bytes(page(button=200))
    ran = smoke("approve", made)
    assert ran.exit_code == 2
    assert "is not as it was sealed, so nothing of it is approved" in ran.err
    assert not SHOTS.exists()


def test_a_bundle_cannot_write_outside_the_folder(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual(), app="../../shop")
    ran = smoke("approve", made, "--screenshots", "deep/screenshots")
    assert ran.exit_code == 2
    assert "not the names of an app" in ran.err
    assert not list(home.rglob("01-goto-shop.png.*"))
    assert {path.relative_to(home).parts[0] for path in home.rglob("*.png")} == {"evidence"}


def test_what_differs_between_runs_is_dynamic(smoke: Smoke, home: Path) -> None:
    first = {**usual(), STEPS[1]: page(clock="10:15:01")}
    second = {**usual(), STEPS[1]: page(clock="12:48:37")}
    ran = smoke(
        "approve",
        bundle(home / "evidence", second, "two", started=AT + timedelta(hours=1)),
        bundle(home / "evidence", first),
    )
    assert f"new       buy/{STEPS[1]}  (1 dynamic area)" in ran.out
    assert without_facts((SHOTS / STEPS[1]).read_bytes()) == second[STEPS[1]]
    found = facts(STEPS[1]).dynamic
    assert lies_in((560, 24), found)
    assert facts(STEPS[0]).dynamic == ()
    third = page(clock="09:09:09")
    assert compare(second[STEPS[1]], third, ignored=found).same
    assert not compare(second[STEPS[1]], page(clock="09:09:09", button=60), ignored=found).same


def test_dynamic_areas_are_kept_when_a_look_is_approved_again(smoke: Smoke, home: Path) -> None:
    clocks = [{STEPS[1]: page(clock=clock)} for clock in ("10:15:01", "12:48:37")]
    smoke("approve", *(bundle(home / "evidence", pictures, str(n)) for n, pictures in enumerate(clocks)))
    known = facts(STEPS[1]).dynamic
    smoke("approve", bundle(home / "evidence", {STEPS[1]: page(clock="08:00:00", button=300)}, "new"))
    assert facts(STEPS[1]).dynamic == known
    # A window so narrow that the clock's place is not in it any more.
    smoke("approve", bundle(home / "evidence", {STEPS[1]: page(size=(400, 360))}, "narrow"))
    assert facts(STEPS[1]).dynamic == ()


def test_dynamic_keeps_the_picture_and_leaves_out_what_differs(smoke: Smoke, home: Path) -> None:
    smoke("approve", bundle(home / "evidence", usual()))
    ran = smoke(
        "approve", "--dynamic", bundle(home / "evidence", {**usual(), STEPS[0]: page(price="0", button=60)}, "two")
    )
    assert f"dynamic   buy/{STEPS[0]}  (1 dynamic area)" in ran.out
    assert without_facts((SHOTS / STEPS[0]).read_bytes()) == usual()[STEPS[0]]
    assert lies_in((45, 200), facts(STEPS[0]).dynamic)


def test_another_browser_is_another_reference(smoke: Smoke, home: Path) -> None:
    smoke("approve", bundle(home / "evidence", usual()))
    newer = bundle(home / "evidence", usual(), "two", made_by=browser("121.0.1.1"))
    assert smoke("approve", newer).out.splitlines()[-1] == "screenshots: 0 new, 3 changed, 0 unchanged"
    assert facts(STEPS[0]).version == "121"


def test_references_of_steps_that_are_gone_are_named_and_pruned(smoke: Smoke, home: Path) -> None:
    smoke("approve", bundle(home / "evidence", usual()))
    fewer = bundle(home / "evidence", dict(list(usual().items())[:2]), "two")
    ran = smoke("approve", fewer)
    assert f"gone      buy/{STEPS[2]}" in ran.out
    assert (SHOTS / STEPS[2]).exists()
    ran = smoke("approve", "--prune", fewer)
    assert "1 removed" in ran.out
    assert not (SHOTS / STEPS[2]).exists()


def test_facts_never_part_from_the_picture() -> None:
    said = Facts(app="shop", flow="buy", step="x.png", run="r", dynamic=(Box(x=1, y=2, width=3, height=4),))
    twice = with_facts(with_facts(page(), said.model_copy(update={"run": "old"})), said)
    assert facts_in(twice) == said
    assert without_facts(twice) == page()
    assert compare(page(), twice).same
    assert facts_in(page()) is None
    assert facts_in(twice.replace(b'"flow"', b'"flaw"')) is None


def test_what_cannot_be_compared_is_said_in_words() -> None:
    said = Facts.of(browser(fonts="abc"), app="shop", flow="buy", step="x.png", run="r")
    assert said.obstacle(browser(fonts="abc")) == ""
    assert said.obstacle(browser()) == ""
    assert said.obstacle(browser("121.1", fonts="abc")) == "was made with chromium 120, this is chromium 121"
    assert said.obstacle(browser(fonts="abd")) == "was made where other fonts are installed"
    narrow = browser(viewport="400x360", fonts="abc")
    assert said.obstacle(narrow) == "was made in a window of 640x360, this one has 400x360"


@pytest.mark.parametrize("names", [("..", "buy", "x.png"), ("shop", "a/b", "x.png"), ("shop", "buy", "../x.png")])
def test_names_cannot_lead_out(names: tuple[str, str, str], home: Path) -> None:
    with pytest.raises(ValueError, match="not the names"):
        References(home).path(*names)


def test_areas_that_overlap_become_one() -> None:
    one, two, far = (Box(x=x, y=0, width=10, height=10) for x in (0, 8, 50))
    assert set(merged([one, far, two])) == {Box(x=0, y=0, width=18, height=10), far}
