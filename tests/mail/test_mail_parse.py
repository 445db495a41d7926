"""Messages as apps really send them, broken ones included."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from smokerunner.mail.parse import parse_bytes
from smokerunner.model.mail import Message

NOW = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)


def parse(raw: bytes, *recipients: str) -> Message:
    return parse_bytes(raw, message_id="1", received=NOW, recipients=recipients)


def test_a_full_message() -> None:
    mail = EmailMessage()
    mail["From"] = "Acorn – Shop <Shop@App.Test>"
    mail["To"] = "Änn Example <Smoke+7F3A@Example.test>, second@example.test"
    mail["Cc"] = "third@example.test"
    mail["Subject"] = "Passwort zurücksetzen ✓ for a subject that is so long that it must be folded on the way"
    mail["X-Release"] = "57"
    mail.set_content("Grüße\nzweite Zeile\n")
    mail.add_alternative("<p>Grüße</p>", subtype="html")
    mail.add_attachment("not this text", filename="terms.txt")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="invoice.pdf")
    message = parse(mail.as_bytes())
    assert message.sender == "shop@app.test"
    assert message.recipients == ("smoke+7f3a@example.test", "second@example.test", "third@example.test")
    assert message.subject == mail["Subject"]
    assert message.text == "Grüße\nzweite Zeile\n"
    assert message.html.strip() == "<p>Grüße</p>"
    assert message.headers["x-release"] == "57"
    assert message.received == NOW


def test_the_envelope_goes_before_the_headers() -> None:
    raw = b"From: a@x.test\r\nTo: list@x.test\r\n\r\nhi"
    assert parse(raw, "Bcc@X.test", "bcc@x.test").recipients == ("bcc@x.test",)


def test_recipients_are_found_in_delivery_headers() -> None:
    raw = (
        b"To: undisclosed-recipients:;\r\nDelivered-To: one@x.test\r\nDelivered-To: two@x.test\r\n"
        b"X-Original-To: Three@x.test\r\nBcc: four@x.test\r\n\r\n"
    )
    assert set(parse(raw).recipients) == {"one@x.test", "two@x.test", "three@x.test", "four@x.test"}


def test_a_repeated_header_keeps_all_its_values() -> None:
    assert parse(b"Received: from b\r\n by a\r\nReceived: from c\r\n\r\n").headers["received"] == "from b by a\nfrom c"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Subject: =?utf-8?Q?R=C3=A9initialiser?= =?utf-8?Q?_le?= mot", "Réinitialiser le mot"),
        (b"Subject: =?iso-8859-1?b?6Q==?=", "é"),
        (b"Subject: =?no-such-charset?q?h=C3=A9?=", "hé"),
        (b"Subject: =?utf-8?b?abcde?=", "=?utf-8?b?abcde?="),
        (b"Subject: =?utf-8?q?broken=FFbyte?=", "broken\N{REPLACEMENT CHARACTER}byte"),
        ("Subject: rohes UTF-8 für alle".encode(), "rohes UTF-8 für alle"),
        ("Subject: rohes Latin-1 für alle".encode("latin-1"), "rohes Latin-1 für alle"),
        (b"Subject: folded\r\n  line", "folded line"),
        (b"X: y", ""),
    ],
)
def test_subjects(raw: bytes, subject: str) -> None:
    assert parse(raw + b"\r\n\r\n").subject == subject


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        (b"text/plain; charset=iso-8859-15", "Preis 5 €".encode("iso-8859-15"), "Preis 5 €"),
        (b"text/plain; charset=utf-8", b"broken \xe9", "broken \N{REPLACEMENT CHARACTER}"),
        (b"text/plain; charset=no-such", "hé".encode(), "hé"),
        (b"text/plain; charset=hex", b"ab", "ab"),
        (b"text/plain; charset=undefined", b"ab", "ab"),
        (b"text/plain; charset=a\x00b", b"ab", "ab"),
        (b'text/plain; charset="', "hé".encode("latin-1"), "hé"),
        (b"text/plain", "hé".encode(), "hé"),
        (b"nonsense", b"read as text", "read as text"),
    ],
)
def test_charset_trouble_never_raises(content_type: bytes, body: bytes, text: str) -> None:
    raw = b"Content-Type: " + content_type + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body
    assert parse(raw).text == text


def test_a_forwarded_message_is_not_part_of_the_text() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("inner")
    outer.set_content("outer")
    outer.add_attachment(inner)
    assert parse(outer.as_bytes()).text == "outer\n"


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"no header at all", b"\xff\xfe", b"Content-Type: multipart/mixed\r\n\r\nx"]
)
def test_rubbish_is_a_message_too(raw: bytes) -> None:
    assert parse(raw).subject == ""


def test_no_mixture_of_header_pieces_raises() -> None:
    dice = random.Random(7)
    names = ["To", "From", "Content-Type", "Content-Disposition", "Subject", "Message-ID", "Content-Transfer-Encoding"]
    pieces = ["text/plain", ";", " charset=", "utf-8", '"', "*", "''", "%", "=?utf-8?q?", "=?x?b?", "?=", "<", ">", "@"]
    pieces += ["a", "b.c", ",", ":", "(", ")", "[", "]", "\\u", " ", "\t", "name*0*=", "\xff", "multipart/mixed"]
    pieces += ["boundary=", "é", "base64", "quoted-printable", "\x00", "\r\n "]
    for _ in range(3000):
        headers = (f"{dice.choice(names)}: {''.join(dice.choices(pieces, k=dice.randrange(9)))}" for _ in range(3))
        parse(("\r\n".join(headers) + "\r\n\r\nbody =C3 é").encode("latin-1"))
