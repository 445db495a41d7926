"""The provider's webhook, against an endpoint that verifies as Stripe's own library does.

The rule is that of stripe-python, `_webhook.py` (WebhookSignature.verify_header): HMAC-SHA256 of `{t}.{body}` with the
whole `whsec_…` secret, any of several v1, 300 s of tolerance. The statuses are those of laravel/cashier: 403 for a bad
signature, 200 "Webhook Handled", an empty 200 for types that it does not know, and Laravel's 419 behind CSRF.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from pydantic import ValidationError

from smokerunner.checks.payment.webhook import Signed, Stale, Unsigned
from smokerunner.model.check import Check, Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template
from tests.checks.bench import Asked, Reply, ask, serving

SECRET = "whsec_" + "Zm9yIHRlc3RzIG9ubHku" * 2
PATH = "/stripe/webhook"


def verified(asked: Asked, *, tolerance: float | None = 300) -> bool:
    """As WebhookSignature.verify_header does it."""
    pairs = [item.partition("=")[::2] for item in asked.headers.get("stripe-signature", "").split(",")]
    times = [value for key, value in pairs if key == "t"]
    if not times:
        return False
    payload = f"{times[0]}.{asked.body.decode()}".encode()
    digest = hmac.new(SECRET.encode(), payload, hashlib.sha256).hexdigest()
    right = any(key == "v1" and hmac.compare_digest(value, digest) for key, value in pairs)
    return right and (tolerance is None or int(times[0]) >= time.time() - tolerance)


def cashier(asked: Asked) -> Reply | None:
    if asked.method != "POST" or asked.path != PATH:
        return None
    return Reply(200, "Webhook Handled") if verified(asked) else Reply(403, '{"message": ""}', type="application/json")


def careless(asked: Asked) -> Reply | None:
    return Reply(200, "Webhook Handled") if verified(asked, tolerance=None) else Reply(403)


def found(check: Check, answers: Any, **more: Any) -> Finding:
    with serving(answers) as site:
        return ask(check, site.base_url, **more)


def with_secret(check: Check) -> Check:
    return check.model_copy(update={"secret": Template.literal(SECRET)})


def signed(**settings: Any) -> Check:
    return with_secret(Signed.model_validate({"secret": "${secrets.HOOK}", **settings}))


STALE = with_secret(Stale.model_validate({"secret": "${secrets.HOOK}"}))


@pytest.mark.parametrize("check", [Unsigned(), STALE, signed()], ids=lambda check: str(check.id))
def test_an_app_that_verifies_passes(check: Check) -> None:
    finding = found(check, cashier)
    assert finding.outcome is Outcome.PASSED, finding.message


@pytest.mark.parametrize(
    ("status", "outcome", "severity", "told"),
    [
        (200, Outcome.FAILED, None, "forged payments are accepted"),
        (204, Outcome.FAILED, None, "forged payments are accepted"),
        (400, Outcome.PASSED, None, ""),
        (401, Outcome.PASSED, None, ""),
        (404, Outcome.FAILED, Severity.HIGH, "no such route"),
        (405, Outcome.FAILED, Severity.HIGH, "takes no POST"),
        (419, Outcome.FAILED, Severity.HIGH, "behind CSRF"),
        (302, Outcome.FAILED, Severity.HIGH, "real ones are lost"),
        (429, Outcome.INCONCLUSIVE, None, ""),
        (500, Outcome.FAILED, Severity.HIGH, "real ones are lost"),
    ],
)
def test_what_an_unsigned_event_may_be_answered(
    status: int, outcome: Outcome, severity: Severity | None, told: str
) -> None:
    page = Reply(status, "<h1>Webhooks</h1><p>whsec_ and 403</p>")
    finding = found(Unsigned(), {PATH: page})
    assert (finding.outcome, finding.severity) == (outcome, severity)
    assert told in finding.message


@pytest.mark.parametrize("check", [Unsigned(), STALE], ids=lambda check: str(check.id))
def test_a_wall_that_refuses_everything_proves_nothing(check: Check) -> None:
    with pytest.raises(Inconclusive, match="refuses every POST"):
        found(check, lambda asked: Reply(403, "<h1>Request blocked</h1>"))


def test_events_that_were_recorded_are_refused() -> None:
    finding = found(STALE, careless)
    assert finding.outcome is Outcome.FAILED
    assert "recorded events can be sent again" in finding.message


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(403), "the app has another secret"),
        (Reply(419), "behind CSRF"),
        (Reply(404), "no such route"),
        (Reply(500), "500"),
    ],
)
def test_signed_events_are_taken(reply: Reply, told: str) -> None:
    finding = found(signed(), lambda asked: reply)
    assert finding.outcome is Outcome.FAILED
    assert told in finding.message


def test_a_page_for_every_post_proves_little() -> None:
    finding = found(signed(), lambda asked: Reply(200, "<h1>Shop</h1>"))
    assert finding.weak


def test_what_is_sent_is_inert() -> None:
    with serving(cashier) as site:
        ask(signed(), site.base_url)
        event = json.loads(site.asked[0].body)
    assert (event["type"], event["livemode"], event["data"]["object"]["livemode"]) == (
        "payment_intent.created",
        False,
        False,
    )


def test_nothing_signed_is_sent_to_production_unless_it_does_no_harm() -> None:
    with serving(cashier) as site:
        with pytest.raises(Inconclusive, match="was not sent on production"):
            ask(signed(), site.base_url, production=True)
        assert not site.asked
        assert ask(signed(effects="none"), site.base_url, production=True).outcome is Outcome.PASSED


@pytest.mark.parametrize("key", ["whsec_abcdefghijklmnopqrstuvwxyz", "sk_live_51Habcdefghijklm"])
def test_a_key_does_not_stand_in_the_file(key: str) -> None:
    with pytest.raises(ValidationError, match="a key is no setting"):
        Stale.model_validate({"secret": key})
