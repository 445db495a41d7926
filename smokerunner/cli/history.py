"""`smokerunner history`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from smokerunner.cli.options import history_path
from smokerunner.model.errors import BadInput
from smokerunner.model.outcome import Outcome

if TYPE_CHECKING:
    from smokerunner.history.history import CheckRow, FlowRow


@click.command("history")
@click.argument("app", required=False)
@click.option("--flow", metavar="NAME", help="The history of this flow of the app.")
@click.option("--check", metavar="ID", help="The history of this check of the app, such as sec.env.")
@click.option("--env", "environment", metavar="NAME", help="Only this environment.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many rows.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(
    app: str | None, flow: str | None, check: str | None, environment: str | None, limit: int, as_json: bool
) -> None:
    """What earlier runs said, the newest first: of all apps, of one, or of one flow or check with --flow or --check."""
    from smokerunner.history.history import History
    from smokerunner.model.duration import spell
    from smokerunner.model.number import counted

    path = history_path()
    if not path.is_file():
        raise BadInput(f"there is no history yet ({path}); every run writes it")
    history = History.open(path)
    if flow is not None and check is not None:
        raise BadInput("--flow and --check are two questions; ask one at a time")
    if flow is not None:
        if app is None:
            raise BadInput("--flow needs the app: smokerunner history APP --flow NAME")
        flows = history.flow_history(app, flow, limit, environment)
        if not flows:
            raise BadInput(f"the history knows no flow {flow} of {app}")
        _tell(flows, as_json=as_json)
        if not as_json:
            _since(history.past(app, flows[0].environment, [flow]).get(flow))
        return
    if check is not None:
        if app is None:
            raise BadInput("--check needs the app: smokerunner history APP --check ID")
        checks = history.check_history(app, check, limit, environment)
        if not checks:
            raise BadInput(f"the history knows no check {check} of {app}")
        _tell(checks, as_json=as_json)
        if not as_json:
            _since(history.past(app, checks[0].environment, [], [check]).get(check))
        return
    runs = history.runs(app, environment, limit)
    if not runs:
        raise BadInput("the history knows no such run")
    if as_json:
        _print_json(runs)
        return
    for run in runs:
        release = f"  {run.release}" if run.release else ""
        asked = f"  {counted(run.checks, 'check')}" if run.checks else ""
        seconds = (run.ended - run.started).total_seconds()
        told = f"{_sign(run.outcome)}  {run.verdict:<11}  {spell(seconds):>8}  {run.id}{release}{asked}"
        click.echo(f"{_when(run.started)}  {told}")


def _tell(rows: Sequence[FlowRow] | Sequence[CheckRow], *, as_json: bool) -> None:
    from smokerunner.model.duration import spell

    if as_json:
        _print_json(rows)
        return
    for row in rows:
        release = f"  {row.release}" if row.release else ""
        tail = f"  {row.message}" if row.message else ""
        click.echo(
            f"{_when(row.started)}  {_sign(row.outcome)}  {spell(row.seconds):>8}  {row.environment}{release}{tail}"
        )


def _since(past: object) -> None:
    from smokerunner.model.run import Past

    if not isinstance(past, Past):
        return
    if past.failing_since_at is not None:
        release = f" with release {past.failing_since_release}" if past.failing_since_release else ""
        click.echo(f"failing since {_when(past.failing_since_at)} ({past.failing_since_run}){release}")
    if past.last_passed_at is not None:
        click.echo(f"last passed {_when(past.last_passed_at)} ({past.last_passed_run})")
    else:
        click.echo("never passed")


def _print_json(rows: Sequence[object]) -> None:
    import dataclasses
    import json

    for row in rows:
        click.echo(json.dumps(dataclasses.asdict(row), default=str))  # type: ignore[call-overload]


def _when(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%SZ}"


def _sign(outcome: Outcome) -> str:
    from smokerunner.cli.drawing import SIGNS

    sign, colour = SIGNS[outcome]
    return click.style(f"{sign} {outcome:<12}", fg=colour)
