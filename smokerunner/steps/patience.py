"""Waiting for something to become true: how often to look, and when to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smokerunner.model.context import Context


GRACE = 2.0
"""Seconds before a fallback is tried."""
_PAUSES = (0.03, 0.06, 0.1, 0.15, 0.25)


class Patience:
    """One wait within a step's time; looks often at first, then every quarter of a second."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._began = context.clock.monotonic()
        self._looks = 0

    @property
    def is_late(self) -> bool:
        """Whether the grace is over, so that fallbacks may be tried."""
        waited = self._context.clock.monotonic() - self._began
        return waited >= GRACE or self._context.deadline - self._context.clock.monotonic() <= 0

    async def wait(self) -> bool:
        """Sleep until the next look; False when the time is up."""
        left = self._context.deadline - self._context.clock.monotonic()
        if left <= 0:
            return False
        pause = _PAUSES[min(self._looks, len(_PAUSES) - 1)]
        self._looks += 1
        # Only a run waits; reading a flow file would pay for the import.
        import asyncio

        await asyncio.sleep(min(pause, left))
        return True
