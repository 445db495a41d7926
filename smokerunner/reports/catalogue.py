"""The list of reports: what a new one must be added to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from smokerunner.model.run import Run
from smokerunner.reports import ctrf, html, junit, markdown


class Report(Protocol):
    """A module with one report."""

    FILENAME: str

    def render(self, run: Run) -> str:
        """The run as text."""
        ...


_ALL: tuple[Report, ...] = (html, junit, ctrf, markdown)

REPORTS: dict[str, Callable[[Run], str]] = {report.FILENAME: report.render for report in _ALL}
"""What renders each file of a bundle."""
