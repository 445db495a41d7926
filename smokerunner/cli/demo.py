"""`smokerunner demo`."""

from __future__ import annotations

import difflib
import os
import secrets
from pathlib import Path

import click

from smokerunner.cli.options import history_path, referring
from smokerunner.cli.reporting import Reporting, reporting


@click.command("demo")
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Serve the demo app as a bad deploy would.")
@click.option("--faults", "show_faults", is_flag=True, help="List the faults.")
@click.option("--serve", is_flag=True, help="Only start the app; Ctrl-C ends it.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The app's port; by default any free one.")
@click.option("--flow", "names", multiple=True, metavar="NAME", help="Only this flow, and what it needs.")
@click.option("--workers", type=click.IntRange(1, 64), help="Flows at the same time.")
@click.option(
    "--trace",
    type=click.Choice(["on", "off", "failure"]),
    default="failure",
    show_default=True,
    help="Keep Playwright's trace: of every flow, of none, of failed ones.",
)
@click.option("--profile", is_flag=True, help="Say where the time went, on the terminal and in the report.")
@click.option("--headed", is_flag=True, help="Show the browser's window.")
@click.option("--browser-path", metavar="PROGRAM", help="The browser to use.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("evidence"),
    show_default=True,
    envvar="SMOKE_OUT",
    metavar="FOLDER",
    help="Where the evidence bundle is put.",
)
@referring
@reporting
@click.option("--quiet", is_flag=True, help="Print only the verdict and what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="One JSON event a line on standard output.")
def command(
    faults: tuple[str, ...],
    show_faults: bool,
    serve: bool,
    port: int,
    names: tuple[str, ...],
    workers: int | None,
    trace: str,
    profile: bool,
    headed: bool,
    browser_path: str | None,
    out: Path,
    screenshots: Path,
    reports: tuple[str, ...],
    link_base: str,
    quiet: bool,
    as_json: bool,
) -> int:
    """Start the demo shop `acorn` on this machine, replay its flows, and leave an evidence bundle.

    With --fault it shows what a bad deploy looks like; several may be named.
    """
    from smokerunner.demo.faults import FAULTS
    from smokerunner.model.errors import BadInput

    wanted = Reporting.of(reports, link_base, as_json=as_json)
    if show_faults:
        width = max(map(len, FAULTS))
        for name, kind in FAULTS.items():
            click.echo(f"{name:<{width}}  {kind.title}")
        return 0
    for fault in faults:
        if fault not in FAULTS:
            near = difflib.get_close_matches(fault, FAULTS, 1, 0.4)
            hint = f", did you mean '{near[0]}'?" if near else "; see --faults"
            raise BadInput(f"no fault called '{fault}'{hint}")

    from smokerunner.browser.binary import find, install, require
    from smokerunner.cli.drawing import artist
    from smokerunner.cli.replaying import replay_all, serve_until_interrupted
    from smokerunner.demo.deploy import Deploy
    from smokerunner.demo.rehearsal import compared
    from smokerunner.replay.options import Options
    from smokerunner.replay.plan import Selection, require_known

    if not serve and find(browser_path, headed=headed) is None and not headed:
        click.echo("no browser here; installing one, which may take some minutes", err=True)
        install()
    os.environ.setdefault("SMOKE_PASSWORD", secrets.token_urlsafe(12))
    with Deploy(faults, port=port) as deploy:
        if serve:
            click.echo(f"acorn is at {deploy.base_url}; its mail goes to port {deploy.smtp_port}; Ctrl-C ends it")
            serve_until_interrupted()
            return 0
        selection = Selection(names=names)
        require_known([deploy.loaded.file], selection)
        options = Options(
            selection=selection,
            workers=workers or 0,
            trace=trace,  # type: ignore[arg-type]
            profile=profile,
            headed=headed,
            browser_path=browser_path,
            out=out,
            screenshots=screenshots,
            history=history_path(),
            release=deploy.release,
        )
        binary = require(browser_path, headed=headed)
        with compared(options, binary, faults, lambda text: click.echo(text, err=True)) as options:
            return replay_all([deploy.job(options, binary)], artist(quiet=quiet, as_json=as_json), wanted)
