"""The one question before a run: what it reads of an answer, and when it gives up."""

from __future__ import annotations

import asyncio
import socket

import pytest

from smokerunner.replay.asking import LARGEST, Question, Unanswered, ask
from tests.checks.bench import Reply, serving
from tests.web.test_polite_client import speaking


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


@pytest.mark.parametrize("headers", [{}, {"x": "y"}])
def test_an_answer_without_end_is_read_as_far_as_it_may_matter(headers: dict[str, str]) -> None:
    with speaking(endless) as url:
        answer = asyncio.run(ask(Question(url, headers)))
    assert (answer.status, len(answer.content)) == (200, LARGEST)


def test_an_answer_by_name() -> None:
    with serving({"/version": Reply(body='{"release": 7}', type="application/json")}) as site:
        answer = asyncio.run(ask(Question(f"{site.base_url}/version")))
    assert (answer.status, answer.text, answer.location) == (200, '{"release": 7}', None)


def test_nobody_listens() -> None:
    with serving({}) as gone:
        url = gone.base_url
    with pytest.raises(Unanswered, match="connection refused") as told:
        asyncio.run(ask(Question(url)))
    assert not told.value.is_tls


def test_no_safe_connection() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\n\r\n") as url, pytest.raises(Unanswered) as told:
        asyncio.run(ask(Question(url.replace("http:", "https:"))))
    assert told.value.is_tls
