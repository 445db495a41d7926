"""Every flow of the demo shop, recorded by raw mouse and keyboard: clean, without secrets, green, and able to fail."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from demo_recordings import PASSWORD, SCRIPTS, record_flow, replay_flow

from smokerunner.authoring.lint.linting import lint
from smokerunner.browser.binary import Binary
from smokerunner.demo.deploy import Deploy
from smokerunner.model.outcome import ExitCode, Outcome
from smokerunner.model.secret import forms

pytestmark = pytest.mark.e2e

REPLAYS = int(os.environ.get("SMOKE_TEST_REPLAYS", "2"))
"""How often each recorded flow is replayed; ten times is what a release asks for."""
QUICK = ("register", "login", "reset")
ALL = [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in SCRIPTS]
BREAKABLE = [
    pytest.param(name, marks=[] if name == "login" else [pytest.mark.slow])
    for name, script in SCRIPTS.items()
    if script.fault
]


@dataclass
class Studio:
    """Flow files with one recorded flow each, and the flows it builds on; every flow is recorded once."""

    folder: Path
    binary: Binary
    secrets: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def file_with(self, name: str) -> Path:
        path = self.folder / name / "acorn.yaml"
        if not path.exists():
            script = SCRIPTS[name]
            before = script.starts_from or next(iter(script.needs), None)
            path.parent.mkdir()
            if before is not None:
                shutil.copy(self.file_with(before), path)
            with Deploy() as deploy:
                recording = record_flow(name, path, deploy, self.binary, self.secrets)
            assert recording.wrong == ""
            self.notes[name] = recording.tidied.notes
            self.secrets.update(recording.tidied.values)
        return path


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, binary: Binary) -> Studio:
    return Studio(tmp_path_factory.mktemp("recorded"), binary)


@pytest.mark.parametrize("name", ALL)
def test_what_was_recorded_is_clean_and_holds_no_secret(name: str, studio: Studio) -> None:
    path = studio.file_with(name)
    notices = [notice for notice in lint(path) if notice.rule.level != "info"]
    assert [str(notice) for notice in notices] == []
    text = path.read_text()
    assert not [form for form in forms(PASSWORD) if form in text]
    assert f"  {name}:" in text
    assert not list(studio.folder.glob("**/journals/*")), "the journal is removed with success"


@pytest.mark.slow
def test_an_error_on_the_console_is_named_when_it_is_recorded(studio: Studio) -> None:
    studio.file_with("declined")
    (note,) = [note for note in studio.notes["declined"] if "console" in note]
    assert "status of 402" in note
    assert not [note for note in studio.notes["login"] if "console" in note]


@pytest.mark.parametrize("name", ALL)
def test_what_was_recorded_replays_green_unedited(name: str, studio: Studio, tmp_path: Path) -> None:
    path = studio.file_with(name)
    for number in range(REPLAYS):
        with Deploy() as deploy:
            done = replay_flow(name, path, deploy, studio.binary, studio.secrets, tmp_path / str(number))
        seen = {flow.name: (str(flow.outcome), flow.message) for flow in done.run.flows if flow.outcome.is_bad}
        assert (seen, done.exit_code) == ({}, ExitCode.OK)


@pytest.mark.parametrize("name", BREAKABLE)
def test_what_was_recorded_turns_red_when_its_feature_is_broken(name: str, studio: Studio, tmp_path: Path) -> None:
    path = studio.file_with(name)
    with Deploy(SCRIPTS[name].fault) as deploy:
        done = replay_flow(name, path, deploy, studio.binary, studio.secrets, tmp_path)
    flows = {flow.name: flow.outcome for flow in done.run.flows}
    # A fault that already breaks what the flow builds on leaves it skipped; the run is red all the same.
    assert flows[name] in (Outcome.FAILED, Outcome.SKIPPED)
    assert done.exit_code == ExitCode.FAILED
