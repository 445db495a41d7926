from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from smokerunner.model.secret import Secrets, forms

VALUE = "pä\"ss'w<rd>&/+ %1"


@pytest.mark.parametrize(
    "text",
    [
        VALUE,
        quote(VALUE),
        quote(VALUE, safe=""),
        quote_plus(VALUE),
        quote(VALUE).lower(),
        html.escape(VALUE),
        json.dumps({"password": VALUE}),
        json.dumps({"password": VALUE}, ensure_ascii=False),
        json.dumps({"body": json.dumps({"password": VALUE})}),
    ],
)
def test_every_form_is_masked(text: str) -> None:
    secrets = Secrets({"PASSWORD": VALUE})
    assert secrets.reveals(text)
    assert "***PASSWORD***" in secrets.scrub(text)
    assert not secrets.reveals(secrets.scrub(text))
    assert secrets.found_in(text.encode())
    assert not secrets.found_in(secrets.scrub_bytes(text.encode()))


@pytest.mark.parametrize("lead", range(5))
@pytest.mark.parametrize("tail", range(3))
def test_base64_is_found_at_every_alignment(lead: int, tail: int) -> None:
    secrets = Secrets({"PASSWORD": VALUE})
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(b"u" * lead + VALUE.encode() + b":" * tail).decode()
        assert secrets.found_in(f"Authorization: Basic {text}".encode())


def test_short_and_weak_values_are_masked_by_field_only() -> None:
    secrets = Secrets({"PIN": "1234", "WORD": "password"}, weak=frozenset({"WORD"}))
    assert secrets.scrub("1234") == "***"
    assert secrets.scrub("it took 12345 ms, password forgotten") == "it took 12345 ms, password forgotten"
    assert secrets.scrub("password") == "***"


def test_a_one_time_link_is_masked_in_its_parts_too() -> None:
    secrets = Secrets()
    secrets.add_one_time("link", "https://shop.test/reset/Zm9vYmFyYmF6cXV4?email=smoke%2B1234567890@example.test")
    assert "Zm9v" not in secrets.scrub("GET /reset/Zm9vYmFyYmF6cXV4 200")
    assert "1234567890" not in secrets.scrub('{"email": "smoke+1234567890@example.test"}')
    assert secrets.scrub("https://shop.test/login") == "https://shop.test/login"


def test_without_secrets_nothing_changes() -> None:
    secrets = Secrets()
    assert secrets.scrub("text") == "text"
    assert not secrets.found_in(b"\0\xff")


def test_forms_are_never_so_short_that_they_occur_by_chance() -> None:
    assert min(map(len, forms("12345678"))) >= 8


def test_bytes_that_are_not_text_survive() -> None:
    secrets = Secrets({"PASSWORD": VALUE})
    data = bytes(range(256))
    assert secrets.scrub_bytes(data) == data
