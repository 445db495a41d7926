"""`tls.redirect`: who comes in clear is sent to https at once."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from smokerunner.checks.tls.origins import http_origins
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_WANTED = "301 or 308 to https on the same host, in the first hop"


class Redirect(Check):
    """Asks every host in clear, and looks where the first answer leads."""

    id: ClassVar[str] = "tls.redirect"
    asks: ClassVar[str] = "Is a visitor who comes over http sent to https at once?"
    passes: ClassVar[str] = f"{_WANTED}; or nothing listens on port 80"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "runbook, HTTP Observatory"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once a host."""
        return Finding.of([await self._one(ctx, origin) for origin in http_origins(ctx)])

    async def _one(self, ctx: CheckContext, origin: str) -> Reading:
        what = f"GET {origin}/"
        try:
            answer = await ctx.web.ask(f"{origin}/")
        except Silence as silence:
            if silence.kind == "refused":
                return Reading(what=what, outcome=Outcome.PASSED, seen="nothing listens there")
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=str(silence), wanted=_WANTED)
        outcome = judge(answer)
        return Reading(what=what, outcome=outcome, seen=str(answer), wanted=_WANTED)


def judge(answer: Answer) -> Outcome:
    """What the first answer over http is worth."""
    there, here = urlsplit(answer.location), urlsplit(answer.url)
    if answer.status in (403, 429):
        # Something keeps us out; what a visitor gets is not known.
        return Outcome.INCONCLUSIVE
    if there.scheme != "https":
        return Outcome.FAILED
    # HSTS is never set for a host that is left before it spoke https, and browsers ask again after a 302.
    if there.hostname != here.hostname or answer.status not in (301, 308):
        return Outcome.WARNED
    return Outcome.PASSED
