"""All kinds of mailboxes by the name they have in the environment file."""

from __future__ import annotations

from smokerunner.mail.settings import MailboxSettings
from smokerunner.model.catalogue import Catalogue

MAILBOXES: Catalogue[type[MailboxSettings]] = Catalogue(
    {
        "embedded": f"{__package__}.embedded:EmbeddedSettings",
        "maildev": f"{__package__}.maildev:MaildevSettings",
        "mailpit": f"{__package__}.mailpit:MailpitSettings",
        "imap": f"{__package__}.imap:ImapSettings",
    }
)
