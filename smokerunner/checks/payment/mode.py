"""`pay.key-mode`: the checkout page has a key of the right mode, and no secret one."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from smokerunner.checks.payment.keys import Key, Mode, keys_in
from smokerunner.model.check import Check, CheckContext, Finding, Silence
from smokerunner.model.errors import Inconclusive
from smokerunner.model.matcher import join
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template

_MOST_SCRIPTS = 20
_MOST_READ = 4_194_304
"""Bytes of a script."""


class KeyMode(Check):
    """Reads the keys that stand in the checkout page and in the app's own scripts there."""

    id: ClassVar[str] = "pay.key-mode"
    asks: ClassVar[str] = "Does the checkout use live keys in production, and test keys elsewhere?"
    passes: ClassVar[str] = "a publishable key of the right mode in the page or its scripts, and no secret key"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "Stripe: keys"

    path: Template = Field(description="The page on which one pays, such as /checkout.")
    headers: dict[str, Template] = Field(default={}, description="Headers to send, such as a cookie with a cart.")
    mode: Mode | None = Field(default=None, description="live or test; by default live on production, else test.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Read the page and its scripts; keys are told by their kinds only."""
        url, wanted = join(ctx.base_url, self.path), self.mode or ("live" if ctx.production else "test")
        answer = await ctx.web.ask(url, headers={"accept": "text/html", **self.headers}, limit=_MOST_READ)
        if answer.status != 200:
            raise Inconclusive(
                f"GET {url}: {answer}; give under `headers` what lets one see the page, such as a cookie"
            )
        found = dict.fromkeys(keys_in(answer.text), f"GET {url}")
        scripts = _scripts(answer.text, url, ctx.origins)
        for script in scripts[:_MOST_SCRIPTS]:
            try:
                code = await ctx.web.ask(script, limit=_MOST_READ)
            except Silence:
                # Whether the page's files are there is asked by another check.
                continue
            found |= {key: f"GET {script}" for key in keys_in(code.text) if key not in found}
        told = _judged(found, wanted, ctx)
        if told:
            grave = any(reading.outcome is Outcome.FAILED and "secret" in reading.wanted for reading in told)
            return Finding.of(told, severity=Severity.CRITICAL if grave else None)
        raise Inconclusive(
            f"GET {url}: no publishable key stands in it or in its {len(scripts)} scripts; is this where one pays, and "
            "does it need a cart?"
        )


def _judged(found: dict[Key, str], wanted: str, ctx: CheckContext) -> list[Reading]:
    readings = []
    right = any(key.kind == "publishable" and key.mode == wanted for key in found)
    for key, where in found.items():
        if key.kind != "publishable":
            # In sight of everybody, so from now on it must be hidden here as well.
            ctx.secrets.add(f"{key.kind} key", key.text)
            seen = f"{key}: a {key.kind} key that everybody can read; revoke it now"
            readings.append(Reading(what=where, outcome=Outcome.FAILED, seen=seen, wanted="no secret key"))
            continue
        if key.mode == wanted:
            readings.append(Reading(what=where, outcome=Outcome.PASSED, seen=str(key), wanted=f"a {wanted} key"))
            continue
        if wanted == "live":
            seen = f"{key}: payments seem to work, and no money arrives"
        else:
            seen = f"{key}: whoever pays here pays with real money"
        outcome = Outcome.WARNED if right else Outcome.FAILED
        readings.append(Reading(what=where, outcome=outcome, seen=seen, wanted=f"a {wanted} key"))
    return readings


def _scripts(page: str, url: str, origins: tuple[str, ...]) -> list[str]:
    """The app's own scripts on a page, those that it loads ahead included."""
    finder = _Scripts()
    finder.feed(page)
    found = [urljoin(url, source) for source in finder.sources]
    own = [one for one in found if f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" in origins]
    return list(dict.fromkeys(own))


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for every tag that begins."""
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.sources.append(given["src"] or "")
        elif tag == "link" and (given.get("rel") == "modulepreload" or given.get("as") == "script"):
            self.sources.append(given.get("href") or "")
