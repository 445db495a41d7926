"""Mailpit (https://mailpit.axllent.org), read over its API v1.

No registry carries Mailpit, so this was written to its published API description and is tested
against a stand-in that serves the documented answers over real HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from pydantic import AwareDatetime, BaseModel, TypeAdapter

from smokerunner.mail.parse import addresses, parse_bytes
from smokerunner.mail.settings import WebMailboxSettings
from smokerunner.model.mail import Message

if TYPE_CHECKING:
    from smokerunner.mail.web import MailApi

_PAGE = 100


class MailpitSettings(WebMailboxSettings):
    """A Mailpit server."""

    kind: ClassVar[str] = "mailpit"

    def open(self) -> MailpitMailbox:
        """The mailbox; Mailpit itself is first asked when messages are."""
        from smokerunner.mail.web import MailApi

        return MailpitMailbox(MailApi(self, "Mailpit"))


class _Address(BaseModel):
    Address: str = ""


class _Summary(BaseModel):
    """What is used of one entry of Mailpit's list. An empty list of addresses may come as null."""

    ID: str
    Created: AwareDatetime
    To: list[_Address] | None = None
    Cc: list[_Address] | None = None
    Bcc: list[_Address] | None = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """All recipients; Mailpit writes those that only the envelope names under Bcc."""
        everyone = [*(self.To or []), *(self.Cc or []), *(self.Bcc or [])]
        return addresses(recipient.Address for recipient in everyone)


class _Page(BaseModel):
    messages: list[_Summary]


_PAGE_SHAPE = TypeAdapter(_Page)


class MailpitMailbox:
    """All mail Mailpit holds.

    The list is read page by page until it gets older than what is asked for, and recipients are compared
    here: Mailpit's search answers the newest 50 only, and its `to:` finds parts of addresses but no Cc or Bcc.
    """

    def __init__(self, api: MailApi) -> None:
        self._api = api
        self._read: dict[str, Message] = {}

    async def messages(self, since: datetime) -> Sequence[Message]:
        """All messages received at or after the second of `since`, newest first."""
        return [message for summary in await self._list(since) if (message := await self._message(summary))]

    async def messages_to(self, address: str, since: datetime) -> Sequence[Message]:
        """Those that name this recipient under To, Cc or Bcc."""
        summaries = [summary for summary in await self._list(since) if address.lower() in summary.recipients]
        return [message for summary in summaries if (message := await self._message(summary))]

    async def close(self) -> None:
        """Close the connections to Mailpit."""
        await self._api.close()

    async def _list(self, since: datetime) -> list[_Summary]:
        found: dict[str, _Summary] = {}  # by identity: mail that comes meanwhile moves others to the next page
        start = 0
        while True:
            page = await self._api.ask("/api/v1/messages", _PAGE_SHAPE, start=start, limit=_PAGE)
            # Mailpit may keep Date headers instead of arrival times; those have no fractions of a second.
            earliest = (since + self._api.clock_ahead).replace(microsecond=0)
            recent = [summary for summary in page.messages if summary.Created >= earliest]
            found.update((summary.ID, summary) for summary in recent)
            if len(page.messages) < _PAGE or len(recent) < len(page.messages):
                return list(found.values())
            start += _PAGE

    async def _message(self, summary: _Summary) -> Message | None:
        """The message, None if it was deleted meanwhile. Its source is read, for that does not mark it as seen."""
        if summary.ID not in self._read:
            raw = await self._api.ask_bytes(f"/api/v1/message/{summary.ID}/raw")
            if raw is None:
                return None
            received = summary.Created.astimezone(UTC) - self._api.clock_ahead
            self._read[summary.ID] = parse_bytes(
                raw, message_id=summary.ID, received=received, recipients=summary.recipients
            )
        return self._read[summary.ID]
