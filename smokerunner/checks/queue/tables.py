"""Rows of the app's database, for checks that read the queue's tables; nothing is ever written."""

from __future__ import annotations

import asyncio
from typing import Any

from smokerunner.model.errors import Unavailable

_MOST = 1000
"""Rows that are read."""


async def rows(url: str, query: str, **values: Any) -> list[dict[str, Any]]:
    """What a SELECT finds, by the names of its columns. Raises Unavailable, without the URL: it holds a password."""
    try:
        import sqlalchemy
    except ModuleNotFoundError as lacking:
        raise Unavailable("reading the database needs one more package: pip install smokerunner[sql]") from lacking
    try:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    except (sqlalchemy.exc.ArgumentError, ModuleNotFoundError) as wrong:
        said = "its driver is not installed" if isinstance(wrong, ModuleNotFoundError) else "its URL is not understood"
        raise Unavailable(
            f"the database cannot be asked: {said}; write dialect+driver://user:password@host/name"
        ) from None

    def read() -> list[dict[str, Any]]:
        with engine.connect() as connection:
            found = connection.execute(sqlalchemy.text(query), values)
            return [dict(row) for row in found.mappings().fetchmany(_MOST)]

    try:
        return await asyncio.to_thread(read)
    except sqlalchemy.exc.SQLAlchemyError as wrong:
        cause = getattr(wrong, "orig", None) or wrong
        raise Unavailable(f"the database did not answer: {type(cause).__name__}: {_first_line(cause)}") from None
    finally:
        engine.dispose()


def _first_line(wrong: BaseException) -> str:
    return (str(wrong).splitlines() or ["no reason given"])[0][:200]
