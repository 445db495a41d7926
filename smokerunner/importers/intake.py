"""Files of other tools into flow files: read, tidied and put in place, but not saved yet."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from smokerunner.authoring.act import TODO, Draft, Remark
from smokerunner.authoring.sheet import Sheet
from smokerunner.authoring.style import inline
from smokerunner.authoring.tidy import Known, Tidied, app_name, flow_name, tidy
from smokerunner.importers.catalogue import detect
from smokerunner.language.document import decode, read_bytes
from smokerunner.language.files import ENDINGS
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.flow import ADDRESS

_REFERENCE = re.compile(r"(?<!\$)\$\{(secrets\.)?([A-Za-z_][\w-]*)\}")


@dataclass(frozen=True)
class Wishes:
    """What the person who imports asked for; empty where they left it to us."""

    app: str = ""
    into: Path | None = None
    flow: str = ""
    base_url: str = ""
    replace: bool = False


@dataclass(frozen=True)
class Read:
    """One file of another tool."""

    path: str
    format: str
    drafts: tuple[Draft, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Flow:
    """A flow as it was put into its file."""

    name: str
    source: str
    """The file it came from."""
    format: str
    steps: int
    todos: int
    """How many of the steps are still to do, those inside others included."""
    replaced: bool = False


@dataclass(frozen=True)
class Intake:
    """A flow file with its new flows."""

    path: Path
    sheet: Sheet
    is_new: bool
    flows: tuple[Flow, ...]
    secrets: tuple[str, ...]
    """Names that were not declared before."""
    notes: tuple[str, ...]
    undefined: frozenset[str]
    """Every variable that the flows refer to, so that an import does not fail for want of a value."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of secrets; for hiding them, never to be written."""

    def save(self) -> None:
        """Write the flow file, all of it or nothing. Raises BadInput."""
        self.sheet.save(self.path, todo_allowed=True, given=self.undefined)


def read_files(paths: Sequence[Path]) -> tuple[Read, ...]:
    """Read files of any known format. Raises BadInput with all problems of all files."""
    problems: list[Problem] = []
    found = []
    for path in paths:
        try:
            text = decode(read_bytes(path), path)
            importer = detect(text, str(path))
            imported = importer.read(text, str(path))
        except BadInput as wrong:
            problems += wrong.problems
            continue
        drafts = tuple(draft for draft in imported.drafts if draft.acts)
        empty = [draft for draft in imported.drafts if not draft.acts]
        remarks = [Remark(str(path), draft.name, "left out: nothing is done in it") for draft in empty]
        if not drafts:
            problems.append(Problem(str(path), 0, 0, f"holds no flow with a step ({importer.name})"))
        found.append(Read(str(path), importer.name, drafts, (*imported.remarks, *remarks)))
    if problems:
        raise BadInput(problems)
    return tuple(found)


def take_in(files: Sequence[Read], wishes: Wishes, folder: Path) -> tuple[Intake, ...]:
    """Put all flows into the flow files they belong to, in `folder` unless `into` says; nothing is saved.

    Raises BadInput when a flow of that name is there already and is not to be replaced.
    """
    titles = [draft.name for file in files for draft in file.drafts]
    if wishes.flow and len(titles) > 1:
        raise BadInput(f"--flow names one flow, and there are {len(titles)}: {', '.join(titles)}")
    if wishes.base_url and re.match(ADDRESS, wishes.base_url) is None:
        raise BadInput(f"--base-url: {wishes.base_url!r} is no address; write it like https://shop.example")
    by_app: dict[str, list[tuple[Read, Draft]]] = {}
    for file in files:
        drafts = [
            dataclasses.replace(draft, base_url=wishes.base_url) if wishes.base_url else draft for draft in file.drafts
        ]
        # The flows of one file may use one another, so they stay together.
        address = next(filter(None, map(_address, drafts)), "")
        app = wishes.app or ("" if wishes.into else app_name(address))
        by_app.setdefault(app, []).extend((file, draft) for draft in drafts)
    return tuple(_into_one(app, group, wishes, folder) for app, group in by_app.items())


def _into_one(app: str, drafts: Sequence[tuple[Read, Draft]], wishes: Wishes, folder: Path) -> Intake:
    path = wishes.into or _path(app, folder)
    is_new = not path.exists()
    origin = wishes.base_url or next(filter(None, (_origin(_address(draft)) for _, draft in drafts)), "")
    sheet = Sheet.new(app or flow_name(path.stem) or "app", origin) if is_new else Sheet.read(path)
    if not is_new and wishes.app and sheet.app != wishes.app:
        raise BadInput([Problem(str(path), 0, 0, f"is the file of the app '{sheet.app}', not of '{wishes.app}'")])
    declared = [_name(item) for item in _list(sheet.data.get("secrets"))]
    values: dict[str, str] = {}
    flows: list[Flow] = []
    notes: list[str] = []
    referred: set[str] = set()
    for file, draft in drafts:
        tidied = tidy(draft, Known(sheet.app, secrets={name: values.get(name) for name in (*declared, *values)}))
        values.update(tidied.values)
        steps = [_with_its_file(step, path.parent) for step in tidied.flow.get("steps", [])]
        tidied = dataclasses.replace(tidied, flow={**tidied.flow, "steps": steps})
        flow = _put(sheet, tidied, file, {item.name for item in flows}, wishes, path)
        flows.append(flow)
        notes += [note for note in _notes(tidied, flow, draft, sheet) if note not in notes]
        secrets, variables = _references(tidied.flow)
        referred |= variables
        for name in (*tidied.secrets, *secrets):
            sheet.declare_secret(name)
    now = [_name(item) for item in _list(sheet.data.get("secrets"))]
    return Intake(
        path=path,
        sheet=sheet,
        is_new=is_new,
        flows=tuple(flows),
        secrets=tuple(name for name in now if name not in declared),
        notes=tuple(notes),
        undefined=frozenset(referred),
        values=values,
    )


def _put(sheet: Sheet, tidied: Tidied, file: Read, taken: set[str], wishes: Wishes, path: Path) -> Flow:
    name = wishes.flow or tidied.name
    number = 1
    while name in taken:
        # Several recordings of one import may bear the same title.
        number += 1
        name = f"{tidied.name}-{number}"
    exists = name in sheet.flows
    if exists and not wishes.replace:
        message = f"there is a flow '{name}' already; --replace writes over it, --flow NAME gives another name"
        raise BadInput([Problem(str(path), 0, 0, message)])
    sheet.add_flow(name, tidied.flow, replace=exists)
    steps = tidied.flow.get("steps", [])
    todos = sum(1 for step in _steps(steps) if TODO in step)
    return Flow(name, file.path, file.format, len(steps), todos, exists)


def _notes(tidied: Tidied, flow: Flow, draft: Draft, sheet: Sheet) -> Iterator[str]:
    for note in tidied.notes:
        yield note if note.startswith("set $") else f"{flow.name}: {note}"
    origin, known = _origin(_address(draft)), _origin(str(sheet.data.get("base_url", "")))
    if origin and known and origin != known:
        yield f"{flow.name}: was recorded at {origin}; the flow file's base_url is {sheet.data['base_url']}"


def _with_its_file(step: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The step; an upload whose file is not there becomes a `todo`, for recordings hold no files but their names."""
    if "popup" in step:
        step = {**step, "popup": [_with_its_file(inner, folder) for inner in step["popup"]]}
    names = _list(step.get("with")) if "upload" in step else []
    missing = [str(name) for name in names if "${" not in str(name) and not (folder / str(name)).is_file()]
    if not missing:
        return dict(step)
    return {TODO: f"put {', '.join(missing)} beside this file, and write: {inline(step)}"}


def _steps(steps: Any) -> Iterator[Mapping[str, Any]]:
    """Every step, those inside others included."""
    for step in steps if isinstance(steps, list) else []:
        yield step
        yield from _steps(step.get("popup"))
        yield from _steps([step["repeat"]] if isinstance(step.get("repeat"), Mapping) else [])


def _references(value: Any) -> tuple[list[str], set[str]]:
    """Names of secrets, in the order they occur, and of variables that are referred to."""
    texts = list(_texts(value))
    found = [match for text in texts for match in _REFERENCE.finditer(text)]
    secrets = dict.fromkeys(match[2] for match in found if match[1])
    return list(secrets), {match[2] for match in found if not match[1]}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _address(draft: Draft) -> str:
    """Where the app was, as the draft says or as its first page was."""
    gone = (str(act.value) for act in draft.acts if act.action == "goto")
    return draft.base_url or next((url for url in gone if _origin(url)), "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def _path(app: str, folder: Path) -> Path:
    """The app's flow file, whether it is there or not."""
    here = (folder / f"{app}{ending}" for ending in ENDINGS)
    return next((path for path in here if path.exists()), folder / f"{app}.yaml")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _name(secret: Any) -> str:
    return str(secret.get("name", "")) if isinstance(secret, dict) else str(secret)
