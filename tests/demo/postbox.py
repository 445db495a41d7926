"""A mail server on loopback that keeps what arrives."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
import time
from email.message import EmailMessage
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session


class Postbox:
    """A real SMTP server on a free port, in its own thread; a context manager."""

    port: int

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="postbox")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 OK"

    def wait_for(self, recipient: str, subject: str) -> EmailMessage:
        """The newest message to this address with this in its subject, within five seconds."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            found = [mail for mail in self.messages if mail["To"] == recipient and subject in str(mail["Subject"])]
            if found:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no mail {subject!r} to {recipient}; there are {len(self.messages)} others")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await self._loop.create_server(
            lambda: SMTP(self, loop=self._loop, hostname="postbox.example"), "127.0.0.1", 0
        )
        async with server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stopping.wait()
