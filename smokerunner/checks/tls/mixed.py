"""`tls.mixed`: a page that came over https loads nothing in clear."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.checks.http.page import read_page
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_WANTED = "https://, or a path alone; Laravel: APP_URL with https, and TrustProxies behind a balancer"


class Mixed(Check):
    """Reads what a page loads."""

    id: ClassVar[str] = "tls.mixed"
    asks: ClassVar[str] = "Does the home page load everything over https?"
    passes: ClassVar[str] = "an HTML page with status 200 over https that loads nothing from http://"
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "HTTP Observatory"

    path: str = Field(default="/", description="The page that is read.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask for the page; links to follow and examples of code are no matter."""
        page = await ctx.web.ask(ctx.base_url + self.path, follow=3)
        if urlsplit(page.url).scheme != "https":
            raise NotReached(f"{page.url} is served in clear, so nothing is mixed")
        if page.status != 200 or page.content_type != "text/html":
            said = f"GET {page.url}: {page}, wanted 200 text/html to read what it loads"
            return Finding(Outcome.INCONCLUSIVE, said)
        read = read_page(page.text, page.url)
        what = f"GET {page.url}"
        clear = [one for one in read.loads if one.url.startswith("http://")]
        upgraded = any(
            "upgrade-insecure-requests" in policy.lower()
            for policy in (*page.all("content-security-policy"), *read.meta("content-security-policy"))
        )
        if clear and upgraded:
            seen = f"{len(clear)} addresses with http://, which upgrade-insecure-requests mends"
            return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=seen)])
        readings = [
            Reading(what=f"{one.kind} in {page.url}", outcome=Outcome.FAILED, seen=one.url[:200], wanted=_WANTED)
            for one in clear
        ]
        if not readings:
            seen = f"{len(read.loads)} things loaded, none in clear"
            readings.append(Reading(what=what, outcome=Outcome.PASSED, seen=seen))
        weak = "only the beginning of the page was read" if page.truncated else ""
        return Finding.of(readings, weak=weak)
