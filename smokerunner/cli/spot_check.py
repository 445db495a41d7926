"""`smokerunner spot-check`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from smokerunner.model.errors import BadInput
from smokerunner.model.number import counted
from smokerunner.model.severity import Severity


@click.command("spot-check")
@click.argument("url", metavar="URL")
@click.option(
    "--preset",
    metavar="NAME",
    help="What it is made with: any, laravel, wordpress, django or rails; by default what its home page looks like.",
)
@click.option("--check", "ids", multiple=True, metavar="ID", help="Only this check; `tls.*` means all that begin so.")
@click.option("--not-check", "not_ids", multiple=True, metavar="ID", help="Not this check.")
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice([s.value for s in Severity]),
    help="Only checks of this severity; may be given several times.",
)
@click.option("--insecure-tls", is_flag=True, help="Go on although nobody vouches for the certificate.")
@click.option("--all", "everything", is_flag=True, help="Explain what passed, too.")
@click.option("--browser-path", metavar="PROGRAM", help="The browser to use.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FOLDER", help="Keep a bundle of evidence in this folder."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON event a line on standard output.")
def command(
    url: str,
    preset: str | None,
    ids: tuple[str, ...],
    not_ids: tuple[str, ...],
    severities: tuple[str, ...],
    insecure_tls: bool,
    everything: bool,
    browser_path: str | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Ask one of your own sites what can be asked from outside, and grade it.

    About two hundred small requests, at most twenty a second, one of them an empty POST / to see an error page. No
    file is needed, and none is left without --out.
    """
    from smokerunner.browser.binary import require
    from smokerunner.checks.choosing import Choice
    from smokerunner.checks.grade import grade_of
    from smokerunner.checks.presets import PRESETS
    from smokerunner.cli.checking import Progress, table
    from smokerunner.cli.drawing import JsonLines
    from smokerunner.cli.replaying import replay_all
    from smokerunner.replay.inquiry import guess_preset, guess_scheme, spot_job
    from smokerunner.replay.options import Options
    from smokerunner.replay.preparing import checked_url

    try:
        address = checked_url(url if "://" in url else f"https://{url}") or ""
    except BadInput:
        raise BadInput(f"{url}: is not an address; write http://… or https://… without ? or #") from None
    if preset is not None and preset not in PRESETS:
        raise BadInput(f"--preset {preset}: there are {', '.join(PRESETS)}")
    if "://" not in url:
        address = guess_scheme(url)
    chosen = preset or guess_preset(address, insecure_tls=insecure_tls)
    binary = require(browser_path, headed=False)
    choice = Choice(ids, not_ids, (), tuple(Severity(s) for s in severities))
    with tempfile.TemporaryDirectory(prefix="smokerunner-") as folder:
        options = Options(
            out=out or Path(folder), pack=out is not None, pictures="off", trace="off", browser_path=browser_path
        )
        job = spot_job(address, chosen, options, choice, binary=binary, insecure_tls=insecure_tls)
        if as_json:
            return replay_all([job], JsonLines())
        progress = Progress(shown=sys.stderr.isatty())
        code = replay_all([job], progress)
        progress.clear()
    seen = f"looks like {chosen}, " if preset is None and chosen != "any" else ""
    click.echo(click.style(address, bold=True) + f" · {seen}preset {chosen}")
    for probe in progress.probes:
        click.echo(f"{probe.outcome}: {probe.message}")
    if progress.probes and progress.results:
        # Checks go on only where it was TLS that failed.
        click.echo("with --insecure-tls the rest is asked all the same")
    for line in table(progress.results, everything=everything):
        click.echo(line)
    if not progress.results:
        return code
    grade = grade_of(progress.results)
    sent = sum(result.sent for result in progress.results)
    click.echo()
    click.echo(click.style(f"Grade {grade.letter}", bold=True) + f" · {grade.reason}")
    click.echo(click.style(f"{counted(len(progress.results), 'check')}, {counted(sent, 'request')}", dim=True))
    if out is None:
        click.echo(
            click.style("keep the evidence with --out FOLDER; `smokerunner list --checks` explains each", dim=True)
        )
    return code
