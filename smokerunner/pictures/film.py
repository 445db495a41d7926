"""An animated WebP put together scene by scene: of each only the part that is new is encoded, and none stays drawn.

Pillow would keep all scenes until the last, and encode most of them twice to choose between two kinds of frames.
"""

from __future__ import annotations

import struct
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smokerunner.pictures.canvas import as_webp

if TYPE_CHECKING:
    from PIL import Image

_ANIMATED = 0x02
_OVERWRITES = 0x02
"""Flags of the file and of a frame: the frame's pixels take the place of what was there."""
_EFFORT = 0
"""A quarter larger than with two steps more, and a third sooner."""
_GAP = 64
"""Rows; what changed above and below so many that did not, as page and caption do, is encoded as two frames."""
_AT_ONCE = 20
"""Milliseconds between two such frames: nobody sees them, and viewers take less for a mistake and make it 100."""
_AHEAD = 4
"""Scenes that may be drawn before they are encoded: about a megabyte each."""
_HEAD = 20
"""Bytes of a still WebP before its picture: the container's head and the picture's own."""


@dataclass
class _Scene:
    left: int
    top: int
    size: tuple[int, int]
    milliseconds: int
    picture: Future[bytes]
    """A still of its own; of that only what follows the head is in the film."""


class Film:
    """The scenes so far, all of one size in pixels. `encoders` encode them while others are drawn."""

    def __init__(self, size: tuple[int, int], quality: int, encoders: Executor) -> None:
        self._size = size
        self._quality = quality
        self._encoders = encoders
        self._last: Image.Image | None = None
        self.scenes: list[_Scene] = []

    def add(self, picture: Image.Image, milliseconds: int) -> None:
        """One more scene. What looks like the last one lasts longer instead."""
        changed = [(0, 0, *picture.size)] if self._last is None else _changed(self._last, picture)
        if not changed:
            self.scenes[-1].milliseconds += milliseconds
            return
        for index, (left, top, right, bottom) in enumerate(changed, 1):
            # A frame can only begin at an even pixel.
            left, top = left & ~1, top & ~1
            part = picture.crop((left, top, right, bottom))
            still = self._encoders.submit(as_webp, part, self._quality, _EFFORT)
            lasts = milliseconds - _AT_ONCE * (len(changed) - 1) if index == len(changed) else _AT_ONCE
            self.scenes.append(_Scene(left, top, (right - left, bottom - top), lasts, still))
        self._last = picture
        # A large film is not held as it was drawn.
        for scene in self.scenes[-_AHEAD - 1 : -_AHEAD]:
            scene.picture.result()

    def finished(self, last: int) -> bytes:
        """The film, which runs for ever; its last scene lasts this many milliseconds."""
        self.scenes[-1].milliseconds = last
        width, height = self._size
        head = struct.pack("<I", _ANIMATED) + _three(width - 1, height - 1)
        # White behind everything, and no end to the repetitions.
        around = b"\xff\xff\xff\xff\0\0"
        chunks = [_chunk(b"VP8X", head), _chunk(b"ANIM", around), *map(_frame, self.scenes)]
        body = b"WEBP" + b"".join(chunks)
        return b"RIFF" + struct.pack("<I", len(body)) + body


def _changed(last: Image.Image, picture: Image.Image) -> list[tuple[int, int, int, int]]:
    """What is new in a picture: nothing, one box, or two with many rows between them that stayed."""
    from PIL import ImageChops

    difference = ImageChops.difference(last, picture)
    found = difference.getbbox()
    if found is None:
        return []
    left, top, right, bottom = found
    if bottom - top < _GAP:
        return [found]
    rows = bytes(difference.getprojection()[1])
    stayed = max(rows[top:bottom].split(b"\1"), key=len)
    if len(stayed) < _GAP:
        return [found]
    end = rows.index(stayed, top)
    begin = end + len(stayed)
    parts = ((left, top, right, end), (left, begin, right, bottom))
    boxes = []
    for part in parts:
        box = difference.crop(part).getbbox()
        if box is not None:
            boxes.append((part[0] + box[0], part[1] + box[1], part[0] + box[2], part[1] + box[3]))
    return boxes


def _frame(scene: _Scene) -> bytes:
    place = _three(scene.left // 2, scene.top // 2, scene.size[0] - 1, scene.size[1] - 1, scene.milliseconds)
    return _chunk(b"ANMF", place + bytes([_OVERWRITES]) + _chunk(b"VP8 ", scene.picture.result()[_HEAD:]))


def _three(*numbers: int) -> bytes:
    """Numbers in three bytes each, as WebP writes sizes."""
    return b"".join(number.to_bytes(3, "little") for number in numbers)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
