"""The review page in a real browser: clicked, typed at, reloaded, with and without JavaScript."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from changing_shop import opened
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from smokerunner.browser.binary import Binary
from smokerunner.pictures.reference import without_facts
from tests.conftest import Smoke
from tests.review.drawn_bundle import STEPS, bundle, page, usual

pytestmark = pytest.mark.e2e

CHANGED = {STEPS[0]: page(price="99"), STEPS[1]: page(button=300), STEPS[2]: page(price="2", clock="12:00")}


@pytest.fixture(scope="module")
def browser(binary: Binary) -> Iterator[Browser]:
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=binary.path, chromium_sandbox=os.geteuid() != 0)
        yield launched
        launched.close()


class Program:
    """`smokerunner review` as a process of its own."""

    def __init__(self, made: Path) -> None:
        command = [sys.executable, "-m", "smokerunner", "review", str(made)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.address = self.process.stdout.readline().strip()

    def end(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Press Ctrl-C, or end it otherwise; the exit code and what was said at the end."""
        self.process.send_signal(by)
        out, _ = self.process.communicate(timeout=20)
        return self.process.returncode, out


@pytest.fixture
def program(smoke: Smoke, home: Path) -> Iterator[Program]:
    assert smoke("approve", bundle(home / "evidence", usual())).exit_code == 0
    running = Program(bundle(home / "evidence", CHANGED, "two"))
    yield running
    if running.process.poll() is None:
        running.end()


def shown(browser: Browser, program: Program, **settings: bool) -> Page:
    tab = browser.new_page(**settings)  # type: ignore[arg-type]
    tab.goto(program.address)
    return tab


def reference(step: str) -> bytes:
    return without_facts((Path("screenshots/shop/buy") / step).read_bytes())


def test_approve_reject_and_dynamic_are_clicked(browser: Browser, program: Program) -> None:
    assert program.said.startswith("3 to review, 0 look as approved")
    tab = shown(browser, program)
    wrong: list[str] = []
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    assert "token" not in tab.url
    first, second, third = (tab.locator(f"#item-{number}") for number in (1, 2, 3))
    first.get_by_role("button", name="Reject").click()
    expect(first).to_have_attribute("data-decision", "rejected")
    second.get_by_role("button", name="Approve").click()
    expect(second).to_have_attribute("data-decision", "approved")
    expect(tab.get_by_role("status")).to_have_text("1 of 3 open")
    third.get_by_role("button", name="Mark as dynamic").click()
    expect(tab.get_by_text("Everything is decided.")).to_be_visible()
    # What was decided is the server's to know, so that it is there after a reload.
    tab.reload()
    assert [item.get_attribute("data-decision") for item in (first, second, third)] == [
        "rejected", "approved", "dynamic",
    ]  # fmt: skip
    assert wrong == []
    assert reference(STEPS[0]) == usual()[STEPS[0]]
    assert reference(STEPS[1]) == CHANGED[STEPS[1]]
    assert reference(STEPS[2]) == usual()[STEPS[2]]
    code, said = program.end()
    assert code == 3
    assert f"rejected  buy/{STEPS[0]}" in said
    assert said.splitlines()[-1] == "1 approved, 1 dynamic, 1 rejected, 0 open"
    tab.close()


def test_sigterm_tells_what_ctrl_c_tells(browser: Browser, program: Program) -> None:
    tab = shown(browser, program)
    tab.locator("#item-1").get_by_role("button", name="Reject").click()
    expect(tab.locator("#item-1")).to_have_attribute("data-decision", "rejected")
    tab.close()
    code, said = program.end(signal.SIGTERM)
    assert code == 3
    assert said.splitlines()[-1] == "0 approved, 0 dynamic, 1 rejected, 2 open"


def test_it_works_with_the_keyboard_alone(browser: Browser, program: Program) -> None:
    tab = shown(browser, program)
    keys = tab.keyboard
    keys.press("j")
    expect(tab.locator("#item-1")).to_be_focused()
    keys.press("a")
    expect(tab.locator("#item-1")).to_have_attribute("data-decision", "approved")
    # A decision does not move on, so that no key moves on twice.
    expect(tab.locator("#item-1")).to_be_focused()
    expect(tab.locator("#item-1").get_by_text("Decided; j goes on.")).to_be_visible()
    keys.press("u")
    expect(tab.locator("#item-1")).to_have_attribute("data-decision", "")
    assert reference(STEPS[0]) == usual()[STEPS[0]]
    keys.press("v")
    expect(tab.get_by_role("radio", name="Slider")).to_be_checked()
    slider = tab.locator("#item-1").get_by_role("slider")
    slider.focus()
    for _ in range(10):
        keys.press("ArrowRight")
    expect(tab.locator("#item-1 .slider")).to_have_attribute("style", re.compile("--at: 60%"))
    keys.press("?")
    expect(tab.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    expect(tab.get_by_role("dialog", name="Keys")).to_be_hidden()
    code, said = program.end()
    assert (code, said.splitlines()[-1]) == (0, "0 approved, 0 dynamic, 0 rejected, 3 open")
    tab.close()


def test_decide_and_j_skips_nothing(browser: Browser, program: Program) -> None:
    tab = shown(browser, program)
    tab.get_by_role("checkbox", name="Only open").check()
    tab.locator("body").press("j")
    for key in "rjrjr":
        tab.keyboard.press(key)
    expect(tab.get_by_role("status")).to_have_text("0 of 3 open")
    expect(tab.locator("#item-3")).to_be_focused()
    code, said = program.end()
    assert (code, said.splitlines()[-1]) == (3, "0 approved, 0 dynamic, 3 rejected, 0 open")
    tab.close()


def test_a_whole_flow_is_approved_at_once(browser: Browser, program: Program) -> None:
    tab = shown(browser, program)
    whole = tab.get_by_role("button", name="Approve all 3 of buy")
    tab.locator("#item-2").get_by_role("button", name="Reject").click()
    expect(tab.get_by_role("status")).to_have_text("2 of 3 open")
    whole.focus()
    tab.keyboard.press("Enter")
    asked = tab.get_by_role("dialog", name="Approve 2 open pictures of buy?")
    expect(asked).to_contain_text("2 approved pictures will be replaced. Each can be taken back.")
    # Who only presses Enter once too often has approved nothing.
    expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
    for key in ("r", "Enter"):
        tab.keyboard.press(key)
    expect(asked).to_be_hidden()
    expect(tab.get_by_role("status")).to_have_text("2 of 3 open")
    assert {step: reference(step) for step in STEPS} == usual()
    # While it works nothing else can be pressed, and each picture counts when it is done.
    told: list[str] = []
    busy: list[bool] = []

    def watched(route: Route) -> None:
        told.append(tab.get_by_role("status").inner_text())
        busy.append(tab.locator("#item-1").get_by_role("button", name="Reject").is_disabled())
        route.continue_()

    tab.route("**/items/*/approve", watched)
    whole.click()
    asked.get_by_role("button", name="Approve all of them").click()
    expect(tab.get_by_role("status")).to_have_text("0 of 3 open")
    expect(whole).to_be_disabled()
    expect(tab.locator("#item-1").get_by_role("button", name="Reject")).to_be_enabled()
    assert (told, busy) == (["2 of 3 open", "1 of 3 open"], [True, True])
    assert {step: reference(step) for step in STEPS} == {**CHANGED, STEPS[1]: usual()[STEPS[1]]}
    tab.close()


def test_buttons_work_without_javascript(browser: Browser, program: Program) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(program.address)
    tab.locator("#item-2").get_by_role("button", name="Approve").click()
    tab.wait_for_url("**/#item-2")
    assert reference(STEPS[1]) == CHANGED[STEPS[1]]
    context.close()


def test_a_page_of_another_origin_cannot_approve(browser: Browser, program: Program) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(program.address)
    own = tab.url
    with opened() as foreign:
        # Another port of this machine is the same site, so the browser sends the cookie along.
        tab.goto(foreign.base_url)
        with tab.expect_response("**/items/2/approve") as answer:
            tab.evaluate(
                """address => {
                    const form = document.createElement("form");
                    form.method = "post";
                    form.action = address;
                    document.body.append(form);
                    form.submit();
                }""",
                f"{own}items/2/approve",
            )
        assert "smokerunner-review" in answer.value.request.all_headers().get("cookie", "")
        assert answer.value.status == 403
    assert reference(STEPS[1]) == usual()[STEPS[1]]
    tab.goto(own)
    expect(tab.locator("#item-2")).to_have_attribute("data-decision", "")
    context.close()
