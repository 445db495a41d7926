"""The WebSockets of a browser context: when each was opened, what went over it, and how it ended."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from playwright.async_api import BrowserContext, Page, WebSocket

from smokerunner.model.websocket import MessageSeen, SocketSeen

MESSAGES = 500
"""So many messages of a socket are kept, the newest."""
LONGEST = 10_000
"""Characters that are kept of a message."""
HELD = 10
"""So many sockets keep what was said; of earlier ones only their address and end stay."""


@dataclass
class _Socket:
    url: str
    opened: datetime
    messages: deque[MessageSeen] = field(default_factory=lambda: deque(maxlen=MESSAGES))
    closed: datetime | None = None
    failure: str = ""

    @property
    def seen(self) -> SocketSeen:
        return SocketSeen(self.url, self.opened, tuple(self.messages), self.closed, self.failure)


class Sockets:
    """Listens to every page of one context. A length remembers a moment: the list only grows."""

    def __init__(self, context: BrowserContext, now: Callable[[], datetime]) -> None:
        self._sockets: list[_Socket] = []
        self._now = now
        context.on("page", self._listen)

    def __len__(self) -> int:
        """How many there were so far."""
        return len(self._sockets)

    @property
    def seen(self) -> list[SocketSeen]:
        """Every socket in the order they were opened, as it stands now."""
        return [socket.seen for socket in self._sockets]

    @property
    def troubles(self) -> list[str]:
        """Where a WebSocket could not be opened or ended badly, and why; the newest at the end."""
        return [f"{socket.url}: {socket.failure}" for socket in self._sockets if socket.failure]

    def _listen(self, page: Page) -> None:
        page.on("websocket", self._on_socket)

    def _on_socket(self, opened: WebSocket) -> None:
        socket = _Socket(opened.url, self._now())
        self._sockets.append(socket)
        for earlier in self._sockets[:-HELD]:
            earlier.messages.clear()
        opened.on("framesent", lambda payload: self._keep(socket, "sent", payload))
        opened.on("framereceived", lambda payload: self._keep(socket, "received", payload))
        opened.on("socketerror", lambda wrong: self._fail(socket, str(wrong)))
        opened.on("close", lambda _: self._close(socket))

    def _keep(self, socket: _Socket, way: Literal["sent", "received"], payload: str | bytes) -> None:
        text = None
        if isinstance(payload, str):
            # `…` tells whoever masks it that what stands before it may be the beginning of a secret.
            text = payload if len(payload) <= LONGEST else payload[: LONGEST - 1] + "…"
        socket.messages.append(MessageSeen(way, text, len(payload), self._now()))

    def _fail(self, socket: _Socket, wrong: str) -> None:
        socket.failure = wrong

    def _close(self, socket: _Socket) -> None:
        socket.closed = self._now()


def written(sockets: list[SocketSeen]) -> bytes:
    """JSON lines for the evidence: each socket, then what went over it; empty when there was none."""
    lines = []
    for number, socket in enumerate(sockets, 1):
        lines.append(
            {
                "socket": number,
                "url": socket.url,
                "opened": socket.opened.isoformat(),
                "closed": socket.closed.isoformat() if socket.closed else None,
                "failure": socket.failure,
            }
        )
        lines += [
            {"socket": number, "at": said.at.isoformat(), "way": said.way, "text": said.text, "size": said.size}
            for said in socket.messages
        ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8", "replace")
