"""`smokerunner mend`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.model.errors import BadInput

if TYPE_CHECKING:
    from smokerunner.model.run import Run


@click.command("mend")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Change the flow file; otherwise only the change is shown.")
@click.option(
    "--file",
    "named",
    type=click.Path(path_type=Path),
    metavar="FLOWFILE",
    help="The flow file; by default the one of that name in flows/ or here.",
)
def command(bundle: Path, *, write: bool, named: Path | None) -> None:
    """Show how the targets that a run had to fall back on can be mended in the flow file, as a unified diff.

    What is proposed has the role of what it replaces, and changes nothing beside it.
    """
    import difflib

    from smokerunner.authoring.mend import apply, mends, patches
    from smokerunner.authoring.sheet import Sheet
    from smokerunner.evidence.bundle import Bundle

    run = Bundle.open(bundle).run
    steps = mends(run)
    if not steps:
        click.echo("nothing to mend: no step of this run used a fallback")
        return
    path = named or _flow_file(run)
    sheet = Sheet.read(path)
    before = sheet.text
    found, refused = patches(steps, sheet)
    apply(found, sheet)
    for item in refused:
        click.echo(f"not mended: {item.step}: {item.says}", err=True)
    lines = difflib.unified_diff(before.splitlines(), sheet.text.splitlines(), str(path), str(path), lineterm="")
    for line in lines:
        click.echo(line)
    if write and found:
        sheet.save(path)
        click.echo(f"{path}: {len(found)} mended")
    elif found:
        click.echo(f"{path}: would be mended so; --write does it", err=True)


def _flow_file(run: Run) -> Path:
    """The file that was replayed, where people keep it."""
    names = [source.path for source in run.sources]
    for name in names:
        for path in (Path("flows") / Path(name).name, Path(name)):
            if path.is_file():
                return path
    said = " or ".join(names) or "the flow file"
    raise BadInput(f"{said} is neither in flows/ nor here; name it with --file")
