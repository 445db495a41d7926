"""A mailbox of our own: an SMTP server that runs as long as the run and keeps the mail in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from pydantic import Field

from smokerunner.mail.parse import parse_bytes
from smokerunner.mail.settings import MailboxSettings
from smokerunner.mail.trouble import in_words
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Message

if TYPE_CHECKING:
    from smokerunner.mail.smtp_server import SmtpServer


class EmbeddedSettings(MailboxSettings):
    """An SMTP server inside smokerunner; point the app's mail settings at it."""

    kind: ClassVar[str] = "embedded"

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(1025, ge=0, le=65535, description="SMTP port to listen on; 0 takes any free one")

    def open(self) -> EmbeddedMailbox:
        """The mailbox, listening."""
        return EmbeddedMailbox(self.host, self.port)


class EmbeddedMailbox:
    """Takes mail by SMTP on `port` and keeps it until it is closed."""

    def __init__(self, host: str, port: int) -> None:
        from smokerunner.mail.smtp_server import SmtpServer

        self._messages: list[Message] = []
        try:
            self._server: SmtpServer = SmtpServer(host, port, self._deliver)
        except OSError as error:
            raise Unavailable(f"cannot listen for mail on {host}:{port}: {in_words(error, 0)}") from error
        self.port = self._server.port

    async def messages(self, since: datetime) -> Sequence[Message]:
        """All messages that arrived at or after `since`, newest first."""
        return [message for message in reversed(tuple(self._messages)) if message.received >= since]

    async def messages_to(self, address: str, since: datetime) -> Sequence[Message]:
        """Those for this recipient of the envelope."""
        return [message for message in await self.messages(since) if address.lower() in message.recipients]

    async def close(self) -> None:
        """Stop listening; the port is free again."""
        await asyncio.to_thread(self._server.stop)

    def _deliver(self, raw: bytes, recipients: tuple[str, ...]) -> None:
        message = parse_bytes(raw, message_id=uuid4().hex, received=datetime.now(UTC), recipients=recipients)
        self._messages.append(message)
