"""`smokerunner list`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from smokerunner.cli.options import flow_paths, selecting
from smokerunner.model.errors import BadInput
from smokerunner.model.outcome import ExitCode
from smokerunner.model.severity import Severity

if TYPE_CHECKING:
    from smokerunner.language.vocabulary import Key


@click.command("list")
@click.argument("what", nargs=-1, metavar="[APP|FILE]...")
@selecting
@click.option("--steps", is_flag=True, help="Print the vocabulary: every action with its keys.")
@click.option("--checks", is_flag=True, help="Print every check: what it asks, when it passes, what a failure means.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(
    what: tuple[str, ...],
    names: tuple[str, ...],
    tags: tuple[str, ...],
    not_tags: tuple[str, ...],
    severities: tuple[str, ...],
    steps: bool,
    checks: bool,
    as_json: bool,
) -> int:
    """List the flows of these apps or files, by default all of flows/, with what they need.

    A file that is wrong is told and left out; exit 2 then, as `validate` does.
    """
    if checks:
        _list_checks(as_json=as_json)
        return ExitCode.OK
    from smokerunner.language.load import load_each
    from smokerunner.replay.plan import Selection, plan, require_known

    if steps:
        click.echo(_vocabulary())
        return ExitCode.OK
    selection = Selection(names, tags, not_tags, tuple(Severity(s) for s in severities), with_needs=False)
    loaded, problems = load_each(flow_paths(what))
    if not loaded:
        raise BadInput(problems)
    for problem in problems:
        click.echo(str(problem), err=True)
    code = ExitCode.BAD_INPUT if problems else ExitCode.OK
    require_known((item.file for item in loaded), selection)
    rows = [(item.file.app, planned) for item in loaded for planned in plan(item.file, selection)]
    if as_json:
        import json

        for app, planned in rows:
            facts = planned.flow.model_dump(
                mode="json", include={"title", "severity", "tags", "effects", "needs", "starts_from", "after"}
            )
            click.echo(json.dumps({"app": app, "flow": planned.name, "steps": len(planned.flow.steps), **facts}))
        return code
    width = max(len(f"{app}/{planned.name}") for app, planned in rows)
    for app, planned in rows:
        flow = planned.flow
        name = click.style(f"{app}/{planned.name}", bold=True) + " " * (width - len(app) - 1 - len(planned.name))
        needs = f"  needs {', '.join(flow.requires)}" if flow.requires else ""
        labels = f"  [{', '.join(flow.tags)}]" if flow.tags else ""
        click.echo(f"{name}  {flow.severity:<8}  {len(flow.steps):>2} steps  {flow.title or ''}{labels}{needs}")
    return code


def _list_checks(*, as_json: bool) -> None:
    from smokerunner.cli.checking import as_rows, vocabulary

    if not as_json:
        click.echo(vocabulary())
        return
    import json

    for row in as_rows():
        click.echo(json.dumps(row))


def _vocabulary() -> str:
    """Every action with its docstring, an example and its keys; then what may stand beside any of them."""
    from smokerunner.language.vocabulary import common_keys, describe

    lines = []
    for action in describe():
        lines += ["", click.style(action.action, bold=True, fg="cyan"), f"  {action.text}"]
        if action.example:
            lines.append(f"  Example: {action.example}")
        lines += _keys(action.keys)
    lines += ["", click.style("beside any step", bold=True, fg="cyan"), *_keys(common_keys())]
    return "\n".join(lines[1:])


def _keys(keys: Iterable[Key]) -> list[str]:
    rows = [
        (f"{key.name}{'' if key.required else '?'}", f"{key.kind}. {key.description}".rstrip(" .") + ".")
        for key in keys
    ]
    width = max((len(name) for name, _ in rows), default=0)
    return [f"    {name:<{width}}  {about}" for name, about in rows]
