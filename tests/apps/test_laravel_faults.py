"""Regressions staged in the Laravel app: the flow that uses what broke turns red and says why, and no other does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smokerunner.language.load import load
from smokerunner.model.result import Result
from tests.apps.lab.hosting import hosted, place_of
from tests.apps.lab.replaying import PASSWORD, flow_file
from tests.conftest import Ran, Smoke
from tests.e2e.outcome_site import replay, write

pytestmark = [pytest.mark.apps, pytest.mark.timeout(900)]

ALL = set(load(flow_file("laravel")).file.flows)

# What is broken, as a line of storage/fault; which flows fail, and the cause that is named; which cannot run then.
FAULTS = {
    "GET / blank": ({"browse": "blank-page", "logout": "blank-page", "close": "blank-page"}, ""),
    "GET login 500": (
        dict.fromkeys(("browse", "expired", "login", "remember", "mistakes"), "server-error"),
        "logout reset create edit find delete",
    ),
    "POST register 500": (
        {"register": "server-error"},
        "confirm verify login remember mistakes logout reset profile close create edit find delete",
    ),
    "POST register mail": (
        {"register": "server-error"},
        "confirm verify login remember mistakes logout reset profile close create edit find delete",
    ),
    "POST login sql": (
        dict.fromkeys(("login", "remember", "mistakes"), "server-error"),
        "logout reset create edit find delete",
    ),
    "POST email/verification-notification mail": ({"verify": "server-error"}, "create edit find delete"),
    "GET email/verify/* sql": ({"confirm": "server-error", "verify": "server-error"}, "create edit find delete"),
    "GET profile lost": ({"profile": "session-lost", "close": "session-lost"}, ""),
    "POST logout 500": ({"logout": "server-error"}, ""),
    "POST forgot-password mail": ({"reset": "server-error"}, ""),
    "POST reset-password blank": ({"reset": "blank-page"}, ""),
    "POST profile 500": ({"profile": "server-error"}, ""),
    "DELETE profile sql": ({"close": "server-error"}, ""),
    "POST invoices sql": ({"create": "server-error"}, "edit find delete"),
    "GET invoices/*/edit blank": ({"edit": "blank-page"}, ""),
    "PUT invoices/* lost": ({"edit": "session-lost"}, ""),
    "GET api/invoices/search 500": ({"find": "request-failed"}, ""),
    "DELETE invoices/* 500": ({"delete": "server-error"}, ""),
}

Replay = Callable[..., Ran]


@contextmanager
def staged(*faults: str, debug: bool = False) -> Iterator[None]:
    """The app with these faults; `debug` is how much it tells of errors."""
    home = place_of("laravel").folder / "app"
    file, settings = home / "storage" / "fault", home / ".env"
    before = settings.read_text()
    settings.write_text(re.sub(r"(?m)^APP_DEBUG=.*$", f"APP_DEBUG={str(debug).lower()}", before))
    file.write_text("".join(f"{fault}\n" for fault in faults))
    try:
        yield
    finally:
        file.unlink()
        settings.write_text(before)


@pytest.fixture(scope="module", autouse=True)
def laravel() -> Iterator[None]:
    with hosted("laravel"):
        yield


@pytest.fixture
def run(smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch) -> Replay:
    """Replay the app's flow file."""
    monkeypatch.setenv("SMOKE_PASSWORD", PASSWORD)
    place, config = place_of("laravel"), home / "smokerunner.yaml"
    lab = f"{{base_url: '{place.url}', mailbox: {{embedded: {{port: {place.smtp_port}}}}}}}"
    config.write_text(f"apps: {{laravel: {{environments: {{lab: {lab}}}}}}}\n")
    quickly = ("--workers", 4, "--pictures", "off", "--trace", "off", "--no-history")

    def call(*options: object) -> Ran:
        return smoke("run", flow_file("laravel"), "--config", config, *quickly, *options)

    return call


def causes(flows: tuple[Result, ...]) -> dict[str, str]:
    """The first cause that is named of each failed flow."""
    return {
        flow.name: flow.diagnoses[0].id if flow.diagnoses else "" for flow in flows if str(flow.outcome) == "failed"
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_breaks_the_flow_that_meets_it_and_no_other(fault: str, run: Replay) -> None:
    fails, skipped = FAULTS[fault]
    with staged(fault):
        ran = run()
    outcomes = {flow.name: str(flow.outcome) for flow in ran.run.flows}
    left_out = set(skipped.split())
    wanted = {name: "failed" if name in fails else "skipped" if name in left_out else "passed" for name in ALL}
    messages = [(flow.name, flow.message, flow.warnings) for flow in ran.run.flows]
    assert outcomes == wanted, messages
    assert causes(ran.run.flows) == fails, messages
    assert ran.exit_code == 1


def test_every_flow_turns_red_under_some_fault() -> None:
    assert {name for fails, _ in FAULTS.values() for name in fails} == ALL


def test_a_page_full_of_debugging_is_named_as_that(run: Replay) -> None:
    with staged("GET / 500", "POST profile sql", "POST forgot-password mail", debug=True):
        ran = run("--flow", "browse", "--flow", "profile", "--flow", "reset")
    assert causes(ran.run.flows) == dict.fromkeys(("browse", "profile", "reset"), "debug-page")


MISTAKEN = """
  slow:
    steps: [{goto: /forgot-password, timeout: 3s}]
  taken:
    steps:
      - goto: /register
      - fill: {label: Name}
        with: Robin Ek
      - fill: {label: Email}
        with: demo@lab.test
      - fill: {label: {is: Password}}
        with: a-long-password
      - fill: {label: Confirm Password}
        with: a-long-password
      - check: {label: I agree}
      - click: {button: Register}
      - expect: {url: /dashboard}
  wrong-password:
    steps:
      - goto: /login
      - fill: {label: Email}
        with: nobody@lab.test
      - fill: {label: Password}
        with: not-the-password
      - click: {button: Log in}
      - expect: {url: /dashboard}
"""


def test_what_a_flow_itself_gets_wrong_is_named_too(tmp_path: Path) -> None:
    write(tmp_path, MISTAKEN, head="timeout: 5s")
    with staged("GET forgot-password slow"):
        ran = replay(tmp_path, place_of("laravel").url, "--workers", 3, "--trace", "off")
    assert causes(ran.run.flows) == {
        "slow": "too-slow", "taken": "data-exists", "wrong-password": "credentials-refused"
    }  # fmt: skip
