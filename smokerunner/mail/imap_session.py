"""One IMAP connection, asked again and again; the only place of the mailboxes that knows imap-tools."""

from __future__ import annotations

import asyncio
import imaplib
import re
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from smokerunner.mail.parse import parse_mime
from smokerunner.mail.settings import WrongSettings
from smokerunner.mail.trouble import in_words
from smokerunner.model.errors import Unavailable
from smokerunner.model.mail import Message

if TYPE_CHECKING:
    from smokerunner.mail.imap import ImapSettings

FOLDER_HEADER = "x-smokerunner-folder"
"""Header that a message found in another folder than INBOX gets; its value is the folder's name."""

_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError)

_TIMEOUT = 10.0
"""Seconds that each answer of the server may take."""

_UIDS_AT_ONCE = 200  # some servers take no command lines longer than 8000 bytes


class ImapMailbox:
    """An account on an IMAP server, read only (EXAMINE and BODY.PEEK)."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._connection: BaseMailBox | None = None
        self._arrivals: dict[str, datetime] = {}
        self._read: dict[str, Message] = {}
        # A thread lock, because a cancelled flow leaves its thread at work on the connection.
        self._lock = threading.Lock()

    async def messages(self, since: datetime) -> Sequence[Message]:
        """All messages of all folders received at or after the second of `since`, newest first."""
        return await asyncio.to_thread(self._look, since)

    async def messages_to(self, address: str, since: datetime) -> Sequence[Message]:
        """Those that name this recipient in To, Cc, Bcc, Delivered-To or X-Original-To."""
        return [message for message in await self.messages(since) if address.lower() in message.recipients]

    async def close(self) -> None:
        """Log out."""
        await asyncio.to_thread(self._disconnect)

    def _look(self, since: datetime) -> list[Message]:
        with self._lock:
            if self._connection:
                try:
                    return self._look_into_all(since)
                except _TROUBLE:
                    self._drop()  # servers end connections that were idle for long: once more with a new one
            try:
                return self._look_into_all(since)
            except _TROUBLE as error:
                self._drop()
                raise Unavailable(f"could not ask the mailbox at {self._place}: {_reason(error)}") from error

    def _look_into_all(self, since: datetime) -> list[Message]:
        found = [message for folder in self._settings.folders for message in self._look_into(folder, since)]
        return sorted(found, key=lambda message: message.received, reverse=True)

    def _look_into(self, folder: str, since: datetime) -> Iterator[Message]:
        connection = self._connection = self._connection or self._connect()
        try:
            connection.folder.set(folder, readonly=True)
        except MailboxFolderSelectError as error:
            names = [info.name for info in connection.folder.list()]
            if folder in names:
                raise
            raise WrongSettings(f"{self._place} has no folder {folder!r}; it has {', '.join(names)}") from error
        # Numbers of messages are only unique together with the folder's UIDVALIDITY.
        validity = (connection.client.response("UIDVALIDITY")[1] or [b""])[0] or b""
        prefix = f"{folder}:{validity.decode('ascii', 'replace')}:"
        # SEARCH knows days only, and those of the server's own zone.
        uids = connection.uids(AND(date_gte=(since - timedelta(days=1)).date()), charset=None)
        self._learn_arrivals(connection, prefix, uids)
        # IMAP keeps arrival times in whole seconds.
        earliest = since.replace(microsecond=0)
        for uid in reversed(uids):
            if (arrival := self._arrivals.get(prefix + uid)) and arrival >= earliest:
                yield from self._fetch(connection, folder, prefix, uid)

    def _learn_arrivals(self, connection: BaseMailBox, prefix: str, uids: list[str]) -> None:
        unknown = [uid for uid in uids if prefix + uid not in self._arrivals]
        for start in range(0, len(unknown), _UIDS_AT_ONCE):
            some = unknown[start : start + _UIDS_AT_ONCE]
            status, answer = connection.client.uid("FETCH", ",".join(some), "(UID INTERNALDATE)")
            if status != "OK":
                raise imaplib.IMAP4.error(f"the arrival times were refused: {answer}")
            for line in answer:
                uid = re.search(rb"\bUID (\d+)", line) if isinstance(line, bytes) else None
                moment = imaplib.Internaldate2tuple(line) if uid else None
                if uid and moment:
                    self._arrivals[prefix + uid[1].decode()] = datetime.fromtimestamp(time.mktime(moment), UTC)

    def _fetch(self, connection: BaseMailBox, folder: str, prefix: str, uid: str) -> Iterator[Message]:
        """The message; nothing, if it was deleted or moved away meanwhile."""
        message_id = prefix + uid
        if message_id not in self._read:
            for mail in connection.fetch(uid_list=[uid], mark_seen=False):
                message = parse_mime(mail.obj, message_id=message_id, received=self._arrivals[message_id])
                if folder.upper() != "INBOX":
                    message = message.model_copy(update={"headers": {**message.headers, FOLDER_HEADER: folder}})
                self._read[message_id] = message
        if message_id in self._read:
            yield self._read[message_id]

    def _connect(self) -> BaseMailBox:
        settings = self._settings
        # The stdlib's own default would not look at the server's certificate.
        trust = ssl.create_default_context()
        if settings.tls is True:
            connection: BaseMailBox = MailBox(settings.host, settings.port, _TIMEOUT, ssl_context=trust)
        else:
            connection = MailBoxUnencrypted(settings.host, settings.port, _TIMEOUT)
        try:
            if settings.tls == "starttls":
                connection.client.starttls(trust)
            self._login(connection)
        except (*_TROUBLE, WrongSettings):
            _hang_up(connection)
            raise
        return connection

    def _login(self, connection: BaseMailBox) -> None:
        user, password = self._settings.user, self._settings.password
        login = connection.login if (user + password).isascii() else connection.login_utf8
        try:
            login(user, password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise  # the connection broke: that says nothing about the login
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            answer = error.command_result[1] if isinstance(error, MailboxLoginError) else [str(error).encode()]
            words = b" ".join(answer).decode("utf-8", "replace").replace(password, "…")
            raise WrongSettings(f"{self._place} refused the login of {user}: {words}") from error

    def _disconnect(self) -> None:
        with self._lock:
            if self._connection:
                try:
                    self._connection.logout()
                except _TROUBLE:
                    self._drop()  # the server has gone first, so there is nothing to take leave of
                self._connection = None

    def _drop(self) -> None:
        if self._connection:
            _hang_up(self._connection)
            self._connection = None

    @property
    def _place(self) -> str:
        scheme = "imaps" if self._settings.tls is True else "imap"
        return f"{scheme}://{self._settings.host}:{self._settings.port}"


def _hang_up(connection: BaseMailBox) -> None:
    # A failed TLS handshake has closed the socket already.
    with suppress(OSError):
        connection.client.shutdown()


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({error.verify_message}); a certificate authority of your own "
            "is made known with the environment variable SSL_CERT_FILE"
        )
    if isinstance(error, ssl.SSLError):
        return f"no TLS ({error.reason}); is `tls:` right for this port (true, starttls or false)?"
    return in_words(error, _TIMEOUT)
