"""Make the pictures of the report that README and docs show, from real runs of the demo.

Usage: `python docs/pictures.py [FOLDER]`. FOLDER keeps the runs; with runs already in it none is made anew: the first
there must have passed and the second failed.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from smokerunner.browser.binary import require
from smokerunner.evidence.bundle import Bundle
from smokerunner.reports.html import render

PICTURES = Path(__file__).with_name("pictures")
FAULT = "login-500"


@dataclass(frozen=True)
class Wanted:
    """One picture: of which run, how wide and high, and in which scheme."""

    name: str
    run: Literal["green", "failed"]
    width: int = 1280
    height: int = 1300
    scheme: Literal["light", "dark"] = "light"


WANTED = (
    Wanted("report-failure", "failed"),
    Wanted("report-dark", "failed", scheme="dark"),
    Wanted("report-phone", "failed", width=400, height=860),
    Wanted("report-green", "green", height=900),
)


def replay(folder: Path) -> None:
    """A run of the healthy demo, then one of a bad deploy, which knows the first."""
    environment = {**os.environ, "SMOKE_HISTORY": str(folder / "history.db")}
    demo = [sys.executable, "-m", "smokerunner", "demo", "--out", str(folder)]
    subprocess.run(demo, check=True, env=environment)
    # It answers 1, as it should.
    subprocess.run([*demo, "--fault", FAULT], check=False, env=environment)


def photograph(browser: Browser, page: Path, wanted: Wanted) -> bytes:
    """The top of a report as WebP."""
    context = browser.new_context(
        viewport={"width": wanted.width, "height": wanted.height},
        color_scheme=wanted.scheme,
        device_scale_factor=2 if wanted.width < 500 else 1,
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_load_state("networkidle")
    taken = tab.screenshot()
    context.close()
    written = io.BytesIO()
    with Image.open(io.BytesIO(taken)) as picture:
        picture.save(written, "WEBP", quality=82, method=6)
    return written.getvalue()


def main(folder: Path) -> None:
    """Write every picture, and say how large it is."""
    if not list(folder.glob("*/run.json")):
        replay(folder)
    green, failed = sorted(path.parent for path in folder.glob("*/run.json"))[:2]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(require().path), args=["--no-sandbox"])
        for wanted in WANTED:
            bundle = Bundle.open(green if wanted.run == "green" else failed)
            # Beside the sealed bundle's pictures stands the page as this version would make it.
            page = (green if wanted.run == "green" else failed) / ".report-now.html"
            page.write_text(render(bundle.run, bundle.find), encoding="utf-8")
            taken = photograph(browser, page, wanted)
            page.unlink()
            (PICTURES / f"{wanted.name}.webp").write_bytes(taken)
            sys.stdout.write(f"{wanted.name}.webp  {len(taken) // 1000} kB\n")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as kept:
            main(Path(kept))
