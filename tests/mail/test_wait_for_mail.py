"""Waiting for one message, and what is said when it does not come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

import pytest
from mailpit_standin import MailpitStandin
from peers import free_port, send

from smokerunner.mail.embedded import EmbeddedMailbox
from smokerunner.mail.mailpit import MailpitSettings
from smokerunner.mail.settings import WrongSettings
from smokerunner.mail.waiting import wait_for
from smokerunner.model.errors import Failure, Unavailable
from smokerunner.model.mail import Mailbox, Message

WANTED = 'with subject containing "Reset"'


def is_reset(message: Message) -> bool:
    return "reset" in message.subject.lower()


async def wait(mailbox: Mailbox, since: datetime, timeout: float = 0.3, taken: Collection[str] = ()) -> Message:
    return await wait_for(
        mailbox, to="Ann@x.test", accepts=is_reset, wanted=WANTED, since=since, timeout=timeout, taken=taken
    )


def with_mailpit(
    standin: MailpitStandin, since: datetime, timeout: float = 0.3, meanwhile: Callable[[], object] | None = None
) -> Message:
    async def main() -> Message:
        mailbox = MailpitSettings.model_validate({"url": standin.url}).open()
        try:
            waiting = asyncio.create_task(wait(mailbox, since, timeout))
            if meanwhile:
                await asyncio.sleep(0.4)
                meanwhile()
            return await waiting
        finally:
            await mailbox.close()

    return asyncio.run(main())


def test_the_newest_that_fits_and_is_not_taken(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    for subject in ("Reset 1", "Reset 2", "Welcome"):
        send(embedded.port, f"Subject: {subject}\r\n\r\n".encode(), ["ann@x.test"])
    send(embedded.port, b"Subject: Reset of somebody else\r\n\r\n", ["bob@x.test"])
    newest = asyncio.run(wait(embedded, start))
    assert newest.subject == "Reset 2"
    assert asyncio.run(wait(embedded, start, taken={newest.id})).subject == "Reset 1"


def test_a_message_that_comes_while_waiting(embedded: EmbeddedMailbox) -> None:
    async def main() -> Message:
        waiting = asyncio.create_task(wait(embedded, datetime.now(UTC), timeout=20))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(send, embedded.port, b"Subject: Reset\r\n\r\n", ["ann@x.test"])
        return await waiting

    assert asyncio.run(main()).subject == "Reset"


def test_what_was_there_before_is_not_taken(embedded: EmbeddedMailbox) -> None:
    send(embedded.port, b"Subject: Reset\r\n\r\n", ["ann@x.test"])
    with pytest.raises(Failure) as caught:
        asyncio.run(wait(embedded, datetime.now(UTC)))
    assert str(caught.value) == (
        'no message to Ann@x.test with subject containing "Reset" within 300 ms; none came for it, '
        "one that fits is dated 1 s before this attempt began "
        "(an old one, unless the clocks of app and mailbox differ), none for other recipients"
    )


def test_the_failure_says_what_came_instead(mailpit: MailpitStandin) -> None:
    now = datetime.now(UTC)
    for number, subject in enumerate(("Welcome", "Invoice", "News", "Offer")):
        mailpit.receive("ann@x.test", subject, created=now - timedelta(seconds=10 * (number + 1)))
    for to in ("smoke@example.test", "someone@example.test"):
        mailpit.receive(to, "Hello", created=now - timedelta(seconds=100))
    with pytest.raises(Failure) as caught:
        with_mailpit(mailpit, now - timedelta(minutes=5), timeout=0)
    ages = ", ".join(f'"{subject}" {age} s ago' for subject, age in (("Welcome", 10), ("Invoice", 20), ("News", 30)))
    assert str(caught.value) == (
        'no message to Ann@x.test with subject containing "Reset" within 0 ms; '
        f"4 came for this address ({ages}, …), "
        '2 for other recipients (newest "Hello" to s…@example.test 100 s ago)'
    )


def test_the_failure_names_what_an_earlier_step_took(embedded: EmbeddedMailbox) -> None:
    start = datetime.now(UTC)
    send(embedded.port, b"Subject: Reset\r\n\r\n", ["ann@x.test"])
    taken = {asyncio.run(wait(embedded, start)).id}
    with pytest.raises(Failure, match=r'none came for it, 1 already taken by an earlier step \("Reset" just now\)'):
        asyncio.run(wait(embedded, start, taken=taken))


def test_what_appears_after_the_first_look_is_new_whatever_time_it_carries(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    mailpit.receive("ann@x.test", "Reset, old", created=start - timedelta(minutes=1))

    def receive() -> None:
        mailpit.receive("ann@x.test", "Reset, slow clock", created=start - timedelta(minutes=2))

    assert with_mailpit(mailpit, start, 20, receive).subject == "Reset, slow clock"


def test_a_mailbox_that_comes_back_is_no_trouble(mailpit: MailpitStandin) -> None:
    start = datetime.now(UTC)
    mailpit.status = 502
    mailpit.receive("ann@x.test", "Reset")

    def recover() -> None:
        mailpit.status = 200

    assert with_mailpit(mailpit, start, 20, recover).subject == "Reset"


def test_a_mailbox_that_is_away_at_the_end_tells_nothing(mailpit: MailpitStandin) -> None:
    def break_down() -> None:
        mailpit.status = 502

    with pytest.raises(Unavailable, match="HTTP 502"):
        with_mailpit(mailpit, datetime.now(UTC), 1.5, break_down)


def test_a_mailbox_that_is_never_there_is_not_the_fault_of_the_app() -> None:
    nobody = MailpitStandin(url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="connection refused"):
        with_mailpit(nobody, datetime.now(UTC))


def test_a_refused_login_is_not_tried_again(mailpit: MailpitStandin) -> None:
    mailpit.login = "qa:word"
    with pytest.raises(WrongSettings):
        with_mailpit(mailpit, datetime.now(UTC), 20)
    assert len(mailpit.asked) == 1
