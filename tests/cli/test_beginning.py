"""A run's driver starts while its files are read: it serves the replay, and nothing of it stays after bad input."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from smokerunner.browser.driver import Driver
from smokerunner.cli.beginning import begin
from smokerunner.model.errors import BadInput


def children() -> set[str]:
    return {pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()}


def test_the_driver_that_began_is_handed_on_and_ended(home: Path) -> None:
    before = children()

    def replay(runner: asyncio.Runner, driver: Driver) -> int:
        assert "Desktop Chrome" in runner.run(driver.started()).devices
        assert len(children() - before) == 1
        return 3

    assert begin(lambda: replay) == 3
    assert children() <= before


def test_bad_input_leaves_no_driver_behind(home: Path) -> None:
    def read() -> None:
        raise BadInput("shop.yaml: no such flow")

    before = children()
    with pytest.raises(BadInput, match="no such flow"):
        begin(read)  # type: ignore[arg-type]
    assert children() <= before
