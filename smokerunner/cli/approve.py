"""`smokerunner approve`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from smokerunner.cli.options import referring


@click.command("approve")
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BUNDLE...")
@click.option("--flow", "flows", multiple=True, metavar="NAME", help="Only this flow; may be given several times.")
@click.option("--step", "steps", multiple=True, metavar="N", help="Only this step, such as 3 or 3.1.")
@referring
@click.option("--dynamic", is_flag=True, help="Keep the references, and ignore from now on where they differ.")
@click.option("--prune", is_flag=True, help="Remove references of steps that a flow does not have any more.")
@click.option("--quiet", is_flag=True, help="Print only the counts.")
def command(
    bundles: tuple[Path, ...],
    flows: tuple[str, ...],
    steps: tuple[str, ...],
    screenshots: Path,
    dynamic: bool,
    prune: bool,
    quiet: bool,
) -> None:
    """Make the pictures of a bundle the approved references, which later runs are compared with.

    Only pictures of steps that passed or were warned are taken, and only from bundles that verify. Give two or more
    runs of the same flows: what differs between them (a clock, an advertisement) is not compared from then on.

    \b
    smokerunner approve evidence/acorn-…                        all flows
    smokerunner approve evidence/acorn-… --flow login --step 3  one picture
    """
    from smokerunner.pictures.reference import References
    from smokerunner.review.approving import Approver, approve_bundles, open_proven

    done = approve_bundles(
        [open_proven(path) for path in bundles],
        Approver(References(screenshots)),
        flows=flows,
        steps=steps,
        dynamic=dynamic,
        prune=prune,
    )
    for item in done:
        if item.change != "unchanged" and not quiet:
            more = f"  ({item.said})" if item.said else ""
            click.echo(f"{item.change:<9} {item.flow}/{item.step}{more}")
    counts = Counter(item.change for item in done)
    said = ", ".join(f"{counts[change]} {change}" for change in ("new", "changed", "unchanged"))
    for change in ("dynamic", "removed"):
        said += f", {counts[change]} {change}" if counts[change] else ""
    click.echo(f"{screenshots}: {said}")
    if counts["gone"]:
        click.echo("gone: the flow has no such step any more; --prune removes these references")
