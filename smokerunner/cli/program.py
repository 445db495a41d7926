"""The commands by name, loaded when they are called, and the one place where the program ends."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from smokerunner import __version__
from smokerunner.cli.garbage import look_no_more, look_seldom
from smokerunner.cli.plugins import look_for_none
from smokerunner.model.errors import BadInput, Unavailable
from smokerunner.model.outcome import ExitCode

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Command: (module, one line for --help). Kept here so that --help need not import every command.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("run", "Replay flows and leave an evidence bundle."),
    "check": ("check", "Ask what flows do not: speed, security, integrations."),
    "spot-check": ("spot_check", "Ask a URL what can be asked from outside; no files."),
    "demo": ("demo", "Start the demo app and replay its flows."),
    "init": ("init", "Look at an app; write its first flows and a CI job."),
    "record": ("record", "Use the app in a window; a flow comes of it."),
    "import": ("import_", "Bring flows from other recorders."),
    "try": ("try_", "Replay one flow step by step, and mend it."),
    "export": ("export", "Print flows as Playwright code."),
    "validate": ("validate", "Check flow files and the environment file."),
    "lint": ("lint", "Say what is valid but unwise in flow files."),
    "format": ("format", "Write flow files in the one style."),
    "mend": ("mend", "Mend a flow file where a run used fallbacks."),
    "list": ("listing", "List flows, the vocabulary, or what can be checked."),
    "schema": ("schema", "Print a JSON Schema: flow, environment or run."),
    "report": ("report", "Render a bundle's reports anew, outside the bundle."),
    "compare": ("compare", "Say what changed between two runs."),
    "approve": ("approve", "Make a bundle's pictures the approved references."),
    "review": ("review", "Look at what differs, and approve or reject it."),
    "verify": ("verify", "Prove that a bundle is whole and unchanged."),
    "keygen": ("keygen", "Make a pair of keys to sign bundles with."),
    "history": ("history", "What earlier runs said."),
    "evidence": ("evidence", "Look after the evidence folder."),
    "browser": ("browser", "Say which browser is used, or install one."),
    "completion": ("completion", "Print the shell completion script."),
}


class Commands(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"smokerunner.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in --help, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing any."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=about) for name, (_, about) in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest the nearest for a misspelt one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = _nearest(args[0], COMMANDS) or f"; there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command called '{args[0]}'{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="smokerunner")
def program() -> None:
    """Prove after a deploy, in a real browser, that an app still works.

    Exit codes: 0 passed or warned, 1 the app is broken, 2 bad input (nothing was run), 3 cannot tell,
    130 interrupted. Roll back on 1 and on nothing else.
    """


def run(arguments: list[str] | None = None) -> None:
    """Run a command and exit; every error becomes its own exit code, and no typo looks like a broken app."""
    look_seldom()
    look_for_none()
    code = outcome(arguments)
    look_no_more()
    sys.exit(code)


def outcome(arguments: list[str] | None = None) -> int:
    """The exit code of a command line."""
    try:
        answer = program.main(arguments, prog_name="smokerunner", standalone_mode=False)
    except BadInput as wrong:
        for problem in str(wrong).splitlines():
            click.echo(problem, err=True)
        return ExitCode.BAD_INPUT
    except Unavailable as wrong:
        click.echo(f"error: {wrong}", err=True)
        return ExitCode.CANNOT_TELL
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except click.ClickException as wrong:
        # Click's own code for most of these is 1, which would mean a broken app.
        click.echo(_told(wrong), err=True)
        return ExitCode.BAD_INPUT
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        return ExitCode.OK
    except Exception as bug:  # noqa: BLE001 - the last line of defence: a bug of ours must never look like a broken app
        import traceback

        click.echo(f"error: a bug of smokerunner: {type(bug).__name__}: {bug}", err=True)
        click.echo(traceback.format_exc(), err=True)
        return ExitCode.CANNOT_TELL
    return int(answer) if isinstance(answer, int) else ExitCode.OK


def _told(wrong: click.ClickException) -> str:
    """What is wrong with a command line, in one line, and where the options are listed; the help when there is none."""
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    if context is not None and wrong.message == context.get_help():
        # Nothing was said of what to do; only newer versions of click have an exception of its own for that.
        return wrong.message
    if isinstance(wrong, click.NoSuchOption) and context is not None:
        options = [name for param in context.command.get_params(context) for name in param.opts if name[:2] == "--"]
        said = f"no option called '{wrong.option_name}'{_nearest(wrong.option_name, options)}"
    else:
        said = " ".join(wrong.format_message().split()).removesuffix(".")
        said = f"{said[:1].lower()}{said[1:]}"
    if context is None:
        return f"error: {said}"
    return f"error: {said}{' See' if said.endswith('?') else '; see'} {context.command_path} --help"


def _nearest(name: str, names: Iterable[str]) -> str:
    """`, did you mean 'run'?`; nothing when no name is near."""
    import difflib

    # The dashes that all options have make none of them alike.
    by_word = {one.lstrip("-"): one for one in names}
    near = difflib.get_close_matches(name.lstrip("-"), by_word, 1, 0.6)
    return f", did you mean '{by_word[near[0]]}'?" if near else ""
