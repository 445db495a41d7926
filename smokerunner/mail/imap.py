"""A mailbox read over IMAP: real delivery, spam filter included."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from smokerunner.mail.settings import MailboxSettings
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Mailbox


class ImapSettings(MailboxSettings):
    """An account on an IMAP server; it is only read, nothing is marked or deleted."""

    kind: ClassVar[str] = "imap"

    host: str = Field(min_length=1, description="Name or address of the server")
    port: int = Field(993, ge=1, le=65535, description="993 for TLS, 143 for starttls or none")
    tls: bool | Literal["starttls"] = Field(True, description="true, starttls, or false for no encryption")
    user: str = Field(min_length=1, description="User name of the account")
    password: str = Field(min_length=1, description="Password of the account", repr=False)
    folders: tuple[str, ...] = Field(
        ("INBOX",), min_length=1, description="Folders to look in; add the spam folder to find what landed there"
    )

    def open(self) -> Mailbox:
        """The mailbox; the server is first asked when messages are."""
        try:
            from smokerunner.mail.imap_session import ImapMailbox
        except ModuleNotFoundError as error:
            if error.name != "imap_tools":
                raise
            raise Unavailable("reading mail over IMAP needs one more package: pip install smokerunner[imap]") from error
        return ImapMailbox(self)
