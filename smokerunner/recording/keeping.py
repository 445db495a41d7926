"""A recording goes into the app's flow file, and what was uploaded beside it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from smokerunner.authoring.sheet import Sheet
from smokerunner.evidence.folder import writing
from smokerunner.model.errors import BadInput
from smokerunner.recording.journal import Recording


@dataclass(frozen=True)
class Kept:
    """What was written."""

    path: Path
    is_new: bool
    """Whether the file was not there before."""
    is_replaced: bool
    """Whether a flow of that name stood there."""
    steps: int
    expectations: int
    todos: int
    files: tuple[Path, ...]


def keep(recording: Recording, path: Path, app: str, *, replace: bool = False) -> Kept:
    """Write the flow into its file, which keeps everything else. Raises BadInput, and then nothing was written."""
    tidied = recording.tidied
    is_new = not path.exists()
    sheet = Sheet.new(app, tidied.base_url) if is_new else Sheet.read(path)
    flow, files = _with_files(tidied.flow, recording.files, path.parent)
    is_replaced = tidied.name in sheet.flows
    sheet.add_flow(tidied.name, flow, replace=replace)
    for name in tidied.secrets:
        sheet.declare_secret(name)
    for target in recording.masks:
        sheet.add_mask(target)
    written = []
    try:
        for place, data in files.items():
            if not place.exists():
                _write(place, data)
                written.append(place)
        sheet.save(path, todo_allowed=True)
    except BadInput:
        for place in written:
            place.unlink()
        raise
    steps = flow["steps"]
    return Kept(
        path=path,
        is_new=is_new,
        is_replaced=is_replaced,
        steps=len(steps),
        expectations=sum("expect" in step or "until" in step for step in steps),
        todos=sum("todo" in step for step in steps),
        files=tuple(written),
    )


def _with_files(
    flow: Mapping[str, Any], files: Mapping[str, bytes], folder: Path
) -> tuple[dict[str, Any], dict[Path, bytes]]:
    """The flow, with names for its files that nothing else has, and what is to be written where."""
    places: dict[Path, bytes] = {}
    named: dict[str, str] = {}
    for name, data in files.items():
        wanted = PurePosixPath(name)
        place, number = wanted, 2
        while (folder / place).exists() and (folder / place).read_bytes() != data:
            place = wanted.with_stem(f"{wanted.stem}-{number}")
            number += 1
        named[name] = str(place)
        places[folder / place] = data
    return {**flow, "steps": [_renamed(step, named) for step in flow["steps"]]}, places


def _renamed(step: Any, named: Mapping[str, str]) -> Any:
    if isinstance(step, Mapping):
        found = {key: _renamed(value, named) if key == "popup" else value for key, value in step.items()}
        if "upload" in found:
            given = found["with"]
            found["with"] = (
                [named.get(name, name) for name in given] if isinstance(given, list) else named.get(given, given)
            )
        return found
    return [_renamed(inner, named) for inner in step] if isinstance(step, list) else step


def _write(place: Path, data: bytes) -> None:
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(half).chmod(0o644)
        Path(half).replace(place)
