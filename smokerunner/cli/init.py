"""`smokerunner init`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.cli.options import configured, environment_file, new_or_known
from smokerunner.model.errors import BadInput
from smokerunner.model.number import counted
from smokerunner.model.outcome import ExitCode

if TYPE_CHECKING:
    from smokerunner.browser.binary import Binary
    from smokerunner.scouting.drafting import Drafted
    from smokerunner.scouting.filing import Project, Sheaf
    from smokerunner.scouting.survey import Request, Survey

_FRAMEWORKS = ("laravel", "django", "rails", "wordpress", "any")
_PIPELINES = ("github", "gitlab", "none")


@click.command("init")
@click.argument("app", required=False)
@click.option("--url", metavar="URL", help="Where the app is: its first page.")
@configured
@click.option("--username", metavar="NAME", help="Log in once with this account; its password comes from the secret.")
@click.option("--email", metavar="ADDRESS", help="Where that account's mail goes, when its name is no address.")
@click.option("--login", metavar="PATH", help="The page of the log-in form, when it is not found.")
@click.option("--register", metavar="PATH", help="The page on which accounts are opened.")
@click.option("--reset", metavar="PATH", help="The page for forgotten passwords.")
@click.option("--try-register", is_flag=True, help="Really open an account, to see what appears then.")
@click.option("--framework", type=click.Choice(_FRAMEWORKS), help="Whose usual paths to try; else found out.")
@click.option("--maildev", metavar="URL", help="The MailDev in which the app's mail arrives.")
@click.option("--http-username", default="", metavar="NAME", help="The user for HTTP basic auth.")
@click.option("--ci", type=click.Choice(_PIPELINES), help="Which pipeline gets a job; by default what the project has.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option("--ask/--yes", "ask", default=None, help="Ask for what is not given, or nothing; on a terminal, ask.")
@click.option("--browser-path", metavar="PROGRAM", help="The browser to use.")
def command(
    app: str | None,
    url: str | None,
    config: Path | None,
    environment: str | None,
    username: str | None,
    email: str | None,
    login: str | None,
    register: str | None,
    reset: str | None,
    try_register: bool,
    framework: str | None,
    maildev: str | None,
    http_username: str,
    ci: str | None,
    force: bool,
    ask: bool | None,
    browser_path: str | None,
) -> int:
    """Look at an app in a browser, and write its first flows, its environment and a CI job.

    \b
    smokerunner init shop --url http://127.0.0.1:8000
    SHOP_PASSWORD=… smokerunner init shop --url http://127.0.0.1:8000 --username smoke@example.test

    Without an account nothing is sent to the app: its forms are only looked at. What is there already stays, unless
    --force is given; smokerunner.yaml, .env.example and .gitignore only get what they lack.
    """
    from smokerunner.browser.binary import require
    from smokerunner.language.files import FILENAME
    from smokerunner.replay.preparing import system_lookup
    from smokerunner.scouting import asking
    from smokerunner.scouting.drafting import Account
    from smokerunner.scouting.filing import Project, require_room
    from smokerunner.scouting.recognition import Purpose
    from smokerunner.scouting.survey import Request
    from smokerunner.scouting.touring import Itinerary

    asks = sys.stdin.isatty() if ask is None else ask
    if url is None and not asks:
        raise BadInput("where is the app? give --url http://…")
    url = asking.checked_address(url or click.prompt("Where is the app", default="http://127.0.0.1:8000", err=True))
    app = asking.checked_app(app or _ask("What is it called", asking.likely_app(url, Path.cwd()), asks=asks))
    project = Project(app, flow_file=new_or_known(app), config=environment_file(config) or Path(FILENAME), force=force)
    require_room(project)
    environment = environment or _ask("Which environment is this", asking.likely_environment(url), asks=asks)
    lookup = system_lookup()
    secret, http_secret = asking.secret_name(app), asking.secret_name(app, "HTTP_PASSWORD")
    if username is None and asks:
        click.echo("init can log in once, so that the flow expects what really appears then.", err=True)
        username = _ask("Account to log in with (empty: none)", "", asks=True)
    password = lookup(secret)
    if username and not password:
        if not asks:
            raise BadInput(f"--username {username}: its password is read from ${secret}; set it, here or in .env")
        said = f"Its password; it is written nowhere, later it comes from ${secret}"
        password = click.prompt(said, hide_input=True, err=True)
    likely = asking.likely_pipeline(Path.cwd())
    ci = ci or _ask("A job for which pipeline", likely, asks=asks, choice=click.Choice(_PIPELINES))
    project = replace(
        project,
        environment=asking.checked_environment(environment),
        production=environment.startswith(("prod", "live")),
        maildev=asking.checked_address(maildev, "--maildev") if maildev else "",
        http_username=http_username,
        http_secret=http_secret,
    )
    http_password = lookup(http_secret) if http_username else None
    if http_username and not http_password:
        raise BadInput(f"--http-username {http_username}: its password is read from ${http_secret}; set it, or .env")
    given = {Purpose.LOGIN: login, Purpose.REGISTER: register, Purpose.RESET: reset}
    request = Request(
        itinerary=Itinerary(url, {purpose: path for purpose, path in given.items() if path}, framework or ""),
        account=Account(secret, username or "", email or ""),
        password=password,
        http_credentials=(http_username, http_password) if http_password else None,
        try_register=try_register,
    )
    return _carry_out(project, request, require(browser_path), ci, asking.is_local(url))


def _carry_out(project: Project, request: Request, binary: Binary, ci: str, is_local: bool) -> int:
    """Look, write, tell."""
    import asyncio

    from smokerunner.scouting.drafting import draft
    from smokerunner.scouting.filing import has_mailbox, has_release, sheaves
    from smokerunner.scouting.recipes import Recipe
    from smokerunner.scouting.survey import survey
    from smokerunner.scouting.touring import AsksForBasicAuth

    click.echo(f"Looking at {request.itinerary.url}", err=True)
    try:
        seen = asyncio.run(survey(binary, request, lambda text: click.echo(f"  {text}", err=True)))
    except AsksForBasicAuth as wrong:
        more = (
            f"it does not take {project.http_username} with the password in ${project.http_secret}"
            if project.http_username
            else f"give --http-username NAME, with the password in ${project.http_secret} (set there or in .env); "
            "init then writes `browser: {http_credentials: …}`"
        )
        raise BadInput(f"{wrong}; {more}") from wrong
    for note in seen.tour.notes:
        click.echo(f"  {click.style('!', fg='yellow')} {note}", err=True)
    project = replace(project, base_url=seen.tour.base_url)
    drafted = draft(
        project.app, seen.tour, request.account, seen.trials,
        has_mailbox=has_mailbox(project),
        extra_secrets=(project.http_secret,) if project.http_username else (),
    )  # fmt: skip
    waits = "reset" in drafted.flows and not has_mailbox(project)
    recipe = Recipe(
        project.environment, drafted.secrets, has_release=has_release(project), selection="--not-tag mail" * waits
    )
    files = sheaves(project, drafted.text, drafted.secrets, recipe, ci)
    for file in files:
        file.write()
    _tell(files, drafted)
    _tell_next(project, request, seen, drafted, waits=waits)
    if ci != "none" and is_local:
        click.echo(f"  {request.itinerary.url} is this machine: name an environment that the pipeline can reach")
    return ExitCode.CANNOT_TELL if seen.refused else ExitCode.OK


def _ask(text: str, default: str, *, asks: bool, choice: click.Choice[str] | None = None) -> str:
    """The answer, or what is likely when nothing is asked."""
    if not asks:
        return default
    return str(click.prompt(text, default=default, type=choice, err=True, show_default=bool(default)))


def _tell(files: Sequence[Sheaf], drafted: Drafted) -> None:
    first, *others = files
    click.echo(f"\n{click.style(str(first.path), bold=True)}  ({first.says})")
    for name, flow in drafted.flows.items():
        click.echo(f"  {click.style('+', fg='green')} {name:<9} {counted(len(flow['steps']), 'step')}, {flow['title']}")
    width = max(len(str(file.path)) for file in others)
    for file in others:
        click.echo(f"{file.path!s:<{width}}  {file.says}")


def _tell_next(project: Project, request: Request, seen: Survey, drafted: Drafted, *, waits: bool) -> None:
    from smokerunner.scouting.filing import must_be_named
    from smokerunner.scouting.recognition import Purpose

    app, secret = project.app, request.account.secret
    where = f" --env {project.environment}" if must_be_named(project) else ""
    click.echo(f"\n{click.style('Next', bold=True)}")
    if Purpose.LOGIN not in seen.tour.places:
        click.echo("  no log-in form was found; if there is one, --login PATH says where (with --force)")
    elif not request.account.username:
        click.echo(f"  write an account that exists into {project.flow_file}, under variables: username")
    if secret in drafted.secrets:
        click.echo(f"  echo '{secret}=…' >> .env   # its password; git ignores .env")
    lines = [
        (f"smokerunner validate {app}", ""),
        (f"smokerunner run {app}{where}{' --not-tag mail' if waits else ''}", ""),
        (f"smokerunner record {app} --flow NAME", "add what your users do most"),
    ]
    if waits:
        lines[1] = (lines[1][0], "reset waits for a mail: name a mailbox in smokerunner.yaml")
    width = max(len(line) for line, _ in lines)
    for line, about in lines:
        click.echo(f"  {line:<{width}}   # {about}" if about else f"  {line}")
