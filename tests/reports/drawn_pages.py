"""Pictures of pages that never were, drawn for the sample run, so that its report can be looked at."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from smokerunner.model.result import Artifact
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
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def pictures_of(run: Run) -> dict[str, bytes]:
    """A picture for every picture that a run names, by path; one is as long as a whole page."""
    found: dict[str, bytes] = {}
    for result in run.results:
        for below in result.walk():
            for artifact in below.artifacts:
                if is_file(artifact):
                    failed = below.outcome == "failed"
                    tall = "terms" in artifact.path
                    found[artifact.path] = page(
                        below.title or below.name,
                        "Sign in",
                        height=2200 if tall else 720,
                        note="Too many attempts, try again later." if failed else "",
                    )
    return found


def is_file(artifact: Artifact) -> bool:
    return artifact.kind == "picture" and artifact.same_as is None and artifact.withheld is None
