"""What went over a WebSocket while an attempt went on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from smokerunner.model.record import record


@record
class MessageSeen:
    """One message. `text` is None when it was binary; `size` is in characters, or in bytes when it was."""

    way: Literal["sent", "received"]
    text: str | None
    size: int
    at: datetime


@record
class SocketSeen:
    """A WebSocket that the page opened, as it stands now; `messages` are the newest ones, in order."""

    url: str
    opened: datetime
    messages: Sequence[MessageSeen] = ()
    closed: datetime | None = None
    failure: str = ""
    """What went wrong, as the browser says it; empty when nothing did."""
