"""The pictures of a flow at the sizes of its film and its sheet, each opened and scaled once, whoever draws on it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from smokerunner.model.errors import Unavailable
from smokerunner.model.record import record
from smokerunner.pictures.canvas import opened, topmost
from smokerunner.pictures.frame import Shot
from smokerunner.pictures.outline import drawn_over

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 640, 360
"""Pixels of a picture in the film: half of the usual window, which is scaled ten times as fast as any other part."""
SMALL_WIDTH, SMALL_HEIGHT = 427, 240
"""Pixels of a picture in the sheet: a third of the usual window."""
_KEPT = 4
"""Large prints in memory, about 0.7 MB each; a film goes through its pictures in order."""
_AHEAD = 24
"""The same of a flow that is alone in its run, so that its pictures can be printed while it runs."""


@record
class _Print:
    image: Image.Image
    scale: float
    """Its pixels for one of the picture itself."""

    @classmethod
    def of(cls, picture: Image.Image, width: int, height: int) -> _Print:
        image = topmost(picture, width, height)
        return cls(image, image.width / picture.width)

    def drawn(self, shot: Shot) -> Image.Image:
        """Not to be drawn on: without an outline it is the print itself."""
        is_plain = shot.box is None and shot.point is None
        return self.image if is_plain else drawn_over(self.image.copy(), shot, self.scale)


class Prints:
    """Prints of one flow's pictures. Small ones stay in memory as long as this does, about 0.4 MB each."""

    def __init__(self, *, ahead: bool = False) -> None:
        self._room = _AHEAD if ahead else _KEPT
        self._made: dict[bytes, _Print] = {}
        self._small: dict[bytes, _Print] = {}

    def prepare(self, data: bytes) -> None:
        """Make the prints of a picture now, while there is room for them; a damaged one tells later."""
        if len(self._made) < self._room:
            with contextlib.suppress(Unavailable):
                self._of(Shot(data))

    def large(self, shot: Shot) -> Image.Image:
        """Within `WIDTH` and `HEIGHT`, with its outline. Raises Unavailable when the picture is damaged."""
        return self._of(shot).drawn(shot)

    def small(self, shot: Shot) -> Image.Image:
        """Within `SMALL_WIDTH` and `SMALL_HEIGHT`, with its outline. Raises Unavailable when the picture is damaged."""
        if shot.data not in self._small:
            self._of(shot)
        return self._small[shot.data].drawn(shot)

    def _of(self, shot: Shot) -> _Print:
        made = self._made.get(shot.data)
        if made is None:
            picture = opened(shot.data)
            made = _Print.of(picture, WIDTH, HEIGHT)
            while len(self._made) >= self._room:
                del self._made[next(iter(self._made))]
            self._made[shot.data] = made
            if shot.data not in self._small:
                self._small[shot.data] = _Print.of(picture, SMALL_WIDTH, SMALL_HEIGHT)
        return made
