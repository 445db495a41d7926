"""The queue's checks against stand-ins.

`queue:monitor --json`: laravel/framework, MonitorCommand (exit 0 also on ALERT; `oldest_pending` in Unix
seconds or null).
`queue:failed`: ListFailedCommand, as JSON and as the table of Laravel 8. Horizon: DashboardStatsController and
StatusCommand of laravel/horizon. The tables are those of the framework's stubs (jobs, failed_jobs), in SQLite.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smokerunner.checks.queue.failures import FailedNew
from smokerunner.checks.queue.horizon import Horizon
from smokerunner.checks.queue.waiting import Depth, Oldest, Stuck
from smokerunner.model.check import Check, Finding
from smokerunner.model.errors import Inconclusive, NotReached, Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template
from tests.checks.bench import Reply, ask, serving
from tests.checks.laravel.artisan_stand_in import artisan

NOWHERE = "http://127.0.0.1:9"


def told(check: Check, folder: Path, answers: dict[str, Any]) -> Finding:
    return ask(check, NOWHERE, server=artisan(folder, answers))


def queue(*, age: float | None = None, **more: Any) -> dict[str, Any]:
    """One entry of `queue:monitor --json`; `age` is that of the oldest job, in seconds."""
    standing = {"size": 0, "pending": 0, "delayed": 0, "reserved": 0, "status": "OK"}
    oldest = None if age is None else ago(age)
    return {"connection": "redis", "queue": "default", **standing, "oldest_pending": oldest, **more}


def ago(seconds: float) -> int:
    return int(time.time() - seconds)


@pytest.mark.parametrize(
    ("entry", "outcome", "said"),
    [
        (queue(), Outcome.PASSED, ""),
        (queue(size=999, pending=999), Outcome.PASSED, ""),
        (queue(size=1000, pending=990, reserved=10, status="ALERT"), Outcome.FAILED, "990 pending, 10 reserved"),
        (queue(size=5, status="ALERT"), Outcome.FAILED, "5 on redis:default"),
    ],
)
def test_how_deep_a_queue_is(tmp_path: Path, entry: dict[str, Any], outcome: Outcome, said: str) -> None:
    finding = told(Depth(), tmp_path, {"queue:monitor default --max=1000 --json": [entry]})
    assert finding.outcome is outcome
    assert said in finding.message


@pytest.mark.parametrize(
    ("entry", "outcome", "severity", "said"),
    [
        ({}, Outcome.PASSED, None, ""),
        ({"size": 3, "pending": 3, "age": 5}, Outcome.PASSED, None, ""),
        ({"size": 3, "delayed": 3}, Outcome.PASSED, None, ""),
        ({"size": 41, "pending": 41, "age": 552}, Outcome.FAILED, None, "no worker takes from this queue"),
        ({"size": 41, "pending": 40, "reserved": 1, "age": 120}, Outcome.FAILED, None, "1 reserved"),
        ({"size": 41, "pending": 41, "age": 1000}, Outcome.FAILED, Severity.CRITICAL, "16 m"),
        ({"size": 2, "pending": 2}, Outcome.INCONCLUSIVE, None, "is not told by this driver"),
    ],
)
def test_how_long_the_oldest_job_waits(
    tmp_path: Path, entry: dict[str, Any], outcome: Outcome, severity: Severity | None, said: str
) -> None:
    finding = told(Oldest(), tmp_path, {"queue:monitor": [queue(**entry)]})
    assert (finding.outcome, finding.severity) == (outcome, severity), finding.message
    assert said in finding.message


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"queue:monitor": (1, '\n  The "--json" option does not exist.\n')}, "option does not exist"),
        ({"queue:monitor": []}, "told of 0 of 1 queues"),
        ({"queue:monitor": {"error": "x"}}, "did not list"),
        ({"queue:monitor": [queue(connection="sync")]}, "sync runs jobs inside requests"),
    ],
)
def test_a_monitor_that_does_not_tell(tmp_path: Path, answers: dict[str, Any], said: str) -> None:
    with pytest.raises(Inconclusive, match=said):
        told(Depth(), tmp_path, answers)


@pytest.mark.parametrize("check", [Depth(), Oldest(), Stuck(), FailedNew()], ids=lambda check: str(check.id))
def test_without_a_server_or_database_it_is_skipped(check: Check) -> None:
    with pytest.raises(NotReached, match="database"):
        ask(check, NOWHERE)


JOBS = "queue TEXT, payload TEXT, attempts INT, reserved_at INT, available_at INT, created_at INT"
FAILED = "id INTEGER PRIMARY KEY, uuid TEXT, connection TEXT, queue TEXT, payload TEXT, exception TEXT, failed_at TEXT"


def database(folder: Path, jobs: Iterable[tuple[int | None, int]] = (), failed: Iterable[tuple[str, str]] = ()) -> str:
    """Jobs as (reserved, available), both in seconds ago, failed ones as (class, failed_at)."""
    path = folder / "app.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE jobs ({JOBS})")
        connection.execute(f"CREATE TABLE failed_jobs ({FAILED})")
        for reserved, available in jobs:
            times = (None if reserved is None else ago(reserved), ago(available), ago(available))
            connection.execute("INSERT INTO jobs VALUES ('default', '{}', 0, ?, ?, ?)", times)
        for job, at in failed:
            payload = json.dumps({"displayName": job, "maxTries": None}, separators=(",", ":"))
            connection.execute(
                "INSERT INTO failed_jobs VALUES (NULL, '1', 'database', 'default', ?, 'boom', ?)", (payload, at)
            )
    connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("kind", "jobs", "outcome", "said"),
    [
        (Depth, [], Outcome.PASSED, ""),
        (Depth, [(None, 1)] * 3, Outcome.FAILED, "3 on default, 3 pending"),
        (Oldest, [], Outcome.PASSED, ""),
        (Oldest, [(None, -600), (5, 900)], Outcome.PASSED, ""),
        (Oldest, [(None, 300)], Outcome.FAILED, "no worker takes"),
        (Stuck, [(None, 900), (100, 900)], Outcome.PASSED, ""),
        (Stuck, [(400, 900), (5, 900)], Outcome.FAILED, "1 on default, the oldest for 6 m"),
    ],
    ids=["empty", "deep", "none waits", "delayed and reserved", "waits", "not stuck", "stuck"],
)
def test_the_table_of_jobs(
    tmp_path: Path, kind: type[Check], jobs: list[tuple[int | None, int]], outcome: Outcome, said: str
) -> None:
    settings = {"most": 3} if kind is Depth else {}
    check = kind.model_validate({"database": database(tmp_path, jobs), **settings})
    finding = ask(check, NOWHERE)
    assert finding.outcome is outcome, finding.message
    assert said in finding.message


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/at/all.sqlite", "unable to open"),
        ("sqlite://", "no such table"),
        ("nonsense", "URL is not understood"),
        ("mysql+nothing://root:hunter2hunter2@db/shop", "not understood|not installed"),
    ],
)
def test_a_database_that_does_not_answer_is_no_failure(url: str, said: str) -> None:
    with pytest.raises(Unavailable, match=said) as raised:
        ask(Stuck(database=Template.literal(url)), NOWHERE)
    assert "hunter2" not in str(raised.value)


def written(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


def entry(job: str, at: str) -> dict[str, Any]:
    return {"id": "1", "connection": "redis", "queue": "default", "class": job, "failed_at": at}


REPORT, RECEIPT = "App\\Jobs\\BuildReport", "App\\Mail\\Receipt"
TABLE = (
    "+----+\n| ID | Connection | Queue | Class | Failed At |\n+----+\n| 7 | database | default | {} | {} |\n+----+\n"
)
TOO_OLD = (1, '\n  The "--json" option does not exist.\n')
ZONED = {"about": {"environment": {"timezone": "Europe/Berlin"}}}


def in_berlin(seconds: float) -> str:
    return (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("answers", "outcome", "severity", "said"),
    [
        (lambda: {"queue:failed --json": []}, Outcome.PASSED, None, ""),
        (lambda: {"queue:failed --json": [entry(REPORT, written(7200))]}, Outcome.PASSED, None, ""),
        (
            lambda: {"queue:failed --json": [entry(REPORT, written(60))]},
            Outcome.FAILED,
            None,
            "1: 1 × App\\Jobs\\BuildReport",
        ),
        (
            lambda: {"queue:failed --json": {"failed_jobs": [entry(RECEIPT, written(60))]}},
            Outcome.FAILED,
            Severity.CRITICAL,
            "",
        ),
        (lambda: {**ZONED, "queue:failed --json": [entry(REPORT, in_berlin(60))]}, Outcome.FAILED, None, "newest 1 m"),
        (lambda: {**ZONED, "queue:failed --json": [entry(REPORT, in_berlin(7200))]}, Outcome.PASSED, None, ""),
        (lambda: {"queue:failed --json": TOO_OLD, "queue:failed": (0, "No failed jobs!\n")}, Outcome.PASSED, None, ""),
        (
            lambda: {"queue:failed --json": TOO_OLD, "queue:failed": (0, TABLE.format(REPORT, written(7200)))},
            Outcome.PASSED,
            None,
            "",
        ),
        (
            lambda: {"queue:failed --json": TOO_OLD, "queue:failed": (0, TABLE.format(RECEIPT, written(60)))},
            Outcome.FAILED,
            Severity.CRITICAL,
            "App\\Mail\\Receipt",
        ),
    ],
)
def test_jobs_that_failed_of_late(
    tmp_path: Path, answers: Callable[[], dict[str, Any]], outcome: Outcome, severity: Severity | None, said: str
) -> None:
    finding = told(FailedNew(), tmp_path, answers())
    assert (finding.outcome, finding.severity) == (outcome, severity), finding.message
    assert said in finding.message


def test_a_list_that_is_none_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(Inconclusive, match="gave no list"):
        told(FailedNew(), tmp_path, {"queue:failed": (1, "SQLSTATE[HY000] [2002] Connection refused")})


def test_the_deploy_may_be_named(tmp_path: Path) -> None:
    failed = [(REPORT, written(600)), (REPORT, written(3000))]
    deployed = (datetime.now(UTC) - timedelta(seconds=1200)).isoformat()
    check = FailedNew.model_validate({"database": database(tmp_path, failed=failed), "since": deployed})
    finding = ask(check, NOWHERE)
    assert finding.message.startswith("failed jobs: 1: 1 × App\\Jobs\\BuildReport; the newest 10 m")
    assert "UTC" in finding.weak


STATS = {
    "failedJobs": 0,
    "jobsPerMinute": 12,
    "pausedMasters": 0,
    "periods": {"failedJobs": 10080, "recentJobs": 60},
    "processes": 3,
    "queueWithMaxRuntime": "default",
    "queueWithMaxThroughput": "default",
    "recentJobs": 120,
    "status": "running",
    "wait": {"redis:default": 2},
}


def dashboard(**more: Any) -> Reply:
    return Reply(body=json.dumps({**STATS, **more}), type="application/json")


@pytest.mark.parametrize(
    ("reply", "outcome", "severity", "said"),
    [
        (dashboard(), Outcome.PASSED, None, ""),
        (dashboard(wait=[]), Outcome.PASSED, None, ""),
        (dashboard(status="inactive", processes=0), Outcome.FAILED, Severity.CRITICAL, "inactive, wanted running"),
        (dashboard(status="paused"), Outcome.FAILED, None, "paused, wanted running"),
        (dashboard(pausedMasters=1), Outcome.FAILED, None, "pausedMasters: 1"),
        (dashboard(wait={"redis:default": 75}), Outcome.FAILED, None, "wait for redis:default: 1 m 15 s"),
        (dashboard(processes=0), Outcome.FAILED, None, "there is no worker"),
    ],
)
def test_horizons_dashboard(reply: Reply, outcome: Outcome, severity: Severity | None, said: str) -> None:
    with serving({"/horizon/api/stats": reply}) as site:
        finding = ask(Horizon(), site.base_url)
    assert (finding.outcome, finding.severity) == (outcome, severity), finding.message
    assert said in finding.message


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, "<h1>403</h1>"),
        Reply(302, headers={"location": "/login"}),
        Reply(200, '<h1>Horizon</h1><p>"status": "running", jobsPerMinute</p>'),
        Reply(200, '{"status": "running"}', type="application/json"),
    ],
    ids=["closed", "login", "a page about Horizon", "another status"],
)
def test_what_is_not_horizon(reply: Reply) -> None:
    with serving({"/horizon/api/stats": reply}) as site, pytest.raises(Inconclusive, match="horizon/api/stats"):
        ask(Horizon(), site.base_url)


@pytest.mark.parametrize(
    ("code", "out", "outcome", "severity"),
    [
        (0, "\n   INFO  Horizon is running.\n\n", Outcome.PASSED, None),
        (1, "\n   WARN  Horizon is paused.\n\n", Outcome.FAILED, None),
        (2, "\n   ERROR  Horizon is inactive.\n\n", Outcome.FAILED, Severity.CRITICAL),
        (1, "Horizon is inactive.\n", Outcome.FAILED, Severity.CRITICAL),
    ],
)
def test_horizons_own_command(tmp_path: Path, code: int, out: str, outcome: Outcome, severity: Severity | None) -> None:
    finding = told(Horizon(), tmp_path, {"horizon:status": (code, out)})
    assert (finding.outcome, finding.severity) == (outcome, severity)


def test_an_app_without_horizon(tmp_path: Path) -> None:
    with pytest.raises(Inconclusive, match="not defined"):
        told(Horizon(), tmp_path, {})
