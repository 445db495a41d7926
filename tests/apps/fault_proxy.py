"""A small reverse proxy in front of an app that breaks one kind of request, as a bad deploy would.

    python tests/apps/fault_proxy.py --to http://127.0.0.1:8103 --break "POST /basket/add/* 500"

A rule is `METHOD path kind [words]`: `*` for any method; in the path `*` fits within a segment and `**` across. Kinds:

    500  404          that answer, with a short page
    blank             200 and nothing
    slow [seconds]    the right answer, 20 s late
    lost              asked without its session cookie, so that the app takes it for a stranger's
    drop              the connection is closed without an answer
    stale             the first answer, again and again
    nojs              404 where the path ends in .js
    wrong OLD NEW     a text of the answer replaced by another
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import shlex
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

WORDS = {"500": (0,), "404": (0,), "blank": (0,), "slow": (0, 1), "lost": (0,), "drop": (0,), "stale": (0,),
         "nojs": (0,), "wrong": (2,)}  # fmt: skip
_HOP = ("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "accept-encoding")
_PAGE = "<!doctype html><title>{0}</title><h1>{0}</h1>"


@dataclass(frozen=True)
class Rule:
    """Which requests break, and how."""

    method: str
    path: re.Pattern[str]
    kind: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, line: str) -> Rule:
        """A rule as it is written; raises ValueError with what is wrong."""
        parts = shlex.split(line)
        if len(parts) < 3 or parts[2] not in WORDS or len(parts) - 3 not in WORDS[parts[2]]:
            raise ValueError(f"{line!r} is no rule; write METHOD path kind, the kind one of {', '.join(WORDS)}")
        expression = re.escape(parts[1]).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        return cls(parts[0].upper(), re.compile(expression), parts[2], tuple(parts[3:]))

    def breaks(self, head: Head) -> bool:
        """Whether this request is meant."""
        path = head.target.partition("?")[0]
        fits = self.method in ("*", head.method) and self.path.fullmatch(path) is not None
        return fits and (self.kind != "nojs" or path.endswith(".js"))


@dataclass
class Head:
    """The first line of a request or an answer, and its headers."""

    first: str
    fields: list[tuple[str, str]]

    @classmethod
    async def read(cls, stream: asyncio.StreamReader) -> Head:
        """The head that comes next; raises IncompleteReadError when none does."""
        first, *lines = (await stream.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in lines if line]
        return cls(first, [(name.strip(), value.strip()) for name, _, value in pairs])

    @property
    def method(self) -> str:
        return self.first.split()[0]

    @property
    def target(self) -> str:
        return self.first.split()[1]

    @property
    def length(self) -> int:
        return int(next((value for name, value in self.fields if name.lower() == "content-length"), "0"))

    def change(self, name: str, by: Callable[[str], str]) -> None:
        """Replace the values of a header; those that become empty go."""
        changed = [(n, by(v) if n.lower() == name else v) for n, v in self.fields]
        self.fields = [(n, v) for n, v in changed if v]

    def without(self, *names: str) -> None:
        self.fields = [(n, v) for n, v in self.fields if n.lower() not in names]

    def encode(self) -> bytes:
        lines = (self.first, *(f"{name}: {value}" for name, value in (*self.fields, ("Connection", "close"))))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass
class FaultProxy:
    """The proxy. `base_url` is where it listens, `app` where the app is; `broken` names every request that it broke."""

    app: str
    rules: Sequence[Rule]
    base_url: str = ""
    broken: list[str] = field(default_factory=list)
    _first: dict[str, bytes] = field(default_factory=dict)
    _served: set[object] = field(default_factory=set)
    """The loop itself does not keep hold of what it runs."""

    async def listen(self, port: int = 0) -> asyncio.Server:
        """Begin to listen on loopback."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=2**20)
        self.base_url = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        return server

    async def _serve(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._served.add(task)
        try:
            head = await Head.read(browser)
            # A body that is not read is no answer's business: connections serve one request each.
            body = await browser.readexactly(head.length)
            rule = next((rule for rule in self.rules if rule.breaks(head)), None)
            if rule is not None:
                self.broken.append(f"{head.method} {head.target}")
            await self._answer(rule, head, body, to_browser)
        except (asyncio.IncompleteReadError, ConnectionError):
            # The browser went away, or the app did: either way nobody is left to be answered.
            pass
        finally:
            to_browser.close()
            with contextlib.suppress(ConnectionError):
                await to_browser.wait_closed()
            self._served.discard(task)

    async def _answer(self, rule: Rule | None, head: Head, body: bytes, out: asyncio.StreamWriter) -> None:
        kind = rule.kind if rule else ""
        if kind == "drop":
            return
        if kind in ("500", "blank", "404", "nojs"):
            status = {"500": "500 Internal Server Error", "blank": "200 OK"}.get(kind, "404 Not Found")
            out.write(_page(status, "" if kind == "blank" else _PAGE.format(status)))
            return
        if rule is not None and kind == "slow":
            await asyncio.sleep(float(rule.words[0]) if rule.words else 20)
        if kind == "lost":
            head.change("cookie", _without_session)
        if rule is not None and kind in ("stale", "wrong"):
            out.write(await self._changed(rule, head, body))
            return
        async with self._asked(head, body) as answer:
            out.write((await self._head(answer)).encode())
            while piece := await answer.read(65536):
                out.write(piece)
                await out.drain()

    async def _changed(self, rule: Rule, head: Head, body: bytes) -> bytes:
        asked = f"{head.method} {head.target}"
        if rule.kind == "stale" and asked in self._first:
            return self._first[asked]
        async with self._asked(head, body) as stream:
            answer, text = await self._head(stream), await stream.read()
        if rule.kind == "wrong":
            old, new = (word.encode() for word in rule.words)
            text = text.replace(old, new)
        answer.without("content-length")
        self._first[asked] = answer.encode() + text
        return self._first[asked]

    async def _head(self, stream: asyncio.StreamReader) -> Head:
        """The head of the app's answer, which then leads back here."""
        answer = await Head.read(stream)
        answer.change("location", lambda place: place.replace(self.app, self.base_url))
        answer.without("connection", "keep-alive")
        return answer

    @contextlib.asynccontextmanager
    async def _asked(self, head: Head, body: bytes) -> Any:
        """What the app answers, as a stream. It is asked by the name that it expects, and for HTTP/1.0: no chunks."""
        there = urlsplit(self.app)
        asked = Head(head.first.replace("HTTP/1.1", "HTTP/1.0"), list(head.fields))
        asked.without(*_HOP)
        asked.change("host", lambda _: there.netloc)
        for name in ("origin", "referer"):
            asked.change(name, lambda place: place.replace(self.base_url, self.app))
        answer, app = await asyncio.open_connection(there.hostname, there.port)
        try:
            app.write(asked.encode() + body)
            await app.drain()
            yield answer
        finally:
            app.close()
            with contextlib.suppress(ConnectionError):
                await app.wait_closed()


def _page(status: str, page: str) -> bytes:
    kind, data = "text/html; charset=utf-8", page.encode()
    fields = [("Content-Type", kind), ("Content-Length", str(len(data)))]
    return Head(f"HTTP/1.1 {status}", fields).encode() + data


def _without_session(cookies: str) -> str:
    return "; ".join(each for each in cookies.split("; ") if "session" not in each.partition("=")[0].lower())


@contextlib.contextmanager
def faulty(app: str, *rules: str) -> Iterator[FaultProxy]:
    """The proxy in a thread of its own, for as long as the block runs."""
    proxy = FaultProxy(app, [Rule.read(rule) for rule in rules])
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(proxy.listen(), loop).result()
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    under_way = asyncio.all_tasks() - {asyncio.current_task()}
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


async def _serve_forever(app: str, rules: Sequence[Rule], port: int) -> None:
    proxy = FaultProxy(app, rules)
    async with await proxy.listen(port) as server:
        sys.stdout.write(f"{proxy.base_url} leads to {app}; Ctrl-C ends it\n")
        sys.stdout.flush()
        await server.serve_forever()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", required=True, metavar="URL", help="where the app is")
    parser.add_argument("--port", type=int, default=0, help="where to listen; by default any free port")
    parser.add_argument(
        "--break", dest="rules", action="append", default=[], metavar="RULE", help="what breaks; may be repeated"
    )
    given = parser.parse_args()
    try:
        rules = [Rule.read(line) for line in given.rules]
    except ValueError as wrong:
        parser.error(str(wrong))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_forever(given.to.rstrip("/"), rules, given.port))


if __name__ == "__main__":
    main()
