"""`smokerunner report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to write; by default <bundle>-report beside the bundle.",
)
def command(bundle: Path, to: Path | None) -> None:
    """Render a bundle's reports anew from its run.json. The sealed bundle itself is never touched."""
    from smokerunner.evidence.rerender import render_beside
    from smokerunner.reports.catalogue import REPORTS

    for path in render_beside(bundle, to, REPORTS):
        click.echo(str(path))
