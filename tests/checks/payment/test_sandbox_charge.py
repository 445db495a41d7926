"""`pay.sandbox-charge` against a provider that answers as Stripe documents it.

The PaymentIntent and the decline are cut from Stripe's API reference (POST /v1/payment_intents, errors), the cards are
those of its page on testing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from smokerunner.checks.payment.sandbox import SandboxCharge
from smokerunner.checks.presets import PRESETS
from smokerunner.model.check import Finding, Silence
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.template import Template
from tests.checks.bench import Asked, Reply, SmallSite, ask, serving

# Put together here, so that nobody takes them for keys that leaked.
SK_TEST, SK_LIVE = "sk_" + "test_4eC39HqLyjWDarjtT1zdp7dc", "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
RK_TEST, RK_LIVE = "rk_" + "test_4eC39HqLyjWDarjtT1zdp7dc", "rk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
INTENT = {
    "id": "pi_3MtwBwLkdIwHu7ix28a3tqPa",
    "object": "payment_intent",
    "amount": 100,
    "amount_received": 100,
    "currency": "usd",
    "latest_charge": "ch_3MtwBwLkdIwHu7ix0lrdsVzW",
    "livemode": False,
    "payment_method_types": ["card"],
    "status": "succeeded",
}
DECLINE = {
    "error": {
        "charge": "ch_3MtwBwLkdIwHu7ix0lrdsVzW",
        "code": "card_declined",
        "decline_code": "generic_decline",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card was declined.",
        "payment_intent": {**INTENT, "status": "requires_payment_method"},
        "type": "card_error",
    }
}
NO_KEY = {"error": {"message": f"Invalid API Key provided: {SK_TEST}", "type": "invalid_request_error"}}
TOO_LITTLE = {
    "error": {
        "code": "amount_too_small",
        "message": "Amount must be at least $0.50 usd",
        "param": "amount",
        "type": "invalid_request_error",
    }
}
NO_3DS = {**INTENT, "status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}
EXPIRED = {"error": {"code": "expired_card", "message": "Your card has expired.", "type": "card_error"}}


def said(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body), type="application/json")


PAID, DECLINED = said(200, INTENT), said(402, DECLINE)


def stripe(good: Reply = PAID, bad: Reply = DECLINED) -> Callable[[Asked], Reply | None]:
    def answer(asked: Asked) -> Reply | None:
        if (asked.method, asked.path) != ("POST", "/v1/payment_intents"):
            return None
        return good if parse_qs(asked.body.decode())["payment_method"] == ["pm_card_visa"] else bad

    return answer


def charge(provider: SmallSite, key: str = SK_TEST, *, production: bool = False, **settings: Any) -> Finding:
    check = SandboxCharge.model_validate({"url": provider.base_url, "key": "sk_test_", **settings})
    return ask(check.model_copy(update={"key": Template.literal(key)}), "http://127.0.0.1:9", production=production)


@pytest.mark.parametrize("key", [SK_TEST, RK_TEST])
def test_one_card_is_charged_and_the_other_declined(key: str) -> None:
    with serving(stripe()) as provider:
        finding = charge(provider, key, currency="EUR", amount=250)
    assert (finding.outcome, finding.message) == (Outcome.PASSED, "")
    assert [parse_qs(asked.body.decode()) for asked in provider.asked] == [
        {
            "amount": ["250"],
            "currency": ["eur"],
            "payment_method": [card],
            "payment_method_types[]": ["card"],
            "confirm": ["true"],
            "metadata[smokerunner]": ["bench"],
        }
        for card in ("pm_card_visa", "pm_card_visa_chargeDeclined")
    ]
    assert {asked.headers["authorization"] for asked in provider.asked} == {f"Bearer {key}"}
    assert key not in repr(finding)


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (said(401, NO_KEY), DECLINED, "does not accept this key"),
        (said(400, TOO_LITTLE), DECLINED, 'code "amount_too_small", message "Amount must be at least $0.50 usd"'),
        (DECLINED, DECLINED, 'code "card_declined", message "Your card was declined.", wanted 200, status succeeded'),
        (said(200, NO_3DS), DECLINED, 'status "requires_action": this card wants 3-D Secure'),
        (said(200, {**INTENT, "status": "processing"}), DECLINED, 'status "processing", wanted status "succeeded"'),
        (said(200, {**INTENT, "livemode": True}), DECLINED, "livemode: true, wanted false: no real money"),
        (said(200, {"id": 1}), DECLINED, "wanted 200, status succeeded"),
        (PAID, PAID, 'pm_card_visa_chargeDeclined: 200, status "succeeded": this card was not declined'),
        (PAID, said(402, EXPIRED), 'code "expired_card"'),
        (PAID, said(400, DECLINE), "wanted 402, error.code card_declined"),
        (PAID, said(402, {"error": "declined"}), "wanted 402, error.code card_declined"),
    ],
)
def test_payments_that_go_wrong(good: Reply, bad: Reply, told: str) -> None:
    with serving(stripe(good, bad)) as provider:
        finding = charge(provider)
    assert finding.outcome is Outcome.FAILED
    assert told in finding.message
    assert SK_TEST not in repr(finding)


@pytest.mark.parametrize(
    ("good", "told"),
    [
        (said(429, {"error": {"code": "rate_limit"}}), "429 application/json"),
        (said(500, {"error": {"type": "api_error"}}), "500 application/json"),
        (Reply(200, "<h1>succeeded</h1>"), "is this the provider's API?"),
        (said(200, ["succeeded"]), "JSON that is no object"),
        (Reply(404, "<h1>Not found</h1>"), "is this the provider's API?"),
    ],
)
def test_a_provider_that_does_not_get_to_it(good: Reply, told: str) -> None:
    with serving(stripe(good)) as provider, pytest.raises(Inconclusive) as raised:
        charge(provider)
    assert told in str(raised.value)


def test_a_provider_that_is_not_there() -> None:
    with serving(stripe()) as provider:
        pass
    with pytest.raises(Silence, match="connection refused"):
        charge(provider)


@pytest.mark.parametrize("effects", [None, "none"])
@pytest.mark.parametrize(
    ("key", "told"),
    [
        (SK_LIVE, "sk_live_… is a live key"),
        (RK_LIVE, "rk_live_… is a live key"),
        ("pk_test_TYooMQauvdEDq54NiTphI7jx", "only test keys are used here"),
        ("", "only test keys are used here"),
    ],
)
def test_only_test_keys_are_used(key: str, told: str, effects: str | None) -> None:
    with serving(stripe()) as provider, pytest.raises(Inconclusive, match=told):
        charge(provider, key, effects=effects)
    assert provider.asked == []


@pytest.mark.parametrize("wrong", [{"key": SK_LIVE}, {"key": RK_LIVE}, {}, {"key": SK_TEST, "amount": 0}])
def test_settings_that_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SandboxCharge.model_validate(wrong)


def test_nothing_is_paid_on_production_unless_it_was_said() -> None:
    with serving(stripe()) as provider:
        with pytest.raises(Inconclusive, match="was not sent on production"):
            charge(provider, production=True)
        assert provider.asked == []
        assert charge(provider, production=True, effects="none").outcome is Outcome.PASSED


def test_no_preset_pays() -> None:
    assert all("pay.sandbox-charge" not in preset for preset in PRESETS.values())
