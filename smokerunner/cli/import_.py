"""`smokerunner import`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.model.errors import BadInput
from smokerunner.model.number import counted

if TYPE_CHECKING:
    from smokerunner.authoring.act import Remark
    from smokerunner.importers.intake import Intake


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--app", default="", metavar="NAME", help="The app they belong to; by default named after its host.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FLOWFILE",
    help="The flow file they are put into; by default flows/<app>.yaml.",
)
@click.option("--flow", default="", metavar="NAME", help="What to call the flow, when there is only one.")
@click.option("--base-url", default="", metavar="URL", help="Where the app was; its addresses become paths.")
@click.option("--replace", is_flag=True, help="Write over flows that have the same name.")
@click.option("--dry-run", is_flag=True, help="Print the flow file instead of writing it.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of OpenAPI: the file that the proposed checks are written to; by default they are printed.",
)
def command(
    files: tuple[Path, ...],
    app: str,
    into: Path | None,
    flow: str,
    base_url: str,
    replace: bool,
    dry_run: bool,
    output: Path | None,
) -> None:
    """Bring flows from Chrome DevTools Recorder, Selenium IDE, Playwright codegen or Maestro.

    The format is told by the content. What cannot be carried over becomes a step `todo`, which validate names;
    nothing is dropped without a word. docs/import.md lists every command of each format.

    Of an OpenAPI document (`smokerunner import openapi FILE`), checks of the API are proposed, for smokerunner.yaml.
    """
    from smokerunner.importers.intake import Wishes, read_files, take_in
    from smokerunner.importers.openapi import is_openapi

    named = files[0] == Path("openapi") and len(files) > 1
    if named or is_openapi(files[0]):
        if app or into or flow or base_url:
            raise BadInput("--app, --into, --flow and --base-url are for flows; of OpenAPI, checks are made")
        _propose(files[1:] if named else files, None if dry_run else output, replace=replace)
        return
    if output is not None:
        raise BadInput("-o is for the checks of an OpenAPI document; flows are put --into a flow file")

    read = read_files(files)
    intakes = take_in(read, Wishes(app, into, flow, base_url.rstrip("/"), replace), Path("flows"))
    for intake in intakes:
        if dry_run:
            click.echo(intake.sheet.text, nl=False)
        else:
            intake.save()
    # With --dry-run only the flow file goes to the standard output.
    lines = [line for intake in intakes for line in _written(intake)]
    hidden = [value for intake in intakes for value in intake.values.values()]
    lines += _remarks([remark for file in read for remark in file.remarks], hidden)
    lines += ["", click.style("Next", bold=True), *(line for intake in intakes for line in _next(intake))]
    click.echo("\n".join(lines), err=dry_run)


def _propose(files: Sequence[Path], output: Path | None, *, replace: bool) -> None:
    """Print the checks, or write them to a file; what was left out is said beside."""
    from smokerunner.importers.openapi import propose
    from smokerunner.importers.openapi.writing import block

    if len(files) > 1:
        raise BadInput("give one OpenAPI document at a time")
    if output is not None and output.exists() and not replace:
        raise BadInput(f"{output} is there already; --replace writes over it")
    proposal = propose(files[0])
    text = block(proposal, files[0])
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as wrong:
            raise BadInput(f"{output} cannot be written: {wrong.strerror}") from wrong
        click.echo(f"{click.style(str(output), bold=True)}  {counted(len(proposal.routes), 'check')}")
    by_reason: dict[str, list[str]] = {}
    for one in proposal.left_out:
        by_reason.setdefault(one.why, []).append(one.what)
    if by_reason:
        click.echo(f"\n{click.style('Left out', bold=True)}", err=True)
    for why, those in by_reason.items():
        click.echo(f"  {click.style('!', fg='yellow')} {why}\n      {', '.join(those)}", err=True)


def _written(intake: Intake) -> Iterable[str]:
    yield f"{click.style(str(intake.path), bold=True)}{'  (new)' if intake.is_new else ''}"
    width = max(len(flow.name) for flow in intake.flows)
    for flow in intake.flows:
        sign = click.style("~" if flow.replaced else "+", fg="yellow" if flow.todos else "green")
        left = click.style(f", {flow.todos} still to do", fg="yellow") if flow.todos else ""
        yield f"  {sign} {flow.name:<{width}}  {counted(flow.steps, 'step')}{left}  from {flow.source} ({flow.format})"


def _remarks(remarks: Sequence[Remark], hidden: Sequence[str]) -> Iterable[str]:
    """What became of what, the same words once with all their places."""
    for refused, title in ((True, "Still to do"), (False, "Not carried over as it stood")):
        by_words: dict[str, list[Remark]] = {}
        for remark in remarks:
            if remark.refused is refused:
                by_words.setdefault(remark.says.removeprefix("still to do: "), []).append(remark)
        if not by_words:
            continue
        yield f"\n{click.style(title, bold=True)}"
        for words, those in by_words.items():
            yield f"  {click.style('✗' if refused else '!', fg='yellow')} {_without(words, hidden)}"
            width = max(len(remark.place) for remark in those)
            for remark in those:
                yield f"      {remark.place:<{width}}  {_without(remark.original, hidden)}"


def _without(text: str, hidden: Sequence[str]) -> str:
    for value in hidden:
        text = text.replace(value, "…") if value else text
    return text


def _next(intake: Intake) -> Iterable[str]:
    told = " ".join(intake.notes)
    for note in intake.notes:
        yield f"  {note}"
    for name in intake.secrets:
        if name not in told:
            yield f"  set ${name} (environment or .env)"
    todos = sum(flow.todos for flow in intake.flows)
    if todos:
        are = "is" if todos == 1 else "are"
        yield f"  smokerunner validate {intake.path}   # {counted(todos, 'step')} {are} still to do; it names them"
    else:
        yield f"  smokerunner validate {intake.path}"
        chosen = f" --flow {intake.flows[0].name}" if len(intake.flows) == 1 else ""
        yield f"  smokerunner run {intake.path}{chosen}"
