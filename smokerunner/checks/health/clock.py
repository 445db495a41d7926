"""`srv.clock`: the server's clock is right."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import judged
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import NotReached
from smokerunner.model.severity import Severity


class ServerClock(Check):
    """Compares the Date of an answer with this machine's clock."""

    id: ClassVar[str] = "srv.clock"
    asks: ClassVar[str] = "Is the server's clock right, by which signatures, tokens and cookies go?"
    passes: ClassVar[str] = "the header Date is less than `within` from this machine's clock"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "RFC 9110, Date; Stripe refuses webhooks that are 300 s off"

    within: Seconds = Field(default=5.0, ge=2, description="How far off it may be; Date knows whole seconds.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once, and reckon with the time that the answer took."""
        before = ctx.clock.now()
        answer = await ctx.web.ask("/", fresh=True)
        after = ctx.clock.now()
        told = _moment(answer.header("date"))
        if told is None:
            raise NotReached(f"GET {answer.url}: no Date that could be compared")
        if answer.header("age") not in (None, "0"):
            raise NotReached(f"GET {answer.url}: a cache answered, with the Date of {told:%H:%M:%S} UTC")
        # Somewhere between the two, and cut to the second.
        ahead = (told - after).total_seconds()
        behind = (before - told).total_seconds() - 1
        off = max(ahead, behind, 0.0)
        way = "ahead" if ahead > 0 else "behind"
        seen = f"{spell(off)} {way}; is NTP on, there and here?" if off >= self.within else f"off by {spell(off)}"
        wanted = f"less than {spell(self.within)} off"
        weak = "" if self.within <= 5 else f"up to {spell(self.within)} are tolerated"
        return Finding.of([judged(f"Date of {answer.url}", seen, wanted, good=off < self.within)], weak=weak)


def _moment(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
