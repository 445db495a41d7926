"""What is asked of a page for ourselves and not for the user: Playwright's trace leaves it out.

Around everything it records the trace takes two snapshots of the page, so our own questions would be most of a trace,
and most of what one costs. Playwright marks its own questions in the same way, but offers no public way to do so:
where its client is built differently, nothing is marked, and the trace is only longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any


def _marked() -> tuple[Any, Any] | None:
    """Where Playwright's client keeps what it is called for, and the mark that it was called for nobody."""
    try:
        from playwright._impl.channel_owner import ApiZone
        from playwright._impl.utils import zones

        mark = zones.empty_zone.with_("apiZone", ApiZone(api_name="", frames=[], title=None, internal=True))
        return zones._async_local_storage, mark
    except (ImportError, AttributeError, TypeError):
        return None


_MARKED = _marked()


def aside() -> AbstractContextManager[None]:
    """While it is open, what this task asks of Playwright is left out of the trace, and not named in its errors."""
    return nullcontext() if _MARKED is None else _unnoticed(*_MARKED)


@contextmanager
def _unnoticed(current: Any, mark: Any) -> Iterator[None]:
    token = current.set(mark)
    try:
        yield
    finally:
        current.reset(token)
