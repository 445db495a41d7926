"""The driver starts once, survives whoever stops waiting for it, and ends with `close`; what Node compiled is kept."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from smokerunner.browser.driver import Driver


def test_it_starts_once_and_ends(home: Path) -> None:
    async def use() -> None:
        driver = Driver()
        driver.begin()
        impatient = asyncio.create_task(driver.started())
        await asyncio.sleep(0)
        impatient.cancel()
        first = await driver.started()
        assert first is await driver.started()
        assert "Desktop Chrome" in first.devices
        await driver.close()
        await driver.close()

    asyncio.run(use())


def test_one_that_nobody_waited_for_is_ended(home: Path) -> None:
    async def begin() -> None:
        driver = Driver()
        driver.begin()
        await driver.close()

    asyncio.run(begin())


@pytest.mark.parametrize("wanted", [True, False])
def test_what_was_compiled_is_kept_if_that_is_wanted(wanted: bool, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMOKE_NO_CACHE", "" if wanted else "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.delenv("NODE_COMPILE_CACHE", raising=False)

    async def use() -> None:
        driver = Driver()
        await driver.started()
        assert "NODE_COMPILE_CACHE" not in os.environ
        await driver.close()

    asyncio.run(use())
    assert any((home / "cache").rglob("*")) is wanted
