"""What history says of checks, beside the flows and in databases that knew none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from test_history_store import AT, FAILED, PASSED, run_of

from smokerunner.history.history import CheckRow, History
from smokerunner.history.migrations import APPLICATION, MIGRATIONS
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Past, Run
from smokerunner.model.severity import Severity
from tests.conftest import Smoke

ENV = "sec.env"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path / "history.db")


def checked(hour: int, checks: Mapping[str, str], flows: Mapping[str, str] | None = None, release: str = "") -> Run:
    """A run with checks, some hours after the first."""
    run = run_of(hour, flows or {}, release=release)
    results = tuple(
        Result(
            id=f"checks/{name}",
            kind="check",
            name=name,
            outcome=Outcome(outcome),
            message=f"{name} {outcome}",
            severity=Severity.CRITICAL,
            started=run.started,
            seconds=0.5,
        )
        for name, outcome in checks.items()
    )
    return run.model_copy(update={"results": (*run.results, *results)})


def recorded(history: History, *outcomes: str) -> list[Run]:
    runs = [checked(hour, {ENV: outcome}, release=f"r{hour}") for hour, outcome in enumerate(outcomes)]
    for run in runs:
        history.record(run)
    return runs


def test_a_check_is_remembered_as_it_was(history: History) -> None:
    run = checked(0, {ENV: "failed", "tls.hsts": "passed"}, {"login": "passed"}, release="r1")
    for _ in range(2):
        history.record(run)
    assert history.check_history("acorn", ENV) == [
        CheckRow(
            run=run.id,
            environment="production",
            started=run.started,
            release="r1",
            name=ENV,
            outcome=FAILED,
            severity="critical",
            seconds=0.5,
            message="sec.env failed",
        )
    ]
    assert [row.checks for row in history.runs()] == [2]
    assert [row.outcome for row in history.flow_history("acorn", "login")] == [PASSED]
    # Neither is taken for the other.
    assert history.flow_history("acorn", ENV) == []
    assert history.check_history("acorn", "login") == []


def test_since_when_a_check_fails_and_when_it_last_passed(history: History) -> None:
    runs = recorded(history, "passed", "failed", "inconclusive", "failed", "skipped")
    assert history.past("acorn", "production", ["login"], [ENV]) == {
        "login": Past(),
        ENV: Past(
            last_passed_run=runs[0].id,
            last_passed_at=AT,
            last_passed_release="r0",
            failing_since_run=runs[1].id,
            failing_since_at=AT + timedelta(hours=1),
            failing_since_release="r1",
        ),
    }
    history.record(checked(9, {ENV: "warned"}))
    past = history.past("acorn", "production", [], [ENV])[ENV]
    assert (past.last_passed_at, past.failing_since_run) == (AT + timedelta(hours=9), None)
    assert history.past("acorn", "staging", [], [ENV])[ENV] == Past()


def test_a_database_of_before_checks_keeps_its_runs(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute("CREATE TABLE migration (name TEXT PRIMARY KEY)")
    for name, statements in MIGRATIONS[:2]:
        for statement in statements:
            database.execute(statement)
        database.execute("INSERT INTO migration VALUES (?)", (name,))
    database.execute(
        "INSERT INTO run VALUES ('old', 'acorn', 'production', '', '2026-01-01T00:00:00.000000+00:00',"
        " '2026-01-01T00:01:00.000000+00:00', 'passed', 'go', 0, NULL, '0.1.0')"
    )
    database.execute("INSERT INTO flow VALUES ('old', 'login', 'passed', 2.0, 1, '')")
    database.commit()
    database.close()
    history = History.open(path)
    recorded(history, "failed")
    assert [(row.id, row.checks) for row in history.runs()][1] == ("old", 0)
    assert history.past("acorn", "production", ["login"])["login"].last_passed_run == "old"
    assert history.past("acorn", "production", [], [ENV])[ENV].failing_since_at == AT


def test_the_command_tells_of_a_check(smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "history.db"
    monkeypatch.setenv("SMOKE_HISTORY", str(path))
    runs = recorded(History.open(path), "passed", "failed")
    told = smoke("history", "acorn", "--check", ENV).out.splitlines()
    assert len(told) == 4
    assert told[0].endswith("production  r1  sec.env failed")
    assert told[2] == f"failing since 2026-11-22 21:15:00Z ({runs[1].id}) with release r1"
    assert told[3] == f"last passed 2026-11-22 20:15:00Z ({runs[0].id})"
    assert [line.rpartition("  ")[2] for line in smoke("history").out.splitlines()] == ["1 check", "1 check"]
    found = [json.loads(line) for line in smoke("history", "acorn", "--check", ENV, "--json").out.splitlines()]
    assert [row["outcome"] for row in found] == ["failed", "passed"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--check", ENV), "--check needs the app"),
        (("acorn", "--check", "sec.nothing"), "the history knows no check sec.nothing of acorn"),
        (("acorn", "--check", ENV, "--flow", "login"), "ask one at a time"),
    ],
)
def test_what_cannot_be_told_of_a_check_is_bad_input(
    smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    path = home / "history.db"
    monkeypatch.setenv("SMOKE_HISTORY", str(path))
    recorded(History.open(path), "passed")
    done = smoke("history", *arguments)
    assert done.exit_code == 2
    assert words in done.err
