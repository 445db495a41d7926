"""Apps are started once, known by their processes, and ended with all they started; what lacks is said in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apps.lab.hosting import APPS, place_of
from tests.apps.lab.machine import Unmet, make_venv, need_debian, need_node
from tests.apps.lab.process import Running, Server, listens
from tests.e2e.outcome_site import command_of, free_port, is_alive, wait_until

FORKING = """
import os, socket, sys, time
if os.fork():
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    open("parent", "w").write(str(os.getpid()))
else:
    open("child", "w").write(str(os.getpid()))
time.sleep(60)
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    app = Running(tmp_path / "app")
    app.run.mkdir(parents=True)
    yield app
    app.stop()


def server(running: Running, code: str = FORKING) -> Server:
    port = free_port()
    return Server("web", (sys.executable, "-c", code, str(port)), port, running.folder, {"GREETING": "hello"})


def test_a_server_listens_when_it_is_started_and_ends_with_its_children(running: Running) -> None:
    web = server(running)
    running.start(web)

    assert listens(web.port)
    wait_until(lambda: (running.folder / "child").exists())
    child = int((running.folder / "child").read_text())
    assert running.pids() == {"web": int((running.folder / "parent").read_text())}
    assert running.memory() > 1

    assert running.stop() == ["web"]
    assert not listens(web.port)
    wait_until(lambda: not is_alive(child))
    assert running.stop() == []


def test_a_server_holds_nothing_open_of_whoever_started_it(running: Running) -> None:
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    try:
        running.start(server(running))
    finally:
        os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == ""


def test_a_port_that_is_taken_is_said(running: Running, tmp_path: Path) -> None:
    web = server(running)
    running.start(web)
    other = Running(tmp_path / "other")
    other.run.mkdir(parents=True)
    with pytest.raises(Unmet, match=f"port {web.port} is taken by something else"):
        other.start(web)
    assert other.pids() == {}


def test_a_server_that_does_not_start_is_said_with_its_last_words(running: Running) -> None:
    with pytest.raises(Unmet, match=r"web does not listen on port .*: no database"):
        running.start(server(running, "import sys; sys.exit('no database')"))
    assert running.pids() == {}


def test_a_process_that_got_the_id_later_is_left_alone(running: Running) -> None:
    (running.run / "web.pid").write_text(f"{os.getpid()} 1")
    assert running.pids() == {}
    assert running.stop() == []
    assert command_of(os.getpid())


def test_missing_packages_are_named_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, script in {
        "dpkg-query": "exit 1", "apt-get": "echo E: no package php-cli; exit 100", "node": "echo v12.22.9", "npm": ":"
    }.items():  # fmt: skip
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unmet, match="php-cli") as debian:
        need_debian("laravel", ["php-cli"], tmp_path / "log")
    assert "\n" not in str(debian.value)
    with pytest.raises(Unmet, match=r"maildev needs Node 18 or newer; `node` here is v12"):
        need_node("maildev", 18, tmp_path / "log")
    with pytest.raises(Unmet, match=r"oscar needs Python 3\.99 or newer"):
        make_venv("oscar", tmp_path / "v", ["django-oscar"], (3, 99), tmp_path / "log")


def test_each_app_has_ports_of_its_own_that_the_environment_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [port for name in APPS for port in (place_of(name).port, place_of(name).smtp_port) if port]
    assert len(ports) == len(set(ports))
    monkeypatch.setenv("LARAVEL_PORT", "8201")
    monkeypatch.setenv("APPS_STATE", "/somewhere")
    assert place_of("laravel").url == "http://127.0.0.1:8201"
    assert place_of("laravel").folder == Path("/somewhere/laravel")
