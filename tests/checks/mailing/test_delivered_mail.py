"""`mail.delivery`, `mail.content` and `mail.spam`, with an app that sends real mail to the embedded mailbox."""

from __future__ import annotations

import asyncio
import smtplib
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from smokerunner.checks.mailing.content import Content
from smokerunner.checks.mailing.delivery import Delivery
from smokerunner.checks.mailing.letter import Letter
from smokerunner.checks.mailing.spam import Spam
from smokerunner.mail.embedded import EmbeddedMailbox, EmbeddedSettings
from smokerunner.mail.imap import ImapSettings
from smokerunner.mail.imap_session import FOLDER_HEADER, ImapMailbox
from smokerunner.model.check import Check, CheckContext, Finding
from smokerunner.model.checking import ServerSettings
from smokerunner.model.errors import Failure, Inconclusive, NotReached, Unavailable
from smokerunner.model.mail import Message
from smokerunner.model.outcome import Outcome
from smokerunner.replay.server import CommandServer
from tests.checks.bench import Asked, Reply, ask, serving
from tests.checks.laravel.artisan_stand_in import artisan

TO = "smoke+7f3a@shop.example.net"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[EmbeddedMailbox]:
    opened = EmbeddedSettings(port=0).open()
    yield opened
    asyncio.run(opened.close())


def post(
    mailbox: EmbeddedMailbox, to: str = TO, html: str = "<a href='{base}/reset/abc'>Reset</a>", **more: str
) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = more.get("sender", "Shop <hello@shop.example.net>"), to
    letter["Subject"] = more.get("subject", "Reset your password")
    letter.set_content(more.get("text", "Hello, choose a new password."))
    letter.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", mailbox.port) as server:
        server.send_message(letter)


def app(send: Callable[[str], None], status: int = 202) -> Callable[[Asked], Reply | None]:
    def answers(asked: Asked) -> Reply | None:
        if asked.path == "/api/forgot":
            send(f"http://{asked.headers['host']}")
            return Reply(status, "{}", type="application/json")
        return Reply(200, "<h1>Choose</h1>") if asked.path == "/reset/abc" else None

    return answers


def delivery(**settings: Any) -> Delivery:
    given = {"request": {"post": "/api/forgot", "body": {"json": {"email": TO}}}, "to": TO, "within": "30s"}
    return Delivery.model_validate({**given, **settings})


def given(mailbox: Any) -> dict[str, Any]:
    async def opened() -> Any:
        return mailbox

    return {"mailbox": opened}


def test_a_message_that_arrives(mailbox: EmbeddedMailbox) -> None:
    with serving(app(lambda base: post(mailbox))) as site:
        finding = ask(delivery(), site.base_url, **given(mailbox))
        assert site.asked[0].body == b'{"email": "smoke+7f3a@shop.example.net"}'
    assert finding.outcome is Outcome.PASSED
    assert '"Reset your password" after' in str(finding.readings[0])
    assert "the same in every run" in finding.weak


def test_a_recipient_of_its_own_is_better_evidence() -> None:
    assert not delivery(to="smoke+${unique}@shop.example.net")._shared


def test_mail_for_others_and_of_before_does_not_count(mailbox: EmbeddedMailbox) -> None:
    post(mailbox)
    said = (
        r"no message to smoke\+7f3a@shop.example.net .* within 300 ms.*1 for other.*POST /api/forgot was answered 202"
    )
    with (
        serving(app(lambda base: post(mailbox, to="other@shop.example.net"))) as site,
        pytest.raises(Failure, match=said),
    ):
        ask(delivery(within="300ms", subject="Reset"), site.base_url, **given(mailbox))


def test_the_mailer_that_swallows_it_is_named(mailbox: EmbeddedMailbox, tmp_path: Path) -> None:
    server = artisan(tmp_path, {"about": {"drivers": {"mail": "log"}}})
    with serving(app(lambda base: None)) as site, pytest.raises(Failure, match="Mailer in use: log: nothing is sent"):
        ask(delivery(within="100ms"), site.base_url, server=server, **given(mailbox))


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [(419, Inconclusive, "behind CSRF"), (404, Inconclusive, "no message was asked for"), (500, Failure, "500")],
)
def test_a_request_that_is_refused(mailbox: EmbeddedMailbox, status: int, kind: type[Exception], said: str) -> None:
    with serving(app(lambda base: None, status)) as site, pytest.raises(kind, match=said):
        ask(delivery(), site.base_url, **given(mailbox))


def test_nothing_is_sent_when_nobody_could_see_it_or_on_production(mailbox: EmbeddedMailbox) -> None:
    class Gone(EmbeddedMailbox):
        def __init__(self) -> None:
            """Never opened."""

        async def messages_to(self, address: str, since: datetime) -> Any:
            raise Unavailable("could not ask the mailbox: connection refused")

    with serving(app(lambda base: post(mailbox))) as site:
        with pytest.raises(Unavailable, match="connection refused"):
            ask(delivery(), site.base_url, **given(Gone()))
        with pytest.raises(Inconclusive, match="was not sent on production"):
            ask(delivery(), site.base_url, production=True, **given(mailbox))
        assert not site.asked
        finding = ask(delivery(effects="none"), site.base_url, production=True, **given(mailbox))
    assert finding.outcome is Outcome.PASSED


SENDER = """
import smtplib, sys
smtplib.SMTP("127.0.0.1", int(sys.argv[1])).sendmail("a@shop.example.net", [sys.argv[2]], b"Subject: Hi\\r\\n\\r\\nHi")
"""


def test_a_command_may_send_it(mailbox: EmbeddedMailbox, tmp_path: Path) -> None:
    server = CommandServer(ServerSettings.model_validate({"folder": str(tmp_path)}))
    command = [sys.executable, "-W", "ignore", "-c", SENDER, str(mailbox.port), "cmd@shop.example.net"]
    check = Delivery.model_validate({"command": command, "to": "cmd@shop.example.net", "within": "30s"})
    assert ask(check, "http://127.0.0.1:9", server=server, **given(mailbox)).outcome is Outcome.PASSED
    broken = check.model_copy(update={"command": (sys.executable, "-c", "raise SystemExit('Connection refused')")})
    with pytest.raises(Failure, match="which should send the message, failed: exit 1, Connection refused"):
        ask(broken, "http://127.0.0.1:9", server=server, **given(mailbox))


@pytest.mark.parametrize(
    "settings",
    [
        {"to": TO},
        {"to": TO, "command": ["a"], "request": {"get": "/"}},
        {"request": {"get": "/"}},
        {"to": TO, "command": ["a"], "within": "5m"},
    ],
)
def test_a_message_is_sent_in_one_way(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Delivery.model_validate(settings)


class Together(Check):
    """Several checks of one run, side by side."""

    id: ClassVar[str] = "test.together"
    found: ClassVar[list[Any]] = []
    checks: tuple[Any, ...]

    async def run(self, ctx: CheckContext) -> Finding:
        self.found[:] = await asyncio.gather(*(one.run(ctx) for one in self.checks), return_exceptions=True)
        return Finding(Outcome.PASSED)


def content(mailbox: EmbeddedMailbox, settings: dict[str, Any], **letter: str) -> Any:
    """What mail.content says of a message; `{base}` in it is the app's address."""

    def send(base: str) -> None:
        post(mailbox, **{key: value.replace("{base}", base) for key, value in letter.items()})

    with serving(app(send)) as site:
        checks = (Content.model_validate(settings), delivery())
        ask(Together(checks=checks), site.base_url, **given(mailbox))
    return Together.found[0]


LINK = "<p>Hello</p><a href='{base}/reset/abc'>Reset</a>"


@pytest.mark.parametrize(
    ("settings", "letter", "told"),
    [
        ({}, {"html": LINK}, ""),
        ({"sender": "hello@", "subject": {"is": "Reset your password"}, "text": "new password"}, {"html": LINK}, ""),
        ({"sender": {"is": "shop@shop.example.net"}}, {"html": LINK}, "From: hello@shop.example.net, wanted"),
        ({"subject": "Welcome"}, {"html": LINK}, 'Subject: Reset your password, wanted "Welcome"'),
        ({"text": "Goodbye"}, {"html": LINK}, "the text: not there"),
        ({}, {"html": LINK + "<p>Dear {{ $user->name }}</p>"}, "placeholders: {{ $user->name }}"),
        ({}, {"html": LINK, "text": "Dear :name,"}, "placeholders: :name"),
        ({}, {"html": LINK, "text": "Total: 12, Name: Ann, at 10:30, see a:b"}, ""),
        ({}, {"html": LINK + "<a href='https://social.com/shop'>Follow us</a>"}, ""),
        ({}, {"html": "<p>No link</p>"}, ""),
        ({}, {"html": "<a href='http://localhost/reset/abc'>Reset</a>"}, "leads to localhost (is APP_URL right?)"),
        ({}, {"html": LINK + "<img><a href='http://10.0.0.7/x'>x</a>"}, "leads to 10.0.0.7"),
        ({}, {"html": LINK, "text": "Go to https://shop.test/reset/abc now"}, "leads to shop.test"),
        (
            {},
            {"html": LINK + "<a href='http://shop.test/T0kenT0kenT0kenT0ken'>x</a>"},
            "link http://shop.test/…: leads",
        ),
        ({}, {"html": "<a href='https://staging.shop.com/x'>Reset</a>"}, "lead to staging.shop.com only"),
        ({"hosts": ["127.0.0.1"]}, {"html": LINK + "<a href='https://social.com/x'>x</a>"}, "leads to social.com"),
        ({"follow": "Reset"}, {"html": LINK}, ""),
        ({"follow": "Reset"}, {"html": "<a href='{base}/reset/gone'>Reset</a>"}, "404"),
        ({"follow": "Confirm"}, {"html": LINK}, "none of this text or URL"),
    ],
)
def test_what_a_message_says(
    mailbox: EmbeddedMailbox, settings: dict[str, Any], letter: dict[str, str], told: str
) -> None:
    finding = content(mailbox, settings, **letter)
    assert isinstance(finding, Finding), finding
    assert finding.outcome is (Outcome.FAILED if told else Outcome.PASSED), finding.message
    assert told in finding.message
    assert "reset/abc" not in str(finding)


def test_without_a_message_there_is_nothing_to_read(mailbox: EmbeddedMailbox) -> None:
    with serving(app(lambda base: None)) as site:
        checks = (Content(), delivery(within="100ms", subject="never"))
        ask(Together(checks=checks), site.base_url, **given(mailbox))
    read, sent = Together.found
    assert isinstance(sent, Failure)
    assert isinstance(read, NotReached)
    assert "mail.delivery brought none" in str(read)


class Account(ImapMailbox):
    """An account whose server was asked already."""

    def __init__(self) -> None:
        super().__init__(ImapSettings(host="imap.example", user="smoke", password="only for tests"))


@pytest.mark.parametrize(
    ("folder", "outcome"),
    [(None, Outcome.PASSED), ("Junk", Outcome.FAILED), ("[Gmail]/Spam", Outcome.FAILED), ("Archive", Outcome.PASSED)],
)
def test_in_which_folder_it_landed(folder: str | None, outcome: Outcome) -> None:
    message = Message(
        id="1",
        sender="a@b.c",
        recipients=(TO,),
        subject="Hi",
        text="",
        html="",
        received=datetime.now(UTC),
        headers={} if folder is None else {FOLDER_HEADER: folder},
    )

    class Delivered(Together):
        async def run(self, ctx: CheckContext) -> Finding:
            async def letter() -> Letter:
                made = Letter()
                made.begun.set()
                made.message.set_result(message)
                return made

            await ctx.once("mail.delivery", letter)
            return await Spam().run(ctx)

    finding = ask(Delivered(checks=()), "http://127.0.0.1:9", **given(Account()))
    assert finding.outcome is outcome


def test_only_imap_has_a_spam_filter(mailbox: EmbeddedMailbox) -> None:
    with pytest.raises(NotReached, match="kind imap"):
        ask(Spam(), "http://127.0.0.1:9", **given(mailbox))
