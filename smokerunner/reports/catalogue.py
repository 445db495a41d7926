"""The list of reports: what a new one must be added to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from smokerunner.model.errors import BadInput
from smokerunner.model.record import record
from smokerunner.model.rendering import Read, Renderer
from smokerunner.model.run import Run
from smokerunner.reports import ctrf, github, html, junit, markdown, text
from smokerunner.reports.place import WITHIN, Place

Rendering = Callable[[Run, Read, Place], str]


@record
class Report:
    """A report: `filename` is what it is called in a bundle; `joins` when several runs may stand in one file."""

    name: str
    about: str
    filename: str
    render: Rendering
    bundled: bool = True
    joins: bool = False


class _Plain(Protocol):
    def __call__(self, run: Run, place: Place = WITHIN) -> str: ...


def _plain(render: _Plain) -> Rendering:
    return lambda run, _, place: render(run, place)


CATALOGUE: dict[str, Report] = {
    report.name: report
    for report in (
        Report("html", "the page for people", html.FILENAME, lambda run, read, _: html.render(run, read)),
        Report("junit", "JUnit XML", junit.FILENAME, _plain(junit.render)),
        Report("ctrf", "CTRF JSON", ctrf.FILENAME, _plain(ctrf.render)),
        Report(
            "markdown", "for a pull request or a job's page", markdown.FILENAME, _plain(markdown.render), joins=True
        ),
        Report("github", "GitHub annotations", github.FILENAME, _plain(github.render), bundled=False, joins=True),
        Report("text", "plain text, for any log", text.FILENAME, _plain(text.render), bundled=False, joins=True),
    )
}
"""Every report by its name. All are functions of the run; only the page asks for small pictures of the bundle."""


def _within(report: Report) -> Renderer:
    return lambda run, read: report.render(run, read, WITHIN)


REPORTS: dict[str, Renderer] = {report.filename: _within(report) for report in CATALOGUE.values() if report.bundled}
"""What renders each file of a bundle."""


def prepare() -> None:
    """Load now what takes long to load, for whoever has time before the reports are wanted."""
    html.prepare()


def find(name: str) -> Report:
    """A report by its name. Raises BadInput with the nearest one and all there are."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    # Only for what was misspelt: it takes longer to import than to use.
    import difflib

    near = difflib.get_close_matches(name, CATALOGUE, 1, 0.5)
    hint = f", did you mean '{near[0]}'? There are" if near else "; there are"
    raise BadInput(f"--report: no report called '{name}'{hint} {', '.join(CATALOGUE)}")
