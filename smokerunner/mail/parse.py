"""A message as it travels (RFC 5322) in, a `Message` out; no message is too broken to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Mime
from email.utils import getaddresses

from smokerunner.model.mail import Message

_RECIPIENT_HEADERS = ("to", "cc", "bcc", "delivered-to", "x-original-to")


def parse_bytes(raw: bytes, *, message_id: str, received: datetime, recipients: Iterable[str] = ()) -> Message:
    """The message in these bytes; `recipients` are those of the envelope, where they are known."""
    return parse_mime(message_from_bytes(raw), message_id=message_id, received=received, recipients=recipients)


def parse_mime(mime: Mime, *, message_id: str, received: datetime, recipients: Iterable[str] = ()) -> Message:
    """The same for what `email.message_from_bytes` made of the bytes.

    It must be read with the stdlib's default policy: `email.policy.default` raises IndexError,
    AttributeError or LookupError on headers that broken senders do produce.
    """
    headers = _headers(mime)
    senders = addresses([headers.get("from", ""), headers.get("sender", ""), headers.get("return-path", "")])
    written = (headers.get(name, "") for name in _RECIPIENT_HEADERS)
    return Message(
        id=message_id,
        sender=senders[0] if senders else "",
        recipients=addresses(recipients) or addresses(written),
        subject=_decode_words(headers.get("subject", "")),
        text="\n".join(_texts(mime, "text/plain")),
        html="\n".join(_texts(mime, "text/html")),
        received=received,
        headers={name: _decode_words(value) for name, value in headers.items()},
    )


def addresses(written: Iterable[str]) -> tuple[str, ...]:
    """The bare addresses in these header values, lower case, each once, in order."""
    found = (address.strip().lower() for value in written for _, address in getaddresses(value.split("\n")))
    return tuple(dict.fromkeys(address for address in found if "@" in address))


def _headers(mime: Mime) -> dict[str, str]:
    """Headers unfolded but not decoded, names in lower case; the values of a repeated one on a line each."""
    found: dict[str, str] = {}
    for name, value in mime.raw_items():
        line = re.sub(r"[\r\n]+\s*", " ", _without_surrogates(str(value))).strip()
        key = name.lower()
        found[key] = f"{found[key]}\n{line}" if key in found else line
    return found


def _without_surrogates(value: str) -> str:
    """Raw bytes above 127, which the parser keeps as surrogates, read as UTF-8 or else as Latin-1."""
    return _decode(value.encode("utf-8", "surrogateescape"), None)


def _decode_words(value: str) -> str:
    """RFC 2047 encoded words decoded; a value that cannot be decoded stays as it is written."""
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        return value
    # decode_header hands the unencoded pieces between encoded words over as "raw-unicode-escape".
    return "".join(
        piece if isinstance(piece, str) else _decode(piece, charset or "raw-unicode-escape")
        for piece, charset in pieces
    )


def _texts(mime: Mime, content_type: str) -> Iterator[str]:
    """The texts of this type in order, without attachments and without forwarded messages."""
    if mime.is_multipart():
        if mime.get_content_maintype() == "multipart":
            for part in mime.get_payload():
                if isinstance(part, Mime):
                    yield from _texts(part, content_type)
    elif mime.get_content_type() == content_type and mime.get_content_disposition() != "attachment":
        payload = mime.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield _decode(payload, mime.get_content_charset()).replace("\r\n", "\n")


def _decode(raw: bytes, charset: str | None) -> str:
    """The text in these bytes. A charset nobody knows, or none, is tried as UTF-8 and then as Latin-1."""
    if charset:
        try:
            return raw.decode(charset, "replace")
        except (LookupError, ValueError):
            pass  # an unknown, non-text or malformed charset: go on as if none was given
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
