"""`smokerunner try` as a pipe would use it: answers on standard input, a flow file that is mended or left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from smokerunner.authoring.aria import read
from smokerunner.browser.binary import Binary
from smokerunner.demo.deploy import Deploy, flow_file
from smokerunner.model.target import Target
from smokerunner.replay.companion import targets_in, with_target
from smokerunner.replay.offering import ranked, roles
from smokerunner.steps import VOCABULARY
from tests.conftest import Smoke

PASSWORD = "a-Password-for-tests-7"


@dataclass(frozen=True)
class Tried:
    code: int
    out: str
    err: str


@pytest.fixture
def flows(home: Path) -> Path:
    """The demo's flow file, and what it uploads, in a folder of the test's own."""
    source = flow_file()
    (home / "flows" / "acorn").mkdir(parents=True)
    (home / "flows" / "acorn" / "avatar.png").write_bytes((source.parent / "acorn" / "avatar.png").read_bytes())
    path = home / "flows" / "acorn.yaml"
    path.write_bytes(source.read_bytes())
    return path


def attempt(deploy: Deploy, binary: Binary, flow: str, answers: str, *options: str, command: str = "try") -> Tried:
    words = [sys.executable, "-m", "smokerunner", command, "acorn", "--flow", flow, *options]
    words += ["--base-url", deploy.base_url, "--browser-path", str(binary.path)]
    ran = subprocess.run(
        words,
        input=answers,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env={**os.environ, "SMOKE_PASSWORD": PASSWORD},
    )
    return Tried(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.e2e
def test_a_candidate_that_is_taken_changes_only_its_line(flows: Path, home: Path, binary: Binary) -> None:
    before = flows.read_bytes().splitlines(keepends=True)
    with Deploy("button-renamed") as deploy:
        tried = attempt(deploy, binary, "declined", "1\n", "--headless", "--write")
        again = attempt(deploy, binary, "declined", "", "--headless", "--write")
    assert tried.code == 0, tried.out + tried.err
    assert '      1  button "Buy now"\n' in tried.out
    assert "+      - click: {button: Buy now}\n" in tried.out
    after = flows.read_bytes().splitlines(keepends=True)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [(b"      - click: {button: Place order}\n", b"      - click: {button: Buy now}\n")]
    assert (again.code, "✗" in again.out) == (0, False), again.out
    assert [path.name for path in home.iterdir()] == ["flows"], "no evidence and no history is left"


@pytest.mark.e2e
@pytest.mark.slow
def test_without_write_the_file_stays_and_the_change_is_shown(flows: Path, binary: Binary) -> None:
    before = flows.read_bytes()
    with Deploy("button-renamed") as deploy:
        tried = attempt(deploy, binary, "declined", "9\nx\n1\n", "--headless")
    assert tried.code == 0, tried.out
    assert tried.out.count("r tries again") == 3, "an answer that is no choice is asked for again"
    assert "-      - click: {button: Place order}\n+      - click: {button: Buy now}\n" in tried.out
    assert "flows/acorn.yaml: would be mended so; --write does it" in tried.out
    assert flows.read_bytes() == before


@pytest.mark.e2e
def test_a_wrong_candidate_is_not_written(flows: Path, binary: Binary) -> None:
    before = flows.read_bytes()
    with Deploy("button-renamed") as deploy:
        tried = attempt(deploy, binary, "declined", "2\n", "--headless", "--write")
    assert tried.code == 1, tried.out
    assert '      2  button "Log out"\n' in tried.out
    assert "not written, for the flow did not pass with it" in tried.out
    assert flows.read_bytes() == before


@pytest.mark.e2e
def test_it_gives_up_when_nobody_answers(flows: Path, binary: Binary) -> None:
    before = flows.read_bytes()
    with Deploy("login-500") as deploy:
        tried = attempt(deploy, binary, "login", "", "--headless", "--write")
    assert tried.code == 1, tried.out
    assert tried.out.count("r tries again") == 1
    assert "login did not pass" in tried.out
    assert "ROLL BACK" not in tried.out, "trying a flow is no verdict on a deploy"
    assert flows.read_bytes() == before


@pytest.mark.e2e
@pytest.mark.slow
def test_steps_can_be_gone_through_skipped_and_given_up(flows: Path, binary: Binary) -> None:
    with Deploy() as deploy:
        through = attempt(deploy, binary, "browse", "\n\ns\nq\n", "--headless", "--step")
    assert through.out.count("Enter goes on") == 4
    assert "    02  passed" in through.out
    assert "    03  skipped" in through.out
    assert "    04  skipped" in through.out
    assert through.code == 3, "a flow that was not carried through says nothing about the app"


@pytest.mark.e2e
@pytest.mark.slow
def test_a_failing_step_can_be_left_out(flows: Path, binary: Binary) -> None:
    gone, wrong = "- expect: {visible: {text: You are logged out}}", "- expect: {visible: {text: Good bye}}"
    assert gone in flows.read_text()
    flows.write_text(flows.read_text().replace(gone, f"{wrong}\n        timeout: 1s"))
    with Deploy() as deploy:
        tried = attempt(deploy, binary, "logout", "r\ns\n", "--headless", "--write")
    assert tried.code == 3, "a flow with a step left out proves nothing"
    assert tried.out.count("✗ 03") == 2
    assert "failed, and was left out by hand" in tried.out
    assert "1 step left out by hand, so this proves nothing" in tried.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("acorn", "--flow", "logn"), "no flow called 'logn', did you mean 'login'?"),
        (("flows", "--flow", "login"), "flows: is a folder; name one app or flow file"),
    ],
)
def test_bad_input_is_exit_two(words: tuple[str, ...], said: str, flows: Path, smoke: Smoke) -> None:
    ran = smoke("try", *words, "--headless")
    assert (ran.exit_code, said in ran.err) == (2, True)


# --- What is offered -------------------------------------------------------------------------------

SNAPSHOT = """\
- banner:
  - link "Home"
  - button "Log out"
- main:
  - heading "Place order" [level=1]
  - link "Place order now"
  - textbox "Card number"
  - checkbox "Card number"
  - button "Buy now"
  - button "Place the order"
- contentinfo:
  - button "Contact us"
"""


def offered(target: dict[str, object], action: str = "click") -> tuple[str, ...]:
    return ranked(Target.model_validate(target), read(SNAPSHOT), action)


def test_the_likest_of_the_same_role_comes_first_and_the_frame_of_the_page_last() -> None:
    assert offered({"button": "Place order"})[:2] == ("Place the order", "Buy now")
    assert set(offered({"button": "Place order"})[2:]) == {"Log out", "Contact us"}


def test_another_role_is_never_offered() -> None:
    assert offered({"link": "Place order"}) == ("Place order now", "Home")
    assert offered({"role": "heading", "name": "Order"}) == ("Place order",)
    assert offered({"tab": "Place order"}) == ()
    assert offered({"label": "Card"}, "fill") == offered({"label": "Card"}, "check") == ("Card number",)
    assert roles(Target.model_validate({"label": "Card"}), "fill") != roles(
        Target.model_validate({"label": "Card"}), "check"
    )
    assert offered({"text": "Place order"}) == offered({"css": "button"}) == offered({"test_id": "x"}) == ()


def test_any_target_of_a_step_can_be_replaced() -> None:
    step = VOCABULARY["expect"].model_validate(
        {"expect": {"visible": [{"text": "a"}, {"row": "b", "within": {"table": "c"}}], "checked": {"label": "d"}}}
    )
    places = {place: str(target) for place, target in targets_in(step)}
    assert list(places) == [("expect", "visible", 0), ("expect", "visible", 1), ("expect", "checked", 0, "of")]
    other = Target.model_validate({"table": "new"})
    changed = with_target(step, ("expect", "visible", 1, "within"), other)
    assert [str(target) for _, target in targets_in(changed)] == [
        'text "a"',
        'row "b" within table "new"',
        'label "d"',
    ]
