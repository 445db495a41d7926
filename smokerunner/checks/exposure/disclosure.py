"""`sec.secrets-in-html`: keys that were put into a page or its scripts are everybody's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar
from urllib.parse import urljoin

from pydantic import Field

from smokerunner.checks.exposure.ground import Ground
from smokerunner.checks.exposure.judgement import unheard
from smokerunner.checks.exposure.signature import digest, head, is_page, markup, pattern
from smokerunner.model.check import Answer, Check, CheckContext, Finding, Refused, Silence
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_LIMIT = 1_048_576
"""Bytes of a page or a script that are read."""
_SCRIPT = re.compile(rb"<script\b[^>]{0,2000}?\ssrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_PRELOADED = re.compile(rb"<link\b[^>]{0,2000}?\shref\s*=\s*[\"']?([^\"'\s>]+\.m?js)\b", re.I)
_FEWEST = 8
"""Different characters that a real key has at least."""
_NO_SECRETS = (b"secret", b"password", b"laravel", b"homestead")
_SAMPLE = re.compile(rb"example|your|x{4}|\.{3}|placeholder|changeme|dummy|sample|0{6}|1234567|abcdef", re.I)


@dataclass(frozen=True)
class _Kind:
    """A kind of secret; the group of its pattern is what is secret in it.

    What is `named` has no form of its own and does not count where a page quotes it.
    """

    name: str
    pattern: re.Pattern[bytes]
    named: bool = False


_KINDS = (
    _Kind("a live secret key of Stripe", re.compile(rb"\b[sr]k_live_([0-9A-Za-z]{16,247})")),
    _Kind("a webhook secret of Stripe", re.compile(rb"\bwhsec_([0-9A-Za-z+/=]{24,128})")),
    _Kind("an access key of AWS", re.compile(rb"\b(?:AKIA|ASIA)([0-9A-Z]{16})\b")),
    _Kind("a key of Laravel (APP_KEY)", re.compile(rb"\bbase64:([0-9A-Za-z+/]{43}=)")),
    _Kind("a token of GitHub", re.compile(rb"\b(?:gh[pousr]|github_pat)_([0-9A-Za-z_]{36,100})")),
    _Kind("a token of Slack", re.compile(rb"\bxox[abprs]-([0-9A-Za-z-]{20,100})")),
    _Kind("a key of SendGrid", re.compile(rb"\bSG\.([0-9A-Za-z_-]{20,24}\.[0-9A-Za-z_-]{40,46})")),
    _Kind("a private key", re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\\nr\s]+([0-9A-Za-z+/]{40})")),
    _Kind(
        "a password or secret by its name",
        pattern(
            r"\b(?:DB_PASSWORD|MAIL_PASSWORD|REDIS_PASSWORD|AWS_SECRET_ACCESS_KEY|STRIPE_SECRET|JWT_SECRET"
            r"|PUSHER_APP_SECRET)[\"']?\s*[:=]\s*[\"']?"
            # The names of variables are no values.
            r"(?!(?:process|import|window|self|env|config|this|null|undefined)\b)([^\s\"'<>&,;{}()]{6,200})"
        ),
        named=True,
    ),
)


class SecretsInPages(Check):
    """Reads pages and the scripts of the app's own hosts that they load."""

    id: ClassVar[str] = "sec.secrets-in-html"
    asks: ClassVar[str] = "Are there no secret keys in pages and scripts?"
    passes: ClassVar[str] = "nothing in /, /login and their own scripts has the form of a secret key"
    means: ClassVar[Severity] = Severity.CRITICAL
    source: ClassVar[str] = "own"
    default_timeout: ClassVar[float] = 120.0

    pages: tuple[Annotated[str, Field(pattern="^/")], ...] = Field(
        default=("/", "/login"), description="The pages that are read."
    )
    scripts: Annotated[int, Field(ge=0, le=200)] = Field(default=20, description="How many scripts are read at most.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask for the pages, then for their scripts."""
        ground = Ground(ctx)
        await ground.awake()
        pages = await asyncio.gather(*(self._ask(ctx, ctx.base_url + path) for path in self.pages))
        loaded = dict.fromkeys(
            url for page in pages if isinstance(page, Answer) for url in _scripts_of(page) if ground.is_ours(url)
        )
        some = list(loaded)[: self.scripts]
        scripts = await asyncio.gather(*(self._ask(ctx, url) for url in some))
        readings = [_reading(one) for one in (*pages, *scripts)]
        if len(loaded) > len(some):
            said = f"{len(loaded) - len(some)} more were not read; raise `scripts`"
            readings.append(Reading(what="scripts", outcome=Outcome.WARNED, seen=said))
        finding = Finding.of(readings, weak="only what these pages load was read")
        if finding.outcome is Outcome.FAILED:
            said = "Revoke it, and hand it to the server alone: whatever a page loads is public"
            return replace(finding, message=f"{finding.message}. {said}")
        return finding

    async def _ask(self, ctx: CheckContext, url: str) -> Answer | Reading:
        try:
            return await ctx.web.ask(url, limit=_LIMIT, follow=3)
        except (Silence, Refused) as silence:
            return unheard(f"GET {url}", silence)


def _scripts_of(page: Answer) -> Iterator[str]:
    if is_page(page):
        for found in (*_SCRIPT.findall(page.body), *_PRELOADED.findall(page.body)):
            yield urljoin(page.url, found.decode("utf-8", "replace")).partition("#")[0]


def _reading(one: Answer | Reading) -> Reading:
    if isinstance(one, Reading):
        return one
    secrets = dict.fromkeys(_secrets(one))
    outcome = Outcome.FAILED if secrets else Outcome.PASSED
    more = f", the first {_LIMIT} bytes" if one.truncated else ""
    seen = "; ".join(secrets) or f"{head(one)}{more}, no secret"
    return Reading(what=f"GET {one.url}", outcome=outcome, seen=seen, wanted="no secret" if secrets else "")


def _secrets(answer: Answer) -> Iterator[str]:
    """What was found, without what it says."""
    spoken = markup(answer.body, prose=True)
    for kind in _KINDS:
        for found in kind.pattern.finditer(spoken if kind.named else answer.body):
            value = found[1]
            if _is_real(value):
                yield f"{kind.name} ({len(value)} secret characters, SHA-256 {digest(value)}…)"


def _is_real(value: bytes) -> bool:
    """Whether it is more than an example: those are written out in every documentation."""
    if value.lower() in _NO_SECRETS:
        return False
    return not _SAMPLE.search(value) and len(set(value)) >= min(_FEWEST, len(value) * 3 // 4)
