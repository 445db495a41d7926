"""Payment with localstripe as API, webhook and 3-D Secure peer: green, and red where the shop is broken."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.apps.lab.hosting import hosted, place_of
from tests.apps.payment.shop import FAULTS, WEBHOOK_SECRET, PaymentShop, is_from_stripe
from tests.conftest import Ran, Smoke

FLOWS = Path(__file__).parent / "payment" / "payment.yaml"
BODY = b'{"type": "payment_intent.succeeded"}'

# Which flows a fault turns red; all others stay green.
RED = {"webhook-ignored": {"paid", "confirmed"}, "decline-hidden": {"declined"}, "refusal-hidden": {"refused"}}


@pytest.fixture(scope="module")
def stripe() -> Iterator[str]:
    with hosted("localstripe"):
        # Another host than the shop's, as Stripe is.
        yield place_of("localstripe").url.replace("127.0.0.1", "localhost")


def replay(smoke: Smoke, home: Path, shop: PaymentShop, *, allow: bool = True) -> Ran:
    hosts = f"\n        allow_hosts: ['{urlsplit(shop.stripe).netloc}']" if allow else " {}"
    config = home / "smokerunner.yaml"
    config.write_text(f"apps:\n  payment:\n    environments:\n      local:{hosts}\n")
    return smoke("run", FLOWS, "--base-url", shop.base_url, "--pictures", "failure", "--trace", "off", "--quiet")


def bad(ran: Ran) -> dict[str, str]:
    return {flow.name: str(flow.outcome) for flow in ran.run.flows if flow.outcome != "passed"}


@pytest.mark.apps
@pytest.mark.e2e
def test_cards_are_taken_declined_confirmed_and_refused(smoke: Smoke, home: Path, stripe: str) -> None:
    with PaymentShop(stripe) as shop:
        ran = replay(smoke, home, shop)
        assert (ran.exit_code, bad(ran)) == (0, {}), ran.out
        # Of each run two are declined or refused, and the two others were cleaned up.
        assert sorted(order.status for order in shop.orders.values()) == ["failed", "waiting"]


@pytest.mark.apps
@pytest.mark.e2e
@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_shop_is_seen(smoke: Smoke, home: Path, stripe: str, fault: str) -> None:
    with PaymentShop(stripe, fault) as shop:
        ran = replay(smoke, home, shop)
    assert (ran.exit_code, bad(ran)) == (1, dict.fromkeys(RED[fault], "failed")), ran.out


@pytest.mark.apps
@pytest.mark.e2e
def test_a_card_goes_to_no_host_that_is_not_allowed(smoke: Smoke, home: Path, stripe: str) -> None:
    with PaymentShop(stripe) as shop:
        ran = replay(smoke, home, shop, allow=False)
        assert ran.exit_code == 3
        assert set(bad(ran).values()) == {"inconclusive"}
        assert "allow_hosts does not name" in ran.out
        assert shop.orders == {}


@pytest.mark.apps
def test_a_webhook_that_is_not_signed_changes_nothing(stripe: str) -> None:
    with PaymentShop(stripe) as shop:
        answer = httpx.post(f"{shop.base_url}/webhook", content=BODY, headers={"Stripe-Signature": "t=1,v1=abc"})
    assert answer.status_code == 400


def test_the_signature_is_stripes() -> None:
    at = int(time.time())
    digest = hmac.new(WEBHOOK_SECRET.encode(), f"{at}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert is_from_stripe(f"t={at},v1={digest}", BODY, at + 299)
    assert is_from_stripe(f"t={at},v1=older,v1={digest},v0=test", BODY, at)
    assert not is_from_stripe(f"t={at},v1={digest}", BODY, at + 301)
    assert not is_from_stripe(f"t={at},v1={digest}", BODY + b" ", at)
    assert not is_from_stripe(f"t={at + 1},v1={digest}", BODY, at)
    assert not is_from_stripe("", BODY, at)


@pytest.mark.parametrize("check", ["validate", "lint", "format"])
def test_the_flow_file_is_well_kept(smoke: Smoke, check: str) -> None:
    ran = smoke(check, FLOWS, *(["--check"] if check == "format" else []))
    assert ran.exit_code == 0, ran.out + ran.err
