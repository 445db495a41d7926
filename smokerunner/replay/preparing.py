"""From what was asked to a job: which environment, which address, which secrets. All bad input ends here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel

from smokerunner.browser.binary import Binary
from smokerunner.language.environment import LoadedConfig, choose
from smokerunner.language.load import LoadedFile
from smokerunner.model.browsing import Browsing
from smokerunner.model.config import Environment
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.flow import BaseUrl, FlowFile
from smokerunner.model.secret import SHORTEST, Secrets
from smokerunner.model.template import Reference, Template, references, render
from smokerunner.replay.effects import all_steps
from smokerunner.replay.equipping import check_browsers
from smokerunner.replay.job import Job
from smokerunner.replay.options import Options
from smokerunner.replay.outfitting import located
from smokerunner.replay.plan import plan

Lookup = Callable[[str], str | None]


def prepare(
    loaded: LoadedFile,
    config: LoadedConfig | None,
    options: Options,
    *,
    binary: Binary,
    environment_name: str | None = None,
    base_url: str | None = None,
    lookup: Lookup | None = None,
) -> Job:
    """A job, complete. `base_url` is the option's; the environment's and then the flow file's come after it.

    Raises BadInput for an unknown environment, a missing address, a secret without a value, or one that is given as
    a variable.
    """
    name, environment = choose(config, loaded.file.app, environment_name)
    address = checked_url(base_url) or environment.base_url or loaded.file.base_url
    if address is None:
        raise BadInput(
            f"{loaded.path}: where is {loaded.file.app}? give --base-url, or base_url in smokerunner.yaml or there"
        )
    if (options.release is not None or options.wait_release is not None) and environment.release is None:
        raise BadInput(
            f"--release needs to know how {loaded.file.app} shows its release; add e.g. "
            "`release: {path: /version, json: $.release}` to its environment in smokerunner.yaml"
        )
    if options.wait_release is not None and options.release is None:
        raise BadInput("--wait-release needs --release ID: which one to wait for?")
    if options.repeat > 1:
        _refuse_repetition(loaded, options)
    given = {*loaded.file.variables, *environment.variables, *options.variables}
    check_browsers(loaded, config, name, environment, given)
    if options.max_time is None:
        options = replace(options, max_time=environment.max_time)
    secrets = read_secrets(loaded, environment, options, lookup or system_lookup())
    _refuse_secrets(loaded.file, environment, options, secrets)
    secrets.add_one_time("base_url", unquote(urlsplit(address).password or ""))
    return Job(
        path=loaded.path,
        file=loaded.file,
        environment_name=name,
        environment=environment.model_copy(
            update={"mailbox": _filled(environment.mailbox, secrets), "browser": _found(environment.browser, config)}
        ),
        base_url=address.rstrip("/"),
        options=options,
        secrets=secrets,
        binary=binary,
        line_of=lambda where: loaded.document.place(where)[0],
        config=config.path if config is not None else None,
    )


def _refuse_repetition(loaded: LoadedFile, options: Options) -> None:
    """What a flow does for real, or may do only once, is not done N times because of an option."""
    problems = []
    for planned in plan(loaded.file, options.selection):
        if not planned.flow.may_repeat:
            line, column = loaded.document.key_place(("flows", planned.name))
            said = (
                f"{planned.name} may not be done twice (its effects are real, or it says `repeatable: no`), so "
                f"--repeat {options.repeat} cannot run it; choose others with --flow or --not-tag"
            )
            problems.append(Problem(str(loaded.path), line, column, said))
    if problems:
        raise BadInput(problems)


def _found(browsing: Browsing | None, config: LoadedConfig | None) -> Browsing | None:
    """An environment's browser with its files, which lie beside the environment file, found from anywhere."""
    return browsing if browsing is None or config is None else located(browsing, config.path.parent)


def _refuse_secrets(file: FlowFile, environment: Environment, options: Options, secrets: Secrets) -> None:
    """A secret's value has no place on a command line, where every process of the machine can read it."""
    declared = {
        name.lower(): name for item in file.secrets for name in (environment.secrets.get(item.name, ""), item.name)
    }
    for name, value in options.variables.items():
        secret = declared.get(name.lower())
        if secret:
            raise BadInput(
                f"--var {name}: {secret} is a secret, and a command line can be read by others; "
                f"set ${secret} in the environment or in .env"
            )
        if secrets.reveals(value):
            raise BadInput(
                f"--var {name}: its value holds a secret, and a command line can be read by others; "
                "use ${secrets.NAME} in the flow file"
            )


def checked_url(url: str | None) -> str | None:
    """An address from the command line, or BadInput."""
    if url is None:
        return None
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(BaseUrl).validate_python(url)
    except ValidationError:
        raise BadInput(f"--base-url {url}: is not an address; write http://… or https://… without ? or #") from None


def system_lookup(folder: Path | None = None) -> Lookup:
    """Values from the environment, then from .env of this folder, then from a keyring when one is installed."""
    path = (folder or Path.cwd()) / ".env"
    written: Mapping[str, str | None] = {}
    if path.is_file():
        # Few folders have one.
        from dotenv import dotenv_values

        written = dotenv_values(path)

    def lookup(name: str) -> str | None:
        return os.environ.get(name) or written.get(name) or _from_keyring(name)

    return lookup


def _from_keyring(name: str) -> str | None:
    try:
        import keyring
    except ImportError:
        return None
    from keyring.errors import KeyringError

    try:
        value: str | None = keyring.get_password("smokerunner", name)
    except KeyringError:
        # No keyring is unlocked on a build machine; the value is then asked for by its name.
        return None
    return value


def read_secrets(loaded: LoadedFile, environment: Environment, options: Options, lookup: Lookup) -> Secrets:
    """The values of all declared secrets; each one that this run uses must have one."""
    file = loaded.file
    used = used_secrets(file, [planned.name for planned in plan(file, options.selection)], environment)
    values: dict[str, str] = {}
    weak: set[str] = set()
    problems = []
    for index, declared in enumerate(file.secrets):
        holder = environment.secrets.get(declared.name, declared.name)
        value = lookup(holder)
        if not value:
            if declared.name in used:
                line, column = loaded.document.place(("secrets", index))
                said = f"secrets: {declared.name} has no value; set ${holder} in the environment or in .env"
                problems.append(Problem(str(loaded.path), line, column, said))
            continue
        if len(value) < SHORTEST and not declared.weak:
            line, column = loaded.document.place(("secrets", index))
            said = (
                f"secrets: the value of {declared.name} has fewer than {SHORTEST} characters, so it cannot be found "
                f"in the evidence; write {{name: {declared.name}, weak: true}} to have it masked by field only"
            )
            problems.append(Problem(str(loaded.path), line, column, said))
        values[declared.name] = value
        if declared.weak:
            weak.add(declared.name)
    if problems:
        raise BadInput(problems)
    return Secrets(values, frozenset(weak))


def used_secrets(file: FlowFile, names: Iterable[str], environment: Environment) -> set[str]:
    """The secrets that these flows, and what belongs to the whole file, refer to."""
    seen: set[str] = set()
    found: set[str] = set()
    left = list(names)
    head: list[Any] = [file.variables, file.mask, file.dismiss, environment.variables, *_texts(environment.mailbox)]
    head += [file.browser, environment.browser]
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        flow = file.flows[name]
        head += [flow.variables, flow.browser, flow.people]
        for step in all_steps((*flow.steps, *flow.cleanup)):
            head.append(step)
            if step.action == "use":
                left.append(str(step.acts_on))
    for item in head:
        found |= {_secret_name(reference) for _, reference in references(item)} - {""}
    return found


def _secret_name(reference: Reference) -> str:
    return reference.name if reference.kind in ("secret", "totp") else ""


def _texts(settings: Any) -> list[Template]:
    """The texts of a mailbox's settings, in which secrets may be named."""
    if not isinstance(settings, BaseModel):
        return []
    return [Template(value) for value in settings.model_dump().values() if isinstance(value, str)]


def _filled(settings: Any, secrets: Secrets) -> Any:
    """A mailbox's settings with its secrets in place."""
    if not isinstance(settings, BaseModel):
        return settings

    def resolve(reference: Reference) -> str:
        if reference.kind != "secret" or reference.name not in secrets.names:
            raise BadInput(f"mailbox: ${{{reference.name}}} is not a secret that has a value")
        return secrets.value(reference.name)

    filled: Mapping[str, Any] = {
        name: str(render(Template(value), resolve)) if isinstance(value, str) else value
        for name, value in settings.model_dump().items()
    }
    return type(settings).model_validate(filled)
