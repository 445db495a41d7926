"""What all drawn pictures share: reading a clean picture, letters, colours and badges."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome

if TYPE_CHECKING:
    from PIL import Image

COLOURS = {
    Outcome.PASSED: "#1a7f37",
    Outcome.WARNED: "#9a6700",
    Outcome.INCONCLUSIVE: "#6639ba",
    Outcome.ERROR: "#bc4c00",
    Outcome.FAILED: "#cf222e",
    Outcome.SKIPPED: "#6e7781",
}
INK, GREY, LINE, PAPER, GROUND = "#1f2328", "#656d76", "#d0d7de", "#ffffff", "#f3f5f7"
LARGEST = 50_000_000
"""Pixels; what claims to be larger is not opened."""
_PHONE = 600
"""A window narrower than this is that of a phone, at most `_TALL` times as high as wide."""
_TALL = 2.2

_REMEMBERED = 256
"""Texts that stay drawn: most steps passed, and the same numbers and names stand in sheet and film, flow after flow."""


def prepare() -> None:
    """Load all that draws now, for whoever has time before something is to be drawn."""
    from PIL import ImageChops, ImageDraw, ImageFont, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    for size, bold in ((13, False), (14, True), (15, False), (16, True), (24, True)):
        font(size, bold=bold)


def opened(png: bytes) -> Image.Image:
    """The picture in RGB. Raises Unavailable when it is damaged or beyond all measure."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as found:
            if found.width * found.height > LARGEST:
                raise Unavailable(f"a picture of {found.width}x{found.height} pixels is too large to draw on")
            if found.mode == "RGB":
                found.load()
                return found
            return found.convert("RGB")
    # Pillow tells a damaged file in any of these ways.
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as wrong:
        raise Unavailable(f"a picture cannot be read: {wrong}") from wrong


def topmost(picture: Image.Image, width: int, height: int) -> Image.Image:
    """The picture within this width and height: as wide as that, and cut off below; that of a phone as a whole."""
    from PIL import Image

    ratio = height / width if picture.width >= _PHONE else max(height / width, _TALL)
    shown = min(picture.height, round(picture.width * ratio))
    scale = min(width / picture.width, height / shown)
    size = (max(round(picture.width * scale), 1), max(round(shown * scale), 1))
    # What can be halved, thirded and so on is, which takes a tenth of the time, and only the rest is interpolated.
    times = (max(round(picture.width / size[0]), 1), max(round(shown / size[1]), 1))
    if (-(-picture.width // times[0]), -(-shown // times[1])) == size:
        return picture.reduce(times, (0, 0, picture.width, shown))
    return picture.resize(size, Image.Resampling.BILINEAR, (0, 0, picture.width, shown), reducing_gap=1.0)


def laid(ground: Image.Image, picture: Image.Image, place: tuple[int, int, int, int]) -> None:
    """Lay a picture into a place, in its middle and at its top, with grey around it where it is smaller."""
    left, top, right, bottom = place
    if picture.size != (right - left, bottom - top):
        ground.paste("#e6e9ed", place)
    ground.paste(picture, (left + (right - left - picture.width) // 2, top))


@cache
def font(size: int, *, bold: bool = False) -> Any:
    """DejaVu where the machine has it, for its many alphabets, else the font that comes with Pillow."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


@lru_cache(_REMEMBERED)
def length(text: str, letters: Any) -> float:
    """How long a text is in pixels."""
    measured: float = letters.getlength(text)
    return measured


def fitting(text: str, width: float, letters: Any) -> str:
    """The text on one line, with an ellipsis where it had to be cut."""
    flat = " ".join(text.split())
    if length(flat, letters) <= width:
        return flat
    low, high = 0, len(flat)
    while low < high:
        middle = (low + high + 1) // 2
        if letters.getlength(flat[:middle].rstrip() + "…") <= width:
            low = middle
        else:
            high = middle - 1
    return flat[:low].rstrip() + "…"


def write(picture: Image.Image, at: tuple[int, int], text: str, colour: str, letters: Any) -> None:
    """Write a text; `at` is where it begins, and the middle of its height."""
    picture.paste(colour, (at[0] - letters.size, at[1] - letters.size), _shape(text, letters))


@lru_cache(_REMEMBERED)
def _shape(text: str, letters: Any) -> Image.Image:
    """A text as a mask, with the size of its letters before it, after it, above and below its middle."""
    from PIL import Image, ImageDraw

    shape = Image.new("L", (round(length(text, letters)) + 2 * letters.size, 2 * letters.size), 0)
    ImageDraw.Draw(shape).text((letters.size, letters.size), text, 255, letters, anchor="lm")
    return shape


def badge(picture: Image.Image, left: int, top: int, text: str, colour: str, letters: Any) -> int:
    """White letters on a coloured pill; its width."""
    long, height = length(text, letters), letters.size + 10
    pill = _pill(max(round(long) + 16, height), height)
    picture.paste(colour, (left, top), pill)
    write(picture, (left + round((pill.width - long) / 2), top + height // 2), text, PAPER, letters)
    return pill.width


@lru_cache(_REMEMBERED)
def _pill(width: int, height: int) -> Image.Image:
    from PIL import Image, ImageDraw

    pill = Image.new("L", (width, height), 0)
    ImageDraw.Draw(pill).rounded_rectangle((0, 0, width - 1, height - 1), height // 2, fill=255)
    return pill


def as_webp(picture: Image.Image, quality: int, effort: int = 2) -> bytes:
    """The bytes of a WebP without any text in it. More `effort`, up to 6, makes it smaller and takes longer."""
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=quality, method=effort)
    return written.getvalue()


def as_jpeg(picture: Image.Image, quality: int) -> bytes:
    """The bytes of a JPEG without any text in it, a fifth of the time of a WebP and twice its size."""
    written = io.BytesIO()
    # With its colours at full height, thin coloured lines stay what they are.
    picture.save(written, "JPEG", quality=quality, subsampling="4:2:2")
    return written.getvalue()
