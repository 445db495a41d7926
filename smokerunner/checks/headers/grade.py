"""`hdr.grade`: all tests of the HTTP Observatory together."""

from __future__ import annotations

from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

from smokerunner.checks.headers import observatory
from smokerunner.checks.headers.cors import STRANGER, knock
from smokerunner.checks.headers.observatory import GRADES, Score
from smokerunner.checks.headers.site import fetch
from smokerunner.checks.tls.handshake import is_verified
from smokerunner.checks.tls.hsts import Hsts
from smokerunner.checks.tls.origins import https_origins, own_of
from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.errors import Failure, NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

Letter = Literal["A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"]
_MOST_HOPS = 5
_TOLD = 4
"""How many of the tests that cost points the message names."""


class Grade(Check):
    """Makes all tests and adds their points."""

    id: ClassVar[str] = "hdr.grade"
    asks: ClassVar[str] = "Which grade would Mozilla's HTTP Observatory give?"
    passes: ClassVar[str] = "the configured grade or better, C unless said otherwise"
    means: ClassVar[Severity] = Severity.LOW
    source: ClassVar[str] = "HTTP Observatory"

    least: Letter = Field(default="C", description="The worst grade that passes.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Make the tests."""
        site = await fetch(ctx)
        scores = [observatory.csp(site), observatory.frames(site), observatory.sniffing(site)]
        scores += [observatory.referrer(site), observatory.integrity(site), *observatory.isolation(site)]
        scores.append(observatory.cross_origin(await knock(ctx, "/", "OPTIONS"), STRANGER))
        left_out = ""
        try:
            origin = own_of(ctx, https_origins(ctx))
        except (NotReached, Failure) as wrong:
            left_out = f"transport, redirection and cookies are not scored: {wrong}"
        else:
            transport = await _transport(ctx, origin)
            scores += [transport, await _redirection(ctx)]
            scores.append(observatory.cookies(site, with_hsts=transport.passed))
        points, letter = observatory.grade(scores)
        good = GRADES.index(letter) <= GRADES.index(self.least)
        lost = sorted((score for score in scores if score.points < 0), key=lambda score: score.points)
        told = "; ".join(f"{score.test} {score.points}: {score.said}" for score in lost[:_TOLD])
        more = f"; and {len(lost) - _TOLD} more" if lost[_TOLD:] else ""
        message = f"grade {letter} ({points} of 100), wanted {self.least} or better: {told}{more}"
        bad = Outcome.WARNED if good else Outcome.FAILED
        readings = [
            Reading(
                what=score.test,
                outcome=bad if score.points < 0 else Outcome.PASSED,
                seen=f"{score.points:+d}: {score.said}" if score.points else score.said,
            )
            for score in scores
        ]
        readings.insert(0, Reading(what="grade", outcome=Outcome.PASSED if good else bad, seen=f"{letter} ({points})"))
        return Finding(
            Outcome.PASSED if good else Outcome.FAILED, "" if good else message, tuple(readings), weak=left_out
        )


async def _transport(ctx: CheckContext, origin: str) -> Score:
    name = "strict-transport-security"
    try:
        if not await is_verified(ctx, origin):
            return Score(name, -20, "the certificate is not trusted", passed=False)
        answer = await ctx.web.ask(f"{origin}/")
    except Silence as silence:
        return Score(name, -20, f"no https: {silence}", passed=False)
    return observatory.transport(Hsts.read(answer.all(name)))


async def _redirection(ctx: CheckContext) -> Score:
    name = "redirection"
    own = [origin for origin in ctx.origins if origin.startswith("http:")]
    if not own:
        return Score(name, 0, "the http port is not known", passed=True)
    url = f"{own_of(ctx, tuple(own))}/"
    try:
        answer = await ctx.web.ask(url)
    except Silence as silence:
        # Nothing in clear needs no redirection.
        return Score(name, 0, f"no http: {silence}", passed=True)
    there, here = urlsplit(answer.location), urlsplit(url)
    if not answer.location:
        return Score(name, -20, "http is served in clear", passed=False)
    if there.scheme == "https":
        same = there.hostname == here.hostname
        return Score(name, 0 if same else -5, f"to {answer.location[:150]}", passed=same)
    at_end = await ctx.web.ask(url, follow=_MOST_HOPS)
    if at_end.url.startswith("https:") or at_end.location.startswith("https:"):
        return Score(name, -10, f"to http first: {answer.location[:150]}", passed=False)
    return Score(name, -20, f"never to https: {answer.location[:150]}", passed=False)
