"""How large the HTML report of a large run is, and how long a browser takes to open it, beside a bare page.

The bare page has the same pictures and nothing else; the ratio of the two says what the report itself costs, whatever
the machine. Usage: PYTHONPATH=tests/reports python -m benchmarks.report_size [--rounds N] [--out FILE]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drawn_pages import page as drawn
from drawn_pages import thumbnail
from large_run import large_run
from playwright.sync_api import Browser, sync_playwright

from benchmarks.pairing import Part, Row, Table, compare, spent_table, timed
from benchmarks.parts import main
from benchmarks.processes import Spent
from smokerunner.browser.binary import require
from smokerunner.model.result import PICTURES
from smokerunner.model.run import Run
from smokerunner.reports.html import render

FLOWS, STEPS = 100, 20


def files_of(run: Run) -> dict[str, bytes]:
    """Every picture that the run names."""
    picture = drawn("Sign in", "Sign in")
    small = thumbnail(picture)
    return {
        artifact.path: small if artifact.path.endswith(".webp") else picture
        for flow in run.flows
        for below in flow.walk()
        for artifact in below.artifacts
        if artifact.kind in PICTURES and artifact.same_as is None
    }


def bare(paths: list[str]) -> str:
    """A page of lazy pictures."""
    images = "\n".join(f'<img src="./{path}" alt="" width="212" height="119" loading="lazy">' for path in paths)
    return f"<!doctype html><title>bare</title>\n{images}\n"


def opening(browser: Browser, page: Path, *, scripts: bool = True) -> Callable[[], Spent]:
    """A go: from the address to the first picture of the window, which waits until it is painted."""

    def go() -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
        tab = context.new_page()
        tab.goto(page.as_uri(), wait_until="load")
        tab.screenshot()
        context.close()

    return timed(go)


def measure(rounds: int) -> Part:
    """The report of a run of 100 flows with 20 steps each."""
    run = large_run(FLOWS, STEPS)
    files = files_of(run)
    began = time.perf_counter()
    text = render(run, files.get)
    rendered = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        (root / "report.html").write_text(text, encoding="utf-8")
        (root / "bare.html").write_text(bare([path for path in files if path.endswith(".png")]), encoding="utf-8")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=str(require().path), args=arguments)
        compared = compare(
            Row("page of bare pictures (the floor)", opening(browser, root / "bare.html")),
            [
                Row("report.html", opening(browser, root / "report.html")),
                Row("report.html without scripts", opening(browser, root / "report.html", scripts=False)),
            ],
            rounds,
        )
        tab = browser.new_page()
        tab.goto((root / "report.html").as_uri())
        pages = tab.pdf(print_background=True).count(b"/Type /Page\n")
        browser.close()
    size = Table(
        f"The report of {FLOWS} flows with {STEPS} steps each",
        ("report.html", "rendered in", "as PDF"),
        [[f"{len(text.encode()):,} bytes", f"{rendered:.2f} s", f"{pages} pages"]],
    )
    notes = ["CPU is that of the script that drives the browser, not the browser's."]
    return Part("report-size", rounds, [size, spent_table("Opening it", compared, notes)], compared.goes)


if __name__ == "__main__":
    sys.exit(main(measure, default_rounds=3))
