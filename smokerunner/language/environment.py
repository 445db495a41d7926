"""The environment file in: the same reading and the same complaints as a flow file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from smokerunner.language.browsing import wrong_settings
from smokerunner.language.complaints import explain
from smokerunner.language.document import Document, read
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.frozen import Frozen
from smokerunner.model.record import record

if TYPE_CHECKING:
    from smokerunner.model.config import Config, Environment

LOCAL = "local"
"""What an environment is called when no file names one."""


@record
class LoadedConfig:
    """An environment file that is right, and where everything in it stands."""

    path: Path
    config: Config
    document: Document

    @property
    def variable_names(self) -> frozenset[str]:
        """Every variable that some environment gives."""
        return frozenset(
            name
            for app in self.config.apps.values()
            for environment in app.environments.values()
            for name in environment.variables
        )

    def apps_with_checks(self, name: str | None) -> tuple[str, ...]:
        """Every app whose environment has checks. Raises BadInput when there is none, or the environment is unclear."""
        found = tuple(
            app
            for app, settings in self.config.apps.items()
            if (name is None or name in settings.environments) and self.environment(app, name)[1].checks is not None
        )
        if not found:
            where_ = f" in {name}" if name else ""
            raise BadInput(f"{self.path}: no app has checks{where_}; add e.g. `checks: {{preset: any}}`")
        return found

    def require_app(self, app: str) -> None:
        """Raises BadInput when the file knows no such app."""
        if app not in self.config.apps:
            raise BadInput(f"{self.path}: no app called '{app}'{_near(app, self.config.apps)}")

    def environment(self, app: str, name: str | None) -> tuple[str, Environment]:
        """The environment of an app: the one named, the file's own choice, or the only one there is."""
        from smokerunner.model.config import Environment

        settings = self.config.apps.get(app)
        if settings is None:
            if name is not None:
                self.require_app(app)
            return LOCAL, Environment.model_construct()
        known = settings.environments
        chosen = name or self.config.environment or (next(iter(known)) if len(known) == 1 else None)
        if chosen is None:
            raise BadInput(f"{app} has the environments {', '.join(known)}; say which with --env")
        if chosen not in known:
            raise BadInput(f"{self.path}: {app} has no environment called '{chosen}'{_near(chosen, known)}")
        return chosen, known[chosen]


def load_config(path: Path) -> LoadedConfig:
    """Read the environment file. Raises BadInput with all its problems."""
    # Many projects have no such file, so its words are learned when there is one.
    from smokerunner.checks.catalogue import CHECKS
    from smokerunner.checks.presets import PRESETS
    from smokerunner.mail.catalogue import MAILBOXES
    from smokerunner.model.config import Config

    document = read(path)
    models: dict[int, list[type[Frozen]]] = {}
    context: dict[str, Any] = {"models": models, "mailboxes": MAILBOXES, "checks": CHECKS, "presets": PRESETS}
    context["folder"] = path.parent
    try:
        config = Config.model_validate(document.data, context=context)
    except ValidationError as error:
        raise BadInput(explain(document, error, models, {})) from error
    problems = [*explain(document, None, models, {}), *_wrong_settings(config, document, path)]
    named = {name for app in config.apps.values() for name in app.environments}
    if config.environment is not None and config.environment not in named:
        line, column = document.place(("environment",))
        said = f"environment: no app has an environment called '{config.environment}'{_near(config.environment, named)}"
        problems.append(Problem(str(path), line, column, said))
    if problems:
        raise BadInput(sorted(problems))
    return LoadedConfig(path, config, document)


def _wrong_settings(config: Config, document: Document, path: Path) -> Iterator[Problem]:
    for app, settings in config.apps.items():
        for name, environment in settings.environments.items():
            place = ("apps", app, "environments", name, "browser")
            if environment.browser is not None:
                for where, said in wrong_settings(environment.browser, place, path.parent, "environment file"):
                    line, column = document.place(where)
                    yield Problem(str(path), line, column, f"{app}, {name}: browser: {said}")


def choose(config: LoadedConfig | None, app: str, name: str | None) -> tuple[str, Environment]:
    """The environment of an app that is meant; without an environment file there is only `local`."""
    from smokerunner.model.config import Environment

    if config is not None:
        return config.environment(app, name)
    if name is not None and name != LOCAL:
        raise BadInput(f"--env {name}: there is no smokerunner.yaml that could say what '{name}' is")
    # The same as Environment(), but what reads a file need not be built for it.
    return LOCAL, Environment.model_construct()


def _near(word: str, words: Any) -> str:
    # Only for what was misspelt: it takes longer to import than to use.
    import difflib

    near = difflib.get_close_matches(word, list(words), 1, 0.5)
    return f", did you mean '{near[0]}'?" if near else f"; there are {', '.join(words)}"


def environment_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the environment file, with the settings of every kind of mailbox."""
    from smokerunner.language.schema import schema_of
    from smokerunner.mail.catalogue import MAILBOXES
    from smokerunner.model.config import Config

    schema = schema_of(
        Config,
        identifier="urn:smokerunner:schema:environment",
        title="smokerunner environment file",
        description="Where apps live: addresses, releases, mailboxes, limits.",
    )
    kinds = {}
    for kind, settings in MAILBOXES.items():
        one = schema_of(settings, identifier=kind, title=kind, description=f"A mailbox of the kind {kind}.")
        kinds[kind] = {key: value for key, value in one.items() if not key.startswith("$")}
    _describe_checks(schema)
    schema["$defs"]["Environment"]["properties"]["mailbox"] = {
        "description": "Where the app's mail arrives: one kind with its settings.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
        "properties": kinds,
    }
    return schema


def _describe_checks(schema: dict[str, Any]) -> None:
    """Every check by its id, with its settings, beside the keys of `checks` itself."""
    from smokerunner.checks.catalogue import CHECKS
    from smokerunner.checks.presets import PRESETS
    from smokerunner.language.schema import schema_of
    from smokerunner.model.checking import OWN

    words = ["on", "off", "yes", "no", "true", "false", True, False]
    known, families = {}, {}
    for id_, kind in CHECKS.items():
        one = schema_of(kind, identifier=id_, title=id_, description=kind.asks)
        for name, defined in one.pop("$defs", {}).items():
            schema["$defs"].setdefault(name, defined)
        settings = {key: value for key, value in one.items() if not key.startswith("$")}
        described = {"description": kind.asks, "anyOf": [{"enum": words}, settings]}
        if id_.endswith(".*"):
            families[rf"^{re.escape(id_[:-1])}.+$"] = described
        else:
            known[id_] = described
    checks = schema["$defs"]["Checks"]
    own = {key: value for key, value in checks["properties"].items() if key in OWN}
    checks["properties"] = own | known
    checks["patternProperties"] = families
    names = {"enum": list(PRESETS)}
    checks["properties"]["preset"] = {
        "description": checks["properties"]["preset"]["description"],
        "anyOf": [names, {"type": "array", "items": names}],
    }
