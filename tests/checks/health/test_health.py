"""`health.spatie`, `sched.heartbeat`, `sched.due-fired` and `srv.clock`.

The JSON is that of spatie/laravel-health, StoredCheckResults::toJson: 200 although checks failed, an empty body when
nothing is stored (HealthCheckJsonResultsController), an object instead of a list when the collection was sorted. The
schedule is that of laravel/framework, ScheduleListCommand.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smokerunner.checks.health.clock import ServerClock
from smokerunner.checks.health.spatie import Spatie
from smokerunner.checks.queue.scheduler import DueFired, Heartbeat
from smokerunner.model.check import Check, Finding
from smokerunner.model.errors import Failure, Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.template import Template
from smokerunner.replay.world import SystemClock
from tests.checks.bench import Asked, Reply, ask, serving
from tests.checks.laravel.artisan_stand_in import artisan

JSON = "application/json"


def result(name: str, status: str = "ok", message: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "label": name,
        "notificationMessage": message,
        "shortSummary": status.title(),
        "status": status,
        "meta": {},
    }


def health(*results: dict[str, Any], age: float = 1, **more: Any) -> Reply:
    failing = [one["name"] for one in results if one["status"] != "ok"]
    told = {
        "finishedAt": int(time.time() - age),
        "status": "failing" if failing else "ok",
        "failingChecks": ", ".join(failing),
        "checkResults": list(results),
        **more,
    }
    return Reply(200, json.dumps(told), type=JSON)


def asked(check: Check, reply: Reply) -> Finding:
    with serving(lambda request: reply) as site:
        return ask(check, site.base_url)


@pytest.mark.parametrize(
    ("reply", "outcome", "said"),
    [
        (lambda: health(result("Schedule"), result("Database")), Outcome.PASSED, ""),
        (lambda: health(checkResults={"1": result("Schedule"), "0": result("Database")}), Outcome.PASSED, ""),
        (
            lambda: health(result("Database"), result("Queue", "failed", "The last run of a job was 9 minutes ago.")),
            Outcome.FAILED,
            "Queue: failed, The last run of a job was 9 minutes ago., wanted ok",
        ),
        (lambda: health(result("Redis", "crashed")), Outcome.FAILED, "Redis: crashed"),
        (lambda: health(result("UsedDiskSpace", "warning", "The disk is almost full")), Outcome.WARNED, "almost full"),
        (lambda: health(result("Ping", "skipped")), Outcome.INCONCLUSIVE, "Ping: skipped"),
        (lambda: health(result("Database"), age=900), Outcome.FAILED, "15 m 0"),
        (lambda: health(result("Database"), age=-900), Outcome.INCONCLUSIVE, "is of a time to come"),
    ],
    ids=["ok", "sorted", "failed", "crashed", "warning", "skipped", "stale", "ahead"],
)
def test_every_result_counts(reply: Callable[[], Reply], outcome: Outcome, said: str) -> None:
    finding = asked(Spatie(), reply())
    assert finding.outcome is outcome, finding.message
    assert said in finding.message


@pytest.mark.parametrize(
    "reply", [lambda: Reply(200, "", type=JSON), lambda: health()], ids=["an empty body", "no checks"]
)
def test_nothing_that_was_checked_is_a_failure(reply: Callable[[], Reply]) -> None:
    with pytest.raises(Failure, match=r"/health\?fresh"):
        asked(Spatie(), reply())


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<h1>Health</h1><p>finishedAt and checkResults: all ok</p>"),
        Reply(200, '{"status": "ok"}', type=JSON),
        Reply(200, '{"healthy": true}', type=JSON),
        Reply(401, '{"message": "Unauthorized"}', type=JSON),
        Reply(302, headers={"location": "/login"}),
        Reply(503, "<h1>Be right back.</h1>"),
    ],
    ids=["a page about it", "another JSON", "the simple endpoint", "closed", "login", "maintenance"],
)
def test_what_is_not_its_endpoint(reply: Reply) -> None:
    with pytest.raises(Inconclusive):
        asked(Spatie(), reply)


def test_the_token_is_sent_and_stored_results_can_be_read() -> None:
    def answers(request: Asked) -> Reply | None:
        if request.path != "/health" or request.headers.get("x-secret-token") != "let-me-in-please":
            return Reply(403)
        return health(result("Database"))

    with serving(answers) as site:
        finding = ask(Spatie(token=Template.literal("let-me-in-please"), fresh=False), site.base_url)
    assert finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("reply", "outcome", "said"),
    [
        (lambda: health(result("Schedule")), Outcome.PASSED, ""),
        (lambda: health(result("Schedule", "failed", "The schedule did not run yet.")), Outcome.FAILED, "did not run"),
        (lambda: health(result("Schedule"), age=600), Outcome.FAILED, "schedule:run"),
        (lambda: health(result("Schedule"), result("Redis", "failed")), Outcome.PASSED, ""),
    ],
    ids=["runs", "does not", "stale", "others are not its business"],
)
def test_the_schedulers_heartbeat(reply: Callable[[], Reply], outcome: Outcome, said: str) -> None:
    finding = asked(Heartbeat(), reply())
    assert finding.outcome is outcome
    assert said in finding.message


def test_a_health_page_without_a_schedule_check() -> None:
    with pytest.raises(Inconclusive, match="has no ScheduleCheck"):
        asked(Heartbeat(), health(result("Database")))


@pytest.mark.parametrize(
    ("mark", "outcome"),
    [
        (lambda: time.time() - 30, Outcome.PASSED),
        (lambda: (time.time() - 30) * 1000, Outcome.PASSED),
        (lambda: (datetime.now(UTC) - timedelta(seconds=30)).isoformat(), Outcome.PASSED),
        (lambda: time.time() - 300, Outcome.FAILED),
        (lambda: time.time() + 86_400, Outcome.INCONCLUSIVE),
        (lambda: 7, Outcome.FAILED),
        (lambda: "never", None),
        (lambda: None, None),
        (lambda: True, None),
    ],
)
def test_a_mark_of_the_apps_own(mark: Callable[[], Any], outcome: Outcome | None) -> None:
    check = Heartbeat.model_validate({"path": "/smoke/beat", "json": "$.at"})
    with serving({"/smoke/beat": Reply(body=json.dumps({"at": mark()}), type=JSON)}) as site:
        if outcome is None:
            with pytest.raises(Inconclusive, match="no time"):
                ask(check, site.base_url)
        else:
            assert ask(check, site.base_url).outcome is outcome


def task(command: str, due: timedelta) -> dict[str, Any]:
    return {
        "expression": "0 3 * * *",
        "command": f"php artisan {command}",
        "description": "",
        "next_due_date": (datetime.now(UTC) + due).strftime("%Y-%m-%d %H:%M:%S +00:00"),
        "timezone": "UTC",
    }


@pytest.mark.parametrize(
    ("due", "tasks", "outcome", "said"),
    [
        ([timedelta(hours=3)], (), Outcome.PASSED, ""),
        ([timedelta(hours=3)], ("invoices:send",), Outcome.PASSED, ""),
        ([timedelta(hours=3)], ("backup:run",), Outcome.FAILED, "missing, wanted backup:run"),
        ([timedelta(hours=-3)], (), Outcome.FAILED, "next due at"),
        ([], (), Outcome.FAILED, "no task is scheduled"),
    ],
)
def test_the_schedule_itself(
    tmp_path: Path, due: list[timedelta], tasks: tuple[str, ...], outcome: Outcome, said: str
) -> None:
    answers = {"schedule:list --json": [task("invoices:send", one) for one in due]}
    finding = ask(DueFired(tasks=tasks), "http://127.0.0.1:9", server=artisan(tmp_path, answers))
    assert finding.outcome is outcome
    assert said in finding.message
    assert finding.weak or outcome is Outcome.FAILED


class Later(SystemClock):
    """A clock of ours that is ahead by so many seconds, or behind."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self._ahead


@pytest.mark.parametrize(
    ("ahead", "outcome", "said"),
    [
        (0, Outcome.PASSED, ""),
        (40, Outcome.FAILED, "behind"),
        (-40, Outcome.FAILED, "ahead"),
    ],
)
def test_the_clock_of_the_server(ahead: float, outcome: Outcome, said: str) -> None:
    with serving({"/": Reply()}) as site:
        finding = ask(ServerClock(), site.base_url, clock=Later(ahead))
    assert finding.outcome is outcome, finding.message
    assert said in finding.message


def test_a_cached_answer_has_the_time_of_another_day() -> None:
    with serving({"/": Reply(headers={"age": "3600"})}) as site, pytest.raises(NotReached, match="a cache answered"):
        ask(ServerClock(), site.base_url)
