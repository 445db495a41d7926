"""How fast a host is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Pace:
    """At most so many requests a second, and so many at once, to one host."""

    def __init__(self, per_second: float, at_once: int) -> None:
        self._between = 1 / per_second
        self._slots = asyncio.Semaphore(at_once)
        self._next = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it while the request is under way."""
        async with self._slots:
            now = asyncio.get_running_loop().time()
            at = max(self._next, now)
            self._next = at + self._between
            if at > now:
                await asyncio.sleep(at - now)
            yield
