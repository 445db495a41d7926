"""A small picture that can stand inside a report."""

from __future__ import annotations

from smokerunner.model.geometry import Box
from smokerunner.pictures.canvas import as_webp, opened, topmost
from smokerunner.pictures.frame import Shot
from smokerunner.pictures.outline import outlined

WIDTH, HEIGHT, QUALITY = 720, 900, 60
"""Pixels; of a taller picture the upper part is shown."""


def thumbnail(shot: Shot) -> bytes:
    """A WebP of the picture with its outline. Raises Unavailable when the picture is damaged."""
    picture = outlined(shot)
    return as_webp(topmost(picture, min(WIDTH, picture.width), HEIGHT), QUALITY)


def detail(png: bytes, box: Box) -> bytes:
    """A WebP of one place of a picture, in its own pixels. Raises Unavailable when the picture is damaged."""
    corners = (round(box.x), round(box.y), round(box.x + box.width), round(box.y + box.height))
    return as_webp(opened(png).crop(corners), QUALITY)
