"""`mail.mailer`: mail is sent, and not only written down."""

from __future__ import annotations

from typing import ClassVar

from smokerunner.checks.laravel.artisan import about
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_SILENT = ("log", "array", "null")
_SENDING = ("smtp", "ses", "ses-v2", "mailgun", "postmark", "resend", "sendmail", "cloudflare")


class Mailer(Check):
    """Reads which mailer takes the mail."""

    id: ClassVar[str] = "mail.mailer"
    asks: ClassVar[str] = "Does mail leave the app?"
    passes: ClassVar[str] = "`artisan about` names a mailer that sends: not log, array or null"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "laravel/framework: AboutCommand"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask artisan."""
        drivers = await about(ctx, "drivers")
        if "mail" not in drivers:
            raise Inconclusive("`artisan about --json` names no mailer")
        told = drivers["mail"]
        # failover and roundrobin name several.
        mailers = [str(one) for one in told] if isinstance(told, list) else [str(told)]
        what, wanted = "artisan about, drivers.mail", "a mailer that sends, such as smtp"
        seen = ", ".join(mailers)
        silent = [one for one in mailers if one in _SILENT]
        if not silent:
            known = all(one in _SENDING for one in mailers)
            weak = "mail.delivery sees whether it arrives" if known else "what this mailer does is not told"
            return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=seen, wanted=wanted)], weak=weak)
        if len(silent) < len(mailers):
            seen += f": when the others fail, {silent[0]} takes the mail and nobody gets it"
            outcome = Outcome.WARNED
        else:
            seen += ": nothing is sent; set MAIL_MAILER=smtp"
            outcome = Outcome.FAILED if ctx.production else Outcome.WARNED
        return Finding.of([Reading(what=what, outcome=outcome, seen=seen, wanted=wanted)])
