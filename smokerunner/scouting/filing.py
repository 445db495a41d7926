"""What init leaves in a project: new files, and lines added to what is there. Nothing is written over unasked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smokerunner.authoring.script import Script
from smokerunner.authoring.writing import refuse_changed, write_whole
from smokerunner.language.document import decode, parse, read_bytes
from smokerunner.language.environment import LoadedConfig, load_config
from smokerunner.language.files import FILENAME
from smokerunner.language.load import judge
from smokerunner.model.config import Environment
from smokerunner.model.errors import BadInput, Problem
from smokerunner.scouting.recipes import GITHUB_PATH, GITLAB_PART, GITLAB_PATH, Recipe

IGNORED = ("evidence/", ".smokerunner/", ".env")


@dataclass(frozen=True)
class Project:
    """An app, and the environment in which it was looked at."""

    app: str
    flow_file: Path
    environment: str = ""
    base_url: str = ""
    config: Path = Path(FILENAME)
    folder: Path = Path()
    production: bool = False
    maildev: str = ""
    """The address of the MailDev in which the app's mail arrives."""
    http_username: str = ""
    http_secret: str = ""
    """The name of the secret for HTTP basic auth."""
    force: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        """What smokerunner.yaml says of the environment."""
        found: dict[str, Any] = {"base_url": self.base_url}
        if self.production:
            found["production"] = True
        if self.maildev:
            found["mailbox"] = {"maildev": {"url": self.maildev}}
        if self.http_username:
            signed = {"username": self.http_username, "password": f"${{secrets.{self.http_secret}}}"}
            found["browser"] = {"http_credentials": signed}
        return found


@dataclass(frozen=True)
class Sheaf:
    """One file as it will be. `text` is None when it stays as it is."""

    path: Path
    text: str | None
    before: bytes | None
    says: str = ""
    """What a person should know: that it is new, what was added, why it stays as it is."""

    def write(self) -> None:
        """Put it in place. Raises BadInput when somebody changed it meanwhile, or it cannot be written."""
        if self.text is not None:
            refuse_changed(self.path, self.before)
            write_whole(self.path.resolve(), self.text.encode())


def require_room(project: Project) -> None:
    """Raise BadInput when the flow file is there already, or the environment file is wrong: before anything is done."""
    path = project.flow_file
    if path.exists() and not project.force:
        said = f"is there already; --force writes it anew, `smokerunner record {project.app} --flow NAME` adds a flow"
        raise BadInput([Problem(str(path), 0, 0, said)])
    if path.suffix == ".json":
        raise BadInput(
            [Problem(str(path), 0, 0, "is JSON, and init writes YAML; move it away, or choose another name")]
        )
    if project.config.exists():
        load_config(project.config)


def sheaves(project: Project, flows: str, secrets: Sequence[str], recipe: Recipe, ci: str) -> list[Sheaf]:
    """Everything that is to be written, the flow file first. Raises BadInput; nothing is written yet."""
    judge(parse(flows, str(project.flow_file)), project.flow_file, given=_given(project))
    found = [
        _whole(project.flow_file, flows, force=project.force),
        _config(project),
        *([_with_lines(project.folder / ".env.example", secrets, _env_example)] if secrets else []),
        _with_lines(project.folder / ".gitignore", IGNORED, lambda lines: "".join(f"{line}\n" for line in lines)),
    ]
    if ci == "github":
        found.append(_whole(project.folder / GITHUB_PATH, recipe.github, force=project.force))
    if ci == "gitlab":
        found.append(_gitlab(project, recipe))
    return found


def has_release(project: Project) -> bool:
    """Whether the environment says how its release is known."""
    environment = _environment(project)
    return environment is not None and environment.release is not None


def has_mailbox(project: Project) -> bool:
    """Whether the environment says where its mail arrives, or will."""
    environment = _environment(project)
    return bool(project.maildev) or (environment is not None and environment.mailbox is not None)


def must_be_named(project: Project) -> bool:
    """Whether `smokerunner run` needs --env to mean this environment; asked once everything is written."""
    config = load_config(project.config).config
    known = config.apps[project.app].environments
    return config.environment != project.environment and (config.environment is not None or len(known) > 1)


def _environment(project: Project) -> Environment | None:
    """What the environment file says already."""
    loaded = load_config(project.config) if project.config.exists() else None
    settings = loaded.config.apps.get(project.app) if loaded is not None else None
    return settings.environments.get(project.environment) if settings is not None else None


def _given(project: Project) -> frozenset[str]:
    return load_config(project.config).variable_names if project.config.exists() else frozenset()


def _whole(path: Path, text: str, *, force: bool) -> Sheaf:
    if not path.exists():
        return Sheaf(path, text, None, "new")
    before = read_bytes(path)
    if before == text.encode():
        return Sheaf(path, None, before, "as it should be already")
    if not force:
        return Sheaf(path, None, before, "is there already and stays as it is; --force writes it anew")
    return Sheaf(path, text, before, "written anew")


def _gitlab(project: Project, recipe: Recipe) -> Sheaf:
    main, part = project.folder / GITLAB_PATH, project.folder / GITLAB_PART
    if not main.exists():
        return _whole(main, recipe.gitlab, force=False)
    sheaf = _whole(part, recipe.gitlab, force=project.force)
    says = f"{sheaf.says}; put into {GITLAB_PATH}: include: [{{local: {GITLAB_PART}}}]"
    return Sheaf(sheaf.path, sheaf.text, sheaf.before, says)


def _config(project: Project) -> Sheaf:
    path = project.config
    if not path.exists():
        return Sheaf(path, _new_config(project), None, "new")
    before = read_bytes(path)
    loaded = load_config(path)
    script = Script(decode(before, path), str(path))
    app, name = project.app, project.environment
    known = loaded.config.apps.get(app)
    if known is None:
        changed = script.insert(("apps",), app, {"environments": {name: project.settings}})
        return Sheaf(path, changed.text, before, f"{app} added, in the environment {name}")
    place = ("apps", app, "environments")
    if name not in known.environments:
        return Sheaf(path, script.insert(place, name, project.settings).text, before, f"environment {name} added")
    return _known_environment(project, loaded, script, before)


def _known_environment(project: Project, loaded: LoadedConfig, script: Script, before: bytes) -> Sheaf:
    """An environment that is there keeps what it says; what it does not say yet is added."""
    app, name = project.app, project.environment
    place = ("apps", app, "environments", name)
    held: dict[str, Any] = loaded.document.data["apps"][app]["environments"][name] or {}
    added = []
    for key, value in project.settings.items():
        if key not in held and not (key == "production" and not value):
            script = script.insert(place, key, value)
            added.append(key)
    there = str(held.get("base_url", project.base_url))
    if there.rstrip("/") != project.base_url:
        if project.force:
            script = script.put((*place, "base_url"), project.base_url)
            added.append("base_url (changed)")
        else:
            says = f"says that {app} is at {there} in {name}, which stays; --force changes it"
            return Sheaf(project.config, script.text if added else None, before, says)
    if not added:
        return Sheaf(project.config, None, before, f"knows {app} in {name} already")
    return Sheaf(project.config, script.text, before, f"{name}: {', '.join(added)} added")


def _new_config(project: Project) -> str:
    inner = Script(f"apps:\n  {project.app}:\n", str(project.config))
    made = inner.put(("apps", project.app), {"environments": {project.environment: project.settings}}).text
    lines = made.rstrip("\n").split("\n")
    more = [
        ("mailbox: {maildev: {url: http://127.0.0.1:1080}}", "where the app's mail arrives"),
        ("mail_links: rebase", "links in mails are opened on base_url's host"),
        ("release: {path: /version, json: $.release}", "or header: X-Release, or page: 'build (\\w+)'"),
    ][bool(project.maildev) :]
    width = max(len(setting) for setting, _ in more)
    lines += [f"        # {setting:<{width}}   # {about}" for setting, about in more]
    if not project.production:
        lines += [
            "      # production:",
            "      #   base_url: https://…",
            "      #   production: true       # flows with `effects: real` only run with --allow-real",
        ]
    head = [
        f"# Where {project.app} lives. `smokerunner run --env NAME` says which environment is meant.",
        "",
        f"environment: {project.environment}",
        "",
    ]
    return "\n".join([*head, *lines]) + "\n"


def _env_example(names: Sequence[str]) -> str:
    head = (
        "# Secrets of the smoke flows: copy this file to .env, which git ignores, and fill it in.\n"
        "# In a pipeline they are set as the pipeline's own secrets.\n"
    )
    return head + "".join(f"{name}=\n" for name in names)


def _with_lines(path: Path, lines: Sequence[str], begin: Callable[[Sequence[str]], str]) -> Sheaf:
    """A file that must have some lines; those that it lacks go to its end."""
    if not path.exists():
        return Sheaf(path, begin(lines), None, "new")
    before = read_bytes(path)
    text = decode(before, path)
    have = {_bare(line) for line in text.splitlines()}
    missing = [line for line in lines if _bare(line) not in have]
    if not missing:
        return Sheaf(path, None, before, "has all it needs")
    newline = "\r\n" if "\r\n" in text else "\n"
    ended = text if not text or text.endswith("\n") else text + newline
    added = newline.join(f"{line}=" if re.fullmatch(r"[A-Z0-9_]+", line) else line for line in missing)
    return Sheaf(path, ended + added + newline, before, f"{', '.join(missing)} added")


def _bare(line: str) -> str:
    """A line without what does not change its meaning: `/evidence`, `evidence/`, `NAME=value`."""
    return line.strip().partition("=")[0].strip("/ ")
