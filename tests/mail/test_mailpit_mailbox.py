"""The Mailpit mailbox against a stand-in that serves the documented API."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from mailpit_standin import MailpitStandin

from smokerunner.mail.mailpit import MailpitMailbox, MailpitSettings
from smokerunner.mail.settings import WrongSettings
from smokerunner.model.errors import Unavailable

Answer = TypeVar("Answer")


def ask(url: str, question: Callable[[MailpitMailbox], Awaitable[Answer]], **login: str) -> Answer:
    async def main() -> Answer:
        mailbox = MailpitSettings.model_validate({"url": url, **login}).open()
        try:
            return await question(mailbox)
        finally:
            await mailbox.close()

    return asyncio.run(main())


def test_a_message_as_mailpit_keeps_it(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    message_id = mailpit.receive("One+Tag@x.test", "Reset", body="Go https://a.test/reset", bcc="hidden@x.test")
    for address in ("one+tag@x.test", "HIDDEN@x.test"):
        (message,) = ask(mailpit.url, lambda box, to=address: box.messages_to(to, start))  # type: ignore[misc]
        assert (message.id, message.subject, message.sender) == (message_id, "Reset", "app@app.test")
        assert message.recipients == ("one+tag@x.test", "hidden@x.test")
        assert message.anchors[0].href == "https://a.test/reset"
        assert start <= message.received <= datetime.now(UTC)
    assert not ask(mailpit.url, lambda box: box.messages_to("tag@x.test", start))


def test_a_message_behind_hundreds_of_others_is_found(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    mailpit.receive("wanted@x.test", "Mine")
    for number in range(250):
        mailpit.receive("crowd@x.test", str(number))
    assert [m.subject for m in ask(mailpit.url, lambda box: box.messages_to("wanted@x.test", start))] == ["Mine"]
    # Only what is for this address is read, and reading the source does not mark it as seen.
    assert [path for path in mailpit.asked if "/message/" in path] == ["/api/v1/message/0000XyZ/raw"]


def test_pages_end_where_the_mail_gets_too_old(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    for number in range(300):
        mailpit.receive("old@x.test", str(number), created=start - timedelta(hours=1, seconds=number))
    assert not ask(mailpit.url, lambda box: box.messages(start))
    assert len(mailpit.asked) == 1


def test_exactly_full_pages_are_read_to_the_end(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    for number in range(200):
        mailpit.receive("a@x.test", str(number))
    assert len(ask(mailpit.url, lambda box: box.messages(start))) == 200


def test_a_message_is_fetched_once(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    mailpit.receive("a@x.test", "s")

    async def twice(box: MailpitMailbox) -> None:
        await box.messages(start)
        await box.messages(start)

    ask(mailpit.url, twice)
    assert len([path for path in mailpit.asked if path.endswith("/raw")]) == 1


def test_a_message_deleted_between_list_and_reading_is_left_out(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    mailpit.receive("a@x.test", "kept")
    del mailpit.sources[mailpit.receive("a@x.test", "gone")]
    assert [message.subject for message in ask(mailpit.url, lambda box: box.messages(start))] == ["kept"]


@pytest.mark.parametrize("minutes", [-7, 7])
def test_a_server_whose_clock_differs(mailpit: MailpitStandin, minutes: int) -> None:
    mailpit.clock_ahead = timedelta(minutes=minutes)
    mailpit.receive("a@x.test", "old", created=mailpit.now() - timedelta(minutes=3))
    start = datetime.now(UTC)
    mailpit.receive("a@x.test", "new")
    (message,) = ask(mailpit.url, lambda box: box.messages(start))
    assert message.subject == "new"
    assert abs(message.received - start) < timedelta(seconds=5)


def test_a_login_is_used_and_a_wrong_one_is_not_repeated(mailpit: MailpitStandin) -> None:
    mailpit.login = "qa:s3cret-word"
    since = datetime.now(UTC)
    assert ask(mailpit.url, lambda box: box.messages(since), user="qa", password="s3cret-word") == []
    with pytest.raises(WrongSettings, match="refused the login") as caught:
        ask(mailpit.url, lambda box: box.messages(since), user="qa", password="wr0ng-word")
    assert mailpit.url in str(caught.value)
    assert "wr0ng" not in str(caught.value)


def test_a_bad_gateway_is_said(mailpit: MailpitStandin) -> None:
    mailpit.status = 502
    with pytest.raises(Unavailable, match=f"mailbox at {mailpit.url}: HTTP 502 Bad Gateway") as caught:
        ask(mailpit.url, lambda box: box.messages(datetime.now(UTC)))
    assert not isinstance(caught.value, WrongSettings)


def test_something_else_that_answers_is_said(mailpit: MailpitStandin) -> None:
    since = datetime.now(UTC)
    mailpit.mails.append({"hello": "world"})
    with pytest.raises(WrongSettings, match=f"what answers at {mailpit.url} is not Mailpit"):
        ask(mailpit.url, lambda box: box.messages(since))
    with pytest.raises(WrongSettings, match=f"no Mailpit at {mailpit.url}/ui"):
        ask(f"{mailpit.url}/ui", lambda box: box.messages(since))


def test_a_peer_that_hangs_up_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        async def question(box: MailpitMailbox) -> object:
            listener.setblocking(False)
            looking = asyncio.create_task(box.messages(datetime.now(UTC)))
            connection, _ = await asyncio.get_running_loop().sock_accept(listener)
            connection.close()
            return await looking

        with pytest.raises(Unavailable, match=f"could not ask the mailbox at {url}: "):
            ask(url, question)


def test_a_proxy_for_the_internet_is_not_asked_for_this_machine(
    mailpit: MailpitStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert ask(mailpit.url, lambda box: box.messages(datetime.now(UTC))) == []
