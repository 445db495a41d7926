"""The outline is drawn around the element, never in it, and is seen on light and on dark pages."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageColor

from smokerunner.model.errors import Unavailable
from smokerunner.model.geometry import Box, Point
from smokerunner.pictures.frame import Shot
from smokerunner.pictures.outline import COLOUR, GAP, outlined

BOX = Box(x=40, y=30, width=80, height=40)
MAGENTA = ImageColor.getrgb(COLOUR)


def plain(colour: str = "#ffffff", size: tuple[int, int] = (200, 120)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("ground", ["#ffffff", "#000000", "#7f7f7f"])
def test_the_line_is_around_the_box_with_a_white_edge(ground: str) -> None:
    drawn = outlined(Shot(plain(ground), BOX))
    for place in ((80, 30 - GAP - 2), (80, 70 + GAP + 1), (40 - GAP - 2, 50), (120 + GAP + 1, 50)):
        assert drawn.getpixel(place) == MAGENTA, place
    for place in ((80, 29), (80, 30 - GAP - 4), (39, 50), (120 + GAP + 4, 50)):
        assert drawn.getpixel(place) == (255, 255, 255), place


def test_nothing_inside_the_box_is_touched() -> None:
    drawn = outlined(Shot(plain("#123456"), BOX))
    inside = drawn.crop((40, 30, 120, 70))
    assert inside.getcolors() == [(80 * 40, (0x12, 0x34, 0x56))]


def test_the_click_point_is_a_ring_that_leaves_what_is_around_it() -> None:
    drawn = outlined(Shot(plain("#000000"), BOX, Point(x=80, y=50)))
    assert drawn.getpixel((80, 50)) == MAGENTA
    assert drawn.getpixel((80, 42)) != (0, 0, 0), "the ring"
    assert drawn.getpixel((80, 45)) == (0, 0, 0), "between ring and dot"
    assert drawn.crop((96, 30, 120, 70)).getcolors() == [(24 * 40, (0, 0, 0))], "beside it"


@pytest.mark.parametrize(
    "box",
    [
        Box(x=0, y=0, width=200, height=120),
        Box(x=-50, y=-50, width=400, height=400),
        Box(x=150, y=90, width=100, height=100),
    ],
)
def test_an_element_that_reaches_beyond_the_picture_is_outlined_within_it(box: Box) -> None:
    drawn = outlined(Shot(plain(), box))
    assert drawn.size == (200, 120)
    colours = {colour for _, colour in drawn.getcolors(1 << 20) or []}
    assert MAGENTA in colours


@pytest.mark.parametrize("box", [Box(x=300, y=10, width=20, height=20), Box(x=10, y=-90, width=20, height=20)])
def test_an_element_out_of_sight_has_no_outline(box: Box) -> None:
    assert outlined(Shot(plain(), box)).getcolors() == [(200 * 120, (255, 255, 255))]


@pytest.mark.parametrize(
    "data", [b"", b"no picture", plain()[:40], plain()[:-30], b"GIF89a" + bytes(20), plain().replace(b"IDAT", b"JUNK")]
)
def test_a_damaged_picture_is_told(data: bytes) -> None:
    with pytest.raises(Unavailable, match="a picture"):
        outlined(Shot(data, BOX))


def test_a_picture_beyond_all_measure_is_not_opened() -> None:
    with pytest.raises(Unavailable, match="too large"):
        outlined(Shot(plain(size=(20000, 3000))))
