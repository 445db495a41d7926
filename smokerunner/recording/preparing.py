"""From what was asked to a recording task. All bad input ends here, before any window opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from smokerunner.authoring.sheet import Sheet
from smokerunner.authoring.tidy import flow_name
from smokerunner.browser.binary import Binary
from smokerunner.language.environment import LoadedConfig, choose
from smokerunner.language.load import LoadedFile, load
from smokerunner.model.errors import BadInput
from smokerunner.model.matcher import join
from smokerunner.recording.journal import Journal
from smokerunner.recording.session import Task
from smokerunner.replay.options import Options
from smokerunner.replay.plan import Selection, require_known
from smokerunner.replay.preparing import Lookup, checked_url, prepare, system_lookup


@dataclass(frozen=True)
class Wish:
    """What the command line says of a recording."""

    flow: str
    url: str = ""
    """A path of the app, or an address; the app's first page when nothing is said."""
    title: str = ""
    starts_from: str | None = None
    needs: tuple[str, ...] = ()
    replace: bool = False
    environment: str | None = None
    base_url: str | None = None
    headed: bool = True
    debugging_port: int | None = None


def prepare_recording(
    path: Path, wish: Wish, config: LoadedConfig | None, binary: Binary, journals: Path, lookup: Lookup | None = None
) -> Task:
    """A task for an app whose flow file is there, or is to be made. Raises BadInput."""
    if flow_name(wish.flow) != wish.flow:
        raise BadInput(f"--flow {wish.flow}: a flow's name has a-z, 0-9, - and _; write e.g. {flow_name(wish.flow)}")
    loaded = load(path, given=config.variable_names if config else ()) if path.exists() else None
    app = loaded.file.app if loaded else flow_name(path.stem)
    if not app:
        raise BadInput(f"{path}: the file's name becomes the app's; begin it with a letter or a digit")
    if loaded is not None and wish.flow in loaded.file.flows and not wish.replace:
        raise BadInput(f"{path}: there is a flow '{wish.flow}' already; choose another name, or --replace it")
    _, environment = choose(config, app, wish.environment)
    written = loaded.file.base_url if loaded else None
    base_url = checked_url(wish.base_url) or environment.base_url or written or _origin(wish.url)
    if base_url is None:
        raise BadInput(f"where is {app}? give --url http://… (there is no {path} yet that could say)")
    base_url = base_url.rstrip("/")
    task = Task(
        app=app,
        flow=wish.flow,
        title=wish.title,
        start=join(base_url, wish.url or "/"),
        base_url=base_url,
        binary=binary,
        journal=journal_path(journals, app, wish.flow),
        needs=wish.needs,
        starts_from=wish.starts_from,
        environment=environment,
        headed=wish.headed,
        debugging_port=wish.debugging_port,
    )
    if Journal(task.journal).exists:
        raise BadInput(
            f"{task.journal}: an earlier recording of {wish.flow} was cut off; --recover writes it into {path}, "
            "or delete that file"
        )
    required = (*wish.needs, *([wish.starts_from] if wish.starts_from else []))
    if loaded is None:
        if required:
            raise BadInput(f"{path} is not there yet, so it has no flow '{required[0]}' to begin with")
        return task
    width, height = loaded.file.viewport.split("x")
    task = replace(
        task,
        viewport=(int(width), int(height)),
        secrets=_secrets(loaded, environment.secrets, lookup or system_lookup()),
    )
    if not required:
        return task
    selection = Selection(names=required)
    require_known([loaded.file], selection)
    options = Options(selection=selection, pictures="off", trace="off", headed=False)
    job = prepare(
        loaded, config, options, binary=binary, environment_name=wish.environment, base_url=base_url, lookup=lookup
    )
    return replace(task, job=job, environment=job.environment)


def app_of(path: Path) -> str:
    """The app whose flow file this is, or would be. Raises BadInput when the file cannot be read."""
    return (Sheet.read(path).app if path.exists() else "") or flow_name(path.stem)


def journal_path(journals: Path, app: str, flow: str) -> Path:
    """Where a recording is written down while it goes on."""
    return journals / f"{app}-{flow}.json"


def _origin(url: str) -> str | None:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else None


def _secrets(loaded: LoadedFile, holders: Mapping[str, str], lookup: Lookup) -> dict[str, str | None]:
    return {secret.name: lookup(holders.get(secret.name, secret.name)) for secret in loaded.file.secrets}
