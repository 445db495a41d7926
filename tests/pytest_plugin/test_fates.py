"""What a test says of a flow, from runs that are written down."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smokerunner.model.outcome import Outcome
from smokerunner.model.run import Run
from smokerunner.pytest_plugin.replaying import Done
from smokerunner.pytest_plugin.telling import Fate, fate_of

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
ROOT = Path("/project")


def flow(name: str, outcome: str = "passed", message: str = "", **more: Any) -> dict[str, Any]:
    return {"id": f"flows/{name}", "kind": "flow", "name": name, "outcome": outcome, "message": message,
            "started": AT, "seconds": 1.5, "severity": "high", **more}  # fmt: skip


def other(kind: str, outcome: str, message: str) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "name": kind, "outcome": outcome, "message": message, "started": AT}


def fate(name: str, *results: dict[str, Any], together: tuple[str, ...] | None = None, strict: bool = False) -> Fate:
    tool = {"smokerunner": "1", "playwright": "1", "python": "3", "platform": "Linux"}
    run = Run.model_validate(
        {"id": "shop-local-1", "app": "shop", "started": AT, "ended": AT, "tool": tool, "results": results}
    )
    done = Done(run, ROOT / "evidence" / run.id, 9.0)
    names = tuple(item["name"] for item in results if item["kind"] == "flow") if together is None else together
    return fate_of(done, name, names, root=ROOT, fail_on_warned=strict)


def test_a_good_flow_is_good() -> None:
    told = fate("login", flow("login"))
    assert (told.outcome, told.brief, told.warnings) == (Outcome.PASSED, "", ())
    assert dict(told.properties) == {
        "smoke_bundle": "evidence/shop-local-1", "smoke_outcome": "passed", "smoke_severity": "high",
    }  # fmt: skip


@pytest.mark.parametrize("outcome", ["inconclusive", "error"])
def test_our_own_trouble_is_no_failed_app(outcome: str) -> None:
    told = fate("login", flow("login", outcome, "the mailbox is not reachable"))
    assert told.is_ours
    assert told.brief == f"{outcome}: the mailbox is not reachable"
    assert told.text.startswith(f"{outcome}: ")


def test_a_skipped_flow_is_told_by_whoever_is_to_blame() -> None:
    login = flow("login", "failed", "no such button")
    order = flow("order", "skipped", "needs login, which failed", root="login")
    assert fate("order", login, order).outcome is Outcome.SKIPPED
    alone = fate("order", login, order, together=("order",))
    assert alone.outcome is Outcome.FAILED
    assert alone.brief == "needs login, which failed: no such button"
    ours = fate("order", {**login, "outcome": "error"}, order, together=("order",))
    assert ours.is_ours


def test_a_flow_that_is_left_out_on_purpose_is_skipped() -> None:
    told = fate("pay", flow("pay", "skipped", "its effects are real and this is production", root="pay"))
    assert (told.outcome, told.brief) == (Outcome.SKIPPED, "its effects are real and this is production")


def test_what_was_not_run_is_not_green() -> None:
    told = fate("order", flow("order", "skipped", "time is up (--max-time 10 s)"))
    assert told.is_ours
    assert told.brief == "inconclusive: not run: time is up (--max-time 10 s)"


def test_after_the_first_failure_the_rest_is_skipped() -> None:
    rest = flow("order", "skipped", "--fail-fast: login failed")
    assert fate("order", flow("login", "failed", "x"), rest).outcome is Outcome.SKIPPED
    assert fate("order", flow("login", "failed", "x"), rest, together=("order",)).is_ours


def test_an_app_that_is_not_there_fails_every_flow() -> None:
    reach = other("reach", "failed", "connection refused")
    told = fate("login", reach, flow("login", "skipped", "app not reachable", root="reach"))
    assert (told.outcome, told.brief) == (Outcome.FAILED, "app not reachable: connection refused")


@pytest.mark.parametrize(("outcome", "became"), [("failed", Outcome.FAILED), ("inconclusive", Outcome.INCONCLUSIVE)])
def test_another_release_spoils_what_passed(outcome: str, became: Outcome) -> None:
    told = fate("login", flow("login"), other("release", outcome, "wrong release served: 6, expected 7"))
    assert told.outcome is became
    assert told.brief.endswith("wrong release served: 6, expected 7")


def test_a_warned_flow_warns_or_fails_as_is_asked() -> None:
    warned = flow("login", "warned", warnings=("step 3: took 4.1 s",))
    assert fate("login", warned).warnings == ("login: step 3: took 4.1 s",)
    strict = fate("login", warned, strict=True)
    assert (strict.outcome, strict.brief, strict.warnings) == (Outcome.FAILED, "step 3: took 4.1 s", ())


def test_a_message_is_no_command_for_the_pipeline() -> None:
    told = fate("login", flow("login", "failed", "::set-output name=x::y"))
    assert "\n::" not in f"\n{told.text}"
    assert not told.brief.startswith("::")
