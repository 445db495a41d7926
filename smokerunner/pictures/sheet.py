"""The contact sheet of a flow: all its steps on one page, to be read at a glance and sent by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from smokerunner.model.duration import spell
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.pictures.canvas import COLOURS, GREY, GROUND, INK, LINE, PAPER, as_webp, badge, fitting, font
from smokerunner.pictures.frame import Frame, Headline
from smokerunner.pictures.prints import HEIGHT, SMALL, WIDTH, Prints

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

CELL, PICTURE = round(WIDTH * SMALL), round(HEIGHT * SMALL)
"""Width of a cell, and height of the picture in it, in pixels."""
GAP, HEAD, FOOT = 24, 112, 62
QUALITY, EFFORT = 70, 0
"""Every flow has one, and it is the largest picture of all: it is encoded in two thirds of the usual time."""
_ROWS = 45
"""A WebP is 16383 pixels high at most; beyond these rows the sheet grows wider."""


def contact_sheet(headline: Headline, frames: Sequence[Frame], prints: Prints) -> bytes:
    """A WebP with a cell for each frame, and one more for the page after the last step, if that acted.

    A picture that is missing or damaged leaves its cell empty.
    """
    from PIL import Image, ImageDraw

    cells = [*frames, *_ending(frames)]
    columns = max(min(3, len(cells)), -(-len(cells) // _ROWS), 2)
    rows = -(-len(cells) // columns)
    step = PICTURE + FOOT + GAP
    sheet = Image.new("RGB", (GAP + columns * (CELL + GAP), HEAD + rows * step), GROUND)
    draw = ImageDraw.Draw(sheet)
    _head(draw, headline, sheet.width)
    for index, frame in enumerate(cells):
        row, column = divmod(index, columns)
        _cell(sheet, draw, frame, prints, GAP + column * (CELL + GAP), HEAD + row * step)
    return as_webp(sheet, QUALITY, EFFORT)


def _ending(frames: Sequence[Frame]) -> list[Frame]:
    """The page that the last step left: all others are seen with the step that follows them."""
    ran = [frame for frame in frames if frame.outcome is not Outcome.SKIPPED]
    if not ran or ran[-1].after is None or ran[-1].shown is ran[-1].after:
        return []
    return [replace(ran[-1], number="", title=f"After step {ran[-1].number}", before=None)]


def _head(draw: ImageDraw.ImageDraw, headline: Headline, width: int) -> None:
    draw.rectangle((0, 0, width, HEAD - GAP), fill=PAPER)
    draw.rectangle((0, 0, width, 5), fill=COLOURS[headline.outcome])
    pill = font(16, bold=True)
    room = width - 2 * GAP - round(pill.getlength(headline.outcome)) - 40
    title = font(24, bold=True)
    shown = fitting(headline.title, room, title)
    draw.text((GAP, 36), shown, INK, title, anchor="lm")
    badge(draw, GAP + round(title.getlength(shown)) + 16, 23, headline.outcome, COLOURS[headline.outcome], pill)
    words = f"{headline.about}  ·  {headline.when}  ·  {spell(headline.seconds)}"
    draw.text((GAP, 68), fitting(words, width - 2 * GAP, font(15)), GREY, font(15), anchor="lm")


def _cell(sheet: Image.Image, draw: ImageDraw.ImageDraw, frame: Frame, prints: Prints, left: int, top: int) -> None:
    colour = COLOURS[frame.outcome]
    bad = frame.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
    edge = (left - 1, top - 1, left + CELL, top + PICTURE + FOOT)
    draw.rectangle(edge, fill=PAPER, outline=LINE)
    picture = _picture(frame, prints)
    if picture is not None:
        draw.rectangle((left, top, left + CELL - 1, top + PICTURE - 1), fill="#e6e9ed")
        sheet.paste(picture, (left + (CELL - picture.width) // 2, top))
    else:
        draw.rectangle((left, top, left + CELL - 1, top + PICTURE - 1), fill="#eceff2")
        said = "not run" if frame.outcome is Outcome.SKIPPED else "no picture"
        draw.text((left + CELL / 2, top + PICTURE / 2), said, GREY, font(16), anchor="mm")
    draw.line((left, top + PICTURE, left + CELL - 1, top + PICTURE), fill=LINE)
    line = top + PICTURE + 20
    at = left + 10
    if frame.number:
        at += badge(draw, at, line - 12, frame.number, colour, font(14, bold=True)) + 8
    letters = font(15, bold=bad)
    draw.text((at, line), fitting(frame.title, left + CELL - 10 - at, letters), INK, letters, anchor="lm")
    if frame.number:
        took = "" if frame.outcome is Outcome.SKIPPED else spell(frame.seconds)
        draw.text((left + CELL - 10, line + 25), took, GREY, font(13), anchor="rm")
        room = CELL - 30 - font(13).getlength(took)
        said = f"{frame.outcome}: {frame.message}" if frame.message else str(frame.outcome)
        draw.text((left + 10, line + 25), fitting(said, room, font(13)), colour, font(13), anchor="lm")
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
