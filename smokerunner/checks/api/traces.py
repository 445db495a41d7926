"""`api.no-stack`: an API's errors do not tell where they happened in the code."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import Field

from smokerunner.checks.api.judging import document, is_json, summary
from smokerunner.model.check import Answer, Check, CheckContext, Finding
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template

_NO_ENCODING = "%ff"
_TRACED = ("exception", "file", "line", "trace")
"""Keys of Laravel's JSON errors while debug is on: Handler::convertExceptionToArray."""
_FRAMES = re.compile(
    r"^Traceback \(most recent|^\s+at .+\(.+:\d+(:\d+)?\)|^#\d+ /\S+\(\d+\)|vendor/laravel/framework/src",
    re.M,
)
"""Stack traces of Python, JavaScript and Java, and PHP."""


class NoStack(Check):
    """Provokes errors below the API and reads them."""

    id: ClassVar[str] = "api.no-stack"
    asks: ClassVar[str] = "Do the API's errors keep the code to themselves?"
    passes: ClassVar[str] = "an error answered as JSON without exception, file, line and trace"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "laravel/framework: Handler::convertExceptionToArray"

    path: Template = Field(default=Template("/api"), description="Where the API begins.")
    also: tuple[Template, ...] = Field(
        default=(), description="GET routes below it that answer with an error, such as `/api/orders?per_page=x`."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask for what is not there, in an encoding that is none, and for the routes that are named."""
        below = self.path.rstrip("/")
        paths = [f"{below}/{secrets.token_hex(8)}", f"{below}/{_NO_ENCODING}", *self.also]
        readings = [await self._provoked(ctx, join(ctx.base_url, path)) for path in paths]
        weak = "" if self.also else "only errors of routes that are not there were seen; name one under `also`"
        return Finding.of(readings, weak=weak)

    async def _provoked(self, ctx: CheckContext, url: str) -> Reading:
        what, wanted = f"GET {url}", "a JSON error without a trace"
        answer = await ctx.web.ask(url, headers={"accept": "application/json"})
        seen = summary(answer, ctx.secrets.scrub)
        told = _told(answer)
        if told:
            seen += f", with {told}; set APP_DEBUG=false and cache the configuration anew"
            return Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)
        if answer.status < 400:
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=f"{seen}: no error to read", wanted=wanted)
        if not is_json(answer.content_type):
            # A server in front may answer in the app's stead, as many do to a path that is no text.
            outcome = Outcome.SKIPPED if url.endswith(_NO_ENCODING) else Outcome.INCONCLUSIVE
            return Reading(what=what, outcome=outcome, seen=f"{seen}: not the API's error", wanted=wanted)
        return Reading(what=what, outcome=Outcome.PASSED, seen=seen, wanted=wanted)


def _told(answer: Answer) -> str:
    """What of the code an error tells; empty when nothing."""
    if is_json(answer.content_type):
        try:
            found = document(answer)
        except ValueError:
            found = None
        keys = [key for key in _TRACED if isinstance(found, dict) and key in found]
        if len(keys) >= 3 or "trace" in keys:
            return f"the keys {', '.join(keys)}"
        return "a stack trace" if any(map(_FRAMES.search, _texts(found))) else ""
    # A page may quote a trace to explain it; what an API answers as plain text is its own.
    return "a stack trace" if answer.content_type == "text/plain" and _FRAMES.search(answer.text) else ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
