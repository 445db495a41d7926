"""CTRF read back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft7Validator
from sample_run import RUN

from smokerunner.reports.ctrf import render
from smokerunner.reports.place import Place


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
    assert {
        "name": "trace",
        "contentType": "application/zip",
        "path": "flows/login/trace.zip",
        "extra": {"kind": "trace", "result": "flows/login/2"},
    } in login["attachments"]
    types = {item["extra"]["kind"]: item["contentType"] for item in login["attachments"]}
    kinds = ("sheet", "animation", "thumbnail")
    assert [types[kind] for kind in kinds] == ["image/jpeg", "image/webp", "image/webp"]
    assert (login["filePath"], login["line"], login["threadId"]) == ("flows/acorn.yaml", 19, "2")
    assert not [item for item in login["attachments"] if item["path"].endswith("network.har")]


def test_a_flow_that_passed_on_a_retry_is_flaky(document: dict[str, Any]) -> None:
    (register,) = (test for test in document["results"]["tests"] if test["suite"][-1] == "register")
    assert (register["status"], register["rawStatus"], register["flaky"]) == ("passed", "warned", True)


def test_a_failure_begins_with_its_diagnosis(document: dict[str, Any]) -> None:
    (login,) = (test for test in document["results"]["tests"] if test["suite"][-1] == "login")
    assert login["message"].splitlines()[0] == "POST /api/session answered 503 Service Unavailable"
    first, second = login["extra"]["diagnoses"]
    assert (first["id"], first["severity"], len(first["proof"])) == ("server-error", "critical", 2)
    assert second["mend"]["instead"] == {"button": "Sign in again"}
    assert login["extra"]["history"].startswith("Failing since 2026-11-21")
    (bad,) = (step for step in login["steps"] if step["status"] == "failed")
    assert bad["extra"]["comparison"]["verdict"] == "differs"


def test_a_flow_has_the_same_id_in_every_run(document: dict[str, Any]) -> None:
    later = json.loads(render(RUN.model_copy(update={"id": "another"})))
    ids = [[UUID(test["id"]) for test in made["results"]["tests"]] for made in (document, later)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 8


def test_outside_the_bundle_attachments_lead_to_it() -> None:
    assert '"path": "evidence/acorn-1/flows/login/trace.zip"' in render(RUN, Place("evidence/acorn-1"))


def closed(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


TEXT, WHOLE, FREE, TEXTS = {"type": "string"}, {"type": "integer"}, {"type": "object"}, {"items": {"type": "string"}}
STATUS = {"enum": ["passed", "failed", "skipped", "pending", "other"]}
FILES = {"items": closed(("name", "contentType", "path"), name=TEXT, contentType=TEXT, path=TEXT, extra=FREE)}
PUBLISHED = closed(
    ("results", "reportFormat", "specVersion"),
    reportFormat={"const": "CTRF"},
    specVersion={"pattern": r"^\d+\.\d+\.\d+$"},
    reportId=TEXT,
    timestamp=TEXT,
    generatedBy=TEXT,
    results=closed(
        ("tool", "summary", "tests"),
        tool=closed(("name",), name=TEXT, version=TEXT, extra=FREE),
        summary=closed(
            ("tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"),
            **dict.fromkeys(
                ("tests", "passed", "failed", "skipped", "pending", "other", "flaky", "suites", "start", "stop"), WHOLE
            ),
            duration=WHOLE,
            extra=FREE,
        ),
        tests={
            "items": closed(
                ("name", "status", "duration"),
                **dict.fromkeys(
                    ("id", "name", "message", "rawStatus", "type", "filePath", "threadId", "browser"), TEXT
                ),
                **dict.fromkeys(("duration", "start", "stop", "line", "retries"), WHOLE),
                status=STATUS,
                suite={"minItems": 1, **TEXTS},
                tags=TEXTS,
                stdout=TEXTS,
                labels={"additionalProperties": TEXT},
                flaky={"type": "boolean"},
                attachments=FILES,
                steps={"items": closed(("name", "status"), name=TEXT, status=STATUS, extra=FREE)},
                retryAttempts={
                    "items": closed(
                        ("attempt", "status"),
                        attempt={"type": "integer", "minimum": 1},
                        **dict.fromkeys(("duration", "start", "line"), WHOLE),
                        status=STATUS,
                        message=TEXT,
                        attachments=FILES,
                        extra=FREE,
                    )
                },
                extra=FREE,
            )
        },
        environment=closed(
            **dict.fromkeys(("reportName", "appName", "appVersion", "osPlatform", "testEnvironment"), TEXT),
            healthy={"type": "boolean"},
            extra=FREE,
        ),
    ),
)
"""What the published schema allows, as far as this report makes use of it."""


def test_it_keeps_to_the_published_schema(document: dict[str, Any]) -> None:
    Draft7Validator.check_schema(PUBLISHED)
    assert [f"{list(wrong.path)}: {wrong.message}" for wrong in Draft7Validator(PUBLISHED).iter_errors(document)] == []
