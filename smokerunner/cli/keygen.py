"""`smokerunner keygen`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("keygen")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("smokerunner"),
    show_default=True,
    metavar="FOLDER/NAME",
    help="Where to write NAME.key and NAME.pub.",
)
def command(out: Path) -> int:
    """Make a pair of keys to sign bundles with. Nothing is ever overwritten.

    The files are in minisign's format: `minisign -V -p NAME.pub -m SHA256SUMS` checks a bundle without smokerunner.
    """
    from smokerunner.evidence.signature import write_keys

    private, public, key = write_keys(out)
    click.echo(f"{private}  the private key: keep it out of version control, and let only the pipeline read it")
    click.echo(f"{public}  the public key {key.name}: give it to whoever reviews")
    click.echo(f"next: smokerunner run --sign {private}, then smokerunner verify BUNDLE --key {public}")
    return 0
