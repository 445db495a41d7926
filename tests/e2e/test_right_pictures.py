"""Every picture is the right one: the demo paints into its pages which flow, which page and which act it shows."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.cli.drawing import Artist
from smokerunner.cli.replaying import replay_all
from smokerunner.demo.deploy import Deploy
from smokerunner.demo.marks import Mark, crc16
from smokerunner.evidence.verify import verify
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.replay.options import Options
from tests.demo.marks import read_mark

pytestmark = pytest.mark.e2e

# How many acts of the user (trusted clicks and inputs) one step makes; what is not named here makes none.
ACTS = {"click": 1, "fill": 1, "press": 1, "check": 2, "upload": 1}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, binary: Binary) -> Path:
    out = tmp_path_factory.mktemp("marks")
    options = Options(out=out, history=None, release=Deploy.release, workers=4)
    with Deploy(marks=True) as deploy:
        code = replay_all([deploy.job(options, binary, lookup=lambda _: "a-Password-for-tests-7")], Artist())
    (document,) = out.glob("*/run.json")
    run = Run.model_validate_json(document.read_text())
    assert code == 0, [(flow.name, flow.message) for flow in run.flows if flow.message]
    return document.parent


@pytest.fixture(scope="module")
def run(bundle: Path) -> Run:
    return Run.model_validate_json((bundle / "run.json").read_text())


def acting(flow: Result) -> list[Result]:
    """The steps that act themselves, in the order they were made; not those that only hold others."""
    assert flow.deciding is not None
    return [step for step in ran(flow.deciding) if step.action not in ("use", "repeat")]


def ran(result: Result) -> list[Result]:
    return [step for step in result.walk() if step.kind == "step" and step.outcome is not Outcome.SKIPPED]


def test_every_step_that_ran_has_a_picture(run: Run) -> None:
    steps = [step for flow in run.flows for step in ran(flow)]
    assert len(steps) > 150
    assert all(step.picture is not None for step in steps)


def test_every_picture_shows_its_own_flow_page_and_act(run: Run, bundle: Path) -> None:
    read = 0
    for flow in run.flows:
        before: int | None = None
        for step in acting(flow):
            assert step.picture is not None
            where = f"{flow.name} {step.number} {step.title}"
            if not step.url or step.url == "about:blank":
                continue
            mark: Mark = read_mark((bundle / (step.picture.same_as or step.picture.path)).read_bytes())
            read += 1
            assert mark.flow_crc == crc16(flow.name), f"{where}: another flow's picture"
            if "***" not in step.url:
                assert mark.path_crc == crc16(urlsplit(step.url).path), f"{where}: another page's picture"
            if before is not None:
                # What is done inside the payment provider's frame is not counted on the shop's own page.
                expected = 0 if "in frame" in step.locator else ACTS.get(step.action, 0)
                assert mark.acts - before == expected, f"{where}: a picture from before or after its moment"
            before = mark.acts
    assert read > 120


def test_pictures_are_lossless_and_at_least_as_large_as_the_window(run: Run, bundle: Path) -> None:
    for flow in run.flows:
        for step in acting(flow):
            assert step.picture is not None
            width, height = map(int, step.picture.title.split("x"))
            assert width == 1280
            assert height >= 720, "smaller than the window"
            assert (bundle / (step.picture.same_as or step.picture.path)).read_bytes().startswith(b"\x89PNG\r\n")


def test_the_bundle_is_proved(bundle: Path) -> None:
    assert verify(bundle) == []
    assert verify(bundle.with_suffix(".zip")) == []
