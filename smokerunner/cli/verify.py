"""`smokerunner verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.model.outcome import ExitCode

if TYPE_CHECKING:
    from smokerunner.evidence.signature import PublicKey, Signature


@click.command("verify")
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BUNDLE...")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    metavar="PUBLIC",
    help="The public key file whose signature each bundle must have.",
)
def command(bundles: tuple[Path, ...], key_file: Path | None) -> int:
    """Prove that bundles, folders or zips, are whole and unchanged. Exit 3 when one is not.

    Sums show what changed by accident or without care; whoever can change a file can also make its sum anew. That a
    bundle is the one that was sealed, only its signature shows: `run --sign` makes it, --key checks it.
    """
    from smokerunner.evidence.signature import PublicKey
    from smokerunner.evidence.verify import examine

    key = PublicKey.read(key_file) if key_file is not None else None
    code = ExitCode.OK
    for bundle in bundles:
        proof = examine(bundle, key)
        if proof.lines:
            code = ExitCode.CANNOT_TELL
        for problem in proof.lines:
            click.echo(f"{bundle}: {problem}", err=True)
        if proof.summary:
            click.echo(f"{bundle}: {proof.summary}", err=True)
        if not proof.lines:
            click.echo(f"{bundle}: whole and unchanged{_signed(proof.signature, key)}")
    return int(code)


def _signed(signature: Signature | None, key: PublicKey | None) -> str:
    if signature is None:
        return ""
    if key is None:
        # Anybody can write a key's name into a file: who signed is told only when it was checked.
        return "; carries a signature that was not checked; --key PUBLIC checks it"
    return f", signed by key {signature.name}"
