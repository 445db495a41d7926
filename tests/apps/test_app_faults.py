"""Faults staged in a real app of another framework: the diagnosis names the cause there with the same ids."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.apps.app_recordings import APPS, running
from tests.e2e.outcome_site import Replayed, patched, replay, write

pytestmark = [pytest.mark.apps, pytest.mark.timeout(900)]

STAGED = ("GET / 500", "GET profile sql", "POST forgot-password mail", "GET email/verify slow", "GET invoices lost",
          "GET invoices/create blank")  # fmt: skip
FLOWS = """
  login:
    steps:
      - goto: /login
      - fill: {label: Email}
        with: demo@lab.test
      - fill: {label: Password}
        with: demo-pass-123
      - click: {button: Log in}
      - expect: {url: /dashboard}
  kind-500: {steps: [{goto: /}]}
  kind-sql: {steps: [{use: login}, {goto: /profile}]}
  account:
    variables: {email: "smoke-${unique}@lab.test"}
    steps:
      - goto: /register
      - fill: {label: Name}
        with: Robin Ek
      - fill: {label: Email}
        with: ${email}
      - fill: {label: {is: Password}}
        with: a-long-password
      - fill: {label: Confirm Password}
        with: a-long-password
      - check: {label: I agree}
      - click: {button: Register}
  kind-mail:                       # with an account of its own, as the app sends one reset a minute to each
    needs: account
    steps:
      - goto: /forgot-password
      - fill: {label: Email}
        with: ${email}
      - click: {button: Email Password Reset Link}
      - expect: {visible: {role: status}}
  kind-slow: {steps: [{use: login}, {goto: /email/verify, timeout: 3s}]}
  kind-lost: {steps: [{use: login}, {goto: /invoices}, {expect: {visible: {heading: Invoices}}}]}
  kind-blank: {steps: [{use: login}, {goto: /invoices/create}, {fill: {label: Client}, with: Quiet Works}]}
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
LIVE = {
    "kind-500": "server-error",
    "kind-sql": "server-error",
    "kind-mail": "server-error",
    "kind-slow": "too-slow",
    "kind-lost": "session-lost",
    "kind-blank": "blank-page",
    "taken": "data-exists",
    "wrong-password": "credentials-refused",
}
DEBUG = {"kind-500": "debug-page", "kind-sql": "debug-page", "kind-mail": "debug-page"}


@contextmanager
def _staged(debug: bool) -> Iterator[None]:
    """The app with its faults; `debug` is how it tells of errors."""
    scripts = os.environ.get("SMOKE_APPS")
    if not scripts:
        pytest.skip("needs SMOKE_APPS, the folder of the scripts that install and start the apps")
    state = Path(os.environ.get("APPS_STATE") or Path.home() / ".cache" / "smokerunner-apps")
    with patched({"APP_DEBUG": str(debug).lower()}), running(Path(scripts), "laravel"):
        faults = state / "laravel" / "app" / "storage" / "fault"
        faults.write_text("\n".join(STAGED) + "\n")
        try:
            yield
        finally:
            faults.unlink()


@pytest.mark.parametrize(("debug", "wanted"), [(False, LIVE), (True, DEBUG)], ids=["live", "debug"])
def test_each_staged_fault_is_named_by_its_cause(debug: bool, wanted: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, FLOWS, head="timeout: 5s")
    chosen = [part for name in wanted for part in ("--flow", name)]
    with _staged(debug):
        ran: Replayed = replay(tmp_path, APPS["laravel"].base_url, "--workers", 2, "--trace", "off", *chosen)
    told = {name: [(one.id, one.title) for one in ran.flow(name).diagnoses] for name in wanted}
    assert {name: found[0][0] if found else "" for name, found in told.items()} == wanted, told
