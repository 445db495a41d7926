"""Who is asking: the session behind one request."""

from __future__ import annotations

import secrets
import sqlite3

from smokerunner.demo import accounts
from smokerunner.demo.accounts import User

COOKIE = "acorn_session"


class Visitor:
    """The session of one request; it is made only when something has to be remembered.

    `new_cookie` is what the response has to set, or None when the cookie may stay as it is.
    """

    def __init__(self, connection: sqlite3.Connection, cookie: str | None) -> None:
        self._connection = connection
        self.new_cookie: str | None = None
        row = connection.execute("SELECT * FROM sessions WHERE id = ?", (cookie,)).fetchone()
        self.session_id: str | None = None if row is None else row["id"]
        self._csrf: str | None = None if row is None else row["csrf"]
        self.user: User | None = (
            None if row is None or row["user_id"] is None else accounts.find_by_id(connection, row["user_id"])
        )

    @property
    def csrf(self) -> str:
        """The secret that every form of this visitor carries."""
        self.remember()
        return self._csrf or ""

    def remember(self) -> str:
        """The session's id; a session is made when there is none."""
        if self.session_id is None:
            self.session_id = self.new_cookie = secrets.token_urlsafe(24)
            self._csrf = secrets.token_urlsafe(24)
            with self._connection:
                self._connection.execute("INSERT INTO sessions (id, csrf) VALUES (?, ?)", (self.session_id, self._csrf))
        return self.session_id

    def enter(self, user: User) -> None:
        """Log in. The session gets a new id, so that an id known from before is worth nothing."""
        old = self.remember()
        self.session_id = self.new_cookie = secrets.token_urlsafe(24)
        self.user = user
        with self._connection:
            self._connection.execute(
                "UPDATE sessions SET id = ?, user_id = ? WHERE id = ?", (self.session_id, user.id, old)
            )

    def leave(self) -> None:
        """Log out: the session and its cart are gone."""
        with self._connection:
            self._connection.execute("DELETE FROM sessions WHERE id = ?", (self.session_id,))
        self.session_id = self._csrf = self.user = None

    def notify(self, text: str) -> None:
        """Keep a sentence for the next page this visitor sees."""
        session_id = self.remember()
        with self._connection:
            self._connection.execute("UPDATE sessions SET notice = ? WHERE id = ?", (text, session_id))

    def take_notice(self) -> str | None:
        """The sentence kept for this page, once; None also when the session ended meanwhile."""
        query = "SELECT notice FROM sessions WHERE id = ? AND notice IS NOT NULL"
        row = self._connection.execute(query, (self.session_id,)).fetchone()
        if row is None:
            return None
        with self._connection:
            self._connection.execute("UPDATE sessions SET notice = NULL WHERE id = ?", (self.session_id,))
        return str(row["notice"])
