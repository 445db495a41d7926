"""`smokerunner export`."""

from __future__ import annotations

from pathlib import Path

import click

from smokerunner.cli.options import flow_paths
from smokerunner.model.errors import BadInput


@click.command("export")
@click.argument("what", metavar="APP|FILE")
@click.option("--flow", "names", multiple=True, metavar="NAME", help="Only this flow; may be given several times.")
@click.option(
    "--to",
    "language",
    required=True,
    type=click.Choice(["playwright-python", "playwright-test"]),
    help="Python for pytest, or TypeScript for @playwright/test.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there, not to the terminal.")
@click.option("--force", is_flag=True, help="With --out: write over a file that is there.")
def command(what: str, names: tuple[str, ...], language: str, out: Path | None, force: bool) -> None:
    """Write the flows of an app or flow file as Playwright code, with what they need. Nobody is locked in.

    What is not in the code as it is in the flow file stands in a comment there, and is told on standard error.

    \b
    smokerunner export shop --flow login --to playwright-python > test_login.py
    smokerunner export shop --to playwright-test --out shop.spec.ts
    """
    from smokerunner.authoring.export.languages import export
    from smokerunner.authoring.writing import write_whole
    from smokerunner.language.load import load
    from smokerunner.replay.plan import Selection, require_known

    (path,) = flow_paths((what,))
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name one app or flow file")
    if out is not None and out.exists() and not force:
        raise BadInput(f"{out}: is there already; --force writes over it")
    loaded = load(path)
    require_known([loaded.file], Selection(names))
    made = export(loaded.file, names or tuple(loaded.file.flows), language, source=path.name)
    if out is None:
        click.echo(made.text, nl=False)
    else:
        write_whole(out, made.text.encode())
        click.echo(f"{out}: written", err=True)
    for remark in made.remarks:
        click.echo(f"note: {remark}", err=True)
