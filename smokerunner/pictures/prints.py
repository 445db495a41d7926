"""The pictures of a flow at the sizes of its film and its sheet, each opened and scaled once, whoever draws on it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smokerunner.model.errors import Unavailable
from smokerunner.pictures.canvas import opened, topmost
from smokerunner.pictures.frame import Shot
from smokerunner.pictures.outline import drawn_over

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 640, 360
"""Pixels of a picture in the film: half of the usual window, which is scaled ten times as fast as any other part."""
SMALL = 0.625
"""A picture in the sheet, as part of that in the film."""
_KEPT = 4
"""Large prints in memory, about 0.7 MB each; a film goes through its pictures in order."""
_AHEAD = 24
"""The same of a flow that is alone in its run, so that its pictures can be printed while it runs."""


@dataclass(frozen=True)
class _Print:
    large: Image.Image
    scale: float
    """Pixels of `large` for one of the picture itself."""


class Prints:
    """Prints of one flow's pictures. Small ones stay in memory as long as this does, about 0.3 MB each."""

    def __init__(self, *, ahead: bool = False) -> None:
        self._room = _AHEAD if ahead else _KEPT
        self._made: dict[bytes, _Print] = {}
        self._small: dict[bytes, tuple[Image.Image, float]] = {}

    def prepare(self, data: bytes) -> None:
        """Make the prints of a picture now, while there is room for them; a damaged one tells later."""
        if len(self._made) < self._room:
            with contextlib.suppress(Unavailable):
                self._of(Shot(data))

    def large(self, shot: Shot) -> Image.Image:
        """Within `WIDTH` and `HEIGHT`, with its outline. Raises Unavailable when the picture is damaged."""
        made = self._of(shot)
        return drawn_over(made.large.copy(), shot, made.scale)

    def small(self, shot: Shot) -> Image.Image:
        """The same, `SMALL` times as wide and high. Raises Unavailable when the picture is damaged."""
        if shot.data not in self._small:
            self._of(shot)
        small, scale = self._small[shot.data]
        return drawn_over(small.copy(), shot, scale)

    def _of(self, shot: Shot) -> _Print:
        made = self._made.get(shot.data)
        if made is None:
            picture = opened(shot.data)
            large = topmost(picture, WIDTH, HEIGHT)
            made = _Print(large, large.width / picture.width)
            while len(self._made) >= self._room:
                del self._made[next(iter(self._made))]
            self._made[shot.data] = made
            size = (max(round(large.width * SMALL), 1), max(round(large.height * SMALL), 1))
            self._small[shot.data] = large.resize(size, _bilinear()), size[0] / picture.width
        return made


def _bilinear() -> Image.Resampling:
    from PIL import Image

    return Image.Resampling.BILINEAR
