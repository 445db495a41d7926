"""A film that is put together from parts shows, scene by scene, what was given to it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageStat

from smokerunner.pictures.film import Film

SIZE = (160, 91)


def picture(*marks: tuple[int, int, int, int]) -> Image.Image:
    image = Image.new("RGB", SIZE, "#3366cc")
    for mark in marks:
        ImageDraw.Draw(image).rectangle(mark, fill="#ffcc00")
    return image


def shown(data: bytes) -> list[tuple[Image.Image, int]]:
    with Image.open(io.BytesIO(data)) as film:
        found = []
        for index in range(getattr(film, "n_frames", 1)):
            film.seek(index)
            film.load()
            found.append((film.convert("RGB"), int(film.info["duration"])))
        assert film.info["loop"] == 0
        return found


def near(seen: object, colour: str) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 12 for one, other in zip(seen, ImageColor.getrgb(colour), strict=True))


def apart(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).sum)


@pytest.fixture
def encoders() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.parametrize(
    "marks",
    [
        [(0, 0, 20, 20), (139, 70, 159, 90)],
        [(31, 33, 60, 61), (32, 33, 61, 61)],
        [(5, 5, 150, 85), (77, 41, 90, 49)],
    ],
    ids=["corners", "odd places", "large and small"],
)
def test_each_scene_looks_as_it_was_drawn(encoders: Executor, marks: list[tuple[int, int, int, int]]) -> None:
    drawn = [picture(), *(picture(mark) for mark in marks), picture(*marks)]
    film = Film(SIZE, 90, encoders)
    for number, scene in enumerate(drawn):
        film.add(scene, 100 + number)
    seen = shown(film.finished(3000))
    assert [milliseconds for _, milliseconds in seen] == [*range(100, 99 + len(drawn)), 3000]
    for (image, _), scene in zip(seen, drawn, strict=True):
        assert image.size == SIZE
        # Edges are smeared by the encoder; what is a little away from them is not.
        assert (
            max(high for _, high in ImageStat.Stat(ImageChops.difference(image, scene).resize((20, 11), 4)).extrema)
            < 60
        )
        if scene is not drawn[0]:
            # A picture that lay one pixel beside would be nearer to that.
            beside = [ImageChops.offset(scene, *by) for by in ((-1, 0), (1, 0), (0, -1), (0, 1))]
            assert all(apart(image, scene) < apart(image, other) for other in beside)


def test_a_page_and_its_caption_change_at_once_and_what_lies_between_them_stays(encoders: Executor) -> None:
    film, captions = Film((400, 300), 90, encoders), ("#ff0000", "#00aa00", "#0000ff")
    for number, caption in enumerate(captions):
        scene = Image.new("RGB", (400, 300), "#3366cc")
        ImageDraw.Draw(scene).rectangle((80 * number, 11, 80 * number + 40, 51), fill="#ffcc00")
        ImageDraw.Draw(scene).rectangle((1, 261, 399, 299), fill=caption)
        film.add(scene, 900)
    assert sum(scene.size[0] * scene.size[1] for scene in film.scenes) < 1.5 * 400 * 300
    seen = shown(film.finished(3000))
    assert [milliseconds for _, milliseconds in seen] == [900, 20, 880, 20, 3000]
    for number, (image, _) in enumerate(seen[::2]):
        marks = ["#ffcc00" if place == number else "#3366cc" for place in range(3)]
        for x, y, colour in (*((80 * place + 20, 30, marks[place]) for place in range(3)), (200, 150, "#3366cc")):
            assert near(image.getpixel((x, y)), colour), (number, x)
        assert near(image.getpixel((200, 280)), captions[number])


def test_what_looks_the_same_lasts_longer(encoders: Executor) -> None:
    film = Film(SIZE, 90, encoders)
    for scene in (picture(), picture(), picture((10, 10, 50, 50))):
        film.add(scene, 400)
    assert [milliseconds for _, milliseconds in shown(film.finished(900))] == [800, 900]


def test_only_what_changed_is_encoded_again(encoders: Executor) -> None:
    still, moving = Film((800, 500), 50, encoders), Film((800, 500), 50, encoders)
    page = Image.effect_noise((800, 500), 90).convert("RGB")
    for number in range(6):
        scene = page.copy()
        ImageDraw.Draw(scene).rectangle((10 * number, 10, 10 * number + 40, 40), fill="#ffcc00")
        still.add(scene, 100)
        moving.add(ImageChops.offset(scene, 8 * number), 100)
    assert len(still.finished(100)) < len(moving.finished(100)) / 3
