"""`pay.key-mode` on pages with keys, and `pay.gateway` against a provider that answers as Stripe documents it.

The balance is the example of Stripe's API reference (GET /v1/balance), the error that of its page on errors.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from smokerunner.checks.payment.gateway import Gateway
from smokerunner.checks.payment.mode import KeyMode
from smokerunner.model.check import Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template
from tests.checks.bench import Asked, Reply, ask, serving

PK_TEST, PK_LIVE = "pk_test_TYooMQauvdEDq54NiTphI7jx", "pk_live_9sDf2kLmQwErTyUiOpAsDfGh"
# Put together here, so that nobody takes them for keys that leaked.
SK_TEST, SK_LIVE = "sk_" + "test_4eC39HqLyjWDarjtT1zdp7dc", "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
RK_LIVE = "rk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"
WHSEC = "wh" + "sec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DOCUMENTATION = "<code>sk_live_xxxxxxxxxxxxxxxxxxxxxxxx</code> <code>pk_live_...</code> <code>whsec_…</code>"


def mode(page: str, scripts: dict[str, str] | None = None, *, production: bool = True, **settings: Any) -> Finding:
    answers = {"/checkout": Reply(body=page)}
    answers |= {path: Reply(body=code, type="text/javascript") for path, code in (scripts or {}).items()}
    with serving(answers) as site:
        return ask(KeyMode.model_validate({"path": "/checkout", **settings}), site.base_url, production=production)


@pytest.mark.parametrize(
    ("page", "production", "outcome", "severity", "told"),
    [
        (PK_LIVE, True, Outcome.PASSED, None, ""),
        (PK_TEST, False, Outcome.PASSED, None, ""),
        (PK_TEST, True, Outcome.FAILED, None, "no money arrives"),
        (PK_LIVE, False, Outcome.FAILED, None, "real money"),
        (f"{PK_LIVE} {PK_TEST}", True, Outcome.WARNED, None, "no money arrives"),
        (f"{PK_LIVE} {SK_LIVE}", True, Outcome.FAILED, Severity.CRITICAL, "a secret key that everybody can read"),
        (f"{PK_LIVE} {RK_LIVE}", True, Outcome.FAILED, Severity.CRITICAL, "a restricted key"),
        (f"{PK_LIVE} {WHSEC}", True, Outcome.FAILED, Severity.CRITICAL, "a webhook key"),
        (f"{PK_LIVE} {DOCUMENTATION}", True, Outcome.PASSED, None, ""),
        ("rzp_live_ILgsfZCZoFIKMb", True, Outcome.PASSED, None, ""),
        ("rzp_test_ILgsfZCZoFIKMb", True, Outcome.FAILED, None, "no money arrives"),
    ],
)
def test_the_keys_of_the_checkout(
    page: str, production: bool, outcome: Outcome, severity: Severity | None, told: str
) -> None:
    finding = mode(f"<script>pay('{page}')</script>", production=production)
    assert (finding.outcome, finding.severity) == (outcome, severity)
    assert told in finding.message
    assert "4eC39" not in repr(finding)


def test_keys_are_looked_for_in_the_apps_own_scripts() -> None:
    page = '<link rel="modulepreload" href="/build/pay.js"><script src="https://js.stripe.com/v3/"></script>'
    finding = mode(page, {"/build/pay.js": f'const key="{PK_TEST}"'})
    assert finding.outcome is Outcome.FAILED
    assert "/build/pay.js: pk_test_…I7jx" in finding.message


@pytest.mark.parametrize("page", ["<h1>Your cart is empty</h1>", DOCUMENTATION])
def test_without_a_key_nothing_can_be_told(page: str) -> None:
    with pytest.raises(Inconclusive, match="no publishable key"):
        mode(page)


def test_the_page_may_need_a_cookie() -> None:
    with serving(lambda asked: Reply(302, headers={"location": "/cart"})) as site, pytest.raises(Inconclusive) as said:
        ask(KeyMode(path=Template("/checkout")), site.base_url)
    assert "give under `headers`" in str(said.value)


BALANCE = {
    "object": "balance",
    "available": [{"amount": 666670, "currency": "usd", "source_types": {"card": 666670}}],
    "livemode": False,
    "pending": [{"amount": 61414, "currency": "usd", "source_types": {"card": 61414}}],
}
REFUSED = {"error": {"message": "Invalid API Key provided", "type": "invalid_request_error"}}


def stripe(asked: Asked) -> Reply:
    right = asked.headers.get("authorization") == f"Bearer {SK_TEST}"
    return Reply(200 if right else 401, json.dumps(BALANCE if right else REFUSED), type="application/json")


def gateway(key: str | None, **settings: Any) -> Finding:
    with serving(stripe) as provider, serving({}) as app:
        check = Gateway.model_validate({"url": f"{provider.base_url}/v1/balance", **settings})
        check = check.model_copy(update={"key": Template.literal(key) if key else None})
        return ask(check, app.base_url)


@pytest.mark.parametrize(
    ("key", "settings", "outcome", "told"),
    [
        (SK_TEST, {}, Outcome.PASSED, ""),
        (SK_TEST, {"livemode": False}, Outcome.PASSED, ""),
        (SK_TEST, {"livemode": True}, Outcome.FAILED, "$.livemode: false, wanted true"),
        (SK_TEST, {"json": {"$.object": "balance"}}, Outcome.PASSED, ""),
        (SK_TEST[:-1], {}, Outcome.FAILED, "does not accept this key"),
        (RK_LIVE, {}, Outcome.FAILED, "does not accept this key"),
        (None, {}, Outcome.FAILED, "401"),
    ],
)
def test_the_provider_answers(key: str | None, settings: dict[str, Any], outcome: Outcome, told: str) -> None:
    finding = gateway(key, **settings)
    assert finding.outcome is outcome, finding.message
    assert told in finding.message


def test_a_provider_that_is_not_there() -> None:
    with serving({}) as site:
        gone = site.base_url
    finding = ask(Gateway.model_validate({"url": gone}), gone)
    assert finding.outcome is Outcome.FAILED
    assert "connection refused" in finding.message


def test_a_live_key_is_not_used() -> None:
    with pytest.raises(Inconclusive, match="is a live key: with it, money can be moved"):
        gateway(SK_LIVE)
    with pytest.raises(ValidationError, match="a key is no setting"):
        Gateway.model_validate({"key": SK_LIVE})
