"""Each obstacle of real apps, on a page of its own: flows that pass, and flows that fail because the page broke."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.vitals import Vitals
from tests.conftest import Ran, Smoke
from tests.site.obstacle_table import TABLE, Failing
from tests.site.obstacles.forms import SEED
from tests.site.obstacles.tls import CertifiedSite
from tests.site.server import Site

pytestmark = pytest.mark.e2e

FLOWS = Path(__file__).parents[1] / "site" / "flows"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def flows(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The flow files in a folder where certificates may be put beside them, and the values of their secrets."""
    monkeypatch.setenv("STAGING_PASSWORD", "let me through")
    monkeypatch.setenv("SHOP_TOTP_SEED", SEED)
    return Path(shutil.copytree(FLOWS, home / "flows"))


def replay(smoke: Smoke, home: Path, name: str, base_url: str, port: int) -> Ran:
    (home / "smokerunner.yaml").write_text(
        f"apps:\n  {name}:\n    environments:\n      here:\n        base_url: {base_url}\n"
        f"        allow_hosts: [localhost]\n        insecure_tls: {name == 'client-certificate'}\n"
        + (f"        variables: {{statistics: 'http://localhost:{port}'}}\n" if name == "blocking" else "")
    )
    options = ("--workers", 3, "--trace", "off", "--pictures", "failure", "--no-history", "--quiet")
    return smoke("run", home / "flows" / f"{name}.yaml", "--env", "here", *options)


def bad_step(flow: Result) -> str:
    """`1.4` for the fourth of the steps that step 1 does."""
    found = next(step for step in flow.steps if step.outcome is Outcome.FAILED)
    inner = re.match(r"step \d+(\.\d+)", found.message)
    return f"{found.number}{inner[1] if inner else ''}"


def test_every_flow_file_is_in_the_table() -> None:
    assert {path.stem for path in FLOWS.glob("*.yaml")} == set(TABLE)
    assert all(any(row is None for row in rows.values()) and any(rows.values()) for rows in TABLE.values())


def test_the_flow_files_are_right_and_wise(smoke: Smoke, flows: Path) -> None:
    with CertifiedSite(flows / "certificates"):
        ran = smoke("lint", *sorted(flows.glob("*.yaml")))
    assert (ran.exit_code, ran.err) == (0, ""), ran.out + ran.err
    assert "[" not in ran.out, ran.out


@pytest.mark.parametrize("name", sorted(TABLE))
def test_obstacle(name: str, site: Site, smoke: Smoke, home: Path, flows: Path) -> None:
    with CertifiedSite(flows / "certificates") as certified:
        # A passkey belongs to the name of a host, which a number is not.
        host = "localhost" if name == "passkeys" else "127.0.0.1"
        base_url = f"http://{host}:{site.port}/obstacles"
        ran = replay(smoke, home, name, certified.base_url if name == "client-certificate" else base_url, site.port)
    assert ran.exit_code == 1, ran.out + ran.err
    seen = {flow.name: flow for flow in ran.run.flows}
    assert set(seen) == set(TABLE[name])
    for flow, wanted in TABLE[name].items():
        check(seen[flow], wanted)
    if name == "vitals":
        check_vitals(seen)


def check(flow: Result, wanted: Failing | None) -> None:
    if wanted is None:
        assert flow.outcome in (Outcome.PASSED, Outcome.WARNED), f"{flow.name}: {flow.message}"
        assert flow.outcome is Outcome.PASSED or "time target" in flow.warnings[0], flow.warnings
        return
    assert flow.outcome is Outcome.FAILED, f"{flow.name}: {flow.outcome} {flow.message}"
    assert wanted.says in flow.message
    assert bad_step(flow) == wanted.step, flow.message
    assert not wanted.cause or wanted.cause in [diagnosis.id for diagnosis in flow.diagnoses]


def check_vitals(seen: dict[str, Result]) -> None:
    """The measured values tell which page was bad, and in what."""
    assert _last(seen["late"]).rating("lcp") == "poor"
    assert _last(seen["shifts"]).rating("cls") in ("poor", "needs improvement")
    assert _last(seen["slow"]).rating("inp") == "poor"
    assert _last(seen["works"]).rating("cls") == "good"


def _last(flow: Result) -> Vitals:
    return next(step.vitals for step in reversed(flow.steps) if step.vitals is not None)
