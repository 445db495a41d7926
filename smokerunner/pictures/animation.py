"""A flow as a short film: what was acted on, what came of it, step after step. For chats and pull requests."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from smokerunner.model.duration import spell
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.pictures.canvas import COLOURS, GREY, INK, LINE, PAPER, badge, fitting, font, laid, length, write
from smokerunner.pictures.film import Film
from smokerunner.pictures.frame import Frame, Headline, Shot
from smokerunner.pictures.prints import HEIGHT, WIDTH, Prints

if TYPE_CHECKING:
    from PIL import Image

CAPTION = 60
"""Pixels of the caption below the picture."""
ACTING, AFTERWARDS, LOOKING, LAST = 900, 600, 1100, 3000
"""Milliseconds: an element before it is acted on, the page after that, a page that is only looked at, the end."""
QUALITY = 50
_ENCODERS = 2


@record
class _Scene:
    frame: Frame
    shot: Shot
    milliseconds: int
    progress: float


def animated(headline: Headline, frames: Sequence[Frame], prints: Prints) -> bytes:
    """An animated WebP that runs for ever. Raises Unavailable when no step has a picture that can be shown."""
    scenes = _without_repeats(
        [scene for index, frame in enumerate(frames) for scene in _scenes(frame, (index + 1) / len(frames))]
    )
    # Encoding lets go of the interpreter, so the next scenes are drawn meanwhile.
    with ThreadPoolExecutor(_ENCODERS) as encoders:
        film = Film((WIDTH, HEIGHT + CAPTION), QUALITY, encoders)
        for scene in scenes:
            try:
                picture = _drawn(headline, scene, prints)
            except Unavailable:
                # A damaged picture is left out; the others still tell how it went on.
                continue
            film.add(picture, scene.milliseconds)
    if not film.scenes:
        raise Unavailable("no step has a picture that can be shown")
    return film.finished(LAST)


def _scenes(frame: Frame, progress: float) -> list[_Scene]:
    found = []
    if frame.before is not None:
        found.append(_Scene(frame, frame.before, ACTING, progress))
    if frame.after is not None:
        found.append(_Scene(frame, frame.after, AFTERWARDS if found else LOOKING, progress))
    return found


def _without_repeats(scenes: list[_Scene]) -> list[_Scene]:
    """Without the page after a step where the next step shows that same picture, with what it acts on outlined."""
    kept = []
    for scene, following in zip(scenes, [*scenes[1:], None], strict=True):
        repeated = following is not None and scene.frame.before is not None and scene.shot is scene.frame.after
        if not (repeated and following is not None and following.shot.data == scene.shot.data):
            kept.append(scene)
    return kept


def _drawn(headline: Headline, scene: _Scene, prints: Prints) -> Image.Image:
    from PIL import Image, ImageDraw

    frame = scene.frame
    colour = COLOURS[frame.outcome]
    picture = prints.large(scene.shot)
    image = Image.new("RGB", (WIDTH, HEIGHT + CAPTION), None)
    laid(image, picture, (0, 0, WIDTH, HEIGHT))
    image.paste(PAPER, (0, HEIGHT, WIDTH, HEIGHT + CAPTION))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HEIGHT, WIDTH, HEIGHT + 3), fill=LINE)
    draw.rectangle((0, HEIGHT, round(WIDTH * scene.progress), HEIGHT + 3), fill=colour)
    at = 12 + badge(image, 12, HEIGHT + 12, frame.number, colour, font(14, bold=True)) + 8
    title = font(16, bold=True)
    write(image, (at, HEIGHT + 24), fitting(frame.title, WIDTH - 12 - at, title), INK, title)
    small = font(13)
    told = f"{frame.outcome}: {frame.message}" if frame.outcome.is_bad and frame.message else headline.title
    took = f"{frame.outcome}  ·  {spell(frame.seconds)}"
    long = round(length(took, small))
    write(image, (WIDTH - 12 - long, HEIGHT + 47), took, colour, small)
    room = WIDTH - 40 - long
    write(image, (12, HEIGHT + 47), fitting(told, room, small), colour if frame.outcome.is_bad else GREY, small)
    if frame.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
        draw.rectangle((0, 0, WIDTH - 1, HEIGHT + CAPTION - 1), outline=colour, width=5)
    return image
