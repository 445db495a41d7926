"""`smokerunner check`."""

from __future__ import annotations

from pathlib import Path

import click

from smokerunner.cli.options import Duration, configured, environment_file, history_path
from smokerunner.cli.reporting import Reporting, reporting
from smokerunner.model.errors import BadInput
from smokerunner.model.severity import Severity


@click.command("check")
@click.argument("apps", nargs=-1, metavar="[APP]...")
@click.option("--check", "ids", multiple=True, metavar="ID", help="Only this check; `sec.*` means all that begin so.")
@click.option("--not-check", "not_ids", multiple=True, metavar="ID", help="Not this check.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only checks with this tag, or of this family.")
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice([s.value for s in Severity]),
    help="Only checks of this severity; may be given several times.",
)
@configured
@click.option("--base-url", envvar="SMOKE_BASE_URL", metavar="URL", help="Where the app is; overrides all files.")
@click.option("--release", envvar="SMOKE_RELEASE", metavar="ID", help="The release that must be served.")
@click.option("--max-time", type=Duration(), metavar="TIME", help="End the run after this time; the rest is skipped.")
@click.option("--fail-on-warned", is_flag=True, help="Exit 3 when something is warned.")
@click.option("--browser-path", metavar="PROGRAM", help="The browser to use.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("evidence"),
    show_default=True,
    envvar="SMOKE_OUT",
    metavar="FOLDER",
    help="Where evidence bundles are put.",
)
@reporting
@click.option(
    "--sign",
    type=click.Path(path_type=Path),
    envvar="SMOKE_SIGN_KEY",
    metavar="KEYFILE",
    help="Sign the bundle with this private key (`smokerunner keygen`).",
)
@click.option("--no-history", is_flag=True, help="Neither read nor write the history.")
@click.option("--quiet", is_flag=True, help="Print only the verdict and what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="One JSON event a line on standard output.")
def command(
    apps: tuple[str, ...],
    ids: tuple[str, ...],
    not_ids: tuple[str, ...],
    tags: tuple[str, ...],
    severities: tuple[str, ...],
    config: Path | None,
    environment: str | None,
    base_url: str | None,
    release: str | None,
    max_time: float | None,
    fail_on_warned: bool,
    browser_path: str | None,
    out: Path,
    reports: tuple[str, ...],
    link_base: str,
    sign: Path | None,
    no_history: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Ask what stands under `checks:` in smokerunner.yaml, without replaying flows, and leave a bundle for each app.

    \b
    smokerunner check                       every app that has checks
    smokerunner check shop --env production
    smokerunner check shop --check 'tls.*' --check sec.env
    smokerunner list --checks               what can be asked
    """
    from smokerunner.browser.binary import require
    from smokerunner.checks.choosing import Choice
    from smokerunner.cli.drawing import artist
    from smokerunner.cli.replaying import replay_all
    from smokerunner.evidence.signature import PrivateKey
    from smokerunner.language.environment import load_config
    from smokerunner.language.load import load
    from smokerunner.replay.inquiry import check_job, flow_file_of
    from smokerunner.replay.options import Options
    from smokerunner.replay.preparing import checked_url, system_lookup

    path = environment_file(config)
    if path is None:
        raise BadInput(
            "there is no smokerunner.yaml here that says what to check; `smokerunner spot-check URL` needs no file"
        )
    settings = load_config(path)
    options = Options(
        max_time=max_time,
        fail_on_warned=fail_on_warned,
        release=release,
        browser_path=browser_path,
        out=out,
        history=None if no_history else history_path(),
        key=PrivateKey.read(sign) if sign is not None else None,
        pictures="off",
        trace="off",
    )
    wanted = Reporting.of(reports, link_base, as_json=as_json)
    choice = Choice(ids, not_ids, tags, tuple(Severity(s) for s in severities))
    chosen = apps or settings.apps_with_checks(environment)
    jobs = []
    for app in chosen:
        flow_file = flow_file_of(app, Path("flows"))
        jobs.append(
            check_job(
                app,
                load(flow_file, given=settings.variable_names) if flow_file is not None else None,
                settings,
                options,
                choice,
                binary=require(browser_path, headed=False),
                environment_name=environment,
                base_url=checked_url(base_url),
                lookup=system_lookup(),
            )
        )
    return replay_all(jobs, artist(quiet=quiet, as_json=as_json), wanted)
