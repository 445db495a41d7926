"""`smokerunner run`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.cli.options import (
    Duration,
    configured,
    environment_file,
    flow_paths,
    history_path,
    is_known,
    referring,
    selecting,
)
from smokerunner.cli.reporting import Reporting, reporting
from smokerunner.model.errors import BadInput
from smokerunner.model.severity import Severity

if TYPE_CHECKING:
    from asyncio import Runner

    from smokerunner.browser.binary import Binary
    from smokerunner.browser.driver import Driver
    from smokerunner.evidence.signature import PrivateKey
    from smokerunner.language.environment import LoadedConfig
    from smokerunner.language.load import LoadedFile
    from smokerunner.replay.options import Options

    Asked = tuple[list[LoadedFile], LoadedConfig | None, Options, Binary]


@click.command("run")
@click.argument("what", nargs=-1, metavar="[APP|FILE]...")
@selecting
@configured
@click.option("--base-url", envvar="SMOKE_BASE_URL", metavar="URL", help="Where the app is; overrides all files.")
@click.option("--release", envvar="SMOKE_RELEASE", metavar="ID", help="The release that must be served.")
@click.option("--wait-release", type=Duration(), metavar="TIME", help="Wait so long for that release first.")
@click.option("--workers", type=click.IntRange(1, 64), envvar="SMOKE_WORKERS", help="Flows at the same time.")
@click.option(
    "--retries",
    type=click.IntRange(0, 10),
    default=0,
    show_default=True,
    help="Further attempts for flows that are safe to repeat.",
)
@click.option(
    "--repeat", type=click.IntRange(1, 1000), default=1, metavar="N", help="Replay everything N times, side by side."
)
@click.option(
    "--shuffle",
    is_flag=False,
    flag_value="",
    metavar="[SEED]",
    help="A random order within what flows need; the seed of an earlier run repeats its order.",
)
@click.option("--max-time", type=Duration(), metavar="TIME", help="End the run after this time; the rest is skipped.")
@click.option("--fail-fast", is_flag=True, help="End the run when a flow has failed.")
@click.option("--fail-on-warned", is_flag=True, help="Exit 3 when something is warned.")
@click.option("--no-needs", is_flag=True, help="Do not bring along the flows that a selected flow needs.")
@click.option("--allow-real", is_flag=True, help="On production, also run flows with real effects.")
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable of the flow files.")
@click.option(
    "--trace",
    type=click.Choice(["on", "off", "failure"]),
    default="failure",
    show_default=True,
    help="Keep Playwright's trace: of every flow, of none, of failed ones.",
)
@click.option(
    "--pictures",
    type=click.Choice(["on", "off", "failure"]),
    default="on",
    show_default=True,
    help="Take a picture at every step, at none, or only where a step went wrong.",
)
@click.option("--with-checks", is_flag=True, help="Also ask what stands under `checks:` in the environment.")
@click.option("--profile", is_flag=True, help="Say where the time went, on the terminal and in the report.")
@referring
@click.option("--headed", is_flag=True, help="Show the browser's window.")
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
@click.option("--plan", "only_plan", is_flag=True, help="Only print what would happen, where, and with which data.")
def command(
    what: tuple[str, ...],
    names: tuple[str, ...],
    tags: tuple[str, ...],
    not_tags: tuple[str, ...],
    severities: tuple[str, ...],
    config: Path | None,
    environment: str | None,
    base_url: str | None,
    release: str | None,
    wait_release: float | None,
    workers: int | None,
    retries: int,
    repeat: int,
    shuffle: str | None,
    max_time: float | None,
    fail_fast: bool,
    fail_on_warned: bool,
    no_needs: bool,
    allow_real: bool,
    variables: tuple[str, ...],
    trace: str,
    pictures: str,
    with_checks: bool,
    profile: bool,
    screenshots: Path,
    headed: bool,
    browser_path: str | None,
    out: Path,
    reports: tuple[str, ...],
    link_base: str,
    sign: Path | None,
    no_history: bool,
    quiet: bool,
    as_json: bool,
    only_plan: bool,
) -> int:
    """Replay the flows of these apps or flow files, by default all of flows/, and leave a bundle for each app.

    \b
    smokerunner run                         everything in flows/
    smokerunner run acorn --flow order      one flow, and what it needs
    smokerunner run --env production --plan what would happen, without doing it
    smokerunner run --env staging --release 2026.11.2 --wait-release 120s
    """
    if shuffle and is_known(shuffle):
        # `--shuffle shop` reads like a wish to shuffle the shop's flows; it must not run all apps instead.
        raise BadInput(
            f"--shuffle {shuffle}: that is an app or a file, and would be taken for a seed; name it before --shuffle, "
            "or write --shuffle=SEED"
        )
    wanted = Reporting.of(reports, link_base, as_json=as_json)
    paths = flow_paths(what)
    path = environment_file(config)

    def read() -> Asked:
        from secrets import token_hex

        from smokerunner.browser.binary import require
        from smokerunner.language.environment import load_config
        from smokerunner.language.load import load_all
        from smokerunner.replay.options import Options
        from smokerunner.replay.plan import Selection, require_known

        given = _variables(variables)
        selection = Selection(names, tags, not_tags, tuple(Severity(s) for s in severities), not no_needs)
        settings = load_config(path) if path else None
        extra = settings.variable_names if settings else frozenset()
        loaded = load_all(paths, given={*given, *extra})
        require_known((item.file for item in loaded), selection)
        options = Options(
            selection=selection,
            workers=workers or 0,
            trace=trace,  # type: ignore[arg-type]
            pictures=pictures,  # type: ignore[arg-type]
            profile=profile,
            retries=retries,
            repeat=repeat,
            shuffle=token_hex(4) if shuffle == "" else shuffle,
            max_time=max_time,
            fail_fast=fail_fast,
            fail_on_warned=fail_on_warned,
            allow_real=allow_real,
            release=release,
            wait_release=wait_release,
            variables=given,
            headed=headed,
            browser_path=browser_path,
            out=out,
            screenshots=screenshots,
            history=None if no_history else history_path(),
            key=_key(sign),
        )
        binary = require(browser_path, headed=headed)
        return [item for item in loaded if selection.fits(item.file)], settings, options, binary

    def make_ready() -> Callable[[Runner, Driver], int]:
        from smokerunner.cli.drawing import artist
        from smokerunner.cli.replaying import replay_each
        from smokerunner.replay.preparing import prepare

        files, settings, options, binary = read()
        jobs = [
            prepare(item, settings, options, binary=binary, environment_name=environment, base_url=base_url)
            for item in files
        ]
        if with_checks:
            from smokerunner.checks.choosing import Choice
            from smokerunner.replay import inquiry
            from smokerunner.replay.preparing import system_lookup

            if settings is None:
                raise BadInput("--with-checks: there is no smokerunner.yaml here that says what to check")
            if all(job.environment.checks is None for job in jobs):
                raise BadInput(f"--with-checks: no environment of {settings.path} that is run has `checks:`")
            jobs = [
                inquiry.with_checks(job, settings, Choice(), system_lookup()) if job.environment.checks else job
                for job in jobs
            ]
        wanted.require_room([job.file.app for job in jobs])
        return partial(replay_each, jobs, artist(quiet=quiet, as_json=as_json), wanted)

    if only_plan:
        from smokerunner.cli.planning import plan_all

        files, settings, options, binary = read()
        return plan_all(
            files, settings, options, binary=binary, environment_name=environment, base_url=base_url, as_json=as_json
        )
    # Brings the browser's side with it, which completion and --help need not wait for.
    from smokerunner.cli.beginning import begin

    return begin(make_ready)


def _key(file: Path | None) -> PrivateKey | None:
    if file is None:
        return None
    from smokerunner.evidence.signature import PrivateKey

    return PrivateKey.read(file)


def _variables(given: tuple[str, ...]) -> dict[str, str]:
    # Brings the model with it, which completion and --help need not wait for.
    from smokerunner.model.template import Template

    values: dict[str, str] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name.isidentifier():
            raise BadInput(f"--var {item}: write it as name=value")
        try:
            values[name] = Template(value)
        except ValueError as wrong:
            raise BadInput(f"--var {name}: {wrong}") from None
    return values
