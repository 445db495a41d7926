"""`http.release-marker`: every address serves the release that was deployed."""

from __future__ import annotations

import json
import re
from typing import ClassVar, Self

from pydantic import Field, model_validator

from smokerunner.checks.http.nodes import nodes
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Pattern, Template

_TIMES = 2
"""New connections to each address: behind one there may be several workers, some with the old code."""


class ReleaseMarker(Check):
    """Reads what every address says about its release."""

    id: ClassVar[str] = "http.release-marker"
    asks: ClassVar[str] = "Is the release that was deployed the one that is served, everywhere?"
    passes: ClassVar[str] = "the expected release from each address of the host, twice on new connections"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "own, Deployer"

    path: str = Field(default="/", description="The address that says it, such as /REVISION or /build/manifest.json.")
    header: str | None = Field(default=None, description="The name of a response header.")
    json_: str | None = Field(default=None, alias="json", description="A JSONPath, such as $.release.")
    page: Pattern | None = Field(default=None, description="A regular expression; its first group is the release.")
    release: Template | None = Field(default=None, description="What must be served; by default what --release says.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(item is not None for item in (self.header, self.json_, self.page)) > 1:
            raise ValueError("a release is read from one of header, json or page; without them, from the whole text")
        return self

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask every address."""
        expected = str(self.release) if self.release is not None else ctx.expected_release
        if not expected:
            raise NotReached("which release must be served? give --release, or `release`")
        asked = [address for address in await nodes(ctx) for _ in range(_TIMES)]
        return Finding.of([await self._one_look(ctx, address, expected) for address in asked])

    async def _one_look(self, ctx: CheckContext, address: str | None, expected: str) -> Reading:
        what = f"release at {ctx.base_url}{self.path}" + (f" of {address}" if address else "")
        wanted = f"{expected}; if the deploy went well: reload php-fpm, or clear what caches the page"
        try:
            answer = await ctx.web.ask(self.path, address=address, fresh=True)
        except Silence as silence:
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=str(silence), wanted=expected)
        if answer.status != 200:
            return Reading(what=what, outcome=Outcome.FAILED, seen=str(answer), wanted=wanted)
        seen = self._read(answer)
        outcome = Outcome.PASSED if seen == expected else Outcome.FAILED
        return Reading(what=what, outcome=outcome, seen=(seen or f"none in {answer}")[:100], wanted=wanted)

    def _read(self, answer: Answer) -> str:
        if self.header is not None:
            return (answer.header(self.header) or "").strip()
        if self.page is not None:
            found = re.search(self.page, answer.text)
            return "" if found is None else (found[1] if found.re.groups else found[0])
        if self.json_ is None:
            return answer.text.strip()
        from jsonpath import JSONPathError, findall

        try:
            values = findall(self.json_, json.loads(answer.body))
        except (ValueError, JSONPathError):
            return ""
        return str(values[0]) if values else ""
