"""`smokerunner browser`."""

from __future__ import annotations

import click


@click.command("browser")
@click.option("--install", "wanted", is_flag=True, help="Install one if there is none.")
@click.option("--headed", is_flag=True, help="One that can show a window.")
def command(wanted: bool, headed: bool) -> None:
    """Say which browser would be used, or install one: Debian's packages as root, else Playwright's download."""
    from smokerunner.browser.binary import find, install
    from smokerunner.model.errors import BadInput

    found = find(headed=headed)
    if found is None and wanted:
        click.echo("no browser here; installing one, which may take some minutes", err=True)
        found = install()
    if found is None:
        raise BadInput("there is no browser on this machine; `smokerunner browser --install` gets one")
    click.echo(f"{found.kind}  {found.path}")
