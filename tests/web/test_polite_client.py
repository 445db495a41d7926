"""The HTTP client of the checks: what it sends, what it refuses, and what it does with hostile answers."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from smokerunner.model.check import Answer, Refused, Silence
from smokerunner.web.client import Client, Counted
from tests.checks.bench import Asked, Reply, serving


def use(base_url: str, work: Callable[[Counted], Awaitable[Any]], **more: Any) -> Any:
    async def run() -> Any:
        given = {"origins": (base_url,), "resolve": {}, "per_second": 1000.0, "at_once": 4, "agent": "smokerunner/test"}
        client = Client(base_url=base_url, **{**given, **more})
        try:
            return await work(client.counted())
        finally:
            await client.close()

    return asyncio.run(run())


@contextmanager
def speaking(say: bytes | Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers every connection with these bytes, or as a function does, and closes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    connection.recv(65_536)
                    say(connection) if callable(say) else connection.sendall(say)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        # Closing alone does not wake whoever accepts.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_the_path_is_sent_as_it_stands() -> None:
    paths = ["/public/../.env", "//.env", "/.env%20", "/a?b[]=1", "/%ff"]

    async def work(web: Counted) -> None:
        for path in paths:
            await web.ask(path)

    with serving({}) as site:
        use(site.base_url, work)
        assert [asked.path for asked in site.asked] == paths
        assert site.asked[0].headers["user-agent"] == "smokerunner/test"


def test_the_same_question_is_asked_once_and_a_fresh_one_again() -> None:
    async def work(web: Counted) -> int:
        await asyncio.gather(*(web.ask("/a") for _ in range(5)))
        await web.ask("/a", fresh=True)
        await web.ask("/a", method="POST")
        await web.ask("/a", headers={"accept": "application/json"})
        return web.sent

    with serving({"/a": Reply()}) as site:
        assert use(site.base_url, work) == 4
        assert len(site.asked) == 4


def test_other_hosts_are_not_asked_and_redirects_to_them_not_followed() -> None:
    with serving({"/secret": Reply()}) as other:
        there = other.base_url.replace("127.0.0.1", "localhost") + "/secret"

        async def work(web: Counted) -> Answer:
            with pytest.raises(Refused, match="none of the app's hosts"):
                await web.ask(there)
            answer: Answer = await web.ask("/out", follow=5)
            return answer

        with serving({"/out": Reply(302, headers={"location": there})}) as site:
            answer = use(site.base_url, work)
        assert (answer.status, answer.location) == (302, there)
        assert other.asked == []


def test_redirects_within_are_followed_as_far_as_wished() -> None:
    answers = {"/": Reply(302, headers={"location": "/a"}), "/a": Reply(302, headers={"location": "/b"}), "/b": Reply()}

    async def work(web: Counted) -> list[int]:
        return [(await web.ask("/", follow=number)).status for number in (0, 1, 2)]

    with serving(answers) as site:
        assert use(site.base_url, work) == [302, 302, 200]


def test_cookies_are_not_kept() -> None:
    async def work(web: Counted) -> None:
        await web.ask("/")
        await web.ask("/", headers={"x": "y"})

    with serving({"/": Reply(headers={"set-cookie": "a=b"})}) as site:
        use(site.base_url, work)
        assert all("cookie" not in asked.headers for asked in site.asked)


def test_a_name_can_be_sent_elsewhere_by_port() -> None:
    async def work(web: Counted) -> str:
        return (await web.ask("http://shop.test/x")).address  # type: ignore[no-any-return]

    with serving({"/x": Reply()}) as site:
        resolve = {"shop.test:80": f"127.0.0.1:{site.port}"}
        address = use("http://shop.test", work, resolve=resolve)
        assert address == f"127.0.0.1:{site.port}"
        assert site.asked[0].headers["host"] == "shop.test"


@pytest.mark.parametrize(
    "wall", [Reply(429), Reply(403, "x cf-chl y"), Reply(202, headers={"cf-mitigated": "challenge"})]
)
def test_a_wall_is_left_alone(wall: Reply) -> None:
    async def work(web: Counted) -> int:
        for number in range(3):
            await web.ask(f"/{number}")
        with pytest.raises(Refused, match="no longer asked"):
            await web.ask("/4")
        return web.sent

    with serving(lambda _: wall) as site:
        assert use(site.base_url, work) == len(site.asked) == 3


def test_a_refusal_in_between_is_no_wall() -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(429 if int(asked.path[1:]) % 2 else 200)

    async def work(web: Counted) -> int:
        for number in range(8):
            await web.ask(f"/{number}")
        return web.sent

    with serving(answer) as site:
        assert use(site.base_url, work) == 8


def test_only_so_many_at_once() -> None:
    lock = threading.Lock()
    under_way: list[int] = [0, 0]
    enough = threading.Event()

    def answer(_: Asked) -> Reply:
        with lock:
            under_way[0] += 1
            under_way[1] = max(under_way)
            if under_way[0] == 3:
                enough.set()
        # Until as many as may be are here: then one more would be seen.
        enough.wait(5)
        with lock:
            under_way[0] -= 1
        return Reply()

    async def work(web: Counted) -> None:
        await asyncio.gather(*(web.ask(f"/{number}") for number in range(9)))

    with serving(answer) as site:
        use(site.base_url, work, at_once=3)
    assert under_way[1] == 3


@pytest.mark.parametrize(
    ("body", "limit", "wanted", "truncated"),
    [(b"x" * 50, 100, 50, False), (b"x" * 100, 100, 100, False), (b"x" * 101, 100, 100, True)],
)
@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_bodies_are_decoded_and_cut(body: bytes, limit: int, wanted: int, truncated: bool, encoding: str) -> None:
    packed = {"": body, "gzip": gzip.compress(body), "deflate": zlib.compress(body)}[encoding]
    headers = {"content-encoding": encoding} if encoding else {}

    async def work(web: Counted) -> Answer:
        return await web.ask("/", limit=limit)  # type: ignore[no-any-return]

    with serving({"/": Reply(body=packed, headers=headers)}) as site:
        answer = use(site.base_url, work)
    assert (len(answer.body), answer.truncated) == (wanted, truncated)


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


HOSTILE = {
    "no http": (b"SSH-2.0-OpenSSH_9.6\r\n", "broken"),
    "nothing": (b"", "broken"),
    "no gzip": (b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc", "broken"),
    "half a gzip": (
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(bytes(range(256)) * 9)[:-9],
        "broken",
    ),
    "another encoding": (b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 3\r\n\r\nabc", "broken"),
    "cookie bomb": (b"HTTP/1.1 200 OK\r\n" + b"set-cookie: a=" + b"b" * 1_000_000 + b"\r\n\r\n", "broken"),
    "half a body": (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc", "broken"),
    "never": (lambda connection: connection.recv(1), "timeout"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_answers_are_silence(name: str) -> None:
    say, kind = HOSTILE[name]

    async def work(web: Counted) -> str:
        with pytest.raises(Silence) as told:
            await web.ask("/", timeout=0.5 if kind == "timeout" else 20)
        return told.value.kind

    with speaking(say) as url:  # type: ignore[arg-type]
        assert use(url, work) == kind


def test_an_endless_body_ends_at_the_limit() -> None:
    async def work(web: Counted) -> Answer:
        return await web.ask("/", limit=1000)  # type: ignore[no-any-return]

    with speaking(_endless) as url:
        answer = use(url, work)
    assert (len(answer.body), answer.truncated) == (1000, True)


def test_a_small_body_that_unpacks_into_a_flood_is_cut() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    async def work(web: Counted) -> Answer:
        return await web.ask("/", limit=1000)  # type: ignore[no-any-return]

    with serving({"/": Reply(body=bomb, headers={"content-encoding": "gzip"})}) as site:
        answer = use(site.base_url, work)
    assert (len(answer.body), answer.truncated) == (1000, True)


def test_nobody_listens_and_no_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    async def work(web: Counted) -> list[str]:
        kinds = []
        for url in (f"http://127.0.0.1:{port}", "http://nowhere.invalid"):
            with pytest.raises(Silence) as told:
                await web.ask(url)
            kinds.append(told.value.kind)
        return kinds

    origins = (f"http://127.0.0.1:{port}", "http://nowhere.invalid")
    assert use(origins[0], work, origins=origins) == ["refused", "name"]
