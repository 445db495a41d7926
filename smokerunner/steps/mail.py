"""Waiting for a message."""

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import Matcher
from smokerunner.model.part import Source
from smokerunner.model.step import Seen, Step
from smokerunner.model.template import Template

if TYPE_CHECKING:
    from smokerunner.model.context import Context
    from smokerunner.model.mail import Message


class Wanted(Frozen):
    """Which message: its recipient, and what else must be true of it."""

    to: Template = Field(description="The recipient's whole address.")
    subject: Matcher | None = None
    from_: Matcher | None = Field(default=None, alias="from", description="The sender's address.")
    text: Matcher | None = Field(default=None, description="What a person reads in it.")

    def accepts(self, message: "Message") -> bool:
        """Whether this is the message; the recipient is not looked at."""
        return (
            (self.subject is None or self.subject.accepts(message.subject))
            and (self.from_ is None or self.from_.accepts(message.sender))
            and (self.text is None or self.text.accepts(message.body))
        )

    @property
    def condition(self) -> str:
        """What is asked of the message beside its recipient, in words."""
        asked = (("subject", self.subject), ("from", self.from_), ("text", self.text))
        return " and ".join(f"{name} {matcher}" for name, matcher in asked if matcher is not None)

    def __str__(self) -> str:
        return f"to {self.to} {self.condition}".rstrip()


class Mail(Step):
    """Wait for a message to this recipient that came since this attempt began; the newest that fits is taken.

    Example: `mail: {to: "${email}", subject: Reset your password}`, beside it `save: {link: {anchor: Choose}}`
    """

    action: ClassVar[str] = "mail"
    changes: ClassVar[bool] = False
    one_time: ClassVar[bool] = True
    default_timeout: ClassVar[float] = 60.0
    slack: ClassVar[float] = 30.0
    saves: ClassVar[frozenset[str]] = frozenset({"text", "anchor", "header"})
    mail: Wanted

    async def run(self, context: "Context") -> Seen:
        """Ask the mailbox until it is there; raises Failure with what came instead."""
        from smokerunner.mail.waiting import wait_for

        mailbox = await context.mailbox()
        message = await wait_for(
            mailbox,
            to=self.mail.to,
            accepts=self.mail.accepts,
            wanted=self.mail.condition,
            since=context.mail_since,
            timeout=context.remaining,
            taken=context.mail_taken,
        )
        context.notes.taken.append(message.id)
        return Seen(MessageSource(message, context.base_url if context.mail_rebase else None))


class MessageSource(Source):
    """What `save` can read of a message. With a base URL, links are moved to that host."""

    def __init__(self, message: "Message", rebase: str | None) -> None:
        self._message = message
        self._rebase = rebase

    async def text(self) -> str | None:
        """What a person reads."""
        return self._message.body

    async def anchor(self, matcher: Matcher) -> str | None:
        """Where the first link leads whose text, or else whose address, is accepted."""
        anchors = self._message.anchors
        by_text = (anchor.href for anchor in anchors if matcher.accepts(anchor.text))
        by_address = (anchor.href for anchor in anchors if matcher.accepts(anchor.href))
        found = next(by_text, None) or next(by_address, None)
        if found is None or self._rebase is None:
            return found
        parts = urlsplit(found)
        base = urlsplit(self._rebase)
        return parts._replace(scheme=base.scheme, netloc=base.netloc).geturl()

    async def header(self, name: str) -> str | None:
        """A header by its name, case ignored."""
        return next((v for k, v in self._message.headers.items() if k.lower() == name.lower()), None)
