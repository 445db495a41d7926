"""A flow file as a module of tests, and a flow as a test function, so that fixtures, marks and plug-ins fit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from smokerunner.language.environment import LoadedConfig, load_config
from smokerunner.language.load import LoadedFile, load
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.flow import Flow
from smokerunner.model.outcome import Outcome
from smokerunner.pytest_plugin import SmokeWarning
from smokerunner.pytest_plugin.batching import Batches
from smokerunner.pytest_plugin.options import SmokeOptions, given
from smokerunner.pytest_plugin.telling import Complaint, Fate

_BATCHES = pytest.StashKey[Batches]()
_ACTING = frozenset(
    {
        "anyio", "asyncio", "filterwarnings", "flaky", "parametrize", "skip", "skipif", "timeout", "trio", "tryfirst",
        "trylast", "usefixtures", "xdist_group", "xfail",
    }
)  # fmt: skip
"""Marks that do something by themselves; a tag of that name only describes, so it becomes no mark."""


class FlowModule(pytest.Module):
    """A flow file. It is a Module, without any Python in it, so that fixtures of its scope have a place."""

    obj = None
    loaded: LoadedFile

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """One test for each flow; raises CollectError with a line for each problem of the file."""
        try:
            config = load_environments(self.config)
            names = config.variable_names if config is not None else frozenset()
            self.loaded = load(self.path, given={*names, *given(self.config).variables})
        except BadInput as wrong:
            raise self.CollectError(lines_of(wrong, self.config.rootpath)) from None
        for name, flow in self.loaded.file.flows.items():
            yield FlowTest.from_parent(self, name=name, callobj=replayed, flow=flow)


class FlowTest(pytest.Function):
    """A flow. It is replayed while it is set up, with the other flows of its file; then it tells what came of it."""

    fate: Fate | None = None

    def __init__(self, *, flow: Flow, **details: Any) -> None:
        super().__init__(**details)
        self.flow = flow
        self.extra_keyword_matches |= {self.module_file.file.app, *flow.tags}
        for mark in dict.fromkeys((str(flow.severity), *flow.tags)):
            if mark not in _ACTING:
                # Known from now on, for --strict-markers.
                self.config.addinivalue_line("markers", f"{mark}: a tag or severity of smoke flows")
                self.add_marker(mark)

    @property
    def module_file(self) -> LoadedFile:
        """The flow file that it stands in."""
        assert isinstance(self.parent, FlowModule)
        return self.parent.loaded

    def setup(self) -> None:
        """Prepare the fixtures, then replay. What is not about the app, is told here: the test has an error."""
        super().setup()
        if self.config.getoption("setuponly", False):
            return
        if _BATCHES not in self.session.stash:
            self.session.stash[_BATCHES] = Batches(self.session)
        options = self.funcargs["smoke_options"]
        if not isinstance(options, SmokeOptions):
            raise pytest.UsageError("the fixture smoke_options gives SmokeOptions; see dataclasses.replace")
        self.fate = self.session.stash[_BATCHES].fate_of(self, options)
        self.user_properties += self.fate.properties
        for title, content in self.fate.sections:
            self.add_report_section("setup" if self.fate.is_ours else "call", title, content)
        if self.fate.outcome is Outcome.SKIPPED:
            pytest.skip(self.fate.brief)
        if self.fate.is_ours:
            raise Complaint(self.fate)

    def tell(self) -> None:
        """Raise what is wrong with the app, warn of what should be looked at."""
        if self.fate is None:
            return
        if self.fate.outcome is Outcome.FAILED:
            raise Complaint(self.fate)
        for warning in self.fate.warnings:
            self.warn(SmokeWarning(warning))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the flow stands, and its name."""
        line, _ = self.module_file.document.key_place(("flows", self.name))
        return self.path, max(line - 1, 0), self.name


class FlowReports:
    """What reports say of flows: in words what is wrong, how long each took, and where a skipped one stands."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """The report of a flow: the time of the whole file's replay is not the time of its first flow."""
        report: pytest.TestReport = yield
        if not isinstance(item, FlowTest):
            return report
        wrong = call.excinfo.value if call.excinfo is not None else None
        if isinstance(wrong, Complaint):
            report.longrepr = wrong.fate  # type: ignore[assignment]  # pytest asks it for toterminal and reprcrash only
        elif isinstance(wrong, BadInput):
            report.longrepr = lines_of(wrong, item.config.rootpath)
        if item.fate is None:
            return report
        told = "setup" if item.fate.is_ours or item.fate.outcome is Outcome.SKIPPED else "call"
        if report.when == "setup":
            report.duration = max(0.0, report.duration - item.fate.replay_seconds)
        if report.when == told:
            report.duration += item.fate.seconds
        if report.skipped and report.when == told:
            path, line, _ = item.reportinfo()
            report.longrepr = (str(path), line + 1, f"Skipped: {item.fate.brief}")
        return report


def replayed(request: pytest.FixtureRequest, smoke_options: SmokeOptions) -> None:
    """The test function of every flow."""
    del smoke_options  # it was asked for so that it is there when the flow is set up
    request.node.tell()


def load_environments(config: pytest.Config) -> LoadedConfig | None:
    """The environment file that pytest's options name, or the one in its rootdir. Raises BadInput."""
    path = given(config).config
    return load_config(path) if path is not None else None


def lines_of(wrong: BadInput, root: Path) -> str:
    """A line for each problem, with paths below `root` shortened."""
    return "\n".join(str(_shortened(problem, root)) for problem in wrong.problems)


def _shortened(problem: Problem, root: Path) -> Problem:
    path = Path(problem.path)
    inside = path.is_relative_to(root)
    return Problem(str(path.relative_to(root)), problem.line, problem.column, problem.message) if inside else problem
