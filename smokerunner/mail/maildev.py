"""MailDev (https://github.com/maildev/maildev), read over its REST API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from smokerunner.mail.parse import addresses
from smokerunner.mail.settings import WebMailboxSettings
from smokerunner.model.mail import Message

if TYPE_CHECKING:
    from smokerunner.mail.web import MailApi


class MaildevSettings(WebMailboxSettings):
    """A MailDev server."""

    kind: ClassVar[str] = "maildev"

    def open(self) -> MaildevMailbox:
        """The mailbox; MailDev itself is first asked when messages are."""
        from smokerunner.mail.web import MailApi

        return MaildevMailbox(MailApi(self, "MailDev"))


class _Address(BaseModel):
    address: str = ""


class _Envelope(BaseModel):
    to: list[_Address]


class _Mail(BaseModel):
    """What is used of one entry of MailDev's list."""

    id: str
    time: AwareDatetime
    senders: list[_Address] = Field([], alias="from")
    envelope: _Envelope
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: dict[str, str | list[str]] = {}


_MAILS = TypeAdapter(list[_Mail])


class MaildevMailbox:
    """All mail MailDev holds; it answers everything it has, so nothing can hide behind a page limit."""

    def __init__(self, api: MailApi) -> None:
        self._api = api
        self._arrivals: dict[str, datetime] = {}
        self._last_look: datetime | None = None

    async def messages(self, since: datetime) -> Sequence[Message]:
        """All messages received at or after the second of `since`, newest first."""
        look = datetime.now(UTC)
        mails = await self._api.ask("/email", _MAILS)
        found = [_message(mail, self._arrival(mail)) for mail in mails]
        self._last_look = look
        # A Date header has no fractions of a second.
        from_second = since.replace(microsecond=0)
        recent = [message for message in reversed(found) if message.received >= from_second]
        return sorted(recent, key=lambda message: message.received, reverse=True)

    async def messages_to(self, address: str, since: datetime) -> Sequence[Message]:
        """Those for this recipient of the envelope."""
        return [message for message in await self.messages(since) if address.lower() in message.recipients]

    async def close(self) -> None:
        """Close the connections to MailDev."""
        await self._api.close()

    def _arrival(self, mail: _Mail) -> datetime:
        """When the message came.

        MailDev's `time` is the Date header if there is one, so the app's clock, time zone and honesty.
        What was not there at the last look came after it; what is there now does not come later.
        """
        if mail.id not in self._arrivals:
            arrival = min(mail.time.astimezone(UTC), datetime.now(UTC))
            self._arrivals[mail.id] = max(arrival, self._last_look) if self._last_look else arrival
        return self._arrivals[mail.id]


def _message(mail: _Mail, received: datetime) -> Message:
    senders = addresses(sender.address for sender in mail.senders)
    return Message(
        id=mail.id,
        sender=senders[0] if senders else "",
        recipients=addresses(recipient.address for recipient in mail.envelope.to),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        received=received,
        headers={
            name.lower(): value if isinstance(value, str) else "\n".join(value) for name, value in mail.headers.items()
        },
    )
