"""What went over a WebSocket while an attempt went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class MessageSeen:
    """One message. `text` is None when it was binary; `size` is in characters, or in bytes when it was."""

    way: Literal["sent", "received"]
    text: str | None
    size: int
    at: datetime


@dataclass(frozen=True)
class SocketSeen:
    """A WebSocket that the page opened, as it stands now; `messages` are the newest ones, in order."""

    url: str
    opened: datetime
    messages: Sequence[MessageSeen] = ()
    closed: datetime | None = None
    failure: str = ""
    """What went wrong, as the browser says it; empty when nothing did."""
