from __future__ import annotations

import base64
import html
import json
import quopri
from collections.abc import Callable
from html.entities import codepoint2name
from string import ascii_letters
from urllib.parse import quote, quote_plus, urlencode

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


def _entities(text: str, spell: Callable[[int], str], *, kept: str = "") -> str:
    return "".join(sign if sign in kept else spell(ord(sign)) for sign in text)


def _named(text: str) -> str:
    return "".join(f"&{codepoint2name[ord(sign)]};" if ord(sign) in codepoint2name else sign for sign in text)


HARD = "kä\"o'n<4>7&/+ %1\\=ü?#;:{w}€"
LINES = "-----BEGIN KEY-----\nMIIEvQ+/abc\n-----END KEY-----"


@pytest.mark.parametrize(
    "value", [VALUE, HARD, LINES, '{"user": "bob", "pin": [1, 2]}', "zwölf Boxkämpfer", "äöüß+&=<>"]
)
@pytest.mark.parametrize(
    "spell",
    [
        lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
        lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: urlencode({"q": text}),
        lambda text: urlencode({"q": text.replace("\n", "\r\n")}),
        lambda text: _entities(text, lambda code: f"&#{code};"),
        lambda text: _entities(text, lambda code: f"&#x{code:x};"),
        lambda text: _entities(text, lambda code: f"&#X{code:04X};", kept=ascii_letters),
        _named,
        lambda text: html.escape(html.escape(text)),
        lambda text: html.escape(json.dumps(text)),
        lambda text: quote(json.dumps(text)),
        lambda text: json.dumps(text).replace("/", "\\/"),
        lambda text: json.dumps(json.dumps(json.dumps(text))),
        lambda text: _entities(text, lambda code: f"\\u{code:04x}"),
        lambda text: _entities(text, lambda code: f"\\u{{{code:X}}}", kept=ascii_letters),
        lambda text: _entities(text, lambda code: f"\\x{code:02x}" if code < 256 else chr(code)),
        lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'",
        repr,
        lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode().replace("=\n", ""),
        lambda text: " ".join(text.split()),
        lambda text: text.encode().hex(),
        lambda text: base64.b64encode(json.dumps({"p": text}).encode()).decode(),
        lambda text: quote(base64.b64encode(f"me:{text}".encode()).decode(), safe=""),
        lambda text: base64.urlsafe_b64encode(f"a{text}".encode()).decode(),
    ],
)  # fmt: skip
def test_every_escape_is_found_and_masked(value: str, spell: Callable[[str], str]) -> None:
    secrets = Secrets({"PASSWORD": value})
    text = f"before {spell(value)} after"
    clean = secrets.scrub(text)
    assert "***PASSWORD***" in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")
    assert not secrets.found_in(clean.encode())
    for data in (text.encode("utf-16"), text.encode("utf-16-be"), b"\x89\0\xff" + text.encode() + b"\0\xfe"):
        assert secrets.found_in(data)


@pytest.mark.parametrize("value", [VALUE, HARD, "sk-live-0123456789abcdefghijklmnopqrstuvwxyz"])
def test_the_beginning_of_a_secret_that_somebody_cut_is_masked(value: str) -> None:
    secrets = Secrets({"PASSWORD": value})
    for length in range(4, len(value)):
        for spell in (str, html.escape, json.dumps):
            text = f'<p title="{spell(value[:length])}'.rstrip('"').rstrip("\\") + "…"
            if not value[:length].isspace():
                assert value[:4] not in secrets.scrub(text), text
    assert secrets.scrub("pressed… and sk…") == "pressed… and sk…"


def test_json_stays_json_when_an_escape_stands_before_a_secret() -> None:
    secrets = Secrets({"PASSWORD": "nabc12345"})
    for text in ("x\nnabc12345", "x\\nabc12345", "\\nabc12345\\", '"nabc12345"'):
        assert "***PASSWORD***" in json.loads(secrets.scrub(json.dumps({"a": text})))["a"]


def test_the_longest_of_overlapping_secrets_gives_its_name() -> None:
    secrets = Secrets({"TOKEN": "tok3n-abcdefgh", "LINK": "https://a.test/tok3n-abcdefgh/x"})
    assert secrets.scrub("at https://a.test/tok3n-abcdefgh/x and tok3n-abcdefgh") == "at ***LINK*** and ***TOKEN***"


def test_text_without_a_secret_is_left_alone() -> None:
    secrets = Secrets({"A": VALUE, "B": HARD, "C": LINES, "D": "zwölf Boxkämpfer"})
    text = json.dumps({"html": html.escape("<p>Käse & Brot</p> …"), "url": quote("/ä?b=c+d")}) * 50
    assert secrets.scrub(text) == text
    data = text.encode()
    assert secrets.scrub_bytes(data) is data
