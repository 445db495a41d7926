"""Sealed bundles with drawn pictures: what a run of a small shop leaves, as it should look and otherwise."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from smokerunner.evidence.folder import Folder
from smokerunner.evidence.seal import seal
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Browser, Run, Tool
from smokerunner.model.secret import Secrets

AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
SIZE = (640, 360)
STEPS = ("01-goto-shop.png", "02-click-buy.png", "03-expect-thanks.png")


def page(*, button: int = 40, clock: str = "", price: str = "14.50", size: tuple[int, int] = SIZE) -> bytes:
    """A drawn page: a head, a price, a button `button` pixels from the left, perhaps a clock."""
    picture = Image.new("RGB", size, "#fffefb")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0], 50), fill="#2f5d46")
    pen.text((20, 14), "Acorn", fill="white", font_size=22)
    pen.text((40, 100), f"Oak notebook  €{price}", fill="#26332c", font_size=22)
    pen.rounded_rectangle((button, 180, button + 140, 224), 8, fill="#b04c30")
    pen.text((button + 30, 190), "Buy now", fill="white", font_size=18)
    pen.text((size[0] - 120, 14), clock, fill="white", font_size=20)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def usual() -> dict[str, bytes]:
    """The pictures of all steps as they should be."""
    return {name: page(price=str(index)) for index, name in enumerate(STEPS)}


def browser(version: str = "120.0.6099.1", **other: str) -> Browser:
    return Browser.model_validate(
        {"kind": "chromium", "version": version, "path": "/usr/bin/chromium", "viewport": "640x360", **other}
    )


def drawn_run(
    pictures: dict[str, bytes],
    run_id: str,
    *,
    started: datetime = AT,
    outcomes: dict[str, Outcome] | None = None,
    made_by: Browser | None = None,
    app: str = "shop",
) -> Run:
    steps = []
    for name in pictures:
        number, _, words = name.removesuffix(".png").partition("-")
        steps.append(
            Result(
                id=f"flows/buy/1/{number}",
                kind="step",
                name=number,
                title=words.replace("-", " "),
                action=words.partition("-")[0],
                outcome=(outcomes or {}).get(name, Outcome.PASSED),
                started=started,
                artifacts=(Artifact(kind="picture", path=f"flows/buy/{name}"),),
            )
        )
    attempt = Result(
        id="flows/buy/1",
        kind="attempt",
        name="1",
        outcome=max((step.outcome for step in steps), key=list(Outcome).index),
        started=started,
        children=tuple(steps),
    )
    flow = Result(
        id="flows/buy", kind="flow", name="buy", outcome=attempt.outcome, started=started, children=(attempt,)
    )
    return Run(
        id=run_id,
        app=app,
        environment="test",
        started=started,
        ended=started + timedelta(seconds=9),
        browser=made_by or browser(),
        tool=Tool(smokerunner="0.1.0", playwright="1.65", python="3.11", platform="linux"),
        results=(flow,),
    )


def bundle(out: Path, pictures: dict[str, bytes], name: str = "one", **facts: object) -> Path:
    """A sealed bundle with these pictures of the flow `buy`, by their file names."""
    run = drawn_run(pictures, f"shop-test-20261122T201500Z-{name}", **facts)  # type: ignore[arg-type]
    folder = Folder.create(out, run.id, Secrets({}))
    for file, data in pictures.items():
        folder.write(f"flows/buy/{file}", data)
    return seal(folder, run, {}).path
