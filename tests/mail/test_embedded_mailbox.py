"""The embedded mailbox, filled by a real SMTP client."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from peers import send

from smokerunner.mail.embedded import EmbeddedMailbox, EmbeddedSettings
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Message


def all_of(mailbox: EmbeddedMailbox, since: datetime) -> list[Message]:
    return list(asyncio.run(mailbox.messages(since)))


def test_a_sent_message_is_there_at_once(embedded: EmbeddedMailbox) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "app@app.test", "ann@x.test", "Zurücksetzen ✓"
    mail.set_content("Grüße " * 400)
    mail.add_alternative('<a href="https://a.test/reset?t=1">Neues Passwort</a>', subtype="html")
    mail.add_attachment(b"\x00\xff" * 200_000, maintype="image", subtype="png", filename="x.png")
    start = datetime.now(UTC)
    with smtplib.SMTP("127.0.0.1", embedded.port) as client:
        client.send_message(mail)
    (message,) = all_of(embedded, start)
    assert (message.subject, message.sender, message.recipients) == ("Zurücksetzen ✓", "app@app.test", ("ann@x.test",))
    assert [(anchor.text, anchor.href) for anchor in message.anchors] == [
        ("Neues Passwort", "https://a.test/reset?t=1")
    ]
    assert start <= message.received <= datetime.now(UTC)
    assert message.body.startswith("Grüße Grüße")


def test_bcc_and_several_recipients_come_from_the_envelope(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    send(embedded.port, b"To: one@x.test\r\nSubject: s\r\n\r\n.dots\r\n", ["One@X.test", "hidden+tag@x.test"])
    for address in ("one@x.test", "HIDDEN+TAG@x.test"):
        (message,) = asyncio.run(embedded.messages_to(address, start))
        assert message.text == ".dots\n"
    for other in ("hidden@x.test", "x.test", "ne@x.test"):
        assert not asyncio.run(embedded.messages_to(other, start))


def test_eight_bit_and_broken_charsets_are_taken(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    send(embedded.port, b"Subject: a\r\nContent-Type: text/plain; charset=nope\r\n\r\nh\xc3\xa9 \xff\r\n", ["a@x.test"])
    send(embedded.port, "Subject: ü\r\n\r\nü\r\n".encode("latin-1"), ["a@x.test"])
    assert [message.subject for message in all_of(embedded, start)] == ["ü", "a"]


def test_lines_longer_than_smtp_allows_are_taken_whole(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    html = f"<p>{'x' * 200_000}</p>"
    send(embedded.port, f"Content-Type: text/html\r\n\r\n{html}\r\n".encode(), ["a@x.test"])
    (message,) = all_of(embedded, start)
    assert message.html.strip() == html


def test_an_app_that_logs_in_and_uses_an_unicode_address_is_welcome(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    with smtplib.SMTP("127.0.0.1", embedded.port) as client:
        client.login("any", "thing")
        client.sendmail("app@app.test", ["jürgen@x.test"], b"Subject: s\r\n\r\n", mail_options=["SMTPUTF8"])
    assert len(asyncio.run(embedded.messages_to("JÜRGEN@x.test", start))) == 1


def test_since_is_exact_and_newest_is_first(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    for number in range(3):
        send(embedded.port, f"Subject: {number}\r\n\r\n".encode(), ["a@x.test"])
    found = all_of(embedded, start)
    assert [message.subject for message in found] == ["2", "1", "0"]
    assert len({message.id for message in found}) == 3
    assert [message.subject for message in all_of(embedded, found[1].received)] == ["2", "1"]
    assert not all_of(embedded, found[0].received + timedelta(microseconds=1))


def test_two_hundred_messages_at_once_and_none_is_lost(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    with ThreadPoolExecutor(20) as pool:
        jobs = [
            pool.submit(
                send, embedded.port, f"Subject: {number}\r\n\r\nbody {number}\r\n".encode(), [f"u{number}@x.test"]
            )
            for number in range(200)
        ]
        for job in jobs:
            job.result()
    found = all_of(embedded, start)
    assert {message.subject for message in found} == {str(number) for number in range(200)}
    assert all(message.recipients == (f"u{message.subject}@x.test",) for message in found)
    assert found == sorted(found, key=lambda message: message.received, reverse=True)


def test_closing_ends_open_connections_and_frees_the_port() -> None:
    mailbox = EmbeddedSettings(port=0).open()
    with socket.create_connection(("127.0.0.1", mailbox.port)) as idle:
        assert idle.recv(100).startswith(b"220 ")
        asyncio.run(mailbox.close())
        idle.settimeout(5)
        assert _is_over(idle)
    again = EmbeddedSettings(port=mailbox.port).open()
    asyncio.run(again.close())


def _is_over(connection: socket.socket) -> bool:
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


def test_a_taken_port_is_named(embedded: EmbeddedMailbox) -> None:
    with pytest.raises(
        Unavailable, match=f"cannot listen for mail on 127.0.0.1:{embedded.port}: address already in use"
    ):
        EmbeddedSettings(port=embedded.port).open()


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(Unavailable, match=r"cannot listen for mail on no-such-host.invalid:0: "):
        EmbeddedSettings(host="no-such-host.invalid", port=0).open()
