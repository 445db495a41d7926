"""`smokerunner evidence`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("evidence")
def command() -> None:
    """Look after the evidence folder."""


@command.command("prune")
@click.option(
    "--keep",
    type=click.IntRange(1),
    required=True,
    metavar="N",
    help="How many bundles of each app and environment stay.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("evidence"),
    show_default=True,
    envvar="SMOKE_OUT",
    metavar="FOLDER",
    help="The evidence folder.",
)
def prune_command(keep: int, out: Path) -> None:
    """Remove the oldest bundles; nothing that is not a bundle is touched."""
    from smokerunner.evidence.prune import prune
    from smokerunner.model.errors import BadInput

    if not out.is_dir():
        raise BadInput(f"--out {out}: there is no such folder")
    removed = prune(out, keep)
    for path in removed:
        click.echo(f"removed {path}")
    click.echo(f"{len(removed)} removed")
