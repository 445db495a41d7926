"""`mail.content`: the message says what it should, and its links lead where they should."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from smokerunner.checks.api.judging import judged
from smokerunner.checks.mailing.letter import delivered
from smokerunner.model.anchors import anchors_in_html, anchors_in_text, text_of_html
from smokerunner.model.check import Check, CheckContext, Finding, Refused
from smokerunner.model.flow import Host
from smokerunner.model.mail import Message
from smokerunner.model.matcher import Matcher
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity

_LEFT_OVER = re.compile(
    r"\{\{.{0,80}?\}\}|\{!!.{0,80}?!!\}|\$\{[A-Za-z_.]{1,40}\}|\*\|[A-Z_]{2,30}\|\*|%recipient\.\w+%|\[object Object\]"
    r"|(?<![\w:/.]):(?:attribute|name|count|values?|url)\b"
)
"""Places that nobody filled in: of Blade, Laravel's translations, Mailchimp, Mailgun, JavaScript."""
_NOWHERE = re.compile(r"(^|\.)(localhost|example\.(com|org|net)|test|local|internal|invalid|localdomain)$")


_TOKEN = 16
"""From this length on, a part of a path may be a secret."""


class Content(Check):
    """Reads the message that mail.delivery brought."""

    id: ClassVar[str] = "mail.content"
    asks: ClassVar[str] = "Does the message say what it should, and do its links lead to the app?"
    passes: ClassVar[str] = "sender, subject and text as configured, nothing left to fill in, links to the app's hosts"
    means: ClassVar[Severity] = Severity.HIGH
    source: ClassVar[str] = "runbook"
    default_timeout: ClassVar[float] = 240.0

    sender: Matcher | None = Field(default=None, description="The address that it comes from.")
    subject: Matcher | None = Field(default=None, description="Its subject.")
    text: Matcher | None = Field(default=None, description="What it says.")
    hosts: Annotated[
        tuple[Host, ...], BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,))
    ] = Field(default=(), description="All that its links may lead to; by default the app's hosts must be among them.")
    follow: Matcher | None = Field(
        default=None, description="A link that is asked for, by its text or URL; that may use up what it is for."
    )

    async def run(self, ctx: CheckContext) -> Finding:
        """Read it."""
        message = await delivered(ctx)
        readings = [
            judged(what, seen, str(matcher), good=matcher.accepts(seen))
            for what, seen, matcher in (
                ("From", message.sender, self.sender),
                ("Subject", message.subject, self.subject),
            )
            if matcher is not None
        ]
        if self.text is not None:
            there = self.text.accepts(message.body)
            readings.append(judged("the text", "there" if there else "not there", str(self.text), good=there))
        readings.append(_filled_in(message))
        readings += self._links(ctx, message)
        if self.follow is not None:
            readings.append(await self._followed(ctx, message, self.follow))
        return Finding.of(readings)

    def _links(self, ctx: CheckContext, message: Message) -> Iterator[Reading]:
        own = {urlsplit(origin).hostname or "" for origin in ctx.origins}
        found = dict.fromkeys(_links_of(message))
        hosts = set()
        for link in found:
            parts = urlsplit(link)
            host = parts.hostname or ""
            hosts.add(host)
            what = f"link {_bare(link)}"
            wanted = " or ".join(sorted(self.hosts or own))
            if host not in own and (_leads_nowhere(host) or (self.hosts and host not in self.hosts)):
                yield judged(what, f"leads to {host} (is APP_URL right?)", wanted, good=False)
            elif host in own and parts.scheme == "http" and ctx.base_url.startswith("https:"):
                yield judged(what, "leads to http", "https", good=False)
            elif host in own or self.hosts:
                yield judged(what, f"leads to {host}", wanted, good=True)
        if found and not hosts & {*own, *self.hosts}:
            seen = f"lead to {', '.join(sorted(hosts))} only (is APP_URL right?)"
            yield judged(f"its {len(found)} links", seen, " or ".join(sorted(own)), good=False)

    async def _followed(self, ctx: CheckContext, message: Message, wanted: Matcher) -> Reading:
        anchors = [*anchors_in_html(message.html), *anchors_in_text(message.text)]
        link = next((one.href for one in anchors if wanted.accepts(one.text) or wanted.accepts(one.href)), None)
        if link is None:
            return judged("link", "none of this text or URL", str(wanted), good=False)
        # Whoever has it may act in somebody's name.
        ctx.secrets.add_one_time("mailed link", link)
        try:
            answer = await ctx.web.ask(link, follow=3)
        except Refused as refused:
            return Reading(what=f"GET {_bare(link)}", outcome=Outcome.INCONCLUSIVE, seen=str(refused), wanted="200")
        return judged(f"GET {_bare(link)}", str(answer), "200", good=answer.status == 200)


def _filled_in(message: Message) -> Reading:
    texts = (message.subject, message.text, text_of_html(message.html))
    found = dict.fromkeys(match[0] for text in texts for match in _LEFT_OVER.finditer(text))
    seen = ", ".join(list(found)[:3]) or "nothing left to fill in"
    return judged("placeholders", seen, "none", good=not found)


def _links_of(message: Message) -> Iterator[str]:
    for anchor in (*anchors_in_html(message.html), *anchors_in_text(message.text)):
        if anchor.href.startswith(("http:", "https:")):
            yield anchor.href


def _bare(link: str) -> str:
    """A link without what may be a token: the host and the first part of the path."""
    parts = urlsplit(link)
    first = parts.path.strip("/").partition("/")
    if len(first[0]) >= _TOKEN:
        return f"{parts.scheme}://{parts.netloc}/…"
    more = "/…" if first[1] or parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{first[0]}{more}"


def _leads_nowhere(host: str) -> bool:
    """Whether nobody but the one who wrote it could follow a link there."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or _NOWHERE.search(host) is not None
