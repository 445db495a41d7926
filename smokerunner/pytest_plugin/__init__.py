"""The pytest plug-in: a flow file is a test file, each of its flows a test.

Every pytest that has smokerunner installed loads this module, so it imports next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smokerunner.pytest_plugin.options import SmokeOptions, add_options, given
from smokerunner.pytest_plugin.sniffing import is_flow_file

if TYPE_CHECKING:
    from smokerunner.pytest_plugin.calling import Replayed

__all__ = ["SmokeOptions", "SmokeWarning"]

BUNDLE = "smoke_bundle"
"""The property of a test's report that says where its evidence lies."""


class SmokeWarning(pytest.PytestWarning):
    """A flow passed, but should be looked at."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options --smoke-… and their ini keys."""
    add_options(parser)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take a file that carries `app` and `flows`; all others are left alone."""
    if not is_flow_file(file_path) or not parent.config.getini("smoke_collect"):
        return None
    from smokerunner.pytest_plugin.collecting import FlowModule, FlowReports

    if not parent.config.pluginmanager.hasplugin("smokerunner-reports"):
        parent.config.pluginmanager.register(FlowReports(), "smokerunner-reports")
    return FlowModule.from_parent(parent, path=file_path)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker of pytest-xdist how tests are handed out; it does not know by itself."""
    node.workerinput["smoke_dist"] = node.config.getoption("dist", "no")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the evidence lies."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    properties = [pair for report in reports for pair in getattr(report, "user_properties", ())]
    bundles = dict.fromkeys(str(value) for name, value in properties if name == BUNDLE)
    if bundles:
        terminalreporter.section("smoke evidence")
        for bundle in bundles:
            terminalreporter.write_line(bundle)


@pytest.fixture(scope="session")
def smoke_options(pytestconfig: pytest.Config) -> SmokeOptions:
    """How flows are replayed. A project's conftest.py may override it, for example to start its app."""
    return given(pytestconfig)


@pytest.fixture
def smoke_run(request: pytest.FixtureRequest, smoke_options: SmokeOptions) -> Callable[..., Replayed]:
    """Replay one flow from a test: `smoke_run("flows/shop.yaml", "login").outcome == "passed"`."""
    from smokerunner.pytest_plugin.calling import caller

    return caller(request.node, smoke_options)
