"""`smokerunner format`."""

from __future__ import annotations

import click

from smokerunner.cli.options import flow_paths
from smokerunner.model.errors import BadInput, Problem


@click.command("format")
@click.argument("what", nargs=-1, metavar="[APP|FILE]...")
@click.option("--check", is_flag=True, help="Write nothing; exit 2 when a file is not in this style.")
def command(what: tuple[str, ...], *, check: bool) -> None:
    """Write flow files, by default all of flows/, in the one style. Comments, order and meaning stay."""
    from smokerunner.authoring.formatting import format_file
    from smokerunner.language.files import flow_files

    problems: list[Problem] = []
    changed = []
    files = flow_files(flow_paths(what))
    for path in files:
        try:
            if format_file(path, write=not check):
                changed.append(path)
        except BadInput as wrong:
            problems += wrong.problems
    if check:
        problems += [Problem(str(path), 0, 0, "is not formatted; `smokerunner format` does it") for path in changed]
    else:
        for path in changed:
            click.echo(f"{path}: formatted")
    if problems:
        raise BadInput(problems)
    if not changed:
        click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} formatted")
