"""The IMAP mailbox against a real dovecot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from dovecot import PASSWORD, Dovecot

from smokerunner.mail.imap import ImapSettings
from smokerunner.mail.settings import WrongSettings
from smokerunner.mail.waiting import wait_for
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Mailbox, Message

pytestmark = pytest.mark.dovecot
Answer = TypeVar("Answer")


@pytest.fixture
def user() -> str:
    return f"u{uuid4().hex[:8]}@x.test"


def ask(server: Dovecot, user: str, question: Callable[[Mailbox], Awaitable[Answer]], **settings: Any) -> Answer:
    values = {"host": "127.0.0.1", "port": server.plain, "tls": "no", "user": user, "password": PASSWORD}

    async def main() -> Answer:
        mailbox = ImapSettings.model_validate(values | settings).open()
        try:
            return await question(mailbox)
        finally:
            await mailbox.close()

    return asyncio.run(main())


def subjects(server: Dovecot, user: str, since: datetime, to: str | None = None, **settings: Any) -> list[str]:
    async def question(mailbox: Mailbox) -> list[str]:
        found = await (mailbox.messages_to(to, since) if to else mailbox.messages(since))
        return [message.subject for message in found]

    return ask(server, user, question, **settings)


def test_a_message_as_it_was_delivered(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)
    raw = (
        f"Delivered-To: {user}\r\nFrom: App <App@App.test>\r\nTo: list@x.test\r\nSubject: =?utf-8?q?R=C3=A9set?=\r\n"
        "Date: Sun, 22 Nov 2020 20:00:00 +0100\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        "<a href='/x'>Gö</a>\r\n"
    ).encode("latin-1")
    dovecot.deliver(user, raw)
    (message,) = ask(dovecot, user, lambda box: box.messages_to(user.upper(), start))
    assert (message.sender, message.subject) == ("app@app.test", "Réset")
    assert message.recipients == ("list@x.test", user)
    assert message.anchors[0].text == "Gö"
    assert "x-smokerunner-folder" not in message.headers
    # The time is that of the delivery, not the one the app has written.
    assert start.replace(microsecond=0) <= message.received <= datetime.now(UTC)


def test_arrival_times_without_fractions_are_not_too_early(dovecot: Dovecot, user: str) -> None:
    moment = datetime.now(UTC).replace(microsecond=0)
    dovecot.deliver(user, b"Subject: before\r\n\r\n", arrived=moment - timedelta(seconds=1))
    dovecot.deliver(user, b"Subject: same second\r\n\r\n", arrived=moment)
    assert subjects(dovecot, user, moment.replace(microsecond=999_999)) == ["same second"]


def test_newest_first_over_days_and_zones(dovecot: Dovecot, user: str) -> None:
    now = datetime.now(UTC)
    for hours in (0, 5, 30, 60, 13):
        dovecot.deliver(user, f"Subject: {hours}\r\n\r\n".encode(), arrived=now - timedelta(hours=hours))
    assert subjects(dovecot, user, now - timedelta(hours=31)) == ["0", "5", "13", "30"]
    assert subjects(dovecot, user, now - timedelta(hours=4)) == ["0"]


def test_only_the_exact_recipient(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)
    for to in ("smoke@x.test", "smoke+1@x.test", "smoke+11@x.test"):
        dovecot.deliver(user, f"To: {to}\r\nSubject: {to}\r\n\r\n".encode())
    assert subjects(dovecot, user, start, to="smoke+1@x.test") == ["smoke+1@x.test"]


def test_spam_is_found_and_carries_its_folder(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)
    dovecot.deliver(user, b"Subject: good\r\n\r\n")
    dovecot.deliver(user, b"Subject: spam\r\n\r\n", folder="J&APw-nk")
    found = ask(dovecot, user, lambda box: box.messages(start), folders=["INBOX", "Jünk"])
    assert {message.subject: message.headers.get("x-smokerunner-folder") for message in found} == {
        "good": None,
        "spam": "Jünk",
    }
    assert len({message.id for message in found}) == 2


def test_nothing_is_marked_or_deleted(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)
    dovecot.deliver(user, b"Subject: s\r\n\r\nbody")
    assert subjects(dovecot, user, start) == ["s"]
    assert subjects(dovecot, user, start) == ["s"]
    (file,) = dovecot.files(user)
    assert file.startswith("new/")
    assert ":2," not in file


def test_mail_that_comes_later_is_seen_on_the_same_connection(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)

    async def question(mailbox: Mailbox) -> tuple[Message, Message]:
        assert not await mailbox.messages(start)
        ids: set[str] = set()
        got: list[Message] = []
        for number in range(2):
            raw = f"To: {user}\r\nSubject: {number}\r\n\r\n".encode()
            await asyncio.to_thread(dovecot.deliver, user, raw)
            got.append(
                await wait_for(mailbox, to=user, accepts=lambda _: True, wanted="", since=start, timeout=10, taken=ids)
            )
            ids.add(got[-1].id)
        return got[0], got[1]

    assert [message.subject for message in ask(dovecot, user, question)] == ["0", "1"]


def test_a_connection_that_the_server_ended_is_made_anew(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)

    async def question(mailbox: Mailbox) -> list[str]:
        await mailbox.messages(start)
        dovecot.end_connections(user)
        dovecot.deliver(user, b"Subject: s\r\n\r\n")
        found = [message.subject for message in await mailbox.messages(start)]
        dovecot.end_connections(user)
        return found

    assert ask(dovecot, user, question) == ["s"]


def test_a_late_message_with_an_old_arrival_time_is_new(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)

    async def question(mailbox: Mailbox) -> Message:
        waiting = asyncio.create_task(
            wait_for(mailbox, to=user, accepts=lambda _: True, wanted="", since=start, timeout=10)
        )
        await asyncio.sleep(0.5)
        arrived = start - timedelta(minutes=2)
        await asyncio.to_thread(
            dovecot.deliver, user, f"To: {user}\r\nSubject: slow clock\r\n\r\n".encode(), arrived=arrived
        )
        return await waiting

    assert ask(dovecot, user, question).subject == "slow clock"


def test_several_flows_share_one_connection(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)
    for number in range(30):
        dovecot.deliver(user, f"To: u{number}@x.test\r\nSubject: {number}\r\n\r\n".encode())

    async def question(mailbox: Mailbox) -> list[str]:
        looks = [mailbox.messages_to(f"u{number}@x.test", start) for number in range(30)]
        return [found[0].subject for found in await asyncio.gather(*looks)]

    assert ask(dovecot, user, question) == [str(number) for number in range(30)]


def test_many_messages_are_asked_for_in_portions(dovecot: Dovecot, user: str) -> None:
    start = datetime.now(UTC)
    for number in range(450):
        dovecot.deliver(user, f"Subject: {number}\r\n\r\n".encode(), arrived=start - timedelta(hours=2))
    dovecot.deliver(user, b"Subject: now\r\n\r\n")
    assert subjects(dovecot, user, start) == ["now"]


@pytest.mark.parametrize("tls", ["true", "starttls"])
def test_encrypted_connections(dovecot: Dovecot, user: str, tls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime.now(UTC)
    dovecot.deliver(user, b"Subject: s\r\n\r\n")
    port = dovecot.tls if tls == "true" else dovecot.plain
    with pytest.raises(Unavailable, match=r"certificate is not trusted \(.*SSL_CERT_FILE"):
        subjects(dovecot, user, start, tls=tls, port=port, host="localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    assert subjects(dovecot, user, start, tls=tls, port=port, host="localhost") == ["s"]


def test_a_wrong_password_is_not_repeated(dovecot: Dovecot, user: str) -> None:
    for password in ("wr0ng-word", "wr0ng-wörd"):
        with pytest.raises(WrongSettings, match=f"refused the login of {user}") as caught:
            subjects(dovecot, user, datetime.now(UTC), password=password)
        assert f"imap://127.0.0.1:{dovecot.plain}" in str(caught.value)
        assert "wr0ng" not in str(caught.value)


def test_a_folder_that_does_not_exist_is_named_with_those_that_do(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, b"\r\n", folder="Spam")
    with pytest.raises(WrongSettings, match=r"has no folder 'Junk'; it has .*Spam"):
        subjects(dovecot, user, datetime.now(UTC), folders=["INBOX", "Junk"])


def test_tls_where_there_is_none_is_said(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(Unavailable, match=r"no TLS \(.*is `tls:` right"):
        subjects(dovecot, user, datetime.now(UTC), tls="true", port=dovecot.no_tls)
    with pytest.raises(Unavailable, match="TLS not supported"):
        subjects(dovecot, user, datetime.now(UTC), tls="starttls", port=dovecot.no_tls)


def test_a_mailbox_that_was_never_asked_can_be_closed(dovecot: Dovecot, user: str) -> None:
    async def nothing(_: Mailbox) -> None:
        return None

    ask(dovecot, user, nothing)


def test_times_do_not_depend_on_the_zone_of_this_machine(
    dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        start = datetime.now(UTC)
        dovecot.deliver(user, b"Subject: s\r\n\r\n")
        (message,) = ask(dovecot, user, lambda box: box.messages(start))
        assert abs(message.received - start) < timedelta(seconds=5)
    finally:
        monkeypatch.undo()
        time.tzset()
