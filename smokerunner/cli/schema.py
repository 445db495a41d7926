"""`smokerunner schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.argument("kind", type=click.Choice(["flow", "environment", "run"]), default="flow")
def command(kind: str) -> None:
    """Print the JSON Schema of flow files, of smokerunner.yaml, or of run.json.

    \b
    smokerunner schema flow > flow.schema.json
    # first line of a flow file, for editors:
    # yaml-language-server: $schema=flow.schema.json
    """
    if kind == "run":
        from smokerunner.evidence.schema import run_schema

        document = run_schema()
    else:
        from smokerunner.language.environment import environment_schema
        from smokerunner.language.schema import flow_schema

        document = flow_schema() if kind == "flow" else environment_schema()
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
