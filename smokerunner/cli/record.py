"""`smokerunner record`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.cli.options import configured, environment_file, new_or_known
from smokerunner.model.errors import BadInput, Inconclusive
from smokerunner.model.number import counted
from smokerunner.model.outcome import ExitCode

if TYPE_CHECKING:
    from smokerunner.recording.journal import Recording
    from smokerunner.recording.keeping import Kept
    from smokerunner.recording.session import Task

_JOURNALS = Path(".smokerunner/recordings")


@click.command("record")
@click.argument("what", metavar="APP|FILE")
@click.option("--flow", required=True, metavar="NAME", help="What to call the flow.")
@click.option("--url", default="", metavar="URL", help="Where to begin: a path of the app, or an address.")
@click.option("--title", default="", metavar="TEXT", help="The flow in one sentence.")
@click.option("--starts-from", metavar="FLOW", help="Begin with the cookies and storage that this flow leaves.")
@click.option("--needs", multiple=True, metavar="FLOW", help="Replay this flow first, and use its variables.")
@click.option("--replace", is_flag=True, help="Write over a flow of that name.")
@click.option("--recover", is_flag=True, help="Write what an earlier recording left that was cut off.")
@configured
@click.option("--base-url", envvar="SMOKE_BASE_URL", metavar="URL", help="Where the app is; overrides all files.")
@click.option("--headless", is_flag=True, help="Without a window; something drives it through --debug-port.")
@click.option("--debug-port", type=click.IntRange(1, 65535), metavar="PORT", help="Chromium's remote debugging port.")
@click.option("--browser-path", metavar="PROGRAM", help="The browser to use.")
def command(
    what: str,
    flow: str,
    url: str,
    title: str,
    starts_from: str | None,
    needs: tuple[str, ...],
    replace: bool,
    recover: bool,
    config: Path | None,
    environment: str | None,
    base_url: str | None,
    headless: bool,
    debug_port: int | None,
    browser_path: str | None,
) -> int:
    """Use the app in a browser window; close it, and the flow stands in the app's file.

    \b
    smokerunner record shop --flow register --url http://127.0.0.1:8000/register
    smokerunner record shop --flow order --starts-from login
    """
    from smokerunner.browser.binary import require
    from smokerunner.language.environment import load_config
    from smokerunner.recording.journal import Journal
    from smokerunner.recording.keeping import keep
    from smokerunner.recording.preparing import Wish, app_of, journal_path, prepare_recording

    path = new_or_known(what)
    if recover:
        app = app_of(path)
        journal = Journal(journal_path(_JOURNALS, app, flow))
        recording = journal.read()
        kept = keep(recording, path, app, replace=replace)
        journal.remove()
        _tell(recording, kept)
        return ExitCode.OK
    if headless and debug_port is None:
        raise BadInput("--headless: nobody can use an app without a window; give --debug-port, and drive it from there")
    settings_path = environment_file(config)
    wish = Wish(
        flow=flow,
        url=url,
        title=title,
        starts_from=starts_from,
        needs=needs,
        replace=replace,
        environment=environment,
        base_url=base_url,
        headed=not headless,
        debugging_port=debug_port,
    )
    binary = require(browser_path, headed=not headless)
    settings = load_config(settings_path) if settings_path else None
    task = prepare_recording(path, wish, settings, binary, _JOURNALS)
    journal = Journal(task.journal)
    try:
        recording = _recorded(task)
    except Inconclusive as wrong:
        click.echo(f"error: {wrong}", err=True)
        return ExitCode.CANNOT_TELL
    if not recording.tidied.flow["steps"]:
        journal.remove()
        raise BadInput("nothing was done, so nothing was recorded")
    try:
        kept = keep(recording, path, task.app, replace=replace)
    except BadInput:
        click.echo(f"the recording is safe in {journal.path}; once this is mended, --recover writes it", err=True)
        raise
    journal.remove()
    _tell(recording, kept)
    return ExitCode.CANNOT_TELL if recording.wrong else ExitCode.OK


def _recorded(task: Task) -> Recording:
    import asyncio

    return asyncio.run(_record(task))


async def _record(task: Task) -> Recording:
    import asyncio

    from smokerunner.browser.recorder import Lacking
    from smokerunner.recording.codegen import record_by_codegen
    from smokerunner.recording.person import AtTheWindow
    from smokerunner.recording.session import record
    from smokerunner.replay.stop import INTERRUPTED, Stop

    stop = Stop()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.now, INTERRUPTED)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.now, INTERRUPTED)
    _explain(task)
    try:
        return await record(task, AtTheWindow(), stop, lambda text: click.echo(text, err=True), lambda _: None)
    except Inconclusive as wrong:
        if stop.reason is not None:
            raise click.Abort from wrong
        raise
    except Lacking as wrong:
        if task.job is not None or not task.headed:
            raise
        click.echo(f"{wrong}; its program codegen records instead", err=True)
        return await record_by_codegen(task, stop)


def _explain(task: Task) -> None:
    where = "in a window" if task.headed else f"without a window, driven through port {task.debugging_port}"
    click.echo(f"Recording {task.flow} of {task.app} {where}, beginning at {task.start}", err=True)
    if task.headed:
        click.echo(
            "  Use the app. Close the window when you are done, or press Ctrl-C here; nothing is lost either way.\n"
            "  The bar at the top adds what you expect: the eye an element, ab a text, the box a field's value.\n"
            "  “Mask an area” below on the right: then click what no picture may show.",
            err=True,
        )


def _tell(recording: Recording, kept: Kept) -> None:
    tidied = recording.tidied
    if recording.wrong:
        click.echo(click.style(f"{recording.wrong}; what was recorded until then is kept", fg="yellow"), err=True)
    click.echo(f"{click.style(str(kept.path), bold=True)}{'  (new)' if kept.is_new else ''}")
    sign = click.style("~", fg="yellow") if kept.is_replaced else click.style("+", fg="green")
    click.echo(f"  {sign} {tidied.name}  {counted(kept.steps, 'step')}, {counted(kept.expectations, 'expectation')}")
    for file in kept.files:
        click.echo(f"  {click.style('+', fg='green')} {file}")
    click.echo(f"\n{click.style('Next', bold=True)}")
    for note in tidied.notes:
        click.echo(f"  {note}")
    if kept.todos:
        click.echo(f"  smokerunner validate {kept.path}   # {counted(kept.todos, 'step')} still to do; it names them")
    else:
        click.echo(f"  smokerunner run {kept.path} --flow {tidied.name}")
