"""The report that people open: one HTML file beside the pictures, which needs no server, no network, no script."""

from __future__ import annotations

from smokerunner.model.rendering import Read
from smokerunner.model.run import Run

FILENAME = "report.html"


def render(run: Run, read: Read) -> str:
    """The whole run as one page, pictures and traces linked by paths relative to the bundle.

    `read` gives the small pictures that the page holds itself.
    """
    # The template engine is imported only when a page is made, so that `--help` stays quick.
    from smokerunner.reports.html.page import page

    return page(run, read)


def prepare() -> None:
    """Load the template engine and the templates, which takes longer than a small page."""
    from smokerunner.reports.html import page

    page.prepare()
