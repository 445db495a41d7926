"""What each bad deploy of the demo looks like: fault × flow → outcome, and the exit code a pipeline reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.cli.drawing import Artist
from smokerunner.cli.replaying import replay_all
from smokerunner.demo.deploy import Deploy
from smokerunner.demo.faults import FAULTS
from smokerunner.model.outcome import Outcome
from smokerunner.model.run import Run
from smokerunner.replay.options import Options

pytestmark = pytest.mark.e2e

PASSWORD = "a-Password-for-tests-7"
FLOWS = (
    "browse", "api", "cart", "register", "confirm", "login", "mistakes", "logout", "reset", "checkout", "declined",
    "challenged", "order", "profile",
)  # fmt: skip

# Fault: exit code, and every flow that does not pass. A skipped flow is given with the flow it names as its root.
LOCKED_OUT = {
    "login": "failed",
    "mistakes": "skipped: login",
    "logout": "skipped: login",
    "reset": "skipped: login",
    "checkout": "skipped: login",
    "declined": "skipped: login",
    "challenged": "skipped: login",
    "order": "skipped: login",
    "profile": "skipped: login",
}
TABLE: dict[str, tuple[int, dict[str, str]]] = {
    "login-500": (1, LOCKED_OUT),
    "session-lost": (1, LOCKED_OUT),
    "button-renamed": (1, dict.fromkeys(("declined", "challenged", "order"), "failed")),
    "button-renamed-with-fallback": (0, {"profile": "warned"}),
    "slow-checkout": (1, dict.fromkeys(("declined", "challenged", "order"), "failed")),
    "slow-pages": (0, dict.fromkeys(("browse", "cart", "checkout", "declined", "challenged", "order"), "warned")),
    "js-error": (1, dict.fromkeys(("cart", "checkout", "declined", "challenged", "order"), "failed")),
    "mail-lost": (1, {"confirm": "failed", "reset": "failed"}),
    "worker-stopped": (1, {"order": "failed"}),
    "webhook-lost": (1, {"challenged": "failed"}),
    "debug-page": (1, {"profile": "failed"}),
    "wrong-release": (1, {}),
    # Only eyes notice these: without approved pictures nothing is warned.
    "layout-broken": (0, {}),
    "stylesheet-missing": (0, {}),
    "picture-missing": (0, {}),
    "wrong-price": (0, {}),
}


# Fault: the id of the likeliest cause of each flow, or other result, that it spoils.
CAUSES: dict[str, dict[str, str]] = {
    "login-500": {"login": "server-error"},
    "session-lost": {"login": "session-lost"},
    "button-renamed": dict.fromkeys(("declined", "challenged", "order"), "element-renamed"),
    "button-renamed-with-fallback": {"profile": "element-renamed"},
    "slow-checkout": dict.fromkeys(("declined", "challenged", "order"), "too-slow"),
    "slow-pages": dict.fromkeys(("browse", "cart", "checkout", "declined", "challenged", "order"), "too-slow"),
    "js-error": dict.fromkeys(("cart", "checkout", "declined", "challenged", "order"), "javascript-error"),
    "mail-lost": {"confirm": "mail-missing", "reset": "mail-missing"},
    "worker-stopped": {"order": "still-working"},
    "webhook-lost": {"challenged": "text-differs"},
    "debug-page": {"profile": "debug-page"},
    "wrong-release": {"release": "wrong-release"},
}
# Two at once: each failure names its own cause.
PAIRS: dict[tuple[str, str], dict[str, str]] = {
    ("login-500", "js-error"): {"login": "server-error", "cart": "javascript-error"},
    ("mail-lost", "worker-stopped"): {**CAUSES["mail-lost"], **CAUSES["worker-stopped"]},
    ("session-lost", "wrong-release"): {"login": "session-lost", "release": "wrong-release"},
    ("debug-page", "slow-checkout"): {**CAUSES["debug-page"], **CAUSES["slow-checkout"]},
}


# Of each kind of outcome one stays in the quick suite; all others are replayed with the slow ones.
QUICK = ("debug-page", "button-renamed-with-fallback")


def replay(fault: str | tuple[str, ...] | None, folder: Path, binary: Binary) -> tuple[int, Run]:
    options = Options(out=folder / "evidence", history=None, pictures="failure", release=Deploy.release, workers=4)
    with Deploy(fault) as deploy:
        code = replay_all([deploy.job(options, binary, lookup=lambda _: PASSWORD)], Artist())
    (document,) = folder.glob("evidence/*/run.json")
    return code, Run.model_validate_json(document.read_text())


def seen(run: Run) -> dict[str, str]:
    return {
        flow.name: f"{flow.outcome}: {flow.root}" if flow.outcome is Outcome.SKIPPED else str(flow.outcome)
        for flow in run.flows
    }


def causes(run: Run) -> dict[str, str]:
    """The likeliest cause of every result that has one."""
    return {result.name: result.diagnoses[0].id for result in run.results if result.diagnoses}


def test_the_table_holds_every_fault() -> None:
    assert set(TABLE) == set(FAULTS)
    # What only eyes notice is shown by the pictures.
    assert set(CAUSES) == {name for name, fault in FAULTS.items() if not fault.only_eyes}


@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=[] if fault in QUICK else [pytest.mark.slow]) for fault in sorted(TABLE)],
)
def test_a_fault_shows_where_it_is_and_nowhere_else(fault: str, tmp_path: Path, binary: Binary) -> None:
    code, run = replay(fault, tmp_path, binary)
    expected_code, exceptions = TABLE[fault]
    expected = {name: exceptions.get(name, "passed") for name in FLOWS}
    messages = {flow.name: (flow.message, flow.warnings) for flow in run.flows if flow.outcome is not Outcome.PASSED}
    assert seen(run) == expected, messages
    assert code == expected_code
    for flow in run.flows:
        if flow.outcome is Outcome.SKIPPED:
            assert flow.root is not None
            assert flow.root in flow.message
            assert flow.diagnoses == ()
    assert causes(run) == CAUSES.get(fault, {})


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_two_faults_at_once_are_told_apart(pair: tuple[str, str], tmp_path: Path, binary: Binary) -> None:
    _, run = replay(pair, tmp_path, binary)
    assert causes(run) == PAIRS[pair], [(flow.name, flow.message) for flow in run.flows]


@pytest.mark.slow
def test_the_wrong_release_is_named(tmp_path: Path, binary: Binary) -> None:
    _, run = replay("wrong-release", tmp_path, binary)
    (release,) = [result for result in run.results if result.kind == "release"]
    assert release.outcome is Outcome.FAILED
    assert release.message.startswith("wrong release served: ")
    assert Deploy.release in release.message
    assert release.diagnoses[0].title == f"Release {run.release.before} is served, not {Deploy.release}"
    assert run.verdict == "roll back"
