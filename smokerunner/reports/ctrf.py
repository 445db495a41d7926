"""CTRF, the common test report format (https://ctrf.io): a test for each flow, with its steps, and for each check."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic_core import to_json

from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports.checks import family_of, since_of
from smokerunner.reports.place import WITHIN, Place
from smokerunner.reports.wording import (
    diagnoses_of,
    done_of,
    file_of,
    history_of,
    number_of,
    others_of,
    release_of,
    source_of,
    title_of,
)

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
_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "zip": "application/zip",
    "har": "application/json",
    "jsonl": "application/x-ndjson",
    "txt": "text/plain",
    "csv": "text/csv",
    "pdf": "application/pdf",
}
"""By the ending of a file. What a machine knows beside these would make the report differ."""
_STATUSES = ("passed", "failed", "skipped", "pending", "other")


def render(run: Run, place: Place = WITHIN) -> str:
    """The run as CTRF; an outcome that CTRF does not know is `other`, and stands in `rawStatus`."""
    tests = [_test(run, result, place) for result in (*others_of(run), *run.flows, *run.checks)]
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
    # A tenth of the time that Python takes for a text with indents.
    return to_json(document, indent=2).decode() + "\n"


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


def _test(run: Run, result: Result, place: Place) -> dict[str, Any]:
    attempts = result.attempts
    deciding = result.deciding
    found = diagnoses_of(result)
    path, line = source_of(result)
    test = {
        "id": str(uuid5(NAMESPACE_URL, f"smokerunner:{run.app}:{run.environment}:{result.id}")),
        "name": title_of(result),
        "status": _STATUS[result.outcome],
        "duration": round(result.seconds * 1000),
        "start": _milliseconds(result.started),
        "stop": _milliseconds(result.started + timedelta(seconds=result.seconds)),
        "suite": [run.app, _suite_of(result)],
        "message": "\n".join([found[0].title, result.message] if found else [result.message]),
        "rawStatus": result.outcome,
        "tags": list(result.tags),
        "labels": _given({"severity": result.severity or ""}),
        "type": "check" if result.kind == "check" else "smoke",
        "filePath": path,
        "line": line or None,
        "threadId": str(result.worker) if result.worker is not None else "",
        "retries": max(len(attempts) - 1, 0),
        "retryAttempts": [_attempt(attempt, number, place) for number, attempt in enumerate(attempts, 1)],
        "flaky": len(attempts) > 1 and result.outcome.is_good,
        "stdout": [f"warning: {warning}" for warning in result.warnings],
        "browser": f"{run.browser.kind} {run.browser.version}" if run.browser and result.kind == "flow" else "",
        "attachments": _attachments(result, place),
        "steps": [_step(step, number_of(step, deciding)) for step in result.steps] if deciding else [],
        "extra": _given(
            {
                "diagnoses": [_diagnosis(item) for item in found],
                "history": history_of(result, run.history.get(result.flow_name)) if result.kind == "flow" else "",
                **(_asked(run, result) if result.kind == "check" else {}),
            }
        ),
    }
    # What is empty says nothing; `flaky` and `retries` say something at zero.
    return _given(test) | {"flaky": test["flaky"], "retries": test["retries"], "duration": test["duration"]}


def _suite_of(result: Result) -> str:
    if result.kind == "flow":
        return result.name
    return f"checks.{family_of(result)}" if result.kind == "check" else result.kind


def _asked(run: Run, check: Result) -> dict[str, Any]:
    """What a check has that CTRF has no words for."""
    return {
        "check": check.name,
        "history": since_of(run, check),
        "criterion": check.criterion,
        "readings": [reading.model_dump(mode="json", exclude_defaults=True) for reading in check.readings],
        "weak": check.weak,
        "requests": check.sent,
        "source": check.source,
    }


def _diagnosis(found: Diagnosis) -> dict[str, Any]:
    return found.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"app", "flow", "environment"})


def _attempt(attempt: Result, number: int, place: Place) -> dict[str, Any]:
    found = {
        "attempt": number,
        "status": _STATUS[attempt.outcome],
        "duration": round(attempt.seconds * 1000),
        "message": attempt.message,
        "start": _milliseconds(attempt.started),
        "attachments": _attachments(attempt, place),
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
        "comparison": step.comparison.model_dump(mode="json", exclude_defaults=True) if step.comparison else None,
    }
    return {
        "name": f"{number} {done_of(step)}",
        "status": _STATUS[step.outcome],
        "extra": _given(details),
    }


def _attachments(result: Result, place: Place) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for below in result.walk():
        for artifact in below.artifacts:
            path = file_of(artifact)
            if path and path not in found:
                kind = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
                found[path] = {
                    "name": artifact.title or artifact.kind,
                    "contentType": kind,
                    "path": place.path(path),
                    "extra": {"kind": artifact.kind, "result": below.id},
                }
    return list(found.values())


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
