"""What an API shows those who use it: `api.cors-spa` lets the front end in, `api.ratelimit` names a limit."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from smokerunner.checks.api.judging import judged
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template


class CorsSpa(Check):
    """Asks as a browser does before a page of another origin may call the API."""

    id: ClassVar[str] = "api.cors-spa"
    asks: ClassVar[str] = "May the front end, which has an address of its own, call the API?"
    passes: ClassVar[str] = (
        "a preflight that allows the origin, method and headers, and credentials where they are sent"
    )
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "Fetch standard, CORS-preflight"

    origin: Template = Field(description="The front end's own, such as https://app.shop.example.")
    path: Template = Field(default=Template("/api"), description="A route that it calls.")
    method: str = Field(default="GET", pattern="^[A-Z]+$", description="With this method.")
    headers: Annotated[
        tuple[str, ...], BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,))
    ] = Field(default=("content-type",), description="Headers that it sends.")
    credentials: bool = Field(default=False, description="Whether it sends cookies.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Send the preflight."""
        url, origin = join(ctx.base_url, self.path), self.origin.rstrip("/")
        asked = {
            "origin": origin,
            "access-control-request-method": self.method,
            "access-control-request-headers": ",".join(sorted(name.lower() for name in self.headers)),
        }
        answer = await ctx.web.ask(url, method="OPTIONS", headers=asked)
        what = f"preflight for {self.method} {url} from {origin}"
        readings = [judged(what, str(answer), "2xx", good=200 <= answer.status < 300)]
        readings += self._allowed(what, origin, dict(answer.headers))
        return Finding.of(readings)

    def _allowed(self, what: str, origin: str, given: dict[str, str]) -> list[Reading]:
        free = ("*",) if not self.credentials else ()
        allowed = given.get("access-control-allow-origin", "")
        methods = _words(given.get("access-control-allow-methods", ""))
        names = _words(given.get("access-control-allow-headers", ""))
        lacking = [name for name in self.headers if name.lower() not in names and not (free and "*" in names)]
        found = [
            judged(
                f"{what}, access-control-allow-origin",
                allowed or "missing",
                origin if self.credentials else f"{origin} or *",
                good=allowed in (origin, *free),
            ),
            judged(
                f"{what}, access-control-allow-methods",
                ", ".join(sorted(methods)) or "missing",
                self.method,
                # Those of a plain form are always allowed.
                good=self.method in ("GET", "HEAD", "POST")
                or self.method.lower() in methods
                or bool(free and "*" in methods),
            ),
            judged(
                f"{what}, access-control-allow-headers",
                ", ".join(sorted(names)) or "missing",
                ", ".join(self.headers),
                good=not lacking,
            ),
        ]
        if self.credentials:
            seen = given.get("access-control-allow-credentials", "missing")
            found.append(judged(f"{what}, access-control-allow-credentials", seen, "true", good=seen == "true"))
        return found


class RateLimit(Check):
    """Asks for a route of the API and reads how often it may be asked."""

    id: ClassVar[str] = "api.ratelimit"
    asks: ClassVar[str] = "Is there a limit to how often the API may be asked?"
    passes: ClassVar[str] = "X-RateLimit-Limit, or RateLimit of the IETF draft, in the answer"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "laravel/framework: ThrottleRequests; draft-ietf-httpapi-ratelimit-headers"

    path: Template = Field(default=Template("/api"), description="A route of the API that answers.")
    headers: dict[str, Template] = Field(default={}, description="Headers to send, such as credentials.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once; the limit itself is never tried out."""
        url = join(ctx.base_url, self.path)
        answer = await ctx.web.ask(url, headers={"accept": "application/json", **self.headers})
        what, wanted = f"GET {url}", "a header X-RateLimit-Limit"
        named = [name for name in ("x-ratelimit-limit", "ratelimit-limit", "ratelimit") if answer.header(name)]
        if named:
            seen = f"{named[0]}: {answer.header(named[0])}"
            return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=seen, wanted=wanted)])
        if answer.status in (401, 403, 404) or answer.status >= 500:
            # Routes that are not there, or closed before the limit is counted, do not show it.
            seen = f"{answer}, and no such header; give a route that answers"
            return Finding.of([Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)])
        return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=f"{answer}, no limit", wanted=wanted)])


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in text.split(",") if word.strip())
