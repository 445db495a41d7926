"""The outline of the element that was acted on, and where it was clicked, drawn over a clean picture."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from smokerunner.model.geometry import Box, Point
from smokerunner.pictures.canvas import opened
from smokerunner.pictures.frame import Shot

if TYPE_CHECKING:
    from PIL import Image

COLOUR = "#e5127d"
"""Magenta: few apps use it, and it reads on light and on dark pages."""
GAP, LINE, HALO = 2, 3, 2
"""Pixels from the element outwards: a gap, the line, and a white edge on either side of the line."""
_REACH = GAP + LINE + HALO
_RING, _LEAST, _DOT = 9.0, 4.5, 2.0
"""Radii of the ring around the click point, the least in small elements, and of the dot in it."""
_FINE = 4
"""Drawn this much larger and then made smaller, so that curves are smooth."""


def outlined(shot: Shot) -> Image.Image:
    """A copy of the picture with its box and click point; without either, just the copy. Raises Unavailable."""
    return drawn_over(opened(shot.data), shot, 1)


def drawn_over(picture: Image.Image, shot: Shot, scale: float) -> Image.Image:
    """This picture, drawn over in place; `scale` is its size as part of the shot's own."""
    box, point = shot.box, shot.point
    if box is not None:
        box = Box(x=box.x * scale, y=box.y * scale, width=box.width * scale, height=box.height * scale)
        _frame(picture, box)
    if point is not None:
        _mark(picture, Point(x=point.x * scale, y=point.y * scale), box)
    return picture


def _frame(picture: Image.Image, box: Box) -> None:
    """A line with a white edge around the box. Nothing is drawn inside it, unless it reaches beyond the picture."""
    left, top = round(box.x), round(box.y)
    right, bottom = round(box.x + box.width), round(box.y + box.height)
    if right <= 0 or bottom <= 0 or left >= picture.width or top >= picture.height:
        return
    # Where the element is as large as the window, its outline is drawn along the window's inner edge.
    left, top = max(left, _REACH), max(top, _REACH)
    right, bottom = min(right, picture.width - _REACH), min(bottom, picture.height - _REACH)
    if right - left < 1 or bottom - top < 1:
        return
    for outer, inner, colour in ((_REACH, 0, "#ffffff"), (GAP + LINE, GAP, COLOUR)):
        _ring(picture, (left, top, right, bottom), outer, inner, colour)


def _ring(picture: Image.Image, box: tuple[int, int, int, int], outer: int, inner: int, colour: str) -> None:
    left, top, right, bottom = box
    for edge in (
        (left, top - outer, right, top - inner),
        (left, bottom + inner, right, bottom + outer),
        (left - outer, top, left - inner, bottom),
        (right + inner, top, right + outer, bottom),
    ):
        picture.paste(colour, edge)
    places = ((left - outer, top - outer), (right, top - outer), (left - outer, bottom), (right, bottom))
    for corner, place in zip(_corners(outer, outer - inner), places, strict=True):
        picture.paste(colour, place, corner)


@cache
def _corners(side: int, thick: int) -> tuple[Image.Image, ...]:
    """Round corners, smooth at their edges; square inside, so that nothing of the element is touched."""
    from PIL import Image, ImageDraw

    large = Image.new("L", (side * _FINE, side * _FINE), 0)
    reach = side * _FINE * 2
    ImageDraw.Draw(large).ellipse((0, 0, reach - 1, reach - 1), fill=255)
    first = large.resize((side, side), Image.Resampling.BOX)
    first.paste(0, (thick, thick, side, side))
    mirrored, flipped = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM
    return (
        first,
        first.transpose(mirrored),
        first.transpose(flipped),
        first.transpose(mirrored).transpose(flipped),
    )


def _mark(picture: Image.Image, point: Point, box: Box | None) -> None:
    """A thin ring around the click point and a small dot in it: what is written there can still be read."""
    from PIL import Image, ImageDraw

    ring = _RING if box is None else min(_RING, max(_LEAST, min(box.width, box.height) / 3))
    reach = round(ring) + HALO + 2
    large = Image.new("RGBA", (reach * 2 * _FINE, reach * 2 * _FINE), (255, 255, 255, 0))
    draw = ImageDraw.Draw(large)
    middle = reach * _FINE

    def circle(radius: float, **how: object) -> None:
        far = radius * _FINE
        draw.ellipse((middle - far, middle - far, middle + far, middle + far), **how)  # type: ignore[arg-type]

    circle(ring + 1, outline="#ffffffd0", width=4 * _FINE)
    circle(ring, outline=COLOUR, width=2 * _FINE)
    circle(_DOT + 1, fill="#ffffffd0")
    circle(_DOT, fill=COLOUR)
    small = large.resize((reach * 2, reach * 2), Image.Resampling.BOX)
    picture.paste(small, (round(point.x) - reach, round(point.y) - reach), small)
