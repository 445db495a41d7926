"""A bench for checks: a site on loopback that answers as it is told, and a context to ask a check in."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from smokerunner.model.check import Check, CheckContext, Finding, Server, Visit
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Mailbox
from smokerunner.model.secret import Secrets
from smokerunner.replay.checking import origins_of
from smokerunner.replay.world import SystemClock
from smokerunner.web.client import Client


@dataclass(frozen=True)
class Reply:
    """What the site answers."""

    status: int = 200
    body: bytes | str = b""
    headers: Mapping[str, str] | tuple[tuple[str, str], ...] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"


Answering = Callable[["Asked"], Reply | None]
"""What a request is answered with; None: 404."""


@dataclass(frozen=True)
class Asked:
    """A request as it came, its path as it was sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class _SixServer(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class SmallSite:
    """A site whose answers are a function, or a mapping of paths; it remembers what it was asked."""

    def __init__(
        self,
        answers: Answering | Mapping[str, Reply],
        certificate: ssl.SSLContext | None = None,
        place: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        site = self
        self.asked: list[Asked] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body are two writes; together with late acknowledgements that costs 40 ms an answer.
            disable_nagle_algorithm = True
            server_version, sys_version = "site", ""

            def answer(self) -> None:
                # As it stands on the line: the attribute `path` has been tidied up.
                path = self.requestline.split(" ")[1]
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                asked = Asked(self.command, path, {k.lower(): v for k, v in self.headers.items()}, body)
                site.asked.append(asked)
                reply = answers(asked) if callable(answers) else answers.get(path)
                reply = reply or Reply(404, "<h1>Not found</h1>")
                content = reply.body.encode() if isinstance(reply.body, str) else reply.body
                self.send_response(reply.status)
                given = reply.headers.items() if isinstance(reply.headers, Mapping) else reply.headers
                if reply.type:
                    self.send_header("content-type", reply.type)
                for name, value in given:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the names that the standard library calls

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        kind = _SixServer if ":" in place[0] else ThreadingHTTPServer
        self._server = kind(place, Handler)
        self._server.daemon_threads = True
        if certificate is not None:
            self._server.socket = certificate.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        scheme = "http" if certificate is None else "https"
        self.base_url = f"{scheme}://{f'[{place[0]}]' if ':' in place[0] else place[0]}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def serving(
    answers: Answering | Mapping[str, Reply],
    certificate: ssl.SSLContext | None = None,
    place: tuple[str, int] = ("127.0.0.1", 0),
) -> Iterator[SmallSite]:
    """A site while the context is open."""
    site = SmallSite(answers, certificate, place)
    try:
        yield site
    finally:
        site.close()


def ask(
    check: Check,
    base_url: str,
    *,
    hosts: tuple[str, ...] = (),
    resolve: Mapping[str, str] | None = None,
    resolvers: tuple[str, ...] = (),
    server: Server | None = None,
    visit: Callable[[str], Awaitable[Visit]] | None = None,
    mailbox: Callable[[], Awaitable[Mailbox]] | None = None,
    **more: Any,
) -> Finding:
    """What a check finds at a site; `more` are other fields of the context."""

    async def nobody(*_: Any) -> Any:
        raise Unavailable("the bench has none")

    async def run() -> Finding:
        made: dict[str, asyncio.Future[Any]] = {}

        async def once(key: str, make: Callable[[], Awaitable[Any]]) -> Any:
            if key not in made:
                made[key] = asyncio.ensure_future(make())
            return await made[key]

        origins = origins_of(base_url, hosts)
        client = Client(
            base_url=base_url,
            origins=origins,
            resolve=resolve or {},
            per_second=1000,
            at_once=8,
            agent="smokerunner/test",
            resolvers=resolvers,
        )
        context = CheckContext(
            base_url=base_url,
            origins=origins,
            production=False,
            read_only=False,
            web=client.counted(),
            server=server,
            secrets=Secrets(),
            clock=SystemClock(),
            run_id="bench",
            expected_release=None,
            resolvers=resolvers,
            mailbox=mailbox or nobody,
            visit=visit or nobody,
            once=once,
            keep=lambda name, _: name,
        )
        try:
            return await check.run(replace(context, **more))
        finally:
            await client.close()

    return asyncio.run(run())
