"""The marks for a picture test: a strip of blocks in the page's corner that says which page a picture shows.

From left to right, most significant bit first: 8 framing bits, CRC-16 of the flow's name, CRC-16 of the
page's path, the user's acts so far (modulo 65536), 8 framing bits. Black is 1, white is 0. An act is a trusted
`click` or `input` event on this origin, counted over all pages of one tab's session; `static/marks.js` paints.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from dataclasses import dataclass

FLOW_HEADER = "X-Smoke-Flow"
BLOCK = 6
HEAD = (1, 1, 1, 0, 0, 1, 0, 1)
TAIL = (1, 0, 1, 0, 0, 1, 1, 1)
LENGTH = len(HEAD) + 3 * 16 + len(TAIL)


@dataclass(frozen=True)
class Mark:
    """What a strip says."""

    flow_crc: int
    path_crc: int
    acts: int


def crc16(text: str) -> int:
    """CRC-16/CCITT-FALSE of the UTF-8 bytes: polynomial 0x1021, start 0xFFFF."""
    return binascii.crc_hqx(text.encode(), 0xFFFF)


def encode(flow: str, path: str, acts: int) -> tuple[int, ...]:
    """The bits of the strip, frame included; `path` is the page's `location.pathname`."""
    numbers = (crc16(flow), crc16(path), acts % 65536)
    payload = (number >> shift & 1 for number in numbers for shift in range(15, -1, -1))
    return (*HEAD, *payload, *TAIL)


def decode(bits: Sequence[int]) -> Mark:
    """What the bits of a strip say. `ValueError` when the frame is not there."""
    if len(bits) != LENGTH or tuple(bits[: len(HEAD)]) != HEAD or tuple(bits[-len(TAIL) :]) != TAIL:
        raise ValueError("these bits are no strip of marks: the frame is missing")
    payload = bits[len(HEAD) : -len(TAIL)]
    flow_crc, path_crc, acts = (_number(payload[start : start + 16]) for start in (0, 16, 32))
    return Mark(flow_crc, path_crc, acts)


def _number(bits: Sequence[int]) -> int:
    return int("".join(str(bit) for bit in bits), 2)
