"""The list of reports: what a new one must be added to."""

from __future__ import annotations

from typing import Protocol

from smokerunner.model.rendering import Renderer
from smokerunner.model.run import Run
from smokerunner.reports import ctrf, html, junit, markdown


class Report(Protocol):
    """A module with one report."""

    FILENAME: str

    def render(self, run: Run) -> str:
        """The run as text."""
        ...


_PLAIN: tuple[Report, ...] = (junit, ctrf, markdown)


def _plain(report: Report) -> Renderer:
    return lambda run, _: report.render(run)


REPORTS: dict[str, Renderer] = {
    html.FILENAME: html.render,
    **{report.FILENAME: _plain(report) for report in _PLAIN},
}
"""What renders each file of a bundle. Only the page shows pictures of its own; the others are functions of the run."""
