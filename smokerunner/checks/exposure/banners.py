"""`sec.php-headers`: versions in headers tell which holes to try."""

from __future__ import annotations

import re
from typing import ClassVar

from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_VERSION = re.compile(r"\d+\.\d+")
_HEADERS = {
    "x-powered-by": "a name without a version, or nothing; `expose_php = Off` for PHP",
    "server": "a name without a version; `server_tokens off` in nginx, `ServerTokens Prod` in Apache",
    "x-aspnet-version": "nothing",
    "x-aspnetmvc-version": "nothing",
}


class VersionHeaders(Check):
    """Reads the headers of the home page."""

    id: ClassVar[str] = "sec.php-headers"
    asks: ClassVar[str] = "Do headers keep the versions of PHP and the web server to themselves?"
    passes: ClassVar[str] = "no version in X-Powered-By and Server"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "own"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once."""
        answer = await ctx.web.ask(ctx.base_url + "/")
        readings = []
        for name, wanted in _HEADERS.items():
            values = [value for value in answer.all(name) if _VERSION.search(value)]
            shown = ", ".join(values) or answer.header(name) or "not there"
            outcome = Outcome.FAILED if values else Outcome.PASSED
            readings.append(Reading(what=f"{name.title()} of {answer.url}", outcome=outcome, seen=shown, wanted=wanted))
        return Finding.of(readings)
