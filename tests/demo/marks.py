"""Reads the strip of marks from a picture."""

from __future__ import annotations

import io

from PIL import Image

from smokerunner.demo.marks import BLOCK, LENGTH, Mark, decode


def read_mark(png_bytes: bytes) -> Mark:
    """What the strip in the top left corner says. `ValueError` when there is none, or a block is not clear."""
    with Image.open(io.BytesIO(png_bytes)) as opened:
        picture = opened.convert("L")
    if picture.width < LENGTH * BLOCK or picture.height < BLOCK:
        raise ValueError("the picture is too small for a strip of marks")
    return decode([_read_block(picture, place) for place in range(LENGTH)])


def _read_block(picture: Image.Image, place: int) -> int:
    left = place * BLOCK
    darkest, brightest = picture.crop((left, 0, left + BLOCK, BLOCK)).getextrema()
    if (darkest, brightest) not in ((0, 0), (255, 255)):
        raise ValueError(f"block {place} is neither black nor white")
    return 1 if darkest == 0 else 0
