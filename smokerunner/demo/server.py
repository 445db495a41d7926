"""Acorn and its card provider, running on loopback in a background thread."""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from smokerunner.demo.app import create_app
from smokerunner.demo.provider import create_provider
from smokerunner.demo.settings import RELEASE, Settings, faults_of

_STARTUP_SECONDS = 15
_GRACE_SECONDS = 2


class Acorn:
    """One running shop with its provider; a context manager, or `start()` and `stop()`.

    `port` 0 takes a free one. Mail goes to 127.0.0.1:`smtp_port`. `fault` is a name of `FAULTS`, or several; with
    `marks` every page is marked for picture tests. `base_url` and `provider_url` are known once it has started.
    """

    base_url: str
    provider_url: str

    def __init__(
        self,
        smtp_port: int,
        fault: str | Iterable[str] | None = None,
        port: int = 0,
        release: str = RELEASE,
        marks: bool = False,
    ) -> None:
        self._smtp_port = smtp_port
        self._faults = faults_of(fault)
        self._port = port
        self._release = release
        self._marks = marks
        self._cleanup = ExitStack()

    def start(self) -> None:
        """Serve from now on. `ValueError` for an unknown fault, `OSError` when the port is taken."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="acorn-")))
            listeners = [stack.enter_context(_listen(port)) for port in (self._port, 0)]
            self.base_url, self.provider_url = (_url_of(listener) for listener in listeners)
            webhook_secret = secrets.token_urlsafe(24)
            shop = create_app(
                Settings(
                    database=folder / "acorn.sqlite",
                    base_url=self.base_url,
                    provider_url=self.provider_url,
                    smtp_port=self._smtp_port,
                    webhook_secret=webhook_secret,
                    release=self._release,
                    faults=self._faults,
                    marks=self._marks,
                )
            )
            servers = _Servers([shop, create_provider(webhook_secret)], listeners)
            stack.callback(servers.stop)
            servers.start()
            self._cleanup = stack.pop_all()

    def stop(self) -> None:
        """Let go of everything: answers under way end at once, no thread and no file is left behind."""
        self._cleanup.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Servers:
    """Several applications in one event loop in one thread. The first one is the shop."""

    def __init__(self, apps: list[Starlette], listeners: list[socket.socket]) -> None:
        self._shop = apps[0]
        self._listeners = listeners
        self._servers = [uvicorn.Server(_config_of(app)) for app in apps]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="acorn-servers", daemon=True)

    def start(self) -> None:
        """Wait until all of them answer. `RuntimeError` when one does not start."""
        self._thread.start()
        deadline = time.monotonic() + _STARTUP_SECONDS
        while not all(server.started for server in self._servers):
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("Acorn did not start; the log says why")
            time.sleep(0.01)

    def stop(self) -> None:
        """End slow answers, then the servers, then the thread."""
        for server in self._servers:
            server.should_exit = True
        if self._loop is not None and all(server.started for server in self._servers):
            self._loop.call_soon_threadsafe(self._shop.state.shop.stopping.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            for server, listener in zip(self._servers, self._listeners, strict=True):
                group.create_task(server.serve(sockets=[listener]))


def _config_of(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def _url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"http://{host}:{port}"
