"""The contact sheet of a flow: all its steps on one page, to be read at a glance and sent by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from smokerunner.model.duration import spell
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.pictures.canvas import (
    COLOURS,
    GREY,
    GROUND,
    INK,
    LINE,
    PAPER,
    as_jpeg,
    badge,
    fitting,
    font,
    laid,
    length,
    write,
)
from smokerunner.pictures.frame import Frame, Headline
from smokerunner.pictures.prints import SMALL_HEIGHT, SMALL_WIDTH, Prints

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

CELL, PICTURE = SMALL_WIDTH, SMALL_HEIGHT
"""Width of a cell, and height of the picture in it, in pixels."""
GAP, HEAD, FOOT = 24, 112, 62
QUALITY = 70
_ROWS = 45
"""Many viewers show nothing that is higher than 16384 pixels; beyond these rows the sheet grows wider."""


def contact_sheet(headline: Headline, frames: Sequence[Frame], prints: Prints) -> bytes:
    """A JPEG with a cell for each frame, and one more for the page after the last step, if that acted.

    A picture that is missing or damaged leaves its cell empty.
    """
    from PIL import Image, ImageDraw

    cells = [*frames, *_ending(frames)]
    columns = max(min(3, len(cells)), -(-len(cells) // _ROWS), 2)
    rows = -(-len(cells) // columns)
    step = PICTURE + FOOT + GAP
    sheet = Image.new("RGB", (GAP + columns * (CELL + GAP), HEAD + rows * step), GROUND)
    draw = ImageDraw.Draw(sheet)
    _head(sheet, draw, headline)
    for index, frame in enumerate(cells):
        row, column = divmod(index, columns)
        _cell(sheet, draw, frame, prints, GAP + column * (CELL + GAP), HEAD + row * step)
    return as_jpeg(sheet, QUALITY)


def _ending(frames: Sequence[Frame]) -> list[Frame]:
    """The page that the last step left: all others are seen with the step that follows them."""
    ran = [frame for frame in frames if frame.outcome is not Outcome.SKIPPED]
    if not ran or ran[-1].after is None or ran[-1].shown is ran[-1].after:
        return []
    return [replace(ran[-1], number="", title=f"After step {ran[-1].number}", before=None)]


def _head(sheet: Image.Image, draw: ImageDraw.ImageDraw, headline: Headline) -> None:
    width = sheet.width
    draw.rectangle((0, 0, width, HEAD - GAP), fill=PAPER)
    draw.rectangle((0, 0, width, 5), fill=COLOURS[headline.outcome])
    pill = font(16, bold=True)
    room = width - 2 * GAP - round(length(headline.outcome, pill)) - 40
    title = font(24, bold=True)
    shown = fitting(headline.title, room, title)
    write(sheet, (GAP, 36), shown, INK, title)
    badge(sheet, GAP + round(length(shown, title)) + 16, 23, headline.outcome, COLOURS[headline.outcome], pill)
    words = f"{headline.about}  ·  {headline.when}  ·  {spell(headline.seconds)}"
    write(sheet, (GAP, 68), fitting(words, width - 2 * GAP, font(15)), GREY, font(15))


def _cell(sheet: Image.Image, draw: ImageDraw.ImageDraw, frame: Frame, prints: Prints, left: int, top: int) -> None:
    colour = COLOURS[frame.outcome]
    bad = frame.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
    edge = (left - 1, top - 1, left + CELL, top + PICTURE + FOOT)
    draw.rectangle(edge, fill=PAPER, outline=LINE)
    picture = _picture(frame, prints)
    if picture is not None:
        laid(sheet, picture, (left, top, left + CELL, top + PICTURE))
    else:
        draw.rectangle((left, top, left + CELL - 1, top + PICTURE - 1), fill="#eceff2")
        said = "not run" if frame.outcome is Outcome.SKIPPED else "no picture"
        write(sheet, (left + (CELL - round(length(said, font(16)))) // 2, top + PICTURE // 2), said, GREY, font(16))
    draw.line((left, top + PICTURE, left + CELL - 1, top + PICTURE), fill=LINE)
    line = top + PICTURE + 20
    at = left + 10
    if frame.number:
        at += badge(sheet, at, line - 12, frame.number, colour, font(14, bold=True)) + 8
    letters = font(15, bold=bad)
    write(sheet, (at, line), fitting(frame.title, left + CELL - 10 - at, letters), INK, letters)
    if frame.number:
        took = "" if frame.outcome is Outcome.SKIPPED else spell(frame.seconds)
        small = font(13)
        long = round(length(took, small))
        write(sheet, (left + CELL - 10 - long, line + 25), took, GREY, small)
        room = CELL - 30 - long
        said = f"{frame.outcome}: {frame.message}" if frame.message else str(frame.outcome)
        write(sheet, (left + 10, line + 25), fitting(said, room, small), colour, small)
    if bad:
        draw.rectangle((edge[0] - 2, edge[1] - 2, edge[2] + 2, edge[3] + 2), outline=colour, width=3)


def _picture(frame: Frame, prints: Prints) -> Image.Image | None:
    if frame.shown is None:
        return None
    try:
        return prints.small(frame.shown)
    except Unavailable:
        # The picture itself is in the evidence, and its hash; here only its cell stays empty.
        return None
