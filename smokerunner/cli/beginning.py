"""The start of a run: the driver of its browser starts while its files are read and most of the program is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smokerunner.browser.driver import Driver

    Replay = Callable[[asyncio.Runner, Driver], int]


def begin(make_ready: Callable[[], Replay]) -> int:
    """Make ready in a thread, then replay with a driver that has begun; what `replay` answers. Raises what either does.

    Bad input is told as soon as the driver can be ended again.
    """
    with asyncio.Runner() as runner:
        replay, driver = runner.run(_made_ready(make_ready))
        try:
            return replay(runner, driver)
        finally:
            runner.run(driver.close())


async def _made_ready(make_ready: Callable[[], Replay]) -> tuple[Replay, Driver]:
    from smokerunner.browser.driver import Driver

    driver = Driver()
    driver.begin()
    try:
        return await asyncio.to_thread(make_ready), driver
    except BaseException:
        await driver.close()
        raise
