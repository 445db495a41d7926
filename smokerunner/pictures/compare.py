"""Two pictures of the same step: what a person would call different, where it is, and a picture of it.

A pixel differs when its colour is found nowhere among the nine pixels around its place in the other picture, looked
at both ways, and still so when both are blurred a little. So edges that are smoothed otherwise, or that lie up to one
pixel beside, are the same; what moved further, came, went or got another colour is not.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from smokerunner.model.geometry import Box
from smokerunner.model.record import record

if TYPE_CHECKING:
    from PIL.Image import Image

    Choose = Callable[[Image, Image], Image]

VISIBLE = 20
"""Levels of 255 by which a channel must differ to be seen, with the nearest colour around."""
VISIBLE_BLURRED = 12
"""The same for the mean of nine pixels, where a stroke between two pixels looks like a stroke on one."""
SPECK = 2
"""Pixels; a group of fewer is the rounding of a curve."""
_CELL = 8
"""Pixels; the grid on which neighbours are gathered into one area."""
_GAP = 3
"""Cells that may lie between two parts of the same area."""
_MARK = (214, 0, 110)
_PALE = 0.72


class NoPicture(ValueError):
    """The bytes are no picture that can be read."""


@record
class Compared:
    """What came of it. `changed` is the part of all pixels, 0 to 1; boxes are in pixels, the largest area first."""

    changed: float = 0.0
    areas: tuple[Box, ...] = ()
    before: tuple[int, int] = (0, 0)
    after: tuple[int, int] = (0, 0)
    difference: bytes | None = None

    @property
    def same(self) -> bool:
        """Whether nothing differs that anybody would see."""
        return not self.areas

    @property
    def resized(self) -> bool:
        """Whether the two have different sizes; what only one of them has counts as changed."""
        return self.before != self.after

    @property
    def words(self) -> str:
        """What differs, for people; empty when nothing does."""
        if self.same:
            return ""
        share = "a small part" if self.changed < 0.0001 else f"{self.changed * 100:.2g} %"
        box = self.areas[0]
        where = f"{box.width:.0f}×{box.height:.0f} pixels at {box.x:.0f}, {box.y:.0f}"
        places = f"in {len(self.areas)} places, the largest" if len(self.areas) > 1 else "in one place,"
        sizes = f"; its size was {_size(self.before)} and is {_size(self.after)}" if self.resized else ""
        return f"{share} of the picture differs, {places} {where}{sizes}"


def compare(
    before: bytes, after: bytes, *, ignored: Iterable[Box] = (), tolerance: float = 0.0, draw: bool = True
) -> Compared:
    """Compare two PNGs. What lies in an `ignored` box does not count, nor does a change of at most `tolerance`.

    `draw` makes the picture of the difference, a PNG. Raises NoPicture when one of them cannot be read.
    """
    if before == after:
        return Compared()
    old, new = _opened(before), _opened(after)
    from PIL import Image, ImageChops

    width, height = max(old.width, new.width), max(old.height, new.height)
    common = (min(old.width, new.width), min(old.height, new.height))
    if old.size == new.size and ImageChops.difference(old, new).getbbox() is None:
        return Compared(before=old.size, after=new.size)
    mask = Image.new("L", (width, height), 255)
    mask.paste(_strays(old.crop((0, 0, *common)), new.crop((0, 0, *common))))
    for box in ignored:
        mask.paste(0, _corners(box))
    areas, pixels = _areas(mask)
    changed = pixels / (width * height)
    if not areas or changed <= tolerance:
        return Compared(changed=changed, before=old.size, after=new.size)
    drawn = _drawn(old, mask, areas) if draw else None
    return Compared(changed, areas, old.size, new.size, drawn)


def _opened(data: bytes) -> Image:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.mode == "RGB":
                picture.load()
                return picture.copy()
            whole = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise NoPicture(f"not a PNG picture: {wrong}") from wrong
    ground = Image.new("RGB", whole.size, "white")
    ground.paste(whole, mask=whole.getchannel("A"))
    return ground


def _strays(old: Image, new: Image) -> Image:
    """255 where a pixel of either has no like around its place in the other, else 0."""
    from PIL import Image, ImageChops, ImageFilter

    mask = Image.new("L", old.size, 0)
    found = ImageChops.difference(old, new).getbbox()
    if found is None:
        return mask
    # Only what differs at all is worth a closer look, with the two pixels around it that the look may reach.
    left, top, right, bottom = found
    part = (max(left - 2, 0), max(top - 2, 0), min(right + 2, old.width), min(bottom + 2, old.height))
    old, new = old.crop(part), new.crop(part)
    sharp = _apart(old, new, VISIBLE)
    if sharp.getbbox() is not None:
        blur = ImageFilter.BoxBlur(1)
        sharp = ImageChops.darker(sharp, _apart(old.filter(blur), new.filter(blur), VISIBLE_BLURRED))
    mask.paste(sharp, part[:2])
    return mask


def _apart(old: Image, new: Image, visible: int) -> Image:
    from PIL import ImageChops

    red, green, blue = ImageChops.lighter(_beyond(old, new), _beyond(new, old)).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return worst.point([255 if level > visible else 0 for level in range(256)])


def _beyond(one: Image, other: Image) -> Image:
    """By how much each pixel of one lies outside the range of colours around its place in the other."""
    from PIL import ImageChops

    above = ImageChops.subtract(one, _around(other, ImageChops.lighter))
    below = ImageChops.subtract(_around(other, ImageChops.darker), one)
    return ImageChops.lighter(above, below)


def _around(picture: Image, choose: Choose) -> Image:
    """The lightest or darkest of nine pixels at each place; rows first, then columns, which comes to the same."""
    for step in ((1, 0), (0, 1)):
        chosen = picture
        for sign in (1, -1):
            moved = picture.copy()
            moved.paste(picture, (sign * step[0], sign * step[1]))
            chosen = choose(chosen, moved)
        picture = chosen
    return picture


def _areas(mask: Image) -> tuple[tuple[Box, ...], int]:
    """Boxes around what differs, the largest number of pixels first, and how many pixels that is; specks left out."""
    cells = mask.reduce(_CELL)
    width = cells.width
    left = {index for index, level in enumerate(cells.tobytes()) if level}
    found: list[tuple[int, Box]] = []
    while left:
        group = _group(left, width)
        columns, rows = [cell % width for cell in group], [cell // width for cell in group]
        x, y = min(columns) * _CELL, min(rows) * _CELL
        part = mask.crop((x, y, (max(columns) + 1) * _CELL, (max(rows) + 1) * _CELL))
        tight, pixels = part.getbbox(), part.histogram()[255]
        if tight is not None and pixels >= SPECK:
            box = Box(x=x + tight[0], y=y + tight[1], width=tight[2] - tight[0], height=tight[3] - tight[1])
            found.append((pixels, box))
    found.sort(key=lambda item: -item[0])
    total = mask.histogram()[255] if found else 0
    return tuple(box for _, box in found), total


def _group(left: set[int], width: int) -> list[int]:
    """Take one group of cells that lie near each other out of those that are left."""
    group = [left.pop()]
    for cell in group:
        column = cell % width
        for down in range(-_GAP, _GAP + 1):
            for across in range(max(-_GAP, -column), min(_GAP, width - 1 - column) + 1):
                near = cell + down * width + across
                if near in left:
                    left.discard(near)
                    group.append(near)
    return group


def _drawn(old: Image, mask: Image, areas: Iterable[Box]) -> bytes:
    """The earlier picture, pale and grey, with what differs in a strong colour and a frame round each area."""
    from PIL import Image, ImageDraw, ImageFilter

    pale = Image.new("L", mask.size, 255)
    pale.paste(old.convert("L").point([round(255 - (255 - level) * (1 - _PALE)) for level in range(256)]))
    picture = pale.convert("RGB")
    found = mask.getbbox()
    if found is not None:
        picture.paste(_MARK, found, mask.crop(found).filter(ImageFilter.MaxFilter(3)))
    pen = ImageDraw.Draw(picture)
    for box in areas:
        left, top, right, bottom = _corners(box)
        pen.rounded_rectangle((left - 5, top - 5, right + 4, bottom + 4), radius=6, outline=_MARK, width=2)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def _corners(box: Box) -> tuple[int, int, int, int]:
    return (int(box.x), int(box.y), -int(-(box.x + box.width) // 1), -int(-(box.y + box.height) // 1))
