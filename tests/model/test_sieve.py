"""Thousands of secrets are found as a few are: the sieve lets nothing through that the long way would find."""

from __future__ import annotations

import random

import pytest

from smokerunner.model import secret
from smokerunner.model.secret import Secrets, forms
from smokerunner.model.sieve import Sieve


def many(number: int = 60) -> Secrets:
    """A password and so many links, each of which has many spellings."""
    found = Secrets({"PASSWORD": "a-Password-for-tests-7", "ODD": "Ärger & Söhne"})
    for index in range(number):
        token = f"{random.Random(index).getrandbits(160):040x}"
        found.add_one_time("link", f"https://shop.test/verify/{index}/{token}?signature={token[::-1]}")
    return found


KNOWN = many()


@pytest.mark.parametrize(
    "value", ["a-Password-for-tests-7", "Ärger & Söhne", f"{random.Random(7).getrandbits(160):040x}"]
)
def test_every_form_is_found_among_thousands(value: str) -> None:
    for form in forms(value):
        for data in (form.encode(), f"before {form} after".encode(), b"\0\x01" + form.encode() + b"\0"):
            assert KNOWN.found_in(data), form
    assert KNOWN.found_in(b"\0" + value.encode("utf-16-le") + b"\0\0")
    assert KNOWN.scrub(f"typed {value}").startswith("typed ***")
    assert KNOWN.scrub(f"typed {value[:6]}… and on").startswith("typed ***")


def test_many_are_masked_as_with_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    parts = [form for value in KNOWN.raw for form in sorted(forms(value))[:4]]
    texts = [
        " ".join((chance.choice(parts), "a word…", chance.choice(parts)[: chance.randint(3, 30)])) for _ in range(40)
    ]
    short = [KNOWN.scrub(text) for text in texts]
    monkeypatch.setattr(secret, "_FEW", 1 << 30)
    assert short == [KNOWN.scrub(text) for text in texts]


@pytest.mark.parametrize("at", [0, 1, 7, 8, (1 << 16) - 9, (1 << 16) - 4, 1 << 16, (1 << 17) - 3])
def test_a_text_is_caught_wherever_it_stands(at: int) -> None:
    sieve = Sieve()
    sieve.add(1, [b"needle-in-hay"])
    sieve.add(2, [b"short"])
    sieve.add(3, [b"needle-in-hat"])
    hay = bytearray(b"." * ((1 << 17) + 20))
    hay[at : at + 13] = b"needle-in-hay"
    assert sieve.caught(bytes(hay)) == {1}
    assert sieve.caught(bytes(hay) + b"short") == {1, 2}
    assert sieve.caught(b"") == sieve.caught(b"needle") == set()
