"""Why a run ends before its flows do: interrupted, out of time, or a failure with --fail-fast."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")
INTERRUPTED = "interrupted"
GIVEN_UP = "given up by hand"


class Stopped(Exception):
    """The run ends; the message says why."""


class Stop:
    """A switch that many wait for. The first reason stands."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._event = asyncio.Event()

    def now(self, reason: str) -> None:
        """End everything that is under way."""
        if self.reason is None:
            self.reason = reason
            self._event.set()

    async def unless(self, work: Coroutine[Any, Any, Value]) -> Value:
        """Await `work`, but raise Stopped, and cancel it, as soon as the switch is thrown."""
        if self.reason is not None:
            work.close()
            raise Stopped(self.reason)
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            task.cancel()
            await asyncio.wait({task}, timeout=2)
            raise Stopped(self.reason or "")
        finally:
            stop.cancel()
            if not task.done():
                task.cancel()
