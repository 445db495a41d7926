"""The SQLite file behind the shop."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    salt BLOB NOT NULL,
    password BLOB NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    avatar BLOB,
    avatar_type TEXT
);
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    csrf TEXT NOT NULL,
    user_id INTEGER REFERENCES users ON DELETE CASCADE,
    notice TEXT
);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS cart_lines (
    session_id TEXT NOT NULL REFERENCES sessions ON UPDATE CASCADE ON DELETE CASCADE,
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (session_id, product)
);
CREATE TABLE IF NOT EXISTS orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    status TEXT NOT NULL,
    placed_at REAL NOT NULL,
    recipient TEXT NOT NULL,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    delivery TEXT NOT NULL,
    card TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS order_lines (
    number INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    cents INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS unconfirmed_payments (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'orders', 1000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'orders');
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database, made on first use. A connection belongs to one thread, and its caller closes it."""
    connection = sqlite3.connect(path, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    with connection:
        connection.executescript(_SCHEMA)
    return connection
