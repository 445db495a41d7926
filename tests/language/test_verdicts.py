"""Files that were right before are not read again, unless anything that the verdict hangs on has changed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.conftest import Ran, Smoke

FLOW = """\
app: {app}
base_url: http://127.0.0.1:9
flows:
  login:
    steps:
      - goto: /login
"""
WITH_FILE = "      - upload: {label: Avatar}\n        with: avatar.png\n"


@pytest.fixture(autouse=True)
def cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SMOKE_NO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(FLOW.format(app="shop"))
    return home / "cache" / "smokerunner" / "verdicts"


def kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("*"))


def read_anew(*arguments: str) -> bool:
    """Whether `validate` reads files: then it needs pydantic."""
    code = (
        "import sys; from smokerunner.cli.program import outcome; code = outcome(sys.argv[1:]); "
        "sys.exit(code or 10 * ('pydantic' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, "validate", *arguments], capture_output=True, check=False)
    assert done.returncode in (0, 10), done.stderr
    return done.returncode == 10


def complaints(ran: Ran) -> list[str]:
    assert ran.exit_code == 2
    return ran.err.splitlines()


def test_what_has_not_changed_is_not_read_again(cache: Path, smoke: Smoke) -> None:
    first = smoke("validate")
    assert first.out == "flows/shop.yaml: ok, 1 flow, 1 step\n"
    assert len(kept(cache)) == 1
    assert not read_anew()
    assert smoke("validate").out == first.out
    assert smoke("validate", "flows/shop.yaml").out == first.out


def test_another_reading_can_be_asked_for(smoke: Smoke, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    assert smoke("validate", "--no-cache").exit_code == 0
    assert not cache.exists()
    assert smoke("validate").exit_code == 0
    assert read_anew("--no-cache")
    monkeypatch.setenv("SMOKE_NO_CACHE", "1")
    assert read_anew()


def test_a_changed_file_is_read(home: Path, smoke: Smoke) -> None:
    file = home / "flows" / "shop.yaml"
    assert smoke("validate").exit_code == 0
    file.write_text(FLOW.format(app="shop").replace("goto", "gooto"))
    assert complaints(smoke("validate")) == [
        "flows/shop.yaml:6:9: login, step 1: no action called 'gooto', did you mean 'goto'?"
    ]
    file.write_text(FLOW.format(app="shop"))
    assert smoke("validate").exit_code == 0


def test_a_wrong_file_is_never_remembered(home: Path, smoke: Smoke, cache: Path) -> None:
    (home / "flows" / "shop.yaml").write_text("app: shop\n")
    assert complaints(smoke("validate")) == complaints(smoke("validate"))
    assert kept(cache) == []


def test_a_file_beside_it_must_still_be_there(home: Path, smoke: Smoke) -> None:
    (home / "flows" / "shop.yaml").write_text(FLOW.format(app="shop") + WITH_FILE)
    (home / "flows" / "avatar.png").write_bytes(b"")
    assert smoke("validate").exit_code == 0
    assert not read_anew()
    (home / "flows" / "avatar.png").unlink()
    assert complaints(smoke("validate")) == [
        "flows/shop.yaml:8:15: login, step 2: there is no file 'avatar.png' beside the flow file"
    ]


def test_variables_from_outside_belong_to_the_verdict(home: Path, smoke: Smoke) -> None:
    (home / "flows" / "shop.yaml").write_text(FLOW.format(app="shop").replace("/login", "/${place}"))
    assert smoke("validate", "--var", "place").exit_code == 0
    assert not read_anew("--var", "place")
    assert complaints(smoke("validate")) == ["flows/shop.yaml:6:15: login, step 1: nothing defines ${place}"]


def test_the_environment_file_is_remembered_and_its_variables_count(home: Path, smoke: Smoke) -> None:
    (home / "flows" / "shop.yaml").write_text(FLOW.format(app="shop").replace("/login", "/${place}"))
    settings = home / "smokerunner.yaml"
    settings.write_text("apps: {shop: {environments: {test: {variables: {place: login}}}}}")
    first = smoke("validate", "--env", "test")
    assert first.exit_code == 0
    assert not read_anew()
    assert smoke("validate").out == first.out
    assert complaints(smoke("validate", "--env", "live"))[0].startswith(
        "smokerunner.yaml: shop has no environment called 'live'"
    )
    settings.write_text("apps: {shop: {environments: {test: {variables: {plaice: login}}}}}")
    assert complaints(smoke("validate")) == [
        "flows/shop.yaml:6:15: login, step 1: nothing defines ${place}, did you mean 'plaice'?"
    ]
    settings.write_text("apps: {shop: {environments: {test: {variable: {}}}}}")
    assert complaints(smoke("validate"))[0].startswith("smokerunner.yaml:1:37: shop, test: no key called 'variable'")


def test_what_a_browser_names_is_looked_for_each_time(home: Path, smoke: Smoke, cache: Path) -> None:
    (home / "flows" / "shop.yaml").write_text(FLOW.format(app="shop") + "browser: {timezone: Europe/Berlin}\n")
    assert smoke("validate").exit_code == 0
    assert kept(cache) == []


def test_two_known_files_of_one_app_are_told(home: Path, smoke: Smoke) -> None:
    other = home / "other.yaml"
    other.write_text(FLOW.format(app="shop"))
    assert smoke("validate", "flows/shop.yaml").exit_code == smoke("validate", "other.yaml").exit_code == 0
    assert complaints(smoke("validate", "flows/shop.yaml", "other.yaml")) == [
        "other.yaml:1:6: app: 'shop' is already the app of flows/shop.yaml; one file holds all flows of an app"
    ]


def test_new_files_among_known_ones(home: Path, smoke: Smoke, cache: Path) -> None:
    assert smoke("validate").exit_code == 0
    (home / "flows" / "club.yaml").write_text(FLOW.format(app="club"))
    assert smoke("validate").out == "flows/club.yaml: ok, 1 flow, 1 step\nflows/shop.yaml: ok, 1 flow, 1 step\n"
    assert len(kept(cache)) == 2
    (home / "flows" / "bank.yaml").write_text("app: bank\n")
    (home / "flows" / "zoo.yaml").write_text("app: zoo\n")
    wanted = complaints(smoke("validate", "--no-cache"))
    assert [line.partition(":")[0] for line in wanted] == ["flows/bank.yaml", "flows/zoo.yaml"]
    assert complaints(smoke("validate")) == wanted


@pytest.mark.parametrize("found", ["", "{", "[]", "null", '{"key": "another", "found": {}}'])
def test_a_verdict_that_cannot_be_read_is_none(found: str, smoke: Smoke, cache: Path) -> None:
    first = smoke("validate")
    [place] = kept(cache)
    whole = place.read_text()
    place.write_text(found)
    assert smoke("validate").out == first.out
    assert place.read_text() == whole


def test_several_processes_at_once(home: Path, smoke: Smoke, cache: Path) -> None:
    for number in range(20):
        (home / "flows" / f"app{number}.yaml").write_text(FLOW.format(app=f"app{number}"))
    argv = [sys.executable, "-m", "smokerunner", "validate"]
    running = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    told = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert told == {smoke("validate").out}
    assert {place.suffix for place in kept(cache)} == {".json"}
    assert len(kept(cache)) == 21
    assert not read_anew()


def test_what_comes_from_a_pipe_is_read_once(home: Path, smoke: Smoke, cache: Path) -> None:
    pipe = home / "pipe.yaml"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_text, args=[FLOW.format(app="shop")])
    writing.start()
    assert smoke("validate", "pipe.yaml").out == "pipe.yaml: ok, 1 flow, 1 step\n"
    writing.join()
    assert kept(cache) == []


def test_a_folder_that_cannot_be_made_is_done_without(home: Path, smoke: Smoke) -> None:
    (home / "cache").write_text("a file")
    assert smoke("validate").exit_code == 0
