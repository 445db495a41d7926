"""One GET without a browser: by Python's own client where it is plain and stays on this machine, else by httpx."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from smokerunner.model.record import record

if TYPE_CHECKING:
    import httpx

PATIENCE = 10.0
"""Seconds one request may take."""
LARGEST = 1_000_000
"""Bytes of an answer that are read: what says a release is small, and some answers never end."""
_REDIRECTS = (301, 302, 303, 307, 308)
_TOO_LATE = f"no answer within {PATIENCE:.0f} s"
_AS_WRITTEN = "!#$%&'()*+,/:;=?@[]~"


class Unanswered(Exception):
    """No HTTP answer came; the message says why. `is_tls`: somebody listens, but no safe connection came about."""

    def __init__(self, message: str, *, is_tls: bool = False) -> None:
        super().__init__(message)
        self.is_tls = is_tls


@record
class Question:
    """What is asked for, and how to get through to it."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    login: httpx.BasicAuth | None = None
    trust: bool | ssl.SSLContext = True
    extensions: Mapping[str, str] = field(default_factory=dict)


@record
class Answer:
    """What came back; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    charset: str | None

    @property
    def text(self) -> str:
        """The content, in UTF-8 where nothing better is said."""
        try:
            return self.content.decode(self.charset or "utf-8", "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    @property
    def location(self) -> str | None:
        """Where it sends visitors on to, if it does."""
        return self.headers.get("location") if self.status in _REDIRECTS else None


async def ask(question: Question) -> Answer:
    """Ask once, following nothing. Raises Unanswered."""
    here = is_loopback(urlsplit(question.url).hostname or "")
    try:
        # A server that sends a byte now and then would otherwise never be late.
        async with asyncio.timeout(2 * PATIENCE):
            if here and question.url.startswith("http://") and question.login is None:
                # To load httpx takes longer than everything else that is done before the first flow.
                return await _ask_here(question)
            return await _ask_anywhere(question, through_proxies=not here)
    except TimeoutError as wrong:
        raise Unanswered(f"no whole answer within {2 * PATIENCE:.0f} s") from wrong


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


async def _ask_here(question: Question) -> Answer:
    parts = urlsplit(question.url)
    path = quote(parts._replace(scheme="", netloc="", fragment="").geturl() or "/", _AS_WRITTEN)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    sockets: list[socket.socket] = []
    left = threading.Event()

    def get() -> Answer:
        try:
            connection.connect()
            sockets.append(connection.sock)
            if left.is_set():
                raise ConnectionAbortedError
            connection.request("GET", path, headers={"Accept": "*/*", **question.headers})
            came = connection.getresponse()
            headers = {name.lower(): value for name, value in came.getheaders()}
            return Answer(came.status, headers, came.read(LARGEST), came.headers.get_content_charset())
        finally:
            connection.close()

    try:
        return await asyncio.to_thread(get)
    except TimeoutError as wrong:
        raise Unanswered(_TOO_LATE) from wrong
    except ConnectionRefusedError as wrong:
        raise Unanswered("connection refused") from wrong
    except (OSError, http.client.HTTPException) as wrong:
        raise Unanswered(str(wrong) or type(wrong).__name__) from wrong
    finally:
        # Whoever is interrupted does not wait for an answer, so neither may the thread.
        left.set()
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


async def _ask_anywhere(question: Question, *, through_proxies: bool) -> Answer:
    import httpx

    try:
        async with (
            httpx.AsyncClient(
                verify=question.trust,
                auth=question.login,
                timeout=PATIENCE,
                follow_redirects=False,
                # As browsers do: a proxy is never asked for what is on this machine.
                trust_env=through_proxies,
            ) as client,
            client.stream(
                "GET", question.url, headers=dict(question.headers), extensions=dict(question.extensions)
            ) as came,
        ):
            content = await _some(came)
    except httpx.TimeoutException as wrong:
        raise Unanswered(_TOO_LATE) from wrong
    except httpx.HTTPError as wrong:
        text = str(wrong) or type(wrong).__name__
        said = {"All connection attempts failed": "connection refused"}.get(text, text)
        raise Unanswered(said, is_tls=_is_tls(wrong)) from wrong
    headers = {name.lower(): value for name, value in came.headers.items()}
    return Answer(came.status_code, headers, content, came.charset_encoding)


async def _some(came: httpx.Response) -> bytes:
    """The content, as far as it is read."""
    found = bytearray()
    async for piece in came.aiter_bytes():
        found += piece[: LARGEST - len(found)]
        if len(found) == LARGEST:
            break
    return bytes(found)


def _is_tls(wrong: BaseException | None) -> bool:
    while wrong is not None and not isinstance(wrong, ssl.SSLError):
        wrong = wrong.__cause__ or wrong.__context__
    return wrong is not None
