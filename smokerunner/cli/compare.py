"""`smokerunner compare`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from smokerunner.model.outcome import ExitCode


@click.command("compare")
@click.argument("before", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.argument("after", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.option(
    "--flow", "names", multiple=True, metavar="NAME", help="Only this flow or check; may be given several times."
)
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")
def command(before: Path, after: Path, names: tuple[str, ...], as_json: bool) -> int:
    """Say what changed from the first bundle's run to the second's: outcomes, causes, times, pictures, requests.

    The worst comes first; a terminal gets one screen of it, a pipe or a file all. It judges nothing: exit 0 means that
    the two were compared, whatever differs; 3 that one of them is not as it was sealed.
    """
    from smokerunner.evidence.bundle import Bundle
    from smokerunner.evidence.verify import verify
    from smokerunner.review.comparing import compare_runs
    from smokerunner.review.summary import lines_of

    problems = {path: verify(path) for path in (before, after)}
    compared = compare_runs(Bundle.open(before), Bundle.open(after), names)
    for path, found in problems.items():
        if found:
            more = f" and {len(found) - 1} more; see smokerunner verify" if len(found) > 1 else ""
            click.echo(f"{path}: does not verify: {found[0]}{more}", err=True)
    if as_json:
        click.echo(compared.model_dump_json(indent=2))
    else:
        # Whoever reads a pipe or a file searches in it: nothing is cut away there.
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        for line in lines_of(compared, width):
            click.echo(line)
    return int(ExitCode.CANNOT_TELL if any(problems.values()) else ExitCode.OK)
