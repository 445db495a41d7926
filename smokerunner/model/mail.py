"""A message as every mailbox hands it over, and the protocol a mailbox fulfils."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from smokerunner.model.anchors import Anchor, anchors_in_html, anchors_in_text, text_of_html

__all__ = ["Anchor", "Mailbox", "Message"]


class Message(BaseModel):
    """One received message. Addresses are bare and lower case, header names lower case; `received` is in UTC."""

    model_config = ConfigDict(frozen=True)

    id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    received: datetime
    headers: dict[str, str] = {}

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Links of the HTML part in order; of the plain text, when there is no HTML, text and href are the URL."""
        return anchors_in_html(self.html) if self.html.strip() else anchors_in_text(self.text)

    @property
    def body(self) -> str:
        """What a person reads: the plain text, or the HTML part's text when there is no plain text."""
        return self.text if self.text.strip() else text_of_html(self.html)


class Mailbox(Protocol):
    """Where the app's mail arrives. Every method raises `Unavailable` when the mailbox cannot be asked."""

    async def messages(self, since: datetime) -> Sequence[Message]:
        """All messages received at or after `since` (UTC), newest first."""
        ...

    async def messages_to(self, address: str, since: datetime) -> Sequence[Message]:
        """Messages for exactly this recipient received at or after `since` (UTC), newest first."""
        ...

    async def close(self) -> None:
        """Give back what opening took."""
        ...
