"""`hdr.cors`: other sites cannot act in the name of a visitor."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

STRANGER = "https://smoke.invalid"
"""An origin that no app can know: `.invalid` is nobody's (RFC 2606)."""


class Cors(Check):
    """Comes from a foreign origin: once as a browser asks beforehand, once as it asks for the answer."""

    id: ClassVar[str] = "hdr.cors"
    asks: ClassVar[str] = "May any site read answers that are meant for a visitor who is logged in?"
    passes: ClassVar[str] = f"an answer that does not let {STRANGER} in together with credentials"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "HTTP Observatory"

    paths: tuple[str, ...] = Field(default=("/", "/api"), min_length=1, description="The addresses that are asked.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask each path in both ways."""
        readings = []
        for path in self.paths:
            for method in ("OPTIONS", "GET"):
                try:
                    answer = await knock(ctx, path, method)
                except Silence as silence:
                    what = f"{method} {ctx.base_url}{path}"
                    readings.append(Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=str(silence)))
                else:
                    readings.append(_judge(answer))
        return Finding.of(readings)


async def knock(ctx: CheckContext, path: str, method: str) -> Answer:
    """What an app answers a script of a foreign origin."""
    headers = {"origin": STRANGER}
    if method == "OPTIONS":
        headers["access-control-request-method"] = "GET"
    return await ctx.web.ask(ctx.base_url + path, method=method, headers=headers, limit=1024)


def _judge(answer: Answer) -> Reading:
    what = f"{answer.method} {answer.url} from {STRANGER}"
    allowed = (answer.header("access-control-allow-origin") or "").strip()
    credentials = (answer.header("access-control-allow-credentials") or "").strip().lower() == "true"
    seen = f"Access-Control-Allow-Origin: {allowed[:100]}" if allowed else "no Access-Control-Allow-Origin"
    if credentials:
        seen += " with credentials"
    if allowed in (STRANGER, "*") and credentials:
        wanted = "a fixed list of origins; Laravel: allowed_origins in config/cors.php"
        return Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
    if not allowed and answer.status in (403, 429):
        # Whoever keeps us out may let browsers in.
        return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=f"{seen}, {answer}", wanted="an answer of the app")
    return Reading(what=what, outcome=Outcome.PASSED, seen=seen)
