"""The history of runs in a SQLite file; several processes may use it at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from smokerunner.history.migrations import migrate
from smokerunner.history.sameness import normalised
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.record import record
from smokerunner.model.result import Result
from smokerunner.model.run import Past, Run

PATIENCE = 10.0
"""Seconds to wait for another process that is writing."""
NEWEST = 20
"""Passed runs whose durations count."""
LATELY = 5
"""Good runs of a flow that say how long it takes now."""
LATEST = 30
"""Runs of an app that are looked at for them, so that a long history costs no more than a short one."""

_GOOD = tuple(outcome.value for outcome in Outcome if outcome.is_good)


@record
class RunRow:
    """A run as history remembers it."""

    id: str
    app: str
    environment: str
    base_url: str
    started: datetime
    ended: datetime
    outcome: Outcome
    verdict: str
    interrupted: bool
    release: str | None
    tool: str
    checks: int = 0
    """How many checks it asked, those that it skipped included."""


@record
class FlowRow:
    """What became of a flow in one run; `seconds` counts every attempt."""

    run: str
    environment: str
    started: datetime
    release: str | None
    name: str
    outcome: Outcome
    seconds: float
    attempts: int
    message: str


@record
class CheckRow:
    """What became of a check in one run; `severity` is what a failure meant there."""

    run: str
    environment: str
    started: datetime
    release: str | None
    name: str
    outcome: Outcome
    severity: str
    seconds: float
    message: str


@record
class History:
    """The store. Every method raises `Unavailable` with one clear line when the file cannot be used."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> History:
        """The history in this file, made if there is none, brought to the newest shape if it is old."""
        history = cls(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise history._unusable(error.strerror or str(error)) from error
        with history._writing() as database:
            problem = migrate(database)
            if problem:
                raise history._unusable(problem)
        return history

    def record(self, run: Run) -> None:
        """Remember a run that is masked already; recording it again replaces what was there."""
        with self._writing() as database:
            database.execute("DELETE FROM run WHERE id = ?", (run.id,))
            database.execute(
                "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run.id,
                    run.app,
                    run.environment,
                    run.base_url,
                    _text(run.started),
                    _text(run.ended),
                    run.outcome,
                    run.verdict,
                    run.interrupted,
                    run.release.before or run.release.after or run.release.expected,
                    run.tool.smokerunner,
                ),
            )
            for flow in _once_each(run):
                database.execute(
                    "INSERT INTO flow VALUES (?, ?, ?, ?, ?, ?)",
                    (run.id, flow.flow_name, flow.outcome, flow.seconds, len(flow.attempts), flow.message),
                )
                database.executemany(
                    "INSERT INTO console_error VALUES (?, ?, ?)",
                    [(run.id, flow.flow_name, text) for text in sorted(_console_errors(flow))],
                )
            database.executemany(
                "INSERT INTO checked VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (run.id, check.name, check.outcome, check.severity or "", check.seconds, check.message)
                    for check in run.checks
                ],
            )

    def past(self, app: str, environment: str, flows: Iterable[str], checks: Iterable[str] = ()) -> dict[str, Past]:
        """What is known of each flow and each check: its last good run, the first failed one since, usual seconds.

        An inconclusive, broken or skipped run neither ends nor starts a row of failures. Only flows have usual seconds;
        no flow has a name like a check's id, which has a dot.
        """
        usual = self.durations(app, environment)
        with self._reading() as database:
            found = {name: _past(database, _FLOWS, (app, environment, name), usual.get(name)) for name in flows}
            return found | {name: _past(database, _CHECKS, (app, environment, name)) for name in checks}

    def durations(self, app: str, environment: str) -> dict[str, float]:
        """The usual seconds of each flow: the median of its newest passed runs; a warned one may have been slow."""
        with self._reading() as database:
            rows = database.execute(
                """
                SELECT name, seconds FROM (
                    SELECT flow.name, flow.seconds,
                        row_number() OVER (PARTITION BY flow.name ORDER BY run.started DESC, run.id DESC) AS age
                    FROM flow JOIN run ON run.id = flow.run
                    WHERE run.app = ? AND run.environment = ? AND flow.outcome = ?
                ) WHERE age <= ?
                """,
                (app, environment, Outcome.PASSED, NEWEST),
            ).fetchall()
        return _medians(rows)

    def usual_seconds(self, app: str, environment: str) -> dict[str, float]:
        """How long each flow took of late: the median of its newest good runs, quick to ask in a long history.

        Without flows that were good in none of the newest runs.
        """
        with self._reading() as database:
            rows = database.execute(
                """
                SELECT name, seconds FROM (
                    SELECT flow.name, flow.seconds,
                        row_number() OVER (PARTITION BY flow.name ORDER BY latest.started DESC, latest.id DESC) AS age
                    FROM (
                        SELECT id, started FROM run WHERE app = ? AND environment = ?
                        ORDER BY started DESC, id DESC LIMIT ?
                    ) AS latest CROSS JOIN flow ON flow.run = latest.id
                    WHERE flow.outcome IN (?, ?)
                ) WHERE age <= ?
                """,
                (app, environment, LATEST, *_GOOD, LATELY),
            ).fetchall()
        return _medians(rows)

    def console_errors(self, app: str, environment: str, flow: str) -> set[str]:
        """The normalised console errors of the flow's last good run; empty when there is none."""
        with self._reading() as database:
            rows = database.execute(
                f"""
                SELECT text FROM console_error WHERE flow = ? AND run = (
                    SELECT id FROM ({_FLOWS} AND one.outcome IN (?, ?) ORDER BY run.started DESC, run.id DESC LIMIT 1)
                )
                """,
                (flow, app, environment, flow, *_GOOD),
            ).fetchall()
        return {row["text"] for row in rows}

    def runs(self, app: str | None = None, environment: str | None = None, limit: int = 20) -> list[RunRow]:
        """The newest runs, newest first; of all apps and environments unless told otherwise."""
        with self._reading() as database:
            rows = database.execute(
                """
                SELECT *, (SELECT count(*) FROM checked WHERE checked.run = run.id) AS checks
                FROM run WHERE app = coalesce(?, app) AND environment = coalesce(?, environment)
                ORDER BY started DESC, id DESC LIMIT ?
                """,
                (app, environment, limit),
            ).fetchall()
        return [RunRow(**_typed(row)) for row in rows]

    def flow_history(self, app: str, flow: str, limit: int = 20, environment: str | None = None) -> list[FlowRow]:
        """What became of a flow in its newest runs, newest first."""
        with self._reading() as database:
            rows = database.execute(
                """
                SELECT flow.run, run.environment, run.started, run.release,
                    flow.name, flow.outcome, flow.seconds, flow.attempts, flow.message
                FROM flow JOIN run ON run.id = flow.run
                WHERE run.app = ? AND flow.name = ? AND run.environment = coalesce(?, run.environment)
                ORDER BY run.started DESC, run.id DESC LIMIT ?
                """,
                (app, flow, environment, limit),
            ).fetchall()
        return [FlowRow(**_typed(row)) for row in rows]

    def check_history(self, app: str, check: str, limit: int = 20, environment: str | None = None) -> list[CheckRow]:
        """What became of a check in its newest runs, newest first."""
        with self._reading() as database:
            rows = database.execute(
                """
                SELECT checked.run, run.environment, run.started, run.release,
                    checked.name, checked.outcome, checked.severity, checked.seconds, checked.message
                FROM checked JOIN run ON run.id = checked.run
                WHERE run.app = ? AND checked.name = ? AND run.environment = coalesce(?, run.environment)
                ORDER BY run.started DESC, run.id DESC LIMIT ?
                """,
                (app, check, environment, limit),
            ).fetchall()
        return [CheckRow(**_typed(row)) for row in rows]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as database:
                database.row_factory = sqlite3.Row
                database.execute("PRAGMA foreign_keys = ON")
                yield database
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as database:
            # At once, so that two writers wait for each other instead of failing halfway.
            database.execute("BEGIN IMMEDIATE")
            with database:
                yield database

    def _unusable(self, reason: str) -> Unavailable:
        return Unavailable(f"cannot use the history in {self.path}: {reason}")


_SERIES = """
SELECT run.id, run.started, run.release FROM {table} AS one JOIN run ON run.id = one.run
WHERE run.app = ? AND run.environment = ? AND one.name = ?
"""
_FLOWS, _CHECKS = (_SERIES.format(table=table) for table in ("flow", "checked"))


def _past(
    database: sqlite3.Connection, series: str, one: tuple[str, str, str], median_seconds: float | None = None
) -> Past:
    """What a series of results says; `one` is its app, environment and name."""
    passed = database.execute(
        f"{series} AND one.outcome IN (?, ?) ORDER BY run.started DESC, run.id DESC LIMIT 1", (*one, *_GOOD)
    ).fetchone()
    since = (passed["started"], passed["id"]) if passed else ("", "")
    failed = database.execute(
        f"{series} AND one.outcome = ? AND (run.started, run.id) > (?, ?) ORDER BY run.started, run.id LIMIT 1",
        (*one, Outcome.FAILED, *since),
    ).fetchone()
    return Past(
        last_passed_run=passed["id"] if passed else None,
        last_passed_at=_time(passed["started"]) if passed else None,
        last_passed_release=passed["release"] if passed else None,
        failing_since_run=failed["id"] if failed else None,
        failing_since_at=_time(failed["started"]) if failed else None,
        failing_since_release=failed["release"] if failed else None,
        median_seconds=median_seconds,
    )


def _medians(rows: Iterable[sqlite3.Row]) -> dict[str, float]:
    seconds: dict[str, list[float]] = {}
    for row in rows:
        seconds.setdefault(row["name"], []).append(row["seconds"])
    return {flow: median(values) for flow, values in seconds.items()}


def _once_each(run: Run) -> list[Result]:
    """Of a flow that was run several times, the worst."""
    flows: dict[str, Result] = {}
    for flow in run.flows:
        known = flows.get(flow.flow_name)
        if known is None or worst((known.outcome, flow.outcome)) is not known.outcome:
            flows[flow.flow_name] = flow
    return list(flows.values())


def _console_errors(flow: Result) -> set[str]:
    shown = flow.deciding or flow
    return {normalised(line.text) for below in shown.walk() for line in below.console if line.counts}


def _text(at: datetime) -> str:
    # One length and one zone, so that the order of the texts is the order of the times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _typed(row: sqlite3.Row) -> dict[str, Any]:
    values = dict(row)
    for key in ("started", "ended"):
        if key in values:
            values[key] = _time(values[key])
    values["outcome"] = Outcome(values["outcome"])
    if "interrupted" in values:
        values["interrupted"] = bool(values["interrupted"])
    return values
