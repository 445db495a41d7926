"""Sessions, straight on the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from smokerunner.demo import accounts
from smokerunner.demo.database import connect
from smokerunner.demo.visitor import Visitor


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "acorn.sqlite")) as connection:
        yield connection


def test_a_visitor_who_only_looks_leaves_no_session(connection: sqlite3.Connection) -> None:
    visitor = Visitor(connection, None)
    assert visitor.take_notice() is None
    assert visitor.new_cookie is None
    assert connection.execute("SELECT count(*) FROM sessions").fetchone()[0] == 0


def test_a_notice_is_shown_once(connection: sqlite3.Connection) -> None:
    visitor = Visitor(connection, None)
    visitor.notify("Saved.")
    again = Visitor(connection, visitor.new_cookie)
    assert [again.take_notice(), again.take_notice()] == ["Saved.", None]


def test_logging_in_makes_the_old_cookie_worthless(connection: sqlite3.Connection) -> None:
    user = accounts.register(connection, "Robin", "robin@example.test", "correct horse")
    visitor = Visitor(connection, None)
    old = visitor.remember()
    visitor.enter(user)
    assert Visitor(connection, old).session_id is None
    assert Visitor(connection, visitor.new_cookie).user == user


def test_a_session_may_end_during_a_request(connection: sqlite3.Connection) -> None:
    visitor = Visitor(connection, None)
    session_id = visitor.remember()
    Visitor(connection, session_id).leave()
    assert visitor.take_notice() is None
    assert visitor.csrf
