"""`smokerunner validate`."""

from __future__ import annotations

from pathlib import Path

import click

from smokerunner.cli.options import configured, environment_file, flow_paths
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.number import counted


@click.command("validate")
@click.argument("what", nargs=-1, metavar="[APP|FILE]...")
@configured
@click.option("--var", "variables", multiple=True, metavar="NAME", help="A variable that the run will be given.")
def command(what: tuple[str, ...], config: Path | None, environment: str | None, variables: tuple[str, ...]) -> None:
    """Check flow files, by default all of flows/, and the environment file. Every problem gets a line."""
    from smokerunner.language.environment import choose, load_config
    from smokerunner.language.load import load_all

    problems: list[Problem] = []
    path = environment_file(config)
    settings = None
    if path is not None:
        try:
            settings = load_config(path)
        except BadInput as wrong:
            problems += wrong.problems
    given = {item.partition("=")[0] for item in variables} | (settings.variable_names if settings else set())
    try:
        loaded = load_all(flow_paths(what), given=given)
    except BadInput as wrong:
        problems += wrong.problems
        loaded = ()
    if problems:
        raise BadInput(problems)
    for item in loaded:
        if environment is not None:
            choose(settings, item.file.app, environment)
        steps = sum(len(flow.steps) for flow in item.file.flows.values())
        click.echo(f"{item.path}: ok, {counted(len(item.file.flows), 'flow')}, {counted(steps, 'step')}")
        if item.file.base_url is None and settings is None:
            click.echo(f"{item.path}: note: it does not say where {item.file.app} is; runs will need --base-url")
    if path is not None:
        click.echo(f"{path}: ok")
