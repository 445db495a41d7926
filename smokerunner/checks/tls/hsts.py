"""`tls.hsts`, `tls.hsts-everywhere`: browsers are told to come over https only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from smokerunner.checks.http.page import read_page
from smokerunner.checks.tls.handshake import is_verified
from smokerunner.checks.tls.origins import https_origins, own_of
from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

HALF_A_YEAR = 15_552_000
"""Seconds; what HTTP Observatory asks for."""
_HEADER = "strict-transport-security"
_WANTED = f"Strict-Transport-Security once, with max-age of at least {HALF_A_YEAR}"
_UNVERIFIED = "the certificate is not trusted (see tls.https), so browsers ignore the header"


@dataclass(frozen=True)
class Hsts:
    """What the headers say. `max_age` is in seconds; None when they are absent or browsers ignore them."""

    max_age: int | None
    said: str

    @classmethod
    def read(cls, headers: Sequence[str]) -> Hsts:
        """Read all headers of an answer; there should be one."""
        if not headers:
            return cls(None, "no such header")
        said = ", ".join(headers)[:200]
        if len(headers) > 1 or "," in headers[0]:
            return cls(None, f"the header stands there {len(said.split(','))} times: {said}")
        for part in headers[0].lower().split(";"):
            name, _, value = part.partition("=")
            if name.strip() == "max-age" and value.strip().strip('"').isdecimal():
                return cls(int(value.strip().strip('"')), said)
        return cls(None, f"no max-age in {said}")

    @property
    def outcome(self) -> Outcome:
        """Absent or switched off fails, too short a time is warned."""
        if not self.max_age:
            return Outcome.FAILED
        return Outcome.PASSED if self.max_age >= HALF_A_YEAR else Outcome.WARNED


class StrictTransport(Check):
    """Reads the header of each host's first answer over https."""

    id: ClassVar[str] = "tls.hsts"
    asks: ClassVar[str] = "Are browsers told to come over https only?"
    passes: ClassVar[str] = f"over a verified chain, {_WANTED}"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "runbook, HTTP Observatory, RFC 6797"

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask once a host; where it redirects to is another host's business."""
        readings = []
        for origin in https_origins(ctx):
            what = f"GET {origin}/"
            try:
                if not await is_verified(ctx, origin):
                    readings.append(Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=_UNVERIFIED, wanted=_WANTED))
                    continue
                answer = await ctx.web.ask(f"{origin}/")
            except Silence as silence:
                readings.append(Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=str(silence), wanted=_WANTED))
                continue
            found = Hsts.read(answer.all(_HEADER))
            # What keeps us out is not what a visitor gets, and errors often go without headers.
            failed = found.outcome is Outcome.FAILED and answer.status >= 400
            outcome = Outcome.INCONCLUSIVE if failed else found.outcome
            seen = found.said if answer.status < 400 else f"{found.said}, with status {answer.status}"
            readings.append(Reading(what=what, outcome=outcome, seen=seen, wanted=_WANTED))
        return Finding.of(readings)


class HstsEverywhere(Check):
    """Reads the header of a page, a missing page and a file."""

    id: ClassVar[str] = "tls.hsts-everywhere"
    asks: ClassVar[str] = "Do errors and files carry Strict-Transport-Security, too?"
    passes: ClassVar[str] = "the header on the home page, the login page, a missing page and a static file"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "own"

    login: str = Field(default="/login", description="Another page to look at; left out where it is missing.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask four addresses of base_url's host."""
        origin = own_of(ctx, https_origins(ctx))
        if not await is_verified(ctx, origin):
            return Finding(Outcome.INCONCLUSIVE, f"{origin}: {_UNVERIFIED}")
        home = await ctx.web.ask(f"{origin}/")
        paths = [self.login, f"/{secrets.token_hex(8)}"]
        loads = read_page(home.text, home.url).loads if home.content_type == "text/html" else ()
        paths += [one.url.removeprefix(origin) for one in loads if one.url.startswith(f"{origin}/")][:1]
        answers = [home]
        for path in paths:
            answer = await ctx.web.ask(origin + path, limit=1024)
            if path != self.login or answer.status not in (404, 410):
                answers.append(answer)
        if not any(Hsts.read(answer.all(_HEADER)).max_age for answer in answers):
            raise NotReached("no answer carries the header; tls.hsts tells of that")
        readings = []
        wanted = "the header as on every answer; nginx: add_header … always, and again where a location adds its own"
        for answer in answers:
            found = Hsts.read(answer.all(_HEADER))
            outcome = Outcome.PASSED if found.max_age else Outcome.FAILED
            what = f"GET {answer.url} ({answer.status})"
            readings.append(Reading(what=what, outcome=outcome, seen=found.said, wanted=wanted))
        return Finding.of(readings)
