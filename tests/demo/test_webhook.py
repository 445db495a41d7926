"""The shop believes what the card provider has signed, and nothing else."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from smokerunner.demo.server import Acorn
from smokerunner.demo.webhook import HEADER, is_signed, sign

BODY = b'{"paid": true}'


def test_a_signature_fits_one_body_one_secret_and_five_minutes() -> None:
    header = sign("secret", BODY, 1000.9)
    assert header.startswith("t=1000,v1=")
    assert is_signed("secret", header, BODY, 1299)
    assert not is_signed("secret", header, BODY, 1301)
    assert not is_signed("secret", header, BODY, 600)
    assert not is_signed("other", header, BODY, 1000)
    assert not is_signed("secret", header, b'{"paid": false}', 1000)
    assert not is_signed("secret", header.replace("t=1000", "t=1001"), BODY, 1000)


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=²,v1=x", "v1=x", "t=1000", "t=1000,v1=é"])
def test_what_is_no_signature_is_refused(header: str) -> None:
    assert not is_signed("secret", header, BODY, 1000)


def test_the_shop_refuses_what_is_not_signed_by_its_provider() -> None:
    body = json.dumps({"payment": "guessed", "paid": True}).encode()
    with Acorn(1) as shop:
        for header in ("", sign("guessed", body, time.time())):
            answer = httpx.post(f"{shop.base_url}/payments/webhook", content=body, headers={HEADER: header})
            assert answer.status_code == 403
