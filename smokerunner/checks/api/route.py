"""`api.*`: a route of the app's API, with the conditions that its answer must meet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from smokerunner.checks.api.call import Call
from smokerunner.checks.api.document import require_schema, violations
from smokerunner.checks.api.judging import (
    Condition,
    JsonPath,
    Statuses,
    document,
    fits,
    is_json,
    judged,
    judged_header,
    judged_json,
    listed,
    summary,
)
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Silence
from smokerunner.model.duration import Seconds, spell
from smokerunner.model.errors import Unavailable
from smokerunner.model.frozen import complaint
from smokerunner.model.matcher import Matcher
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_ASKED = ("status", "type", "header", "json", "schema", "within")
"""The conditions, as they are written."""
_BODYLESS = (204, 205, 304)


def _schema_file(value: str, info: ValidationInfo) -> str:
    """The file where it really lies, known to be a schema."""
    file, sharp, pointer = value.partition("#")
    folder = Path((info.context or {}).get("folder", "."))
    place = f"{folder / file}{sharp}{pointer}"
    try:
        require_schema(place)
    except Unavailable as wrong:
        raise ValueError(str(wrong)) from wrong
    return place


class Route(Call, Check):
    """Sends one request and judges the answer."""

    id: ClassVar[str] = "api.*"
    asks: ClassVar[str] = "Does this route of the API answer as it should?"
    passes: ClassVar[str] = "every condition on status, type, headers, JSON, schema and time; 401 or 403 for strangers"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "gatus, blackbox_exporter"

    status: Statuses = Field(default=("2xx",), description="200, 2xx, or a list of them.")
    type: str | None = Field(
        default=None, description="The media type; by default JSON of some kind, `any` for whatever comes."
    )
    header: dict[str, Matcher] = Field(default={}, description="Headers of the answer: name: matcher.")
    json_: dict[JsonPath, Condition] = Field(
        default={}, alias="json", description="JSONPath: matcher for text, or a value that must be equal."
    )
    schema_: Annotated[str, AfterValidator(_schema_file)] | None = Field(
        default=None,
        alias="schema",
        description="A file with a JSON Schema, beside the environment file; `openapi.yaml#/components/schemas/Order` "
        "is a part of one.",
    )
    within: Seconds | None = Field(default=None, description="How long the answer may take.")
    addresses: Literal["first", "all"] = Field(default="first", description="`all`: at each address of the host.")
    attempts: int = Field(default=1, ge=1, le=5, description="How often it is tried; passing later is a warning.")
    requires_login: bool = Field(
        default=False, description="Asked without credentials it must answer 401 or 403 with JSON."
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.attempts > 1 and self.method in ("POST", "PATCH"):
            raise complaint(f"a {self.method} is not sent twice; take out attempts", "attempts")
        named = [key for key in _ASKED if {key, f"{key}_"} & self.model_fields_set]
        if self.requires_login and named and not self.credentials:
            raise complaint(
                f"'{named[0]}' is of the answer to who is logged in, so add credentials under headers", named[0]
            )
        return self

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask with the credentials that are given, and as a stranger where a login is required."""
        readings: list[Reading] = []
        if not self.requires_login or self.credentials:
            for address in await self._addresses(ctx):
                readings += await self._tried(ctx, address)
        strangers: list[Reading] = []
        if self.requires_login:
            strangers.append(await self._as_stranger(ctx))
        let_in = worst(one.outcome for one in strangers) is Outcome.FAILED
        weak = "" if readings else "asked as a stranger only; with credentials under headers its answer is read, too"
        return Finding.of([*strangers, *readings], weak=weak, severity=Severity.CRITICAL if let_in else None)

    async def _addresses(self, ctx: CheckContext) -> Sequence[str | None]:
        if self.addresses == "first":
            return (None,)
        found = await ctx.web.targets(self.url(ctx))
        return [address for address, _ in found] if len(found) > 1 else (None,)

    async def _tried(self, ctx: CheckContext, address: str | None) -> list[Reading]:
        first: list[Reading] = []
        for number in range(1, self.attempts + 1):
            found = await self._judged(ctx, address, fresh=number > 1 or address is not None)
            if worst(one.outcome for one in found).is_good:
                if number == 1:
                    return found
                bad = next(one for one in first if one.outcome.is_bad)
                said = f"answered well only at attempt {number}; before: {bad}"
                return [*found, Reading(what=self._what(ctx, address), outcome=Outcome.WARNED, seen=said)]
            first = first or found
        return found

    async def _judged(self, ctx: CheckContext, address: str | None, *, fresh: bool) -> list[Reading]:
        what = self._what(ctx, address)
        try:
            answer = await self.send(ctx, address=address, fresh=fresh, timeout=max(self.within or 0, 10.0))
        except Silence as silence:
            return [Reading(what=what, outcome=Outcome.FAILED, seen=str(silence), wanted=listed(self.status))]
        scrub = ctx.secrets.scrub
        readings = [judged(what, summary(answer, scrub), listed(self.status), good=fits(answer.status, self.status))]
        if not fits(answer.status, self.status):
            # What an error page lacks beside is no news.
            return readings
        readings += self._typed(what, answer)
        readings += judged_header(what, answer, self.header)
        if self.json_ or self.schema_ is not None:
            readings += self._body(what, answer, ctx)
        if self.within is not None:
            took = answer.phases.total
            seen, wanted = f"answered in {spell(took)}", f"within {spell(self.within)}"
            readings.append(judged(what, seen, wanted, good=took <= self.within))
        return readings

    def _typed(self, what: str, answer: Answer) -> list[Reading]:
        if self.type == "any" or (self.type is None and (self.method == "HEAD" or answer.status in _BODYLESS)):
            return []
        good = is_json(answer.content_type) if self.type is None else answer.content_type == self.type.lower()
        seen = answer.content_type or "no type"
        if answer.content_type == "text/html":
            seen += " (a page where the API should answer)"
        return [judged(what, seen, self.type or "application/json", good=good)]

    def _body(self, what: str, answer: Answer, ctx: CheckContext) -> list[Reading]:
        try:
            body = document(answer)
        except ValueError as wrong:
            outcome = Outcome.INCONCLUSIVE if answer.truncated else Outcome.FAILED
            return [Reading(what=what, outcome=outcome, seen=str(wrong), wanted="JSON")]
        readings = judged_json(what, body, self.json_, ctx.secrets.scrub)
        if self.schema_ is not None:
            wrongs = [ctx.secrets.scrub(one) for one in violations(self.schema_, body)]
            name = f"the schema {Path(self.schema_.partition('#')[0]).name}"
            readings.append(judged(what, "; ".join(wrongs) or "as described", name, good=not wrongs))
        return readings

    async def _as_stranger(self, ctx: CheckContext) -> Reading:
        """The answer to whoever has no credentials."""
        what, wanted = f"{self._what(ctx, None)} without credentials", "401 or 403 with JSON"
        try:
            answer = await self.send(ctx, anonymous=True, fresh=True)
        except Silence as silence:
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=str(silence), wanted=wanted)
        seen = summary(answer, ctx.secrets.scrub)
        if answer.status in (401, 403) and (is_json(answer.content_type) or self.method == "HEAD"):
            return Reading(what=what, outcome=Outcome.PASSED, seen=seen, wanted=wanted)
        if answer.status == 429 or answer.status >= 500:
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)
        if answer.status in (401, 403) and await self._is_walled(ctx, answer):
            seen += "; so is what is not there: something in front refuses everything"
            return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)
        if answer.status < 300:
            seen += ": whoever asks gets it"
        return Reading(what=what, outcome=Outcome.FAILED, seen=seen, wanted=wanted)

    async def _is_walled(self, ctx: CheckContext, refusal: Answer) -> bool:
        """Whether a page that nobody has is refused in the same way."""
        answer = await ctx.web.ask(f"/{secrets.token_hex(8)}", headers={"accept": "application/json"}, fresh=True)
        return (answer.status, answer.content_type) == (refusal.status, refusal.content_type)

    def _what(self, ctx: CheckContext, address: str | None) -> str:
        return f"{self.method} {self.url(ctx)}" + (f" at {address}" if address else "")
