"""The journal: whole at any moment, for its owner only, and never with a secret in it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from smokerunner.authoring.act import Act, Draft, Field
from smokerunner.authoring.tidy import Known, Tidied, tidy
from smokerunner.evidence.folder import Unwritable
from smokerunner.model.errors import BadInput
from smokerunner.model.secret import forms
from smokerunner.recording.journal import Journal, Recording

FLOW = {"steps": [{"goto": "/"}, {"click": {"button": "Säve"}}]}
RECORDING = Recording(
    Tidied("login", FLOW, ("ACORN_PASSWORD",), "http://h:1", ("set it",)),
    ({"css": ".clock"},),
    {"acorn/a.png": b"\x00\xff", "acorn/b.txt": "ü".encode()},
)


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "er" / "login.json")
    assert not journal.exists
    journal.write(RECORDING)
    assert journal.exists
    assert Journal(journal.path).read() == RECORDING


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_its_owner_can_read_it_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    journal = Journal(tmp_path / "login.json")
    before = os.umask(mask)
    try:
        journal.write(RECORDING)
        journal.write(Recording(RECORDING.tidied))
    finally:
        os.umask(before)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [journal.path], "nothing half-written is left"


def test_a_half_written_one_of_an_earlier_crash_is_not_read_by_others_either(tmp_path: Path) -> None:
    half = tmp_path / "login.json.half"
    half.write_text("old")
    half.chmod(0o644)
    journal = Journal(tmp_path / "login.json")
    journal.write(RECORDING)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_it_is_only_written_when_something_is_new(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "login.json")
    journal.write(RECORDING)
    inode = journal.path.stat().st_ino
    journal.write(RECORDING)
    assert journal.path.stat().st_ino == inode
    journal.write(Recording(RECORDING.tidied))
    assert journal.path.stat().st_ino != inode


def test_at_no_letter_does_it_hold_a_secret(tmp_path: Path) -> None:
    password = "pass Wört/77&x"
    journal = Journal(tmp_path / "login.json")
    field = Field(type="password", label="PIN")
    for end in range(1, len(password) + 1):
        act = Act("fill", ({"label": "PIN"},), beside={"with": password[:end]}, written=field)
        url = f"http://h:1/in?pin={password[:end]}"
        tidied = tidy(Draft("login", (act, Act("goto", value=url)), base_url="http://h:1"), Known("acorn"))
        assert tidied.values == {"ACORN_PASSWORD": password[:end]}
        journal.write(Recording(tidied))
        text = journal.path.read_text()
        assert json.loads(text)["flow"]["steps"][0]["with"] == "${secrets.ACORN_PASSWORD}"
        if end > 3:
            assert not [form for form in forms(password[:end]) if len(form) > 3 and form in text]


def test_removing_it_twice_is_no_mistake(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "login.json")
    journal.write(RECORDING)
    journal.remove()
    journal.remove()
    assert not journal.exists


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": "x"}', '"text"', "\x00"])
def test_one_that_cannot_be_read_is_bad_input(tmp_path: Path, text: str) -> None:
    path = tmp_path / "login.json"
    path.write_text(text)
    with pytest.raises(BadInput, match="cannot be read"):
        Journal(path).read()


def test_without_one_there_is_nothing_to_recover(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no recording to recover"):
        Journal(tmp_path / "login.json").read()


def test_where_it_cannot_be_written_the_path_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unwritable, match=r"file"):
        Journal(tmp_path / "file" / "login.json").write(RECORDING)
