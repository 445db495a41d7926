"""A secret has no place on the command line, and run.json says on what and with which files a run was made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smokerunner.replay.machine import machine
from tests.conftest import Smoke

_FLOWS = """app: shop
base_url: http://127.0.0.1:9
secrets: [SHOP_PASSWORD]
variables: {shop_password: a, word: b}
flows:
  one:
    steps:
      - goto: '/?${secrets.SHOP_PASSWORD}${shop_password}${word}'
"""


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHOP_PASSWORD", "open sesame 4711")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "shop.yaml").write_text(_FLOWS)
    return tmp_path


@pytest.mark.parametrize("given", ["shop_password=x", "word=say open sesame 4711", "word=open%20sesame%204711"])
def test_a_secret_as_a_variable_is_refused_and_not_repeated(flows: Path, smoke: Smoke, given: str) -> None:
    ran = smoke("run", "--var", given)
    assert ran.exit_code == 2
    assert len(ran.err.splitlines()) == 1
    assert "a command line can be read by others" in ran.err
    assert "sesame" not in ran.out + ran.err
    assert not (flows / "evidence").exists()


def test_another_variable_is_not_refused(flows: Path, smoke: Smoke) -> None:
    assert smoke("run", "--var", "word=open", "--no-history").exit_code == 1


def test_run_json_holds_the_machine_and_every_source(flows: Path, smoke: Smoke) -> None:
    config = flows / "smokerunner.yaml"
    config.write_text("apps: {shop: {environments: {local: {base_url: 'http://127.0.0.1:9'}}}}\n")
    run = smoke("run", "--no-history").run
    import hashlib

    assert {source.path: source.sha256 for source in run.sources} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (flows / "flows" / "shop.yaml", config)
    }
    assert run.machine == machine()


def test_the_machine_is_told_honestly() -> None:
    found = machine()
    assert 1 <= found.cores <= (os.cpu_count() or 1)
    assert found.memory_megabytes is None or found.memory_megabytes > 100
    assert "synchron" in found.clock or "state unknown" in found.clock
