"""The peers that mailboxes are tested against."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from dovecot import Dovecot, dovecot_or_skip, run_dovecot
from maildev_server import Maildev, install_maildev, run_maildev
from mailpit_standin import MailpitStandin, run_standin

from smokerunner.mail.embedded import EmbeddedMailbox, EmbeddedSettings


@pytest.fixture
def embedded() -> Iterator[EmbeddedMailbox]:
    mailbox = EmbeddedSettings(port=0).open()
    yield mailbox
    asyncio.run(mailbox.close())


@pytest.fixture(scope="session")
def maildev() -> Iterator[Maildev]:
    with run_maildev(install_maildev()) as server:
        yield server


@pytest.fixture(scope="session")
def locked_maildev() -> Iterator[Maildev]:
    with run_maildev(install_maildev(), "--web-user", "qa", "--web-pass", "s3cret-word") as server:
        yield server


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with run_dovecot(dovecot_or_skip()) as server:
        yield server


@pytest.fixture
def mailpit() -> Iterator[MailpitStandin]:
    with run_standin() as standin:
        yield standin
