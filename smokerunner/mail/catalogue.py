"""All kinds of mailboxes by the name they have in the environment file."""

from __future__ import annotations

from smokerunner.mail.embedded import EmbeddedSettings
from smokerunner.mail.imap import ImapSettings
from smokerunner.mail.maildev import MaildevSettings
from smokerunner.mail.mailpit import MailpitSettings
from smokerunner.mail.settings import MailboxSettings

_KINDS: tuple[type[MailboxSettings], ...] = (EmbeddedSettings, MaildevSettings, MailpitSettings, ImapSettings)

MAILBOXES: dict[str, type[MailboxSettings]] = {settings.kind: settings for settings in _KINDS}
