"""`smokerunner verify`."""

from __future__ import annotations

from pathlib import Path

import click

from smokerunner.model.outcome import ExitCode


@click.command("verify")
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BUNDLE...")
def command(bundles: tuple[Path, ...]) -> int:
    """Prove that bundles, folders or zips, are whole and unchanged. Exit 3 when one is not."""
    from smokerunner.evidence.verify import verify

    code = ExitCode.OK
    for bundle in bundles:
        problems = verify(bundle)
        if problems:
            code = ExitCode.CANNOT_TELL
        for problem in problems:
            click.echo(f"{bundle}: {problem}", err=True)
        if not problems:
            click.echo(f"{bundle}: whole and unchanged")
    return int(code)
