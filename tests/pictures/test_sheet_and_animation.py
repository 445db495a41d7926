"""Contact sheet, film and thumbnail: as many cells and scenes as steps, bad ones marked, damaged ones left out."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence

import pytest
from PIL import Image, ImageColor

from smokerunner.model.errors import Unavailable
from smokerunner.model.geometry import Box, Point
from smokerunner.model.outcome import Outcome
from smokerunner.pictures import animation, sheet, thumbnail
from smokerunner.pictures.canvas import COLOURS, badge, fitting, font
from smokerunner.pictures.frame import Frame, Headline, Shot
from smokerunner.pictures.outline import COLOUR
from smokerunner.pictures.prints import HEIGHT, SMALL_HEIGHT, SMALL_WIDTH, WIDTH, Prints
from tests.pictures.test_outline import plain

HEADLINE = Headline("A visitor opens an account", "acorn · staging", "2026-11-22 20:15:00 UTC", Outcome.PASSED, 3.2)
WINDOW = (1280, 720)


def shot(colour: str, box: Box | None = None, point: Point | None = None) -> Shot:
    return Shot(plain(colour, WINDOW), box, point)


def looked(number: int, colour: str = "#3366cc", outcome: Outcome = Outcome.PASSED) -> Frame:
    return Frame(str(number), f"expect page {number}", outcome, 0.1, after=shot(colour))


def acted(number: int, before: str, after: str, outcome: Outcome = Outcome.PASSED) -> Frame:
    box, point = Box(x=600, y=300, width=80, height=40), Point(x=640, y=320)
    return Frame(str(number), "click button", outcome, 0.2, "no such button", shot(before, box, point), shot(after))


def cells(data: bytes, colour: str) -> int:
    """In how many cells of a sheet the middle has this colour."""
    step = sheet.PICTURE + sheet.FOOT + sheet.GAP
    with Image.open(io.BytesIO(data)) as found:
        image = found.convert("RGB")
    places = [
        (x + sheet.CELL // 4, y + sheet.PICTURE // 2)
        for y in range(sheet.HEAD, image.height - sheet.PICTURE, step)
        for x in range(sheet.GAP, image.width - sheet.CELL, sheet.CELL + sheet.GAP)
    ]
    return sum(near(image.getpixel(place), colour) for place in places)


def near(seen: object, colour: str) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 12 for one, other in zip(seen, ImageColor.getrgb(colour), strict=True))


@pytest.mark.parametrize("number", [1, 2, 3, 4, 20, 140])
def test_a_sheet_has_a_cell_for_each_step(number: int) -> None:
    data = sheet.contact_sheet(HEADLINE, [looked(index) for index in range(number)], Prints())
    assert cells(data, "#3366cc") == number


def test_a_cell_shows_the_page_that_was_acted_on_and_the_last_one_what_came_of_it() -> None:
    data = sheet.contact_sheet(HEADLINE, [acted(1, "#aa0000", "#00aa00"), acted(2, "#00aa00", "#0000aa")], Prints())
    assert [cells(data, colour) for colour in ("#aa0000", "#00aa00", "#0000aa")] == [1, 1, 1]


def test_a_bad_step_shows_how_far_the_page_came() -> None:
    frames = [acted(1, "#aa0000", "#00aa00", Outcome.FAILED), Frame("2", "goto /", Outcome.SKIPPED)]
    data = sheet.contact_sheet(HEADLINE, frames, Prints())
    assert [cells(data, colour) for colour in ("#aa0000", "#00aa00", "#eceff2")] == [0, 1, 1]


def test_a_damaged_picture_leaves_its_cell_empty() -> None:
    broken = Frame("2", "expect", Outcome.PASSED, after=Shot(b"\x89PNG\r\n\x1a\nbroken"))
    data = sheet.contact_sheet(HEADLINE, [looked(1), broken, looked(3)], Prints())
    assert [cells(data, colour) for colour in ("#3366cc", "#eceff2")] == [2, 1]


@pytest.mark.parametrize(
    "size", [(1280, 720), (640, 360), (1920, 1080), (1366, 768), (1280, 3000), (100, 60), (300, 1), (390, 844), (4, 4)]
)
def test_a_window_of_any_size_fills_its_cell_and_its_scene_as_far_as_it_can(size: tuple[int, int]) -> None:
    window, prints = Shot(plain("#3366cc", size)), Prints()
    frames = [Frame("1", "goto /", Outcome.PASSED, after=window)]
    for picture, room in (
        (prints.large(window), (WIDTH, HEIGHT)),
        (prints.small(window), (SMALL_WIDTH, SMALL_HEIGHT)),
    ):
        assert picture.width <= room[0]
        assert picture.height <= room[1]
        assert picture.width >= room[0] - 1 or picture.height >= room[1] - 1
    ((scene, _),) = scenes(animation.animated(HEADLINE, frames, Prints()))
    assert near(scene.getpixel((WIDTH // 2, 0 if size[1] == 1 else 20)), "#3366cc")
    if prints.large(window).width < WIDTH - 20:
        assert near(scene.getpixel((4, 20)), "#e6e9ed")


def test_a_sheet_is_a_jpeg_in_which_a_thin_outline_keeps_its_colour() -> None:
    data = sheet.contact_sheet(HEADLINE, [acted(1, "#ffffff", "#ffffff")], Prints())
    with Image.open(io.BytesIO(data)) as found:
        assert found.format == "JPEG"
        # The box is at 600, 300 in a window three times as large; its line is three pixels wide, two above it.
        seen = found.convert("RGB").getpixel((sheet.GAP + 213, sheet.HEAD + 100 - 4))
    assert isinstance(seen, tuple)
    assert all(abs(one - other) < 40 for one, other in zip(seen, ImageColor.getrgb(COLOUR), strict=True))


@pytest.mark.parametrize("number", ["1", "12", "7.1.2"])
def test_a_badge_has_its_text_in_its_middle(number: str) -> None:
    image = Image.new("RGB", (90, 40), "#000000")
    width = badge(image, 10, 5, number, "#1a7f37", font(14, bold=True))
    letters = image.convert("L").point([255 if level > 140 else 0 for level in range(256)]).getbbox()
    assert letters is not None
    left, top, right, bottom = letters
    assert abs((left - 10) - (10 + width - right)) <= 3
    assert abs((top - 5) - (5 + 24 - bottom)) <= 3
    assert image.getbbox() == (10, 5, 10 + width, 5 + 24)


def scenes(data: bytes) -> list[tuple[Image.Image, int]]:
    with Image.open(io.BytesIO(data)) as film:
        found = []
        for index in range(getattr(film, "n_frames", 1)):
            film.seek(index)
            film.load()
            found.append((film.convert("RGB"), int(film.info["duration"])))
        return found


def test_a_film_shows_the_element_and_then_what_came_of_it() -> None:
    film = scenes(animation.animated(HEADLINE, [acted(1, "#aa0000", "#00aa00"), looked(2, "#0000aa")], Prints()))
    assert [length for _, length in film] == [animation.ACTING, animation.AFTERWARDS, animation.LAST]
    for (image, _), colour in zip(film, ("#aa0000", "#00aa00", "#0000aa"), strict=True):
        assert image.size == (WIDTH, HEIGHT + animation.CAPTION)
        assert near(image.getpixel((200, 100)), colour)


def test_a_failing_step_is_marked_in_the_film() -> None:
    film = scenes(animation.animated(HEADLINE, [looked(1), looked(2, "#eeeeee", Outcome.FAILED)], Prints()))
    assert near(film[1][0].getpixel((2, 200)), COLOURS[Outcome.FAILED])
    assert not near(film[0][0].getpixel((2, 200)), COLOURS[Outcome.FAILED])


def test_a_film_leaves_out_what_is_damaged_and_needs_something_to_show() -> None:
    broken = Frame("1", "expect", Outcome.PASSED, after=Shot(b"broken"))
    assert len(scenes(animation.animated(HEADLINE, [broken, looked(2), looked(3, "#00aa00")], Prints()))) == 2
    with pytest.raises(Unavailable):
        animation.animated(HEADLINE, [broken, Frame("2", "goto /", Outcome.SKIPPED)], Prints())


@pytest.mark.parametrize("size", [(1280, 720), (1280, 5000), (390, 844), (320, 200)])
def test_a_thumbnail_is_small_and_keeps_its_shape(size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(thumbnail.thumbnail(Shot(plain("#3366cc", size))))) as image:
        assert image.width <= thumbnail.WIDTH
        assert image.height <= thumbnail.HEIGHT
        assert abs(image.width / image.height - size[0] / min(size[1], size[0] * 2.2)) < 0.6


@pytest.mark.parametrize("make", [sheet.contact_sheet, animation.animated])
def test_the_same_flow_gives_the_same_bytes_without_any_text_in_them(make: object) -> None:
    assert callable(make)
    frames: Sequence[Frame] = [acted(1, "#aa0000", "#00aa00"), looked(2)]
    first, second = make(HEADLINE, frames, Prints()), make(HEADLINE, frames, Prints())
    assert first == second
    assert not any(chunk in first for chunk in (b"EXIF", b"XMP ", b"ICCP", b"visitor"))


def test_words_that_are_too_long_are_cut() -> None:
    letters = font(15)
    cut = fitting("a very long title " * 20, 200, letters)
    assert cut.endswith("…")
    assert letters.getlength(cut) <= 200
    assert fitting("two\nlines", 200, letters) == "two lines"


def test_the_program_starts_without_pillow() -> None:
    script = (
        "import sys, smokerunner.cli.program, smokerunner.replay.pictures.illustrating; sys.exit('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_film_shows_a_page_once_where_the_next_step_acts_on_it() -> None:
    film = scenes(
        animation.animated(HEADLINE, [acted(1, "#aa0000", "#00aa00"), acted(2, "#00aa00", "#0000aa")], Prints())
    )
    assert [length for _, length in film] == [animation.ACTING, animation.ACTING, animation.LAST]


def test_pictures_that_were_printed_ahead_give_the_same_film_and_sheet() -> None:
    frames = [acted(index, f"#{index * 7:02x}0000", f"#00{index * 7:02x}00") for index in range(14)]
    prints = Prints(ahead=True)
    prints.prepare(b"no picture")
    for frame in frames:
        for one in (frame.before, frame.after):
            assert one is not None
            prints.prepare(one.data)
    assert animation.animated(HEADLINE, frames, prints) == animation.animated(HEADLINE, frames, Prints())
    assert sheet.contact_sheet(HEADLINE, frames, prints) == sheet.contact_sheet(HEADLINE, frames, Prints())
