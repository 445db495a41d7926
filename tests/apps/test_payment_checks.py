"""`pay.gateway` and `pay.sandbox-charge` against localstripe, which knows Stripe's API but no real card."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smokerunner.checks.payment.gateway import Gateway
from smokerunner.checks.payment.sandbox import SandboxCharge
from smokerunner.model.outcome import Outcome
from tests.apps.lab.hosting import hosted, place_of
from tests.checks.bench import ask

KEY = "sk_test_12345"
# localstripe declines this card when it is charged; pm_card_visa_chargeDeclined only when it is put by for a customer.
BAD = "pm_card_chargeCustomerFail"
NOWHERE = "http://127.0.0.1:9"
pytestmark = pytest.mark.apps


@pytest.fixture(scope="module")
def stripe() -> Iterator[str]:
    with hosted("localstripe"):
        yield place_of("localstripe").url


@pytest.mark.parametrize(("key", "outcome"), [(KEY, Outcome.PASSED), ("rk_test_12345", Outcome.FAILED)])
def test_the_balance_is_read_with_a_key_that_is_known(stripe: str, key: str, outcome: Outcome) -> None:
    finding = ask(Gateway.model_validate({"url": f"{stripe}/v1/balance", "key": key, "livemode": False}), NOWHERE)
    assert finding.outcome is outcome, finding.message


@pytest.mark.parametrize(
    ("settings", "outcome", "told"),
    [
        ({}, Outcome.PASSED, ""),
        ({"key": "rk_test_12345"}, Outcome.FAILED, "does not accept this key"),
        ({"good": BAD}, Outcome.FAILED, 'code "card_declined"'),
        ({"bad": "pm_card_visa"}, Outcome.FAILED, "this card was not declined"),
        ({"good": "pm_card_nobody_has"}, Outcome.FAILED, "404 application/json"),
    ],
)
def test_one_card_is_charged_and_the_other_declined(
    stripe: str, settings: dict[str, str], outcome: Outcome, told: str
) -> None:
    finding = ask(SandboxCharge.model_validate({"url": stripe, "key": KEY, "bad": BAD, **settings}), NOWHERE)
    assert finding.outcome is outcome, finding.message
    assert told in finding.message
