"""CTRF read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sample_run import RUN

from smokerunner.reports.ctrf import render


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(RUN))
    return found


def test_the_frame_is_that_of_the_format(document: dict[str, Any]) -> None:
    assert (document["reportFormat"], document["specVersion"]) == ("CTRF", "0.0.0")
    assert set(document["results"]) == {"tool", "summary", "tests", "environment"}
    assert document["results"]["environment"]["healthy"] is False
    assert document["results"]["environment"]["appVersion"] == "2026.11.2"


def test_the_summary_counts_every_test(document: dict[str, Any]) -> None:
    summary = document["results"]["summary"]
    assert {key: summary[key] for key in ("tests", "passed", "failed", "skipped", "pending", "other", "flaky")} == {
        "tests": 8,
        "passed": 4,
        "failed": 1,
        "skipped": 1,
        "pending": 0,
        "other": 2,
        "flaky": 1,
    }
    assert summary["stop"] - summary["start"] == summary["duration"] == 41_500


def test_a_flow_is_a_test_with_steps_and_attempts(document: dict[str, Any]) -> None:
    (login,) = (test for test in document["results"]["tests"] if test["suite"][-1] == "login")
    assert (login["status"], login["rawStatus"], login["retries"], login["flaky"]) == ("failed", "failed", 1, False)
    assert [step["status"] for step in login["steps"]] == ["passed", "passed", "failed", "skipped"]
    assert [(attempt["attempt"], attempt["status"]) for attempt in login["retryAttempts"]] == [
        (1, "other"),
        (2, "failed"),
    ]
    assert {"name": "trace", "contentType": "application/zip", "path": "flows/login/trace.zip"} in login["attachments"]
    assert not [item for item in login["attachments"] if item["path"].endswith("network.har")]


def test_a_flow_that_passed_on_a_retry_is_flaky(document: dict[str, Any]) -> None:
    (register,) = (test for test in document["results"]["tests"] if test["suite"][-1] == "register")
    assert (register["status"], register["rawStatus"], register["flaky"]) == ("passed", "warned", True)
