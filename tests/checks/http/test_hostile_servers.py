"""Servers that mean harm, or are merely broken: each gets the right outcome in time, and little memory."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from smokerunner.checks.headers.cors import Cors
from smokerunner.checks.headers.grade import Grade
from smokerunner.checks.headers.single import Csp
from smokerunner.checks.http.addresses import Addresses
from smokerunner.checks.http.assets import Assets
from smokerunner.checks.http.error_page import ErrorPage
from smokerunner.checks.http.health import HealthUp
from smokerunner.checks.http.home import HomeUp
from smokerunner.checks.http.maintenance import Maintenance
from smokerunner.checks.timing.perf import PerfHome
from smokerunner.model.check import Check, Silence
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Asked, Reply, ask, serving

PASSED, WARNED, FAILED = Outcome.PASSED, Outcome.WARNED, Outcome.FAILED
UNCLEAR, SKIPPED = Outcome.INCONCLUSIVE, Outcome.SKIPPED
LITTLE = 24 * 1024 * 1024
"""Bytes that a check may hold at its worst."""
CHECKS: dict[str, Check] = {
    "home": HomeUp(),
    "health": HealthUp(),
    "maintenance": Maintenance(),
    "error": ErrorPage(),
    "assets": Assets(),
    "addresses": Addresses(),
    "csp": Csp(),
    "cors": Cors(),
    "grade": Grade(least="F"),
    # What this machine needs is not what is tested.
    "perf": PerfHome(samples=3, every=0, warn=60.0, target=60.0),
}
PAGE = "<title>Shop</title><h1>Shop</h1>"


def outcomes(base_url: str, names: Iterator[str] | list[str]) -> dict[str, Outcome]:
    """What becomes of each check, as the engine would have it."""
    found = {}
    for name in names:
        try:
            found[name] = ask(CHECKS[name], base_url).outcome
        except NotReached:
            found[name] = SKIPPED
        except Inconclusive:
            found[name] = UNCLEAR
    return found


def login_wall(asked: Asked) -> Reply:
    return Reply(body=PAGE) if asked.path == "/login" else Reply(302, headers={"location": "/login"})


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        (
            lambda _: Reply(body=PAGE),  # 200 for everything
            {"home": PASSED, "health": SKIPPED, "maintenance": PASSED, "error": FAILED, "assets": SKIPPED},
        ),
        (
            lambda _: Reply(503, PAGE, {"retry-after": "60"}),
            {"home": FAILED, "health": FAILED, "maintenance": FAILED, "error": UNCLEAR, "assets": UNCLEAR}
            | {"addresses": UNCLEAR, "csp": UNCLEAR, "grade": UNCLEAR, "perf": FAILED},
        ),
        (lambda _: Reply(403, "Forbidden"), dict.fromkeys(CHECKS, UNCLEAR)),
        (
            login_wall,
            {"home": PASSED, "health": SKIPPED, "maintenance": PASSED, "error": WARNED, "assets": SKIPPED}
            | {"addresses": PASSED, "cors": PASSED, "grade": PASSED, "perf": PASSED},
        ),
        (
            lambda asked: Reply(302, headers={"location": f"{asked.path}x"}),  # for ever and ever
            {
                "home": FAILED,
                "maintenance": PASSED,
                "assets": UNCLEAR,
                "csp": UNCLEAR,
                "grade": UNCLEAR,
                "perf": FAILED,
            },
        ),
    ],
    ids=["soft-404", "maintenance", "waf", "login", "loop"],
)
def test_servers_that_answer_strangely(answers: Any, wanted: dict[str, Outcome]) -> None:
    with serving(answers) as site:
        assert outcomes(site.base_url, list(wanted)) == wanted


def test_nobody_follows_to_another_host() -> None:
    with serving({"/": Reply(body=PAGE)}) as other:
        elsewhere = other.base_url.replace("127.0.0.1", "localhost")
        with serving(lambda _: Reply(302, headers={"location": elsewhere})) as site:
            assert outcomes(site.base_url, ["home", "csp", "perf"]) == {"home": FAILED, "csp": UNCLEAR, "perf": FAILED}
        assert other.asked == []


@contextmanager
def speaking(say: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does as it likes with each connection once a request has come."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            connection.recv(65_536)
            say(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        # Closing alone does not wake whoever accepts.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"


def flood(connection: socket.socket) -> None:
    """Sends a page that never ends."""
    connection.sendall(HEAD + b"\r\n<h1>Shop</h1>")
    while True:
        connection.sendall(b"<p>more</p>" * 10_000)


def drip(connection: socket.socket) -> None:
    """Sends a byte now and then, until nobody listens any more."""
    connection.sendall(HEAD + b"content-length: 100000\r\n\r\n")
    connection.settimeout(0.2)
    while True:
        connection.sendall(b"x")
        with suppress(TimeoutError):
            if not connection.recv(1):
                return


def bad_gzip(connection: socket.socket) -> None:
    body = b"this is no gzip"
    connection.sendall(HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


def cut_gzip(connection: socket.socket) -> None:
    body = gzip.compress(PAGE.encode() * 100)[:-20]
    connection.sendall(HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b" " * 1_048_576) for _ in range(512)) + packer.flush()


BOMB = _bomb()
"""Half a gigabyte of nothing, in half a megabyte."""


def zip_bomb(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(BOMB) + BOMB)


def cookie_bomb(connection: socket.socket) -> None:
    cookies = b"".join(b"set-cookie: c%d=%s\r\n" % (index, b"x" * 4000) for index in range(2000))
    connection.sendall(HEAD + cookies + b"content-length: 0\r\n\r\n")


def many_cookies(connection: socket.socket) -> None:
    cookies = b"".join(b"set-cookie: c%d=%s\r\n" % (index, b"x" * 200) for index in range(100))
    connection.sendall(HEAD + cookies + b"content-length: %d\r\n\r\n" % len(PAGE) + PAGE.encode())


def endless_header(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"x-long: ")
    while True:
        connection.sendall(b"x" * 100_000)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def cut_off(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"content-length: 1000\r\n\r\n" + PAGE.encode())


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" + bytes(range(256)))


def odd_markup(connection: socket.socket) -> None:
    """A page that is hard to parse."""
    body = b"<title>" + b"<![odd[" + b"<" * 100_000 + b"<a " * 30_000 + b"<script src='http://['>"
    connection.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize(
    ("say", "home", "csp"),
    [
        (flood, PASSED, FAILED),
        (bad_gzip, FAILED, UNCLEAR),
        (cut_gzip, FAILED, UNCLEAR),
        (zip_bomb, FAILED, FAILED),  # an empty page, however long
        (cookie_bomb, FAILED, UNCLEAR),
        (many_cookies, PASSED, FAILED),
        (endless_header, FAILED, UNCLEAR),
        (reset, FAILED, UNCLEAR),
        (cut_off, FAILED, UNCLEAR),
        (no_http, FAILED, UNCLEAR),
        (odd_markup, PASSED, FAILED),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_servers_that_send_what_they_like(say: Any, home: Outcome, csp: Outcome) -> None:
    with speaking(say) as base_url:
        tracemalloc.start()
        try:
            found = outcomes(base_url, ["home", "csp", "assets"])
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (found["home"], found["csp"]) == (home, csp)
    assert found["assets"] in (SKIPPED, UNCLEAR)
    assert most < LITTLE


def test_a_body_that_drips_is_given_up() -> None:
    with speaking(drip) as base_url:
        finding = ask(HomeUp(), base_url)
    assert finding.outcome is FAILED
    assert "no whole answer within 10 s" in finding.message


def test_response_times_of_a_server_that_sends_no_http() -> None:
    with speaking(no_http) as base_url, pytest.raises(Silence):
        ask(CHECKS["perf"], base_url)
