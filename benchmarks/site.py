"""The small site that all rows visit, in a process of its own: `python -m benchmarks.site` prints its address.

One page of the flow is about 5.9 kB of HTML, 4.8 kB of style, 2.3 kB of script and a picture of 6.7 kB. Pages below
/marked paint their step number, for the picture test. It serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from benchmarks.pages import ASSETS, catalogue, done, marked, register, welcome

Reply = tuple[int, str, bytes]
_PAGES: dict[str, Callable[[dict[str, str]], str]] = {
    "/": register,
    "/welcome": welcome,
    "/catalogue": catalogue,
    "/done": done,
    "/marked": marked,
}
_REASONS = {200: "OK", 303: "See Other", 404: "Not Found"}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection, one after the other."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, _ = head.split(" ", 2)
            length = next(
                (int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0
            )
            body = (await reader.readexactly(length)).decode()
            address = urlsplit(target)
            asked = dict(parse_qsl(address.query) + parse_qsl(body))
            if delay := int(asked.get("delay", 0)):
                await asyncio.sleep(delay / 1000)
            writer.write(reply(method, address.path, asked))
            await writer.drain()
    writer.close()


def reply(method: str, path: str, asked: dict[str, str]) -> bytes:
    """The whole answer to one request."""
    if method == "POST" and path == "/save":
        return _answer(200, "application/json", b'{"saved": true}')
    if method == "POST":
        # As applications do: what was sent is answered by a redirect to the page that shows it.
        query = "&".join(f"{name}={value}" for name, value in asked.items() if name in ("flow", "step"))
        return _answer(303, "text/plain", b"", f"Location: {path}{'?' if query else ''}{query}\r\n")
    if path in ASSETS:
        kind, data = ASSETS[path]
        return _answer(200, kind, data, "Cache-Control: max-age=600\r\n")
    if path in _PAGES:
        return _answer(200, "text/html; charset=utf-8", _PAGES[path](asked).encode(), "Cache-Control: no-store\r\n")
    return _answer(404, "text/plain", b"nothing here\n")


def _answer(status: int, kind: str, body: bytes, headers: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode("latin-1") + body


async def serve() -> None:
    """Serve on a free port of this machine until standard input ends."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The site's address, while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.site"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as started:
        assert started.stdout is not None
        try:
            yield started.stdout.readline().strip()
        finally:
            started.terminate()


if __name__ == "__main__":
    asyncio.run(serve())
