"""Flows replayed from tests that are written in Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from smokerunner.language.load import load
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.pytest_plugin import BUNDLE
from smokerunner.pytest_plugin.collecting import load_environments
from smokerunner.pytest_plugin.options import SmokeOptions
from smokerunner.pytest_plugin.replaying import replay
from smokerunner.pytest_plugin.telling import Fate, fate_of
from smokerunner.replay.plan import Selection, require_known


@dataclass(frozen=True, repr=False)
class Replayed:
    """What came of one flow. `bundle` is the folder with the evidence."""

    result: Result
    run: Run
    bundle: Path
    fate: Fate

    @property
    def outcome(self) -> Outcome:
        """passed, warned, failed, inconclusive, error or skipped."""
        return self.result.outcome

    @property
    def message(self) -> str:
        """What is wrong, in one line; empty when nothing is."""
        return self.fate.brief

    def __repr__(self) -> str:
        return f"<flow {self.result.name}: {self.outcome}>"


def caller(test: pytest.Item, options: SmokeOptions) -> Callable[..., Replayed]:
    """The function behind the fixture `smoke_run`, for one test."""

    def smoke_run(path: str | Path, flow: str, **changes: Any) -> Replayed:
        """Replay `flow`, and what it needs. `path` is relative to pytest's rootdir, `changes` are of SmokeOptions.

        Raises BadInput when the file is wrong or has no such flow.
        """
        root = test.config.rootpath
        settings = replace(options, **changes)
        config = load_environments(test.config)
        names = config.variable_names if config is not None else frozenset()
        loaded = load(root / path, given={*names, *settings.variables})
        require_known([loaded.file], Selection(names=(flow,)))
        done = replay(loaded, (flow,), settings, root)
        result = next(found for found in done.run.flows if found.name == flow)
        fate = fate_of(done, flow, (flow,), root=root)
        test.user_properties += [pair for pair in fate.properties if pair[0] == BUNDLE]
        if not result.outcome.is_good:
            test.add_report_section("call", f"smoke flow {flow}", fate.text)
        return Replayed(result, done.run, done.bundle, fate)

    return smoke_run
