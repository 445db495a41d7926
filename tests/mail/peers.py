"""What the servers under test share: free ports, waiting until a port answers, ending a process."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path


def free_port() -> int:
    (port,) = free_ports(1)
    return port


def free_ports(number: int) -> list[int]:
    """Ports that differ: asked for one after the other, the same one may come twice."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [int(listener.getsockname()[1]) for listener in listeners]


def send(port: int, raw: bytes, to: Sequence[str], sender: str = "envelope@app.test") -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail(sender, list(to), raw)


@contextmanager
def running(command: Sequence[str], ports: Sequence[int], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process, once all its ports answer; ended by its id afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        for port in ports:
            _await_port(port, process, log)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "smokerunner-tests"


def _await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}:\n{log.read_text()}")
