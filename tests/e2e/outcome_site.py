"""A small app on loopback whose pages a test writes, and the ways to replay flows against it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import parse_qs, urlsplit

from smokerunner.cli.program import outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes
    at: float
    target: str = ""
    """Path and query as they were written."""

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answer:
    body: str = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Page = str | Answer | Callable[[Asked], Answer]


class Site:
    """The app. `pages` maps a path to its body, its answer, or what makes one; every request is kept in `seen`."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.release = "7"
        self.seen: list[Asked] = []
        self.stopping = threading.Event()
        self.pages: dict[str, Page] = {
            "/": "<!doctype html><title>Home</title><h1>Home</h1>",
            "/version": lambda _: Answer(json.dumps({"release": self.release}), kind="application/json"),
            "/broken": Answer("<h1>Oh no</h1>", 500),
            "/go": lambda asked: Answer(status=302, headers={"Location": asked.query["to"]}),
            "/done": "<h1>Done</h1>",
            "/slow": self._slowly,
            "/favicon.ico": Answer(status=204),
        }
        self._first: set[str] = set()
        self._server = ThreadingHTTPServer((host, 0), _handler_of(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.host = host
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def elsewhere(self) -> str:
        """The same server under the name of another host."""
        return f"http://localhost:{self.port}"

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.seen if asked.path == path]

    def once(self, bad: Answer, good: Answer) -> Page:
        """An answer that is bad the first time only."""
        left = [bad]
        return lambda _: left.pop() if left else good

    def _slowly(self, asked: Asked) -> Answer:
        self.stopping.wait(float(asked.query.get("seconds", "90")))
        return Answer("<h1>At last</h1>")

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "OPTIONS" and "Access-Control-Request-Method" in asked.headers:
            return Answer(status=204)
        page = self.pages.get(asked.path, Answer("<h1>Nothing here</h1>", 404))
        if isinstance(page, str):
            return Answer(page)
        return page if isinstance(page, Answer) else page(asked)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked = Asked(self.command, parts.path, query, self.headers, body, time.monotonic(), self.path)
            site.seen.append(asked)
            answer = site.answer(asked)
            data = answer.body.encode()
            with contextlib.suppress(ConnectionError):
                self.send_response(answer.status)
                for name, value in {"Content-Type": answer.kind, **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Access-Control-Allow-Methods", "*")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """The test's output stays readable."""

    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        setattr(Handler, f"do_{method}", Handler.handle_one)
    return Handler


@dataclass(frozen=True)
class Replayed:
    """What a run answered, printed and left."""

    exit_code: int
    out: str
    err: str
    folder: Path
    seconds: float

    @property
    def bundle(self) -> Path:
        """The newest sealed bundle."""
        found = [path.parent for path in (self.folder / "evidence").glob("*/run.json")]
        return max(found, key=lambda path: path.stat().st_mtime)

    @property
    def run(self) -> Run:
        return Run.model_validate_json((self.bundle / "run.json").read_text())

    def flow(self, name: str) -> Result:
        return next(flow for flow in self.run.flows if flow.name == name)

    def other(self, kind: str) -> Result:
        """The result beside the flows: reach, release or run."""
        return next(result for result in self.run.results if result.kind == kind)

    @property
    def outcomes(self) -> dict[str, str]:
        return {flow.name: str(flow.outcome) for flow in self.run.flows}


def write(folder: Path, flows: str, *, head: str = "", config: str = "") -> None:
    """The flow file of the app `site`, and its environment file."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "flows" / "site.yaml").write_text(f"app: site\n{head}\nflows:\n{flows}")
    if config:
        (folder / "smokerunner.yaml").write_text(f"apps:\n  site:\n    environments:\n{config}")


def replay(folder: Path, site: Site | str, *options: object) -> Replayed:
    """`smokerunner run` in this process, in that folder. `site` may be an address instead."""
    base_url = site.base_url if isinstance(site, Site) else site
    out, err = io.StringIO(), io.StringIO()
    began = time.monotonic()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = outcome(["run", "--base-url", base_url, *map(str, options)])
    return Replayed(code, out.getvalue(), err.getvalue(), folder, time.monotonic() - began)


def start(
    folder: Path, site: Site, *options: object, before: str = "", stdout: int | IO[str] = subprocess.PIPE
) -> subprocess.Popen[str]:
    """`python -m smokerunner run` as a process of its own; `before` is Python that runs first."""
    program = ["-c", f"{before}\nfrom smokerunner.cli import main\nmain()"] if before else ["-m", "smokerunner"]
    return subprocess.Popen(
        [sys.executable, *program, "run", "--base-url", site.base_url, *map(str, options)],
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def children(pid: int) -> list[int]:
    """The processes that this one started and that are still its own."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def descendants(pid: int) -> list[int]:
    """Every process below this one."""
    return [below for child in children(pid) for below in (child, *descendants(child))]


def command_of(pid: int) -> list[str]:
    """The command line; empty for a process that is gone or only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def is_alive(pid: int) -> bool:
    """Whether it still does anything; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], object], limit: float = 30.0) -> None:
    """Look again and again; AssertionError when it never holds."""
    until = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def patched(variables: dict[str, str]) -> Iterator[None]:
    """Environment variables for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
