"""`mail.auth`: those who receive the app's mail can tell that it is the app's: SPF, DKIM and DMARC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from smokerunner.checks.api.judging import judged
from smokerunner.checks.mailing.letter import delivered
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.mail import Message
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template
from smokerunner.web.records import records

_METHODS = ("spf", "dkim", "dmarc")


class Authentication(Check):
    """Reads what the receiving server found, and the records of the sender's domain."""

    id: ClassVar[str] = "mail.auth"
    asks: ClassVar[str] = "Can others tell that the app's mail is the app's own?"
    passes: ClassVar[str] = (
        "an SPF record that ends in -all or ~all, a DKIM key, a DMARC policy; what the receiver found: pass"
    )
    means: ClassVar[Severity] = Severity.MEDIUM
    source: ClassVar[str] = "RFC 7208, 6376, 7489, 8601"
    default_timeout: ClassVar[float] = 240.0

    domain: Template | None = Field(
        default=None, description="The sender's domain; by default that of the message of mail.delivery, read as well."
    )
    selectors: Annotated[
        tuple[Template, ...], BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,))
    ] = Field(default=(), description="Of the DKIM keys; by default what the message was signed with.")

    async def run(self, ctx: CheckContext) -> Finding:
        """Ask the name servers, and read the message's head when no domain is named."""
        message = await delivered(ctx) if self.domain is None else None
        domain = str(self.domain) if self.domain is not None else _domain_of(message)
        readings = [*_verdicts(message)] if message is not None else []
        verified = bool(readings)
        readings.append(_spf(domain, await records(domain, "TXT", ctx.resolvers)))
        keys = {(str(one), domain) for one in self.selectors} | set(_signatures(message))
        for selector, signer in sorted(keys):
            name = f"{selector}._domainkey.{signer}"
            readings.append(_dkim(name, await records(name, "TXT", ctx.resolvers)))
            if not _aligned(signer, domain):
                seen = f"signs for {signer}, not for {domain}: DMARC does not count it"
                readings.append(Reading(what=name, outcome=Outcome.WARNED, seen=seen, wanted=domain))
        if not keys:
            seen = "no DKIM signature and no selector: name one under `selectors`"
            outcome = Outcome.INCONCLUSIVE if message is None else Outcome.FAILED
            readings.append(Reading(what=f"DKIM of {domain}", outcome=outcome, seen=seen, wanted="a key"))
        readings.append(await self._dmarc(ctx, domain))
        weak = "" if verified else "only the records were read; no receiving server has told what it found"
        return Finding.of(readings, weak=weak)

    async def _dmarc(self, ctx: CheckContext, domain: str) -> Reading:
        """The record of the domain, or of the one above it that has one."""
        labels = domain.split(".")
        for start in range(max(len(labels) - 1, 1)):
            name = f"_dmarc.{'.'.join(labels[start:])}"
            found = [text for text in await records(name, "TXT", ctx.resolvers) if text.lower().startswith("v=dmarc1")]
            if found:
                policy = re.search(r"(?i)\bp\s*=\s*(none|quarantine|reject)", found[0])
                seen = f"p={policy[1].lower()}" if policy else "no policy p="
                good = policy is not None and len(found) == 1
                return judged(name, seen if len(found) == 1 else f"{len(found)} records", "one policy", good=good)
        return judged(f"_dmarc.{domain}", "no record", "v=DMARC1; p=…", good=False)


def _domain_of(message: Message | None) -> str:
    return (message.sender if message else "").rpartition("@")[2]


def _verdicts(message: Message) -> Iterator[Reading]:
    """What the receiving server wrote on top; anybody can write the ones below."""
    header = message.headers.get("authentication-results", "").split("\n")[0]
    for method in _METHODS:
        found = re.search(rf"(?i)(?:^|[;\s]){method}\s*=\s*([a-z]+)", header)
        if found is None:
            continue
        verdict = found[1].lower()
        yield judged(f"Authentication-Results, {method}", verdict, "pass", good=verdict == "pass")


def _spf(domain: str, records: tuple[str, ...]) -> Reading:
    what, wanted = f"SPF of {domain}", "one v=spf1 record that ends in -all or ~all"
    found = [text for text in records if re.match(r"(?i)v=spf1(\s|$)", text)]
    if len(found) != 1:
        seen = f"{len(found)} records: receivers take that for an error" if found else "no record"
        return judged(what, seen, wanted, good=False)
    last = re.search(r"(?i)(?:^|\s)([-+~?]?)all\b", found[0])
    if last is None and re.search(r"(?i)\sredirect=", found[0]):
        return judged(what, "redirect to another domain's", wanted, good=True)
    sign = (last[1] or "+") if last else ""
    seen = f"{sign}all" if last else "no `all` at its end"
    if sign in ("-", "~"):
        return judged(what, seen, wanted, good=True)
    if sign == "+":
        return judged(what, f"{seen}: everybody may send for this domain", wanted, good=False)
    return Reading(what=what, outcome=Outcome.WARNED, seen=f"{seen}: it forbids nobody", wanted=wanted)


def _signatures(message: Message | None) -> Iterator[tuple[str, str]]:
    """Selector and domain of the message's signatures."""
    for header in message.headers.get("dkim-signature", "").split("\n") if message is not None else ():
        selector = re.search(r"(?:^|[;\s])s\s*=\s*([A-Za-z0-9._-]+)", header)
        signer = re.search(r"(?:^|[;\s])d\s*=\s*([A-Za-z0-9.-]+)", header)
        if selector and signer:
            yield selector[1], signer[1].lower()


def _dkim(name: str, records: tuple[str, ...]) -> Reading:
    key = next((found for text in records if (found := re.search(r"(?i)(?:^|[;\s])p\s*=\s*([^;]*)", text))), None)
    if key is None:
        return judged(name, "no key", "a DKIM key", good=False)
    if not key[1].strip():
        return judged(name, "a key that was revoked", "a DKIM key", good=False)
    return judged(name, "a key", "a DKIM key", good=True)


def _aligned(signer: str, domain: str) -> bool:
    """Whether two domains are of one owner, as far as their names tell."""
    return signer == domain or signer.endswith(f".{domain}") or domain.endswith(f".{signer}")
