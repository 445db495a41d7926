"""`smokerunner completion`."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash   eval "$(smokerunner completion bash)"                       in ~/.bashrc
    zsh    eval "$(smokerunner completion zsh)"                        in ~/.zshrc
    fish   smokerunner completion fish | source                        in config.fish
    """
    from click.shell_completion import get_completion_class

    from smokerunner.cli.program import program

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(program, {}, "smokerunner", "_SMOKERUNNER_COMPLETE").source())
