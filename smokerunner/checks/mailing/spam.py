"""`mail.spam`: the message did not land among the unwanted."""

from __future__ import annotations

import re
from typing import ClassVar

from smokerunner.checks.api.judging import judged
from smokerunner.checks.mailing.letter import delivered
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import NotReached
from smokerunner.model.severity import Severity

_UNWANTED = re.compile(r"(?i)junk|spam|bulk|unwanted")


class Spam(Check):
    """Reads in which folder the message of mail.delivery was found."""

    id: ClassVar[str] = "mail.spam"
    asks: ClassVar[str] = "Does the app's mail land in the inbox?"
    passes: ClassVar[str] = "the message was found in INBOX; needs an IMAP mailbox with the spam folder among `folders`"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "runbook"
    default_timeout: ClassVar[float] = 240.0

    async def run(self, ctx: CheckContext) -> Finding:
        """Only a real mailbox has a filter; the others take everything."""
        try:
            from smokerunner.mail.imap_session import FOLDER_HEADER, ImapMailbox
        except ModuleNotFoundError as lacking:
            raise NotReached("needs a mailbox of the kind imap: pip install smokerunner[imap]") from lacking
        if not isinstance(await ctx.mailbox(), ImapMailbox):
            raise NotReached("only a mailbox of the kind imap has a spam filter")
        message = await delivered(ctx)
        folder = message.headers.get(FOLDER_HEADER, "INBOX")
        unwanted = _UNWANTED.search(folder) is not None
        seen = f"in {folder}: taken for spam; mail.auth may tell why" if unwanted else f"in {folder}"
        return Finding.of([judged(f'"{message.subject}"', seen, "in INBOX", good=not unwanted)])
