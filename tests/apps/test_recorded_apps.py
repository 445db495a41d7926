"""Real apps of other people, used with mouse and keys: what is recorded is clean, and replays as it stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smokerunner.authoring.lint.linting import lint
from smokerunner.browser.binary import Binary
from smokerunner.model.outcome import ExitCode
from tests.apps.app_recordings import APPS, record_app_flow, replay_app_flow, using

pytestmark = [pytest.mark.apps, pytest.mark.timeout(900)]

FLOWS = [(app, name) for app in APPS for name in APPS[app].scripts]
REPLAYS = int(os.environ.get("SMOKE_TEST_REPLAYS", "3"))


@dataclass
class Recorded:
    """The flow file of one app, as far as it was recorded, and the values of its secrets."""

    app: str
    path: Path
    binary: Binary
    secrets: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def record(self, name: str) -> None:
        """Record a flow, and before it what it builds on."""
        if name in self.done:
            return
        script = APPS[self.app].scripts[name]
        for other in (*script.needs, *([script.starts_from] if script.starts_from else [])):
            self.record(other)
        recording = record_app_flow(self.app, name, self.path, self.binary, self.secrets)
        assert not recording.wrong
        self.secrets.update(recording.tidied.values)
        self.done.add(name)


@pytest.fixture(scope="module")
def recorded(
    request: pytest.FixtureRequest, binary: Binary, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Recorded]:
    app = str(request.param)
    with using(app):
        yield Recorded(app, tmp_path_factory.mktemp(app) / f"{app}.yaml", binary)


@pytest.mark.parametrize(("recorded", "name"), FLOWS, indirect=["recorded"], scope="module")
def test_a_recorded_flow_is_clean_and_replays_unedited(recorded: Recorded, name: str, tmp_path: Path) -> None:
    recorded.record(name)

    text = recorded.path.read_text("utf-8")
    assert "todo:" not in text
    assert [value for value in recorded.secrets.values() if value in text] == []
    assert [str(notice) for notice in lint(recorded.path) if notice.rule.level != "info"] == []
    for number in range(REPLAYS):
        concluded = replay_app_flow(recorded.app, name, recorded.path, recorded.binary, recorded.secrets, tmp_path)
        told = [(flow.name, str(flow.outcome), flow.message, flow.warnings) for flow in concluded.run.flows]
        assert concluded.exit_code == ExitCode.OK, f"replay {number + 1}: {told}"
        assert all(outcome == "passed" for _, outcome, _, _ in told), told
