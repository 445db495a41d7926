"""What all drawn pictures share: reading a clean picture, letters, colours and badges."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

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


def prepare() -> None:
    """Load all that draws now, for whoever has time before something is to be drawn."""
    from PIL import ImageChops, ImageDraw, ImageFont, PngImagePlugin, WebPImagePlugin  # noqa: F401

    for size, bold in ((13, False), (14, True), (15, False), (16, True), (24, True)):
        font(size, bold=bold)


def opened(png: bytes) -> Image.Image:
    """The picture in RGB. Raises Unavailable when it is damaged or beyond all measure."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as found:
            if found.width * found.height > LARGEST:
                raise Unavailable(f"a picture of {found.width}x{found.height} pixels is too large to draw on")
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
    return picture.resize(size, Image.Resampling.BILINEAR, (0, 0, picture.width, shown), reducing_gap=1.0)


@cache
def font(size: int, *, bold: bool = False) -> Any:
    """DejaVu where the machine has it, for its many alphabets, else the font that comes with Pillow."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def fitting(text: str, width: float, letters: Any) -> str:
    """The text on one line, with an ellipsis where it had to be cut."""
    flat = " ".join(text.split())
    if letters.getlength(flat) <= width:
        return flat
    low, high = 0, len(flat)
    while low < high:
        middle = (low + high + 1) // 2
        if letters.getlength(flat[:middle].rstrip() + "…") <= width:
            low = middle
        else:
            high = middle - 1
    return flat[:low].rstrip() + "…"


def badge(draw: ImageDraw.ImageDraw, left: int, top: int, text: str, colour: str, letters: Any) -> int:
    """White letters on a coloured pill; its width."""
    height = letters.size + 10
    width: int = max(round(letters.getlength(text)) + 16, height)
    draw.rounded_rectangle((left, top, left + width - 1, top + height - 1), height // 2, fill=colour)
    draw.text((left + width / 2, top + height / 2), text, PAPER, letters, anchor="mm")
    return width


def as_webp(picture: Image.Image, quality: int, effort: int = 2) -> bytes:
    """The bytes of a WebP without any text in it. More `effort`, up to 6, makes it smaller and takes longer."""
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=quality, method=effort)
    return written.getvalue()
