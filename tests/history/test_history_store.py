"""What history says of earlier runs, and that it is safe to share and hard to break."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smokerunner.history.history import LATEST, FlowRow, History, RunRow, normalised
from smokerunner.history.migrations import APPLICATION, MIGRATIONS
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import ConsoleMessage, Result
from smokerunner.model.run import Past, Release, Run, Tool

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
PASSED, WARNED, FAILED = Outcome.PASSED, Outcome.WARNED, Outcome.FAILED
RECORDS = """
import sys
from pathlib import Path
from test_history_store import run_of
from smokerunner.history.history import History
history = History.open(Path(sys.argv[1]))
for number in range(10):
    history.record(run_of(int(sys.argv[2]) + number, {"login": "passed", "search": "failed"}))
"""


def run_of(
    hour: int,
    flows: Mapping[str, str],
    *,
    app: str = "acorn",
    environment: str = "production",
    seconds: float = 2.0,
    console: tuple[str, ...] = (),
    release: str = "",
) -> Run:
    """A run some hours after the first, with one attempt for each flow."""
    started = AT + timedelta(hours=hour)
    lines = tuple(ConsoleMessage(level="error", text=text, counts=True, at=started) for text in console)
    tolerated = ConsoleMessage(level="error", text="favicon is missing", at=started)
    results = tuple(
        Result(
            id=f"flows/{name}",
            kind="flow",
            name=name,
            outcome=Outcome(outcome),
            message=f"{name} {outcome}",
            started=started,
            seconds=seconds,
            children=(
                Result(
                    id=f"flows/{name}/1",
                    kind="attempt",
                    name="1",
                    outcome=Outcome(outcome),
                    started=started,
                    console=(*lines, tolerated),
                ),
            ),
        )
        for name, outcome in flows.items()
    )
    return Run(
        id=f"{app}-{environment}-{started:%Y%m%dT%H%M%SZ}-{hour:06x}",
        app=app,
        environment=environment,
        base_url="https://acorn.test",
        started=started,
        ended=started + timedelta(minutes=1),
        release=Release(before=release or None),
        tool=Tool(smokerunner="0.1.0", playwright="1.65", python="3.11", platform="linux"),
        results=results,
    )


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History.open(tmp_path / "state" / "history.db")


def recorded(history: History, *outcomes: str) -> list[Run]:
    runs = [run_of(hour, {"login": outcome}, release=f"r{hour}") for hour, outcome in enumerate(outcomes)]
    for run in runs:
        history.record(run)
    return runs


def test_a_run_is_remembered_as_it_was(history: History) -> None:
    run = run_of(0, {"login": "passed", "search": "failed"}, release="r1")
    history.record(run)
    assert history.runs() == [
        RunRow(
            id=run.id,
            app="acorn",
            environment="production",
            base_url="https://acorn.test",
            started=run.started,
            ended=run.ended,
            outcome=FAILED,
            verdict="roll back",
            interrupted=False,
            release="r1",
            tool="0.1.0",
        )
    ]
    assert history.flow_history("acorn", "search") == [
        FlowRow(run.id, "production", run.started, "r1", "search", FAILED, 2.0, 1, "search failed")
    ]


def test_recording_twice_changes_nothing_and_the_second_counts(history: History) -> None:
    history.record(run_of(0, {"login": "failed", "search": "passed"}, console=("a",)))
    for _ in range(2):
        history.record(run_of(0, {"login": "passed"}, console=("b",)))
    assert [row.outcome for row in history.runs()] == [PASSED]
    assert [row.outcome for row in history.flow_history("acorn", "login")] == [PASSED]
    assert history.flow_history("acorn", "search") == []
    assert history.console_errors("acorn", "production", "login") == {"b"}


def test_newest_come_first_and_can_be_narrowed(history: History) -> None:
    for hour in (2, 0, 1):
        history.record(run_of(hour, {"login": "passed"}))
    history.record(run_of(3, {"login": "passed"}, environment="staging"))
    history.record(run_of(4, {"login": "passed"}, app="birch"))
    assert [row.started.hour for row in history.runs("acorn", "production")] == [22, 21, 20]
    assert [row.app for row in history.runs(limit=2)] == ["birch", "acorn"]
    assert [row.environment for row in history.runs("acorn", limit=1)] == ["staging"]
    assert [row.started.hour for row in history.flow_history("acorn", "login", 2)] == [23, 22]
    assert len(history.flow_history("acorn", "login", environment="production")) == 3


def test_a_flow_that_never_ran_has_an_empty_past(history: History) -> None:
    assert history.past("acorn", "production", ["login"]) == {"login": Past()}


@pytest.mark.parametrize(
    ("outcomes", "passed", "since"),
    [
        (["passed"], 0, None),
        (["warned"], 0, None),
        (["passed", "failed"], 0, 1),
        (["passed", "failed", "failed"], 0, 1),
        (["failed", "failed"], None, 0),
        (["failed", "passed"], 1, None),
        (["passed", "failed", "passed", "failed"], 2, 3),
        (["passed", "failed", "error", "inconclusive", "skipped", "failed"], 0, 1),
        (["passed", "error", "inconclusive", "skipped"], 0, None),
        (["passed", "error", "failed"], 0, 2),
        (["skipped"], None, None),
    ],
)
def test_last_passed_and_failing_since(
    history: History, outcomes: list[str], passed: int | None, since: int | None
) -> None:
    runs = recorded(history, *outcomes)
    history.record(run_of(50, {"login": "failed"}, environment="staging"))
    history.record(run_of(51, {"login": "passed"}, app="birch"))
    past = history.past("acorn", "production", ["login"])["login"]
    assert (past.last_passed_run, past.last_passed_at, past.last_passed_release) == (
        (None, None, None) if passed is None else (runs[passed].id, runs[passed].started, f"r{passed}")
    )
    assert (past.failing_since_run, past.failing_since_at, past.failing_since_release) == (
        (None, None, None) if since is None else (runs[since].id, runs[since].started, f"r{since}")
    )


def test_a_run_recorded_late_stands_where_it_belongs(history: History) -> None:
    for hour, outcome in ((2, "failed"), (0, "passed"), (1, "failed")):
        history.record(run_of(hour, {"login": outcome}))
    past = history.past("acorn", "production", ["login"])["login"]
    assert past.failing_since_at == AT + timedelta(hours=1)


def test_the_usual_time_is_that_of_the_newest_passed_runs(history: History) -> None:
    for hour in range(30):
        history.record(run_of(hour, {"login": "passed"}, seconds=100.0 if hour < 10 else float(hour)))
    history.record(run_of(30, {"login": "failed"}, seconds=900.0))
    history.record(run_of(31, {"login": "warned"}, seconds=900.0))
    assert history.durations("acorn", "production") == {"login": 19.5}
    assert history.past("acorn", "production", ["login"])["login"].median_seconds == 19.5
    assert history.durations("acorn", "staging") == {}


def test_how_long_flows_take_of_late_is_that_of_the_newest_good_runs(history: History) -> None:
    for hour in range(8):
        history.record(run_of(hour, {"login": "passed"}, seconds=100.0 if hour < 4 else float(hour)))
    history.record(run_of(8, {"login": "warned"}, seconds=8.0))
    history.record(run_of(9, {"login": "failed"}, seconds=900.0))
    history.record(run_of(10, {"login": "skipped", "search": "passed"}, seconds=0.5))
    assert history.usual_seconds("acorn", "production") == {"login": 6.0, "search": 0.5}
    assert history.usual_seconds("acorn", "staging") == history.usual_seconds("birch", "production") == {}
    for hour in range(LATEST):
        history.record(run_of(20 + hour, {"order": "passed"}))
    assert history.usual_seconds("acorn", "production") == {"order": 2.0}


def test_console_errors_are_those_of_the_last_good_run(history: History) -> None:
    history.record(run_of(0, {"login": "passed"}, console=("old",)))
    history.record(run_of(1, {"login": "warned"}, console=("TypeError at app.js:214:9", "TypeError at app.js:7:12")))
    history.record(run_of(2, {"login": "failed"}, console=("of a failed run",)))
    assert history.console_errors("acorn", "production", "login") == {"TypeError at app.js:#:#"}
    assert history.console_errors("acorn", "production", "search") == set()
    assert normalised("order 4711 of 2026") == "order # of #"


def test_of_a_flow_that_ran_several_times_the_worst_counts(history: History) -> None:
    run = run_of(0, {"login": "passed"})
    (flow,) = run.flows
    twice = (flow.model_copy(update={"outcome": FAILED}), flow, flow.model_copy(update={"outcome": Outcome.SKIPPED}))
    history.record(run.model_copy(update={"results": twice}))
    assert [row.outcome for row in history.flow_history("acorn", "login")] == [FAILED]


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    search = [str(Path(__file__).parent), *sys.path]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {search!r}\n{RECORDS}", str(path), str(first)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for first in (0, 1000, 2000)
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert (writer.returncode, errors) == (0, "")
    history = History.open(path)
    assert len(history.runs(limit=1000)) == 30
    assert len(history.flow_history("acorn", "search", 1000)) == 30


def test_opening_again_keeps_what_is_there(history: History) -> None:
    recorded(history, "passed")
    again = History.open(history.path)
    assert len(again.runs()) == 1
    with sqlite3.connect(history.path) as database:
        names = [row[0] for row in database.execute("SELECT name FROM migration ORDER BY name")]
    database.close()
    assert names == [name for name, _ in MIGRATIONS] == sorted(names)


def test_an_old_database_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    name, statements = MIGRATIONS[0]
    database = sqlite3.connect(path)
    for statement in (
        f"PRAGMA application_id = {APPLICATION}",
        "CREATE TABLE migration (name TEXT PRIMARY KEY)",
        *statements,
        f"INSERT INTO migration VALUES ('{name}')",
        "INSERT INTO run VALUES ('old', 'acorn', 'production', '', '2026-01-01T00:00:00.000000+00:00',"
        " '2026-01-01T00:01:00.000000+00:00', 'passed', 'go', 0, NULL, '0.0.1')",
    ):
        database.execute(statement)
    database.commit()
    database.close()
    history = History.open(path)
    recorded(history, "passed")
    assert [row.id for row in history.runs()][1] == "old"


def damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)


def not_a_database(path: Path) -> None:
    path.write_text("just some text that is long enough to be looked at as if it were a database" * 20)


def of_something_else(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE bookmark (url TEXT)")
    database.close()


def of_the_future(path: Path) -> None:
    History.open(path)
    database = sqlite3.connect(path)
    database.execute("INSERT INTO migration VALUES ('9999 holograms')")
    database.commit()
    database.close()


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (damaged, "file is not a database"),
        (not_a_database, "file is not a database"),
        (of_something_else, "it is a database of something else"),
        (of_the_future, r"it was written by a newer smokerunner \(9999 holograms\)"),
        (a_folder, "unable to open database file"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_error_and_is_left_alone(
    tmp_path: Path, make: object, reason: str
) -> None:
    path = tmp_path / "history.db"
    assert callable(make)
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(Unavailable, match=f"cannot use the history in {path}: {reason}") as caught:
        History.open(path)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_place_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match=r"Not a directory|File exists"):
        History.open(tmp_path / "file" / "history.db")


def test_a_store_that_breaks_later_is_one_clear_error(history: History) -> None:
    damaged(history.path)
    for use in (
        lambda: history.record(run_of(0, {"login": "passed"})),
        lambda: history.past("acorn", "production", ["login"]),
        history.runs,
    ):
        with pytest.raises(Unavailable, match="file is not a database"):
            use()


def test_half_a_run_is_never_kept(history: History) -> None:
    run = run_of(0, {"login": "passed"})
    (flow,) = run.flows
    nameless = flow.model_copy(update={"name": None})
    with pytest.raises(Unavailable, match=r"NOT NULL constraint failed: flow\.name"):
        history.record(run.model_copy(update={"results": (flow, nameless)}))
    assert history.runs() == []
    assert history.flow_history("acorn", "login") == []
