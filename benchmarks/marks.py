"""The mark of the picture test: blocks in a page's corner, black is 1 and white is 0, that say which step it shows.

From left to right: 8 framing bits, 16 bits for the flow, 16 for the step, 8 for the sum of these, 8 framing bits.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image

BLOCK = 6
HEAD = (1, 1, 1, 0, 0, 1, 0, 1)
TAIL = (1, 0, 1, 0, 0, 1, 1, 1)
LENGTH = len(HEAD) + 16 + 16 + 8 + len(TAIL)


class Unreadable(Exception):
    """A picture has no mark, or one that is half painted."""


@dataclass(frozen=True)
class Mark:
    """Which flow and which of its steps a page shows."""

    flow: int
    step: int

    def bits(self) -> tuple[int, ...]:
        """The blocks, frame included."""
        return (*HEAD, *_spell(self.flow, 16), *_spell(self.step, 16), *_spell(self._sum, 8), *TAIL)

    @property
    def _sum(self) -> int:
        return (self.flow * 31 + self.step * 7) % 251


@dataclass(frozen=True)
class Tally:
    """How many pictures were right, wrong or missing, and a line for each that was not right."""

    right: int
    wrong: int
    missing: int
    complaints: tuple[str, ...]


def judge(pictures: Iterable[tuple[str, Mark, bytes | None]]) -> Tally:
    """Compare pictures with the marks they must show: where, which mark, and the PNG if there is one."""
    right = wrong = missing = 0
    complaints = []
    for where, expected, data in pictures:
        if data is None:
            missing += 1
            complaints.append(f"{where}: no picture")
            continue
        try:
            seen = read(data)
        except Unreadable as unread:
            wrong += 1
            complaints.append(f"{where}: {unread}")
            continue
        if seen == expected:
            right += 1
        else:
            wrong += 1
            complaints.append(f"{where}: shows step {seen.step} of flow {seen.flow}, not step {expected.step}")
    return Tally(right, wrong, missing, tuple(complaints))


def read(png: bytes) -> Mark:
    """What a picture shows. Raises Unreadable."""
    with Image.open(io.BytesIO(png)) as opened:
        if opened.width < LENGTH * BLOCK or opened.height < BLOCK:
            raise Unreadable("the picture is too small for a mark")
        corner = opened.crop((0, 0, LENGTH * BLOCK, BLOCK)).convert("L")
    return decode([_block(corner, place) for place in range(LENGTH)])


def decode(bits: Sequence[int]) -> Mark:
    """What blocks say. Raises Unreadable when the frame or the sum is wrong."""
    if tuple(bits[: len(HEAD)]) != HEAD or tuple(bits[-len(TAIL) :]) != TAIL:
        raise Unreadable("there is no mark in the corner")
    payload = bits[len(HEAD) : -len(TAIL)]
    mark = Mark(_number(payload[:16]), _number(payload[16:32]))
    if mark.bits() != tuple(bits):
        raise Unreadable("the mark's sum is wrong")
    return mark


def _spell(number: int, length: int) -> tuple[int, ...]:
    return tuple(number >> place & 1 for place in range(length - 1, -1, -1))


def _number(bits: Sequence[int]) -> int:
    return int("".join(map(str, bits)), 2)


def _block(corner: Image.Image, place: int) -> int:
    darkest, brightest = corner.crop((place * BLOCK, 0, (place + 1) * BLOCK, BLOCK)).getextrema()
    if (darkest, brightest) not in ((0, 0), (255, 255)):
        raise Unreadable(f"block {place} of the mark is neither black nor white")
    return 1 if darkest == 0 else 0
