"""How large the HTML report of a large run is, and how long a browser takes to open it, beside a bare page.

The bare page has the same pictures and nothing else; the ratio of the two says what the report itself costs, whatever
the machine. Usage: `PYTHONPATH=tests/reports python benchmarks/report_size.py [FLOWS] [STEPS]`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from drawn_pages import page as drawn
from drawn_pages import thumbnail
from large_run import large_run
from playwright.sync_api import Browser, sync_playwright

from smokerunner.browser.binary import require
from smokerunner.model.result import PICTURES
from smokerunner.model.run import Run
from smokerunner.reports.html import render

ROUNDS = 3


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


def opening(browser: Browser, page: Path, *, scripts: bool = True) -> float:
    """Median seconds from the address to the end of loading, over fresh contexts."""
    taken = []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
        tab = context.new_page()
        began = time.perf_counter()
        tab.goto(page.as_uri(), wait_until="load")
        # A picture of the window waits until it is painted.
        tab.screenshot()
        taken.append(time.perf_counter() - began)
        context.close()
    return statistics.median(taken)


def main(flows: int = 100, steps: int = 20) -> None:
    """Print the figures."""
    run = large_run(flows, steps)
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
        browser = playwright.chromium.launch(executable_path=str(require().path), args=["--no-sandbox"])
        report, reference = opening(browser, root / "report.html"), opening(browser, root / "bare.html")
        unscripted = opening(browser, root / "report.html", scripts=False)
        tab = browser.new_page()
        tab.goto((root / "report.html").as_uri())
        pages = tab.pdf(print_background=True).count(b"/Type /Page\n")
        browser.close()
    figures = {
        "flows": f"{flows}",
        "steps": f"{flows * steps}",
        "report.html": f"{len(text.encode()):,} bytes",
        "rendered in": f"{rendered:.2f} s",
        "opened in": f"{report:.2f} s (without scripts {unscripted:.2f} s)",
        "bare page": f"{reference:.2f} s, ratio {report / reference:.1f}",
        "as PDF": f"{pages} pages",
    }
    sys.stdout.writelines(f"{name:<12} {said}\n" for name, said in figures.items())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
