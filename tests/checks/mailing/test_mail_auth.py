"""`mail.auth` with records from a name server on loopback, and heads as receiving servers write them (RFC 8601)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from smokerunner.checks.mailing.authentication import Authentication
from smokerunner.checks.mailing.letter import Letter
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.mail import Message
from smokerunner.model.outcome import Outcome
from tests.checks.bench import ask
from tests.checks.name_server import name_server

NOWHERE = "http://127.0.0.1:9"
KEY = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkq" * 30
RIGHT: Mapping[str, Sequence[str]] = {
    "shop.example": ["google-site-verification=abc", "v=spf1 include:_spf.mailer.example -all"],
    "s1._domainkey.shop.example": [KEY],
    "_dmarc.shop.example": ["v=DMARC1; p=quarantine; rua=mailto:d@shop.example"],
}
SIGNED = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example; s=s1; h=from:to; bh=abc=; b=def="
RESULTS = "mx.receiver.example; dkim=pass header.d=shop.example; spf=pass smtp.mailfrom=shop.example; dmarc=pass"


def records(check: Authentication, known: Mapping[str, Sequence[str]], **more: Any) -> Finding:
    with name_server(known) as server:
        return ask(check, NOWHERE, resolvers=(server,), **more)


def domain(**settings: Any) -> Authentication:
    return Authentication.model_validate({"domain": "shop.example", "selectors": ["s1"], **settings})


@pytest.mark.parametrize(
    ("known", "outcome", "told"),
    [
        ({}, Outcome.PASSED, ""),
        ({"shop.example": ["v=spf1 mx ~all"]}, Outcome.PASSED, ""),
        ({"shop.example": ["v=spf1 redirect=_spf.mailer.example"]}, Outcome.PASSED, ""),
        ({"shop.example": ["our v=spf1 record is explained on the wiki"]}, Outcome.FAILED, "no record"),
        ({"shop.example": ["v=spf1 mx -all", "v=spf1 a -all"]}, Outcome.FAILED, "2 records: receivers take that for"),
        ({"shop.example": ["v=spf1 +all"]}, Outcome.FAILED, "everybody may send"),
        ({"shop.example": ["v=spf1 mx ?all"]}, Outcome.WARNED, "forbids nobody"),
        ({"shop.example": ["v=spf1 mx"]}, Outcome.WARNED, "no `all`"),
        ({"s1._domainkey.shop.example": []}, Outcome.FAILED, "s1._domainkey.shop.example: no key"),
        ({"s1._domainkey.shop.example": ["v=DKIM1; p="]}, Outcome.FAILED, "revoked"),
        ({"_dmarc.shop.example": []}, Outcome.FAILED, "_dmarc.shop.example: no record"),
        ({"_dmarc.shop.example": ["v=DMARC1; rua=mailto:x@y.z"]}, Outcome.FAILED, "no policy"),
        ({"_dmarc.shop.example": ["v=DMARC1; p=none"]}, Outcome.PASSED, ""),
    ],
)
def test_the_records_of_a_domain(known: Mapping[str, Sequence[str]], outcome: Outcome, told: str) -> None:
    finding = records(domain(), {name: texts for name, texts in {**RIGHT, **known}.items() if texts})
    assert finding.outcome is outcome, finding.message
    assert told in finding.message
    assert "no receiving server" in finding.weak


def test_the_policy_may_stand_above() -> None:
    known = {"mail.shop.example" if name == "shop.example" else name: texts for name, texts in RIGHT.items()}
    known["s1._domainkey.mail.shop.example"] = [KEY]
    assert records(domain(domain="mail.shop.example"), known).outcome is Outcome.PASSED


def test_without_a_selector_the_key_cannot_be_found() -> None:
    finding = records(domain(selectors=[]), RIGHT)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "name one under `selectors`" in finding.message


def test_a_name_server_that_does_not_tell_is_no_failure() -> None:
    with name_server(RIGHT, broken=True) as server, pytest.raises(Inconclusive, match="no name server told"):
        ask(domain(), NOWHERE, resolvers=(server,))


class Read(Check):
    """mail.auth, when mail.delivery has brought a message."""

    id: ClassVar[str] = "test.read"
    message: Message | None

    async def run(self, ctx: CheckContext) -> Finding:
        async def letter() -> Letter:
            made = Letter()
            made.begun.set()
            made.message.set_result(self.message)
            return made

        await ctx.once("mail.delivery", letter)
        return await Authentication().run(ctx)


def message(**headers: str) -> Message:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Message(
        id="1",
        sender="hello@shop.example",
        recipients=("smoke@receiver.example",),
        subject="Hi",
        text="Authentication-Results: spf=fail, they say",
        html="",
        received=datetime.now(UTC),
        headers=names,
    )


@pytest.mark.parametrize(
    ("headers", "outcome", "told"),
    [
        ({"dkim_signature": SIGNED, "authentication_results": RESULTS}, Outcome.PASSED, ""),
        ({"dkim_signature": SIGNED}, Outcome.PASSED, ""),
        ({"authentication_results": RESULTS}, Outcome.FAILED, "no DKIM signature"),
        (
            {"dkim_signature": SIGNED, "authentication_results": RESULTS.replace("spf=pass", "spf=softfail")},
            Outcome.FAILED,
            "Authentication-Results, spf: softfail, wanted pass",
        ),
        (
            {
                "dkim_signature": SIGNED,
                "authentication_results": f"{RESULTS.partition('; dmarc')[0]}\nforged.example; dmarc=fail",
            },
            Outcome.PASSED,
            "",
        ),
        ({"dkim_signature": SIGNED.replace("s=s1", "s=s2")}, Outcome.FAILED, "s2._domainkey.shop.example: no key"),
        (
            {"dkim_signature": SIGNED.replace("d=shop.example", "d=mailer.example"), "authentication_results": RESULTS},
            Outcome.FAILED,
            "s1._domainkey.mailer.example: no key",
        ),
    ],
    ids=["verified", "signed", "unsigned", "softfail", "only the first counts", "another selector", "another signer"],
)
def test_the_head_of_a_message(headers: dict[str, str], outcome: Outcome, told: str) -> None:
    with name_server(RIGHT) as server:
        finding = ask(Read(message=message(**headers)), NOWHERE, resolvers=(server,))
    assert finding.outcome is outcome, finding.message
    assert told in finding.message
    assert bool(finding.weak) is ("authentication_results" not in headers)


def test_without_a_message_or_a_domain_it_is_skipped() -> None:
    with pytest.raises(NotReached, match="brought none"):
        ask(Read(message=None), NOWHERE)
