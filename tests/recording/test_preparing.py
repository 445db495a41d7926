"""What can be wrong with a wish to record; each is said in one line before any window opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.language.environment import load_config
from smokerunner.model.errors import BadInput
from smokerunner.recording.preparing import Wish, prepare_recording
from smokerunner.recording.session import Task

FILE = """\
app: shop
base_url: http://127.0.0.1:9/below
secrets: [SHOP_PASSWORD, SHOP_KEY]
viewport: 800x600
flows:
  login:
    steps:
      - goto: /login
      - fill: {label: Password}
        with: ${secrets.SHOP_PASSWORD}
      - expect: {url: /home}
"""
HELD = {"SHOP_PASSWORD": "a-Password-for-tests-7"}


def prepared(folder: Path, binary: Binary, name: str = "acorn.yaml", config: str = "", **wish: Any) -> Task:
    settings = None
    if config:
        (folder / "smokerunner.yaml").write_text(config)
        settings = load_config(folder / "smokerunner.yaml")
    wished = Wish(**{"flow": "buy", **wish})
    return prepare_recording(folder / name, wished, settings, binary, folder / "journals", lookup=HELD.get)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a flow's name": ({"flow": "Log In"}, "write e.g. log-in"),
    "no address": ({}, "where is acorn"),
    "a path only": ({"url": "/login"}, "where is acorn"),
    "an address that is none": ({"base_url": "ftp://x"}, "is not an address"),
    "an address with a query": ({"base_url": "http://x/?a=1"}, "is not an address"),
    "needs without a file": ({"url": "http://h/", "needs": ("login",)}, "is not there yet, so it has no flow 'login'"),
    "a start without a file": ({"url": "http://h/", "starts_from": "login"}, "has no flow 'login'"),
    "a file's name without a letter": ({"name": "ß.yaml", "url": "http://h/"}, "begin it with a letter"),
    "an unknown environment": ({"url": "http://h/", "environment": "moon"}, "moon"),
}
REFUSED_WITH_FILE: dict[str, tuple[dict[str, Any], str]] = {
    "the flow is there": ({"flow": "login"}, "there is a flow 'login' already; choose another name, or --replace it"),
    "needs nobody knows": ({"needs": ("logn",)}, "logn"),
    "a start nobody knows": ({"starts_from": "logn"}, "logn"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_said_what_is_wrong(tmp_path: Path, binary: Binary, name: str) -> None:
    wish, message = REFUSED[name]
    with pytest.raises(BadInput) as wrong:
        prepared(tmp_path, binary, **wish)
    assert message in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize("name", REFUSED_WITH_FILE)
def test_it_is_said_what_is_wrong_with_the_file_at_hand(tmp_path: Path, binary: Binary, name: str) -> None:
    (tmp_path / "acorn.yaml").write_text(FILE)
    wish, message = REFUSED_WITH_FILE[name]
    with pytest.raises(BadInput) as wrong:
        prepared(tmp_path, binary, **wish)
    assert message in str(wrong.value)


def test_a_broken_file_is_said_before_anything_is_done(tmp_path: Path, binary: Binary) -> None:
    (tmp_path / "acorn.yaml").write_text(FILE.replace("fill:", "fil:"))
    with pytest.raises(BadInput, match="fil"):
        prepared(tmp_path, binary)


def test_a_needed_flow_without_its_secret_is_refused(tmp_path: Path, binary: Binary) -> None:
    (tmp_path / "acorn.yaml").write_text(FILE.replace("${secrets.SHOP_PASSWORD}", "${secrets.SHOP_KEY}"))
    with pytest.raises(BadInput, match="SHOP_KEY"):
        prepared(tmp_path, binary, needs=("login",))
    assert prepared(tmp_path, binary).job is None, "nothing needs it"


def test_a_journal_that_is_left_is_named_with_the_way_out(tmp_path: Path, binary: Binary) -> None:
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "acorn-buy.json").write_text("{}")
    with pytest.raises(BadInput, match=r"acorn-buy\.json: .*--recover"):
        prepared(tmp_path, binary, url="http://h/")
    assert prepared(tmp_path, binary, url="http://h/", flow="other").flow == "other"


@pytest.mark.parametrize(
    ("wish", "start", "base_url"),
    [
        ({"url": "http://h:1/a?b=c"}, "http://h:1/a?b=c", "http://h:1"),
        ({"url": "/a", "base_url": "http://h:1/below/"}, "http://h:1/below/a", "http://h:1/below"),
        ({"base_url": "http://h:1"}, "http://h:1/", "http://h:1"),
        ({"url": "http://h:1/below/a", "base_url": "http://h:1/below"}, "http://h:1/below/a", "http://h:1/below"),
    ],
)
def test_where_it_begins(tmp_path: Path, binary: Binary, wish: dict[str, Any], start: str, base_url: str) -> None:
    task = prepared(tmp_path, binary, **wish)
    assert (task.app, task.start, task.base_url, task.job) == ("acorn", start, base_url, None)


def test_the_file_says_the_rest(tmp_path: Path, binary: Binary) -> None:
    (tmp_path / "acorn.yaml").write_text(FILE)
    task = prepared(tmp_path, binary, url="/cart", starts_from="login", needs=("login",))
    assert (task.app, task.start, task.viewport) == ("shop", "http://127.0.0.1:9/below/cart", (800, 600))
    assert task.secrets == {"SHOP_PASSWORD": HELD["SHOP_PASSWORD"], "SHOP_KEY": None}
    assert task.journal.name == "shop-buy.json"
    assert task.job is not None


def test_an_environment_says_where_the_app_is(tmp_path: Path, binary: Binary) -> None:
    config = "apps:\n  acorn:\n    environments:\n      staging:\n        base_url: http://staging.example\n"
    task = prepared(tmp_path, binary, config=config, environment="staging")
    assert task.base_url == "http://staging.example"


def test_no_secret_is_shown_by_a_task(tmp_path: Path, binary: Binary) -> None:
    (tmp_path / "acorn.yaml").write_text(FILE)
    assert HELD["SHOP_PASSWORD"] not in repr(prepared(tmp_path, binary))
