"""`hdr.csp`, `hdr.xfo`, `hdr.xcto`, `hdr.referrer`: one header of the home page each."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from pydantic import Field

from smokerunner.checks.headers import observatory
from smokerunner.checks.headers.observatory import Score
from smokerunner.checks.headers.site import Site, fetch
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity


class _Header(Check):
    """A header, judged by its test of the Observatory."""

    source: ClassVar[str] = "HTTP Observatory"
    judge: ClassVar[Callable[[Site], Score]]
    wanted: ClassVar[str]

    path: str = Field(default="/", description="The page whose headers are read.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read the page behind its redirects."""
        site = await fetch(ctx, self.path)
        score = type(self).judge(site)
        what = f"{score.test} of {site.answer.url}"
        return Finding.of([Reading(what=what, outcome=self._outcome(site, score), seen=score.said, wanted=self.wanted)])

    def _outcome(self, _: Site, score: Score) -> Outcome:
        return Outcome.PASSED if score.passed else Outcome.FAILED


class Csp(_Header):
    """Reads Content-Security-Policy, of headers and metas."""

    id: ClassVar[str] = "hdr.csp"
    asks: ClassVar[str] = "Does a content security policy hold back scripts that are not the app's?"
    passes: ClassVar[str] = "a valid policy, enforced; one that only reports or lets nearly everything in is warned"
    means: ClassVar[Severity] = Severity.LOW
    judge: ClassVar[Callable[[Site], Score]] = observatory.csp
    wanted: ClassVar[str] = "a policy without 'unsafe-inline', 'unsafe-eval' and broad sources for scripts"

    def _outcome(self, site: Site, score: Score) -> Outcome:
        if score.passed:
            return Outcome.PASSED
        # What is there but weak, or only reports, is work in progress.
        reports = site.answer.header("content-security-policy-report-only") is not None
        return Outcome.WARNED if reports or score.points > -25 else Outcome.FAILED


class FrameOptions(_Header):
    """Reads X-Frame-Options and the policy's frame-ancestors."""

    id: ClassVar[str] = "hdr.xfo"
    asks: ClassVar[str] = "Can other sites show the app in a frame, and have visitors click on it unseen?"
    passes: ClassVar[str] = "X-Frame-Options DENY or SAMEORIGIN, or frame-ancestors in the policy"
    means: ClassVar[Severity] = Severity.MEDIUM
    judge: ClassVar[Callable[[Site], Score]] = observatory.frames
    wanted: ClassVar[str] = "X-Frame-Options: SAMEORIGIN, or frame-ancestors 'self' in a policy's header"


class ContentTypeOptions(_Header):
    """Reads X-Content-Type-Options."""

    id: ClassVar[str] = "hdr.xcto"
    asks: ClassVar[str] = "Are browsers kept from taking an upload for a script?"
    passes: ClassVar[str] = "X-Content-Type-Options: nosniff"
    means: ClassVar[Severity] = Severity.LOW
    judge: ClassVar[Callable[[Site], Score]] = observatory.sniffing
    wanted: ClassVar[str] = "X-Content-Type-Options: nosniff"


class ReferrerPolicy(_Header):
    """Reads Referrer-Policy, of headers and metas."""

    id: ClassVar[str] = "hdr.referrer"
    asks: ClassVar[str] = "Do other sites learn the whole address that a visitor comes from?"
    passes: ClassVar[str] = "no Referrer-Policy, or a careful one"
    means: ClassVar[Severity] = Severity.LOW
    judge: ClassVar[Callable[[Site], Score]] = observatory.referrer
    wanted: ClassVar[str] = "Referrer-Policy: strict-origin-when-cross-origin, or none"
