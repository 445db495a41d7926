"""CTRF, the common test report format (https://ctrf.io): one test for each flow, with its steps and attempts."""

from __future__ import annotations

import json
import mimetypes
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.wording import file_of, number_of, others_of, release_of, title_of

FILENAME = "ctrf.json"
SPEC_VERSION = "0.0.0"

_STATUS = {
    Outcome.PASSED: "passed",
    Outcome.WARNED: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "skipped",
    Outcome.ERROR: "other",
    Outcome.INCONCLUSIVE: "other",
}
_STATUSES = ("passed", "failed", "skipped", "pending", "other")


def render(run: Run) -> str:
    """The run as CTRF; an outcome that CTRF does not know is `other`, and stands in `rawStatus`."""
    tests = [_test(run, result) for result in (*others_of(run), *run.flows)]
    seen = Counter(test["status"] for test in tests)
    document = {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "reportId": str(uuid5(NAMESPACE_URL, f"smokerunner:{run.id}")),
        "timestamp": run.ended.astimezone(UTC).isoformat(),
        "generatedBy": f"smokerunner {run.tool.smokerunner}",
        "results": {
            "tool": {"name": "smokerunner", "version": run.tool.smokerunner},
            "summary": {
                "tests": len(tests),
                **{status: seen[status] for status in _STATUSES},
                "flaky": sum(test["flaky"] for test in tests),
                "suites": len({test["suite"][-1] for test in tests}),
                "start": _milliseconds(run.started),
                "stop": _milliseconds(run.ended),
                "duration": round(run.seconds * 1000),
                "extra": {"verdict": run.verdict, "outcome": run.outcome},
            },
            "tests": tests,
            "environment": _environment(run),
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _environment(run: Run) -> dict[str, Any]:
    return _given(
        {
            "reportName": run.id,
            "appName": run.app,
            "appVersion": release_of(run.release),
            "osPlatform": run.tool.platform,
            "testEnvironment": run.environment,
            "healthy": run.verdict == "go",
            "extra": _given({"base_url": run.base_url, "interrupted": run.interrupted}),
        }
    )


def _test(run: Run, result: Result) -> dict[str, Any]:
    attempts = result.attempts
    deciding = result.deciding
    test = {
        "name": title_of(result),
        "status": _STATUS[result.outcome],
        "duration": round(result.seconds * 1000),
        "start": _milliseconds(result.started),
        "stop": _milliseconds(result.started + timedelta(seconds=result.seconds)),
        "suite": [run.app, result.name if result.kind == "flow" else result.kind],
        "message": result.message,
        "rawStatus": result.outcome,
        "tags": list(result.tags),
        "labels": _given({"severity": result.severity or ""}),
        "type": "smoke",
        "filePath": result.source.partition(":")[0],
        "retries": max(len(attempts) - 1, 0),
        "retryAttempts": [_attempt(attempt, number) for number, attempt in enumerate(attempts, 1)],
        "flaky": len(attempts) > 1 and result.outcome.is_good,
        "stdout": [f"warning: {warning}" for warning in result.warnings],
        "browser": f"{run.browser.kind} {run.browser.version}" if run.browser and result.kind == "flow" else "",
        "attachments": _attachments(result),
        "steps": [_step(step, number_of(step, deciding)) for step in result.steps] if deciding else [],
    }
    # What is empty says nothing; `flaky` and `retries` say something at zero.
    return _given(test) | {"flaky": test["flaky"], "retries": test["retries"], "duration": test["duration"]}


def _attempt(attempt: Result, number: int) -> dict[str, Any]:
    found = {
        "attempt": number,
        "status": _STATUS[attempt.outcome],
        "duration": round(attempt.seconds * 1000),
        "message": attempt.message,
        "start": _milliseconds(attempt.started),
        "attachments": _attachments(attempt),
        "extra": {"outcome": attempt.outcome},
    }
    return _given(found) | {"duration": found["duration"]}


def _step(step: Result, number: str) -> dict[str, Any]:
    details = {
        "outcome": step.outcome,
        "message": step.message,
        "duration": round(step.seconds * 1000),
        "url": step.url,
        "locator": step.locator,
        "warnings": list(step.warnings),
    }
    return {
        "name": f"{number} {title_of(step)}",
        "status": _STATUS[step.outcome],
        "extra": _given(details),
    }


def _attachments(result: Result) -> list[dict[str, str]]:
    found = {}
    for below in result.walk():
        for artifact in below.artifacts:
            path = file_of(artifact)
            if path:
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                found[path] = {"name": artifact.title or artifact.kind, "contentType": kind, "path": path}
    return list(found.values())


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
