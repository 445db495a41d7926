"""`http.health-up`: the app says of itself that it is up."""

from __future__ import annotations

import json
from typing import ClassVar

from pydantic import Field

from smokerunner.checks.http.wall import is_missing, wall
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.matcher import Matcher
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

USUAL = "/up"
_UP = frozenset({"up", "ok", "healthy", "pass"})
_RAILS = b'<body style="background-color: green">'


class HealthUp(Check):
    """Asks the health address, and reads what it says rather than its status alone."""

    id: ClassVar[str] = "http.health-up"
    asks: ClassVar[str] = "Does the app itself say that it is up?"
    passes: ClassVar[str] = (
        'status 200 with JSON "status": "up", a lone "ok", the page of Laravel or Rails, or the configured text'
    )
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "Laravel, Rails"

    path: str | None = Field(
        default=None, description="The health address; by default /up, skipped where there is none."
    )
    text: Matcher | None = Field(default=None, description="What it must say, in the stead of the usual words.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask on a new connection."""
        path = self.path or USUAL
        what = f"GET {ctx.base_url}{path}"
        wanted = f"200, saying {self.text}" if self.text is not None else "200, saying that it is up"
        try:
            answer = await ctx.web.ask(path, headers={"accept": "application/json"}, fresh=True)
        except Silence as silence:
            return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=str(silence), wanted=wanted)])
        walled = await wall(ctx, answer)
        if walled:
            raise Inconclusive(walled)
        if answer.status == 200 and self._is_up(answer):
            return Finding.of([Reading(what=what, outcome=Outcome.PASSED, seen=_words(answer))])
        if self.path is None and await is_missing(ctx, answer):
            raise NotReached(f"there is no {path} ({answer}); name the health address with `path`")
        return Finding.of([Reading(what=what, outcome=Outcome.FAILED, seen=_words(answer), wanted=wanted)])

    def _is_up(self, answer: Answer) -> bool:
        if self.text is not None:
            return self.text.accepts(answer.text)
        return _status(answer).lower() in _UP or b"Application up" in answer.body or _RAILS in answer.body


def _status(answer: Answer) -> str:
    """What it says its status is, in JSON or as a lone word; empty when it says nothing of the kind."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        word = answer.text.strip()
        return word if word.isalpha() else ""
    found = said.get("status") if isinstance(said, dict) else None
    return found if isinstance(found, str) else ""


def _words(answer: Answer) -> str:
    status = _status(answer)
    return f"{answer}, status {status!r}"[:200] if status else str(answer)
