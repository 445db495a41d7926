"""Customers: their accounts, their passwords and the one-time links mailed to them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Literal

Purpose = Literal["confirm", "reset"]
SHORTEST_PASSWORD = 8


@dataclass(frozen=True)
class User:
    """One customer. `avatar_version` is 0 without an avatar and changes with every new one."""

    id: int
    email: str
    name: str
    confirmed: bool
    avatar_version: int


@dataclass(frozen=True)
class Avatar:
    """A customer's picture as it was uploaded."""

    content: bytes
    media_type: str


class EmailTaken(Exception):
    """There is an account with this address already."""


def register(connection: sqlite3.Connection, name: str, email: str, password: str) -> User:
    """Open an account, not yet confirmed. `EmailTaken` when the address is known."""
    salt = secrets.token_bytes(16)
    try:
        with connection:
            cursor = connection.execute(
                "INSERT INTO users (email, name, salt, password) VALUES (?, ?, ?, ?)",
                (email.casefold(), name, salt, _digest(password, salt)),
            )
    except sqlite3.IntegrityError as error:
        raise EmailTaken(email) from error
    return User(cursor.lastrowid or 0, email.casefold(), name, confirmed=False, avatar_version=0)


def authenticate(connection: sqlite3.Connection, email: str, password: str) -> User | None:
    """The customer with this address and password, or None."""
    row = connection.execute("SELECT * FROM users WHERE email = ?", (email.casefold(),)).fetchone()
    if row is None or not hmac.compare_digest(row["password"], _digest(password, row["salt"])):
        return None
    return _user(row)


def find_by_id(connection: sqlite3.Connection, user_id: int) -> User | None:
    """The customer with this number, or None."""
    row = connection.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
    return None if row is None else _user(row)


def find_by_email(connection: sqlite3.Connection, email: str) -> User | None:
    """The customer with this address, or None."""
    row = connection.execute("SELECT * FROM users WHERE email = ?", (email.casefold(),)).fetchone()
    return None if row is None else _user(row)


def issue_token(connection: sqlite3.Connection, user: User, purpose: Purpose) -> str:
    """A new one-time token; older ones for the same purpose stop working."""
    token = secrets.token_urlsafe(24)
    with connection:
        connection.execute("DELETE FROM tokens WHERE user_id = ? AND purpose = ?", (user.id, purpose))
        connection.execute("INSERT INTO tokens VALUES (?, ?, ?)", (token, purpose, user.id))
    return token


def find_by_token(connection: sqlite3.Connection, token: str, purpose: Purpose) -> User | None:
    """The customer this token was mailed to, or None when it is unknown or used."""
    row = connection.execute(
        "SELECT users.* FROM users JOIN tokens ON users.id = tokens.user_id WHERE token = ? AND purpose = ?",
        (token, purpose),
    ).fetchone()
    return None if row is None else _user(row)


def confirm(connection: sqlite3.Connection, user: User) -> None:
    """The customer followed the link: the address is theirs. The token is used up."""
    with connection:
        connection.execute("UPDATE users SET confirmed = 1 WHERE id = ?", (user.id,))
        connection.execute("DELETE FROM tokens WHERE user_id = ? AND purpose = 'confirm'", (user.id,))


def change_password(connection: sqlite3.Connection, user: User, password: str) -> None:
    """Set a new password, use up the token and log the customer out everywhere."""
    salt = secrets.token_bytes(16)
    with connection:
        connection.execute(
            "UPDATE users SET salt = ?, password = ? WHERE id = ?", (salt, _digest(password, salt), user.id)
        )
        connection.execute("DELETE FROM tokens WHERE user_id = ? AND purpose = 'reset'", (user.id,))
        connection.execute("UPDATE sessions SET user_id = NULL WHERE user_id = ?", (user.id,))


def rename(connection: sqlite3.Connection, user: User, name: str) -> None:
    """Set the name that is shown."""
    with connection:
        connection.execute("UPDATE users SET name = ? WHERE id = ?", (name, user.id))


def set_avatar(connection: sqlite3.Connection, user: User, avatar: Avatar | None) -> None:
    """Keep a new picture of the customer, or none."""
    content, media_type = (avatar.content, avatar.media_type) if avatar else (None, None)
    with connection:
        connection.execute("UPDATE users SET avatar = ?, avatar_type = ? WHERE id = ?", (content, media_type, user.id))


def get_avatar(connection: sqlite3.Connection, user: User) -> Avatar | None:
    """The customer's picture, or None."""
    row = connection.execute("SELECT avatar, avatar_type FROM users WHERE id = ?", (user.id,)).fetchone()
    return Avatar(row["avatar"], row["avatar_type"]) if row is not None and row["avatar"] is not None else None


def delete(connection: sqlite3.Connection, user: User) -> None:
    """Forget the customer with all orders, sessions and links."""
    with connection:
        connection.execute("DELETE FROM users WHERE id = ?", (user.id,))


def _digest(password: str, salt: bytes) -> bytes:
    # Few rounds on purpose: a demo's event loop must not stand still for a strong hash.
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 20_000)


def _user(row: sqlite3.Row) -> User:
    version = 0 if row["avatar"] is None else int.from_bytes(hashlib.sha256(row["avatar"]).digest()[:4])
    return User(row["id"], row["email"], row["name"], bool(row["confirmed"]), version)
