"""`smokerunner report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.cli.reporting import Reporting, Told, reporting, seen_from_here
from smokerunner.model.outcome import ExitCode

if TYPE_CHECKING:
    from smokerunner.model.run import Run


@click.command("report")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to write; by default <bundle>-report beside the bundle.",
)
@click.option("--rediagnose", is_flag=True, help="Name the causes anew from what was recorded.")
@reporting
def command(bundle: Path, to: Path | None, rediagnose: bool, reports: tuple[str, ...], link_base: str) -> int:
    """Render a bundle's reports anew from its run.json. The sealed bundle itself is never touched.

    With --report only those are printed or written, unless --to is given too.
    """
    from smokerunner.diagnosis.diagnosing import diagnosed, other_causes
    from smokerunner.evidence.bundle import Bundle
    from smokerunner.evidence.rerender import render_beside
    from smokerunner.reports.catalogue import REPORTS

    change = diagnosed if rediagnose else _unchanged
    wanted = Reporting.of(reports, link_base)
    wanted.require_outside(bundle)
    if to is not None or not reports:
        for path in render_beside(bundle, to, REPORTS, change):
            click.echo(str(path))
    opened = Bundle.open(bundle)
    run = change(opened.run)
    if rediagnose:
        # Not among the files and reports, which a program may read.
        for said in other_causes(opened.run, run) or ("every result has the same first cause as before",):
            click.echo(said, err=True)
    # What is in a zip is seen where it is unpacked.
    place = seen_from_here(bundle) if bundle.is_dir() else opened.run.id
    problems = wanted.deliver([Told(run, opened.find, place)], lambda text: click.echo(text, nl=False))
    for problem in problems:
        click.echo(f"error: {problem}", err=True)
    return int(ExitCode.CANNOT_TELL if problems else ExitCode.OK)


def _unchanged(run: Run) -> Run:
    return run
