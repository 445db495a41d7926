"""Until when a certificate is good, read from its bytes: Python itself only tells it of certificates it trusts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

_SEQUENCE, _VERSION, _UTC_TIME, _LONG_TIME = 0x30, 0xA0, 0x17, 0x18
_CENTURY = 50
"""Two-digit years below this are of this century (RFC 5280, 4.1.2.5.1)."""


@dataclass(frozen=True)
class Validity:
    """The time in which a certificate is good."""

    begins: datetime
    until: datetime

    @property
    def days(self) -> float:
        """How long it was made for."""
        return (self.until - self.begins).total_seconds() / 86_400

    def left(self, now: datetime) -> float:
        """Days until its end; negative when that is over."""
        return (self.until - now).total_seconds() / 86_400


def read_validity(der: bytes) -> Validity:
    """The validity of a certificate in DER. Raises ValueError for what is none."""
    _, whole, _ = _read(der)
    _, inner, _ = _read(whole)
    tag, _, rest = _read(inner)
    if tag == _VERSION:
        _, _, rest = _read(rest)
    # Its serial number has been read; signature algorithm and issuer come next.
    for _ in range(2):
        _, _, rest = _read(rest)
    tag, times, _ = _read(rest)
    if tag != _SEQUENCE:
        raise ValueError("no validity where a certificate has it")
    first, begins, rest = _read(times)
    second, until, _ = _read(rest)
    return Validity(_time(first, begins), _time(second, until))


def _read(data: bytes) -> tuple[int, bytes, bytes]:
    """Tag and content of the first element, and what follows it."""
    if len(data) < 2:
        raise ValueError("the certificate breaks off")
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[2 : 2 + size], "big"), 2 + size
    if start + length > len(data):
        raise ValueError("the certificate breaks off")
    return tag, data[start : start + length], data[start + length :]


def _time(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == _UTC_TIME:
        text = ("20" if int(text[:2]) < _CENTURY else "19") + text
    elif tag != _LONG_TIME:
        raise ValueError("no time where a certificate has one")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
