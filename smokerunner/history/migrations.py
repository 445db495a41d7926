"""The steps that bring a database to the newest shape, in order; each is named, and applied once."""

from __future__ import annotations

import sqlite3

APPLICATION = 0x534D4F4B
"""What marks a SQLite file as ours: `SMOK`."""

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "0001 runs and flows",
        (
            """
            CREATE TABLE run (
                id TEXT PRIMARY KEY,
                app TEXT NOT NULL,
                environment TEXT NOT NULL,
                base_url TEXT NOT NULL,
                started TEXT NOT NULL,
                ended TEXT NOT NULL,
                outcome TEXT NOT NULL,
                verdict TEXT NOT NULL,
                interrupted INTEGER NOT NULL,
                release TEXT,
                tool TEXT NOT NULL
            )
            """,
            "CREATE INDEX run_by_time ON run (app, environment, started)",
            """
            CREATE TABLE flow (
                run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                outcome TEXT NOT NULL,
                seconds REAL NOT NULL,
                attempts INTEGER NOT NULL,
                message TEXT NOT NULL,
                PRIMARY KEY (run, name)
            )
            """,
            "CREATE INDEX flow_by_name ON flow (name, run)",
        ),
    ),
    (
        "0002 console errors",
        (
            """
            CREATE TABLE console_error (
                run TEXT NOT NULL,
                flow TEXT NOT NULL,
                text TEXT NOT NULL,
                PRIMARY KEY (run, flow, text),
                FOREIGN KEY (run, flow) REFERENCES flow (run, name) ON DELETE CASCADE
            )
            """,
        ),
    ),
    (
        "0003 checks",
        (
            """
            CREATE TABLE checked (
                run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                outcome TEXT NOT NULL,
                severity TEXT NOT NULL,
                seconds REAL NOT NULL,
                message TEXT NOT NULL,
                PRIMARY KEY (run, name)
            )
            """,
            "CREATE INDEX checked_by_name ON checked (name, run)",
        ),
    ),
)


def migrate(database: sqlite3.Connection) -> str | None:
    """Apply what is missing, within the transaction that is open. What is wrong with the file is returned."""
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    (application,) = database.execute("PRAGMA application_id").fetchone()
    if tables and application != APPLICATION:
        return "it is a database of something else"
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
    applied = {row[0] for row in database.execute("SELECT name FROM migration")}
    unknown = applied - {name for name, _ in MIGRATIONS}
    if unknown:
        return f"it was written by a newer smokerunner ({', '.join(sorted(unknown))})"
    for name, statements in MIGRATIONS:
        if name not in applied:
            for statement in statements:
                database.execute(statement)
            database.execute("INSERT INTO migration (name) VALUES (?)", (name,))
    return None
