"""What counts as a difference between two pictures, on drawn pages and on real ones."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from smokerunner.browser.binary import Binary
from smokerunner.browser.launch import Engine
from smokerunner.model.geometry import Box
from smokerunner.pictures.compare import NoPicture, compare

SIZE = (400, 300)
Draw = Callable[[ImageDraw.ImageDraw], None]


def nothing(pen: ImageDraw.ImageDraw) -> None:
    """Draw nothing."""


def page(draw: Draw = nothing, size: tuple[int, int] = SIZE, mode: str = "RGB") -> bytes:
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 379, 60), fill="#2f5d46")
    pen.text((30, 100), "Oak notebook, dotted pages", fill="#222222", font_size=18)
    draw(pen)
    file = io.BytesIO()
    picture.convert(mode).save(file, "PNG")
    return file.getvalue()


def button(x: int, y: int = 200) -> Draw:
    return lambda pen: pen.rounded_rectangle((x, y, x + 119, y + 39), 8, fill="#b04c30")


def test_the_same_bytes_and_the_same_pixels_are_the_same() -> None:
    assert compare(page(), page()).same
    # The same pixels with an alpha channel: other bytes.
    seen = compare(page(), page(mode="RGBA"))
    assert seen.same
    assert seen.changed == 0
    assert seen.difference is None
    assert seen.words == ""


@pytest.mark.parametrize("by", [(1, 0), (0, 1), (1, 1), (-1, 0)])
def test_one_pixel_beside_is_the_same(by: tuple[int, int]) -> None:
    def text(x: int, y: int) -> Draw:
        return lambda pen: pen.text((x, y), "Price 14.50 for one", fill="#333333", font_size=16)

    assert compare(page(text(40, 220)), page(text(40 + by[0], 220 + by[1]))).same


def test_a_moved_button_is_found_where_it_was_and_is() -> None:
    seen = compare(page(button(40)), page(button(200)))
    assert not seen.same
    assert len(seen.areas) == 1 or {box.x for box in seen.areas} == {40, 200}
    left, right = min(box.x for box in seen.areas), max(box.x + box.width for box in seen.areas)
    assert (left, right) == (40, 320)
    assert seen.changed == pytest.approx(2 * 120 * 40 / (400 * 300), rel=0.02)
    assert "of the picture differs" in seen.words


def test_areas_that_lie_apart_are_told_apart_and_the_largest_comes_first() -> None:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        pen.rectangle((10, 250, 19, 259), fill="red")
        pen.rectangle((300, 150, 359, 189), fill="blue")

    seen = compare(page(), page(draw))
    assert seen.areas == (Box(x=300, y=150, width=60, height=40), Box(x=10, y=250, width=10, height=10))


def test_ignored_areas_and_tolerance() -> None:
    before, after = page(), page(button(40))
    around = Box(x=40, y=200, width=120, height=40)
    assert compare(before, after, ignored=[around]).same
    assert not compare(before, after, ignored=[Box(x=40, y=200, width=60, height=40)]).same
    changed = compare(before, after).changed
    assert compare(before, after, tolerance=changed).same
    assert not compare(before, after, tolerance=changed * 0.9).same


def test_what_only_one_of_them_has_counts() -> None:
    seen = compare(page(), page(size=(400, 350)))
    assert seen.resized
    assert seen.areas == (Box(x=0, y=300, width=400, height=50),)
    assert seen.words.endswith("its size was 400×300 and is 400×350")


def test_levels_nobody_sees_are_the_same_and_noise_is_found() -> None:
    pale = page(lambda pen: pen.rectangle((200, 150, 300, 250), fill="#f4f4f4"))
    assert compare(page(), pale).same
    dots = random.Random(7)
    noise = page(lambda pen: [pen.rectangle((x, 200, x + 1, 201), fill="black") for x in dots.sample(range(390), 40)])
    assert not compare(page(), noise).same


def test_the_difference_shows_the_change_and_nothing_else() -> None:
    seen = compare(page(), page(button(40)))
    assert seen.difference is not None
    with Image.open(io.BytesIO(seen.difference)) as picture:
        assert picture.size == SIZE
        marked = picture.convert("RGB")
    assert marked.getpixel((100, 220)) == (214, 0, 110)
    red, green, blue = marked.getpixel((200, 40))  # type: ignore[misc]
    assert red == green == blue
    assert red > 150


def test_what_is_no_picture_is_said() -> None:
    for broken in (b"", b"GIF89a", page()[:200]):
        with pytest.raises(NoPicture):
            compare(page(), broken)


HTML = """<body style="margin:20px;font:16px sans-serif;background:#fff">
<p style="transform:translate({dx}px,{dy}px)">160 dotted pages that lie flat, thread-bound and wrapped in oak</p>
<p>€{price}</p><button style="position:relative;left:{left}px">Place order</button>
<div style="width:90px;height:90px;{picture}"></div></body>"""


@pytest.fixture(scope="module")
def rendered(binary: Binary) -> dict[str, bytes]:
    """A page as a browser draws it, and what may become of it."""
    usual = {"dx": 0, "dy": 0, "price": "14.50", "left": 0, "picture": "background:#c9974f"}
    pages: dict[str, dict[str, object]] = {
        "usual": {},
        "a pixel right": {"dx": 1},
        "a pixel down": {"dy": 1},
        "half a pixel": {"dx": 0.5},
        "a quarter": {"dx": 0.25},
        "moved": {"left": 12},
        "price": {"price": "14.90"},
        "no picture": {"picture": ""},
    }

    async def draw() -> dict[str, bytes]:
        async with Engine(binary) as engine:
            browser = await engine.browser()
            tab = await browser.new_page(viewport={"width": 700, "height": 400})
            drawn = {}
            for name, change in pages.items():
                await tab.set_content(HTML.format(**{**usual, **change}))
                drawn[name] = await tab.screenshot()
            return drawn

    return asyncio.run(draw())


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["a pixel right", "a pixel down", "half a pixel", "a quarter"])
def test_a_jitter_of_the_font_passes(rendered: dict[str, bytes], name: str) -> None:
    assert rendered[name] != rendered["usual"]
    assert compare(rendered["usual"], rendered[name]).same


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["moved", "price", "no picture"])
def test_what_people_would_notice_is_found(rendered: dict[str, bytes], name: str) -> None:
    assert not compare(rendered["usual"], rendered[name]).same
