"""Pictures of pages that never were, drawn for the sample run, so that its report can be looked at."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import PICTURES, Artifact, Result
from smokerunner.model.run import Run

INK, SOFT, LINE, GREEN = "#22303c", "#7a8794", "#d5dce3", "#1d6b45"


def page(title: str, button: str, width: int = 1280, height: int = 720, note: str = "") -> bytes:
    """A form with two fields and a button where the sample run says they are, as PNG."""
    picture = Image.new("RGB", (width, height), "#fbfcfd")
    draw = ImageDraw.Draw(picture)
    large, normal = ImageFont.load_default(34), ImageFont.load_default(20)
    draw.rectangle((0, 0, width, 64), fill=GREEN)
    draw.text((32, 20), "Acorn Shop", font=normal, fill="white")
    draw.rounded_rectangle((380, 130, 900, 470), 14, fill="white", outline=LINE, width=2)
    draw.text((440, 160), title, font=large, fill=INK)
    for y, label in ((230, "you@example.test"), (300, "Your password")):
        draw.rounded_rectangle((440, y, 840, y + 44), 8, fill="white", outline=LINE, width=2)
        draw.text((456, y + 10), label, font=normal, fill=SOFT)
    draw.rounded_rectangle((440, 372, 840, 420), 8, fill=GREEN)
    draw.text((600, 384), button, font=normal, fill="white")
    draw.text((260, 490), "Terms", font=normal, fill="#1f5fbf")
    if note:
        draw.text((440, 430), note, font=normal, fill="#b3261e")
    return encoded(picture, "PNG")


def difference(note: str = "") -> bytes:
    """The page pale, and what differs on it strong."""
    with Image.open(io.BytesIO(page("Sign in", "Sign in"))) as was:
        pale = Image.blend(was.convert("RGB"), Image.new("RGB", was.size, "white"), 0.7)
    ImageDraw.Draw(pale).text((440, 430), note, font=ImageFont.load_default(20), fill="#e0218a")
    return encoded(pale, "PNG")


def thumbnail(picture: bytes, width: int = 720) -> bytes:
    """A picture small, as WebP."""
    with Image.open(io.BytesIO(picture)) as large:
        return encoded(large.resize((width, large.height * width // large.width)), "WEBP")


def encoded(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()


def pictures_of(run: Run) -> dict[str, bytes]:
    """A picture for every picture that a run names, by path; one is as long as a whole page."""
    found: dict[str, bytes] = {}
    for result in run.results:
        for below in result.walk():
            for artifact in below.artifacts:
                if is_file(artifact):
                    found[artifact.path] = drawn(below, artifact)
    return found


def drawn(result: Result, artifact: Artifact) -> bytes:
    """What a step's picture of a kind may have looked like."""
    note = "Too many attempts, try again later." if result.outcome is Outcome.FAILED else ""
    title = "Sign in" if "login" in artifact.path else result.title or result.name
    if artifact.kind == "difference":
        return difference(note)
    if artifact.kind in ("before", "earlier"):
        return page(title, "Sign in")
    now = page(title, "Sign in", height=2200 if "terms" in artifact.path else 720, note=note)
    return now if artifact.kind == "picture" else thumbnail(now)


def is_file(artifact: Artifact) -> bool:
    return artifact.kind in PICTURES and artifact.same_as is None and artifact.withheld is None
