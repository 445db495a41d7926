"""An animated WebP put together scene by scene: of each only the part that is new is encoded, and none stays drawn.

Pillow would keep all scenes until the last, and encode most of them twice to choose between two kinds of frames.
"""

from __future__ import annotations

import struct
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
_HEAD = 20
"""Bytes of a still WebP before its picture: the container's head and the picture's own."""


@dataclass
class _Scene:
    left: int
    top: int
    size: tuple[int, int]
    milliseconds: int
    picture: bytes
    """As it stands in a still, without the head."""


class Film:
    """The scenes so far, all of one size in pixels."""

    def __init__(self, size: tuple[int, int], quality: int) -> None:
        self._size = size
        self._quality = quality
        self._last: Image.Image | None = None
        self.scenes: list[_Scene] = []

    def add(self, picture: Image.Image, milliseconds: int) -> None:
        """One more scene. What looks like the last one lasts longer instead."""
        from PIL import ImageChops

        left, top, right, bottom = 0, 0, *picture.size
        if self._last is not None:
            changed = ImageChops.difference(self._last, picture).getbbox()
            if changed is None:
                self.scenes[-1].milliseconds += milliseconds
                return
            left, top, right, bottom = changed
        # A frame can only begin at an even pixel.
        left, top = left & ~1, top & ~1
        still = as_webp(picture.crop((left, top, right, bottom)), self._quality, _EFFORT)
        self.scenes.append(_Scene(left, top, (right - left, bottom - top), milliseconds, still[_HEAD:]))
        self._last = picture

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


def _frame(scene: _Scene) -> bytes:
    place = _three(scene.left // 2, scene.top // 2, scene.size[0] - 1, scene.size[1] - 1, scene.milliseconds)
    return _chunk(b"ANMF", place + bytes([_OVERWRITES]) + _chunk(b"VP8 ", scene.picture))


def _three(*numbers: int) -> bytes:
    """Numbers in three bytes each, as WebP writes sizes."""
    return b"".join(number.to_bytes(3, "little") for number in numbers)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
