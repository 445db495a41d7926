"""The MailDev mailbox against a real MailDev."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeVar

import pytest
from maildev_server import Maildev
from peers import free_port, send

from smokerunner.mail.maildev import MaildevMailbox, MaildevSettings
from smokerunner.mail.settings import WrongSettings
from smokerunner.mail.waiting import wait_for
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Message

pytestmark = pytest.mark.maildev
Answer = TypeVar("Answer")


def ask(url: str, question: Callable[[MaildevMailbox], Awaitable[Answer]], **login: str) -> Answer:
    async def main() -> Answer:
        mailbox = MaildevSettings.model_validate({"url": url, **login}).open()
        try:
            return await question(mailbox)
        finally:
            await mailbox.close()

    return asyncio.run(main())


def arrived(server: Maildev, to: str, since: datetime) -> Message:
    return ask(
        server.url,
        lambda mailbox: wait_for(mailbox, to=to, accepts=lambda _: True, wanted="", since=since, timeout=10),
    )


def test_a_message_as_maildev_keeps_it(maildev: Maildev) -> None:
    start = datetime.now(UTC)
    raw = (
        "From: Acorn <App@App.test>\r\nTo: one+tag@x.test\r\nSubject: =?utf-8?q?R=C3=A9set?=\r\n"
        "Received: a\r\nReceived: b\r\nX-Release: 57\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhé\r\n"
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<a href='https://a.test/?a=1&amp;b=2'>Gö</a>\r\n--b--\r\n"
    ).encode()
    send(maildev.smtp, raw, ["One+Tag@x.test", "hidden@x.test"])
    message = arrived(maildev, "hidden@x.test", start)
    assert (message.sender, message.subject) == ("app@app.test", "Réset")
    assert message.recipients == ("one+tag@x.test", "hidden@x.test")
    assert message.text.strip() == "hé"
    assert [(anchor.text, anchor.href) for anchor in message.anchors] == [("Gö", "https://a.test/?a=1&b=2")]
    assert message.headers["x-release"] == "57"
    assert message.headers["received"] == "a\nb"
    assert start - timedelta(seconds=1) <= message.received <= datetime.now(UTC)
    assert arrived(maildev, "ONE+tag@x.test", start).id == message.id


def test_a_message_with_nothing_in_it(maildev: Maildev) -> None:
    start = datetime.now(UTC)
    send(maildev.smtp, b"\r\n", ["bare@x.test"])
    message = arrived(maildev, "bare@x.test", start)
    assert (message.sender, message.subject, message.text.strip(), message.html) == ("", "", "", "")


def test_a_date_header_without_fractions_is_not_too_early(maildev: Maildev) -> None:
    start = datetime.now(UTC).replace(microsecond=999_999)
    send(maildev.smtp, f"Date: {format_datetime(start)}\r\n\r\nx".encode(), ["second@x.test"])
    assert arrived(maildev, "second@x.test", start)


def test_what_comes_after_a_look_is_new_whatever_its_date_says(maildev: Maildev) -> None:
    async def question(mailbox: MaildevMailbox) -> Message:
        start = datetime.now(UTC)
        await mailbox.messages(start)
        raw = b"Date: Sun, 22 Nov 2020 20:00:00 +0100\r\nSubject: wrong clock\r\n\r\nx"
        await asyncio.to_thread(send, maildev.smtp, raw, ["clock@x.test"])
        return await wait_for(mailbox, to="clock@x.test", accepts=lambda _: True, wanted="", since=start, timeout=10)

    assert ask(maildev.url, question).subject == "wrong clock"


def test_a_date_in_the_future_does_not_make_an_old_message_new(maildev: Maildev) -> None:
    send(maildev.smtp, b"Date: Wed, 01 Jan 2094 20:00:00 +0000\r\n\r\nx", ["future@x.test"])

    async def question(mailbox: MaildevMailbox) -> int:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        await wait_for(mailbox, to="future@x.test", accepts=lambda _: True, wanted="", since=long_ago, timeout=10)
        return len(await mailbox.messages_to("future@x.test", datetime.now(UTC) + timedelta(seconds=1)))

    assert ask(maildev.url, question) == 0


def test_many_messages_are_all_listed_newest_first(maildev: Maildev) -> None:
    start = datetime.now(UTC)
    with smtplib.SMTP("127.0.0.1", maildev.smtp) as client:
        for number in range(120):
            client.sendmail("app@app.test", ["many@x.test"], f"Subject: {number}\r\n\r\nx".encode())
    subjects = [message.subject for message in ask(maildev.url, lambda box: box.messages_to("many@x.test", start))]
    assert subjects == [str(number) for number in reversed(range(120))]


def test_a_login_is_used_and_a_wrong_one_is_not_repeated(locked_maildev: Maildev) -> None:
    since = datetime.now(UTC)
    assert ask(locked_maildev.url, lambda box: box.messages(since), user="qa", password="s3cret-word") == []
    with pytest.raises(WrongSettings, match="refused the login") as caught:
        ask(locked_maildev.url, lambda box: box.messages(since), user="qa", password="wr0ng-word")
    assert locked_maildev.url in str(caught.value)
    assert "wr0ng" not in str(caught.value)


def test_what_is_not_there_is_said(maildev: Maildev) -> None:
    since = datetime.now(UTC)
    nobody = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unavailable, match=f"could not ask the mailbox at {nobody}: connection refused"):
        ask(nobody, lambda box: box.messages(since))
    with pytest.raises(WrongSettings, match=f"no MailDev at {maildev.url}/under: /email was not found"):
        ask(f"{maildev.url}/under/", lambda box: box.messages(since))
