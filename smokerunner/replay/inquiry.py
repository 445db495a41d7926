"""A job of checks: which are asked of an app in one environment, and the secrets that they name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from smokerunner.browser.binary import Binary
from smokerunner.checks.choosing import Choice, asked_of, choose
from smokerunner.language.environment import LoadedConfig
from smokerunner.language.load import LoadedFile
from smokerunner.model.check import Asked
from smokerunner.model.checking import Checks
from smokerunner.model.config import Environment
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.flow import FlowFile
from smokerunner.model.secret import SHORTEST, Secrets
from smokerunner.model.step import slugify
from smokerunner.model.template import references
from smokerunner.replay.asking import Question, Unanswered, ask
from smokerunner.replay.job import Job
from smokerunner.replay.options import Options

Lookup = Callable[[str], str | None]


def checks_of(config: LoadedConfig, app: str, name: str, environment: Environment, choice: Choice) -> tuple[Asked, ...]:
    """The checks that were chosen. Raises BadInput when the environment has none, or none of that name."""
    if environment.checks is None:
        raise BadInput(
            f"{config.path}: {app}, {name}: has no checks; add e.g. `checks: {{preset: any}}` to the environment"
        )

    def place(id_: str) -> str:
        line, _ = config.document.key_place(("apps", app, "environments", name, "checks", id_))
        return f"{config.path.name}:{line}"

    return choose(asked_of(environment.checks, place), choice)


def with_checks(job: Job, config: LoadedConfig, choice: Choice, lookup: Lookup) -> Job:
    """The same job with the checks of its environment. Raises BadInput, as for a secret without a value."""
    asked = checks_of(config, job.file.app, job.environment_name, job.environment, choice)
    _add_secrets(job.secrets, job.file, job.environment, asked, config, lookup)
    return replace(job, checks=asked)


def check_job(
    app: str,
    loaded: LoadedFile | None,
    config: LoadedConfig,
    options: Options,
    choice: Choice,
    *,
    binary: Binary,
    environment_name: str | None,
    base_url: str | None,
    lookup: Lookup,
) -> Job:
    """A job of checks alone; the app's flow file, if there is one, is only asked for its address and variables."""
    config.require_app(app)
    name, environment = config.environment(app, environment_name)
    file = loaded.file if loaded is not None else FlowFile.model_construct(app=app, flows={})
    address = base_url or environment.base_url or file.base_url
    if address is None:
        raise BadInput(f"{config.path}: {app}, {name}: where is it? add base_url, or give --base-url")
    job = Job(
        path=loaded.path if loaded is not None else config.path,
        file=file,
        environment_name=name,
        environment=environment,
        base_url=address.rstrip("/"),
        options=options,
        secrets=Secrets(),
        binary=binary,
        config=config.path,
        with_flows=False,
    )
    return with_checks(job, config, choice, lookup)


def _add_secrets(
    secrets: Secrets,
    file: FlowFile,
    environment: Environment,
    asked: tuple[Asked, ...],
    config: LoadedConfig,
    lookup: Lookup,
) -> None:
    """Look up every secret that a check or the server's settings name."""
    weak = {declared.name for declared in file.secrets if declared.weak}
    problems = []
    users = [*((one.id, one.check, one.source) for one in asked)]
    if environment.checks is not None and environment.checks.server is not None:
        users.append(("server", environment.checks.server, ""))  # type: ignore[arg-type]
    for id_, settings, source in users:
        for _, reference in references(settings):
            if reference.kind not in ("secret", "totp") or reference.name in secrets.names:
                continue
            holder = environment.secrets.get(reference.name, reference.name)
            value = lookup(holder)
            if not value:
                said = f"{id_}: {reference.name} has no value; set ${holder} in the environment or in .env"
            elif len(value) < SHORTEST and reference.name not in weak:
                said = f"{id_}: the value of {reference.name} has fewer than {SHORTEST} characters and cannot be masked"
            else:
                secrets.add(reference.name, value, weak=reference.name in weak)
                continue
            line = int(source.rpartition(":")[2]) if source.rpartition(":")[2].isdigit() else 0
            problems.append(Problem(str(config.path), line, 1 if line else 0, said))
    if problems:
        raise BadInput(problems)


def flow_file_of(app: str, folder: Path) -> Path | None:
    """The flow file of an app, by its name in flows/; None when there is none."""
    from smokerunner.language.files import ENDINGS

    return next((path for ending in ENDINGS if (path := folder / f"{app}{ending}").is_file()), None)


def spot_job(url: str, preset: str, options: Options, choice: Choice, *, binary: Binary, insecure_tls: bool) -> Job:
    """A job of what can be asked of an address alone."""
    checks = Checks.model_construct(preset=(preset,))
    host = urlsplit(url).hostname or ""
    return Job(
        path=Path(),
        file=FlowFile.model_construct(app=slugify(host), flows={}),
        environment_name="spot-check",
        environment=Environment(checks=checks, insecure_tls=insecure_tls),
        base_url=url.rstrip("/"),
        options=options,
        secrets=Secrets(),
        binary=binary,
        with_flows=False,
        checks=choose(asked_of(checks), choice),
    )


_TRACES = {
    "laravel": ("laravel_session=", "xsrf-token=", "/livewire/", "laravel"),
    "wordpress": ("/wp-content/", "/wp-includes/", "wp-json"),
    "django": ("csrftoken=", "csrfmiddlewaretoken", "sessionid="),
    "rails": ("x-runtime:", "csrf-param", "data-turbo"),
}
"""What the home pages of these say of themselves, in lower case."""


def guess_scheme(address: str) -> str:
    """An address with a scheme: https, or http where only that is spoken."""
    try:
        asyncio.run(ask(Question(f"https://{address}", trust=False)))
    except Unanswered:
        try:
            asyncio.run(ask(Question(f"http://{address}")))
        except Unanswered:
            return f"https://{address}"
        return f"http://{address}"
    return f"https://{address}"


def guess_preset(url: str, *, insecure_tls: bool) -> str:
    """The preset whose traces are most on the home page; `any` when there is none, or no page."""
    try:
        answer = asyncio.run(ask(Question(url, trust=not insecure_tls)))
    except Unanswered:
        # That it does not answer is what the run itself will say.
        return "any"
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    said = f"{head}\n{answer.text[:200_000]}".lower()
    found = {name: sum(trace in said for trace in traces) for name, traces in _TRACES.items()}
    best = max(found, key=lambda name: found[name])
    return best if found[best] else "any"
