"""`smokerunner validate`."""

from __future__ import annotations

from pathlib import Path

import click

from smokerunner.cli.options import configured, environment_file, flow_paths
from smokerunner.language.verdicts import judge_environments, judge_files, memory_of_user
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.number import counted


@click.command("validate")
@click.argument("what", nargs=-1, metavar="[APP|FILE]...")
@configured
@click.option("--var", "variables", multiple=True, metavar="NAME", help="A variable that the run will be given.")
@click.option(
    "--no-cache", is_flag=True, envvar="SMOKE_NO_CACHE", help="Also read files that were right and have not changed."
)
def command(
    what: tuple[str, ...], config: Path | None, environment: str | None, variables: tuple[str, ...], no_cache: bool
) -> None:
    """Check flow files, by default all of flows/, and the environment file. Every problem gets a line."""
    problems: list[Problem] = []
    memory = None if no_cache else memory_of_user()
    path = environment_file(config)
    given = {item.partition("=")[0] for item in variables}
    if path is not None:
        try:
            given |= judge_environments(path, memory)
        except BadInput as wrong:
            problems += wrong.problems
    try:
        verdicts = judge_files(flow_paths(what), memory, given=given)
    except BadInput as wrong:
        problems += wrong.problems
        verdicts = ()
    if problems:
        raise BadInput(problems)
    if environment is not None:
        _choose(path, [verdict.app for verdict in verdicts], environment)
    for verdict in verdicts:
        said = f"{counted(verdict.flows, 'flow')}, {counted(verdict.steps, 'step')}"
        click.echo(f"{verdict.path}: ok, {said}")
        if not verdict.has_address and path is None:
            click.echo(f"{verdict.path}: note: it does not say where {verdict.app} is; runs will need --base-url")
    if path is not None:
        click.echo(f"{path}: ok")


def _choose(path: Path | None, apps: list[str], environment: str) -> None:
    """Complain about an app that has no such environment."""
    from smokerunner.language.environment import choose, load_config

    settings = load_config(path) if path is not None else None
    for app in apps:
        choose(settings, app, environment)
