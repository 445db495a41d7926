"""The pictures of a flow at the size of its film, each opened and scaled once however often it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smokerunner.pictures.canvas import opened, topmost
from smokerunner.pictures.frame import Shot
from smokerunner.pictures.outline import drawn_over

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 800, 450
"""Pixels of a picture in the film; in the contact sheet it is half as large."""


@dataclass(frozen=True)
class _Print:
    large: Image.Image
    small: Image.Image
    scale: float
    """Pixels of `large` for one of the picture itself."""


class Prints:
    """Prints of one flow's pictures. They stay in memory as long as this does, about a megabyte each."""

    def __init__(self) -> None:
        self._made: dict[bytes, _Print] = {}

    def large(self, shot: Shot) -> Image.Image:
        """Within `WIDTH` and `HEIGHT`, with its outline. Raises Unavailable when the picture is damaged."""
        made = self._of(shot)
        return drawn_over(made.large.copy(), shot, made.scale)

    def small(self, shot: Shot) -> Image.Image:
        """Half as wide and high, with its outline. Raises Unavailable when the picture is damaged."""
        made = self._of(shot)
        return drawn_over(made.small.copy(), shot, made.scale / 2)

    def _of(self, shot: Shot) -> _Print:
        made = self._made.get(shot.data)
        if made is None:
            picture = opened(shot.data)
            large = topmost(picture, WIDTH, HEIGHT)
            made = self._made[shot.data] = _Print(large, large.reduce(2), large.width / picture.width)
        return made
