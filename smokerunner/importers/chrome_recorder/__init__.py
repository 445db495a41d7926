"""Recordings of Chrome DevTools' Recorder panel, exported as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from smokerunner.authoring.act import Draft, Remark
from smokerunner.importers.chrome_recorder.steps import DEFAULT_TIMEOUT, Reader
from smokerunner.importers.chrome_recorder.table import COMMANDS
from smokerunner.importers.importer import Imported, duration, literal
from smokerunner.language.document import Document, parse
from smokerunner.model.errors import BadInput, Problem

__all__ = ["COMMANDS", "ChromeRecorder"]

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "navigate": ("url",), "click": ("selectors",), "doubleClick": ("selectors",), "hover": ("selectors",),
    "change": ("selectors", "value"), "keyDown": ("key",), "keyUp": ("key",), "waitForElement": ("selectors",),
    "waitForExpression": ("expression",), "setViewport": ("width", "height"), "customStep": ("name",),
}  # fmt: skip
_KINDS: Mapping[str, str] = {
    "url": "text", "value": "text", "key": "text", "expression": "text", "name": "text", "target": "text",
    "button": "text", "deviceType": "text", "operator": "text", "timeout": "a number", "width": "a number",
    "height": "a number", "x": "a number", "y": "a number", "count": "a number", "duration": "a number",
    "download": "a number", "upload": "a number", "visible": "true or false", "properties": "an object",
    "attributes": "an object", "selectors": "a list of selectors", "frame": "a list of positions",
    "assertedEvents": "a list of objects",
}  # fmt: skip


class ChromeRecorder:
    """A recording, or a list of several."""

    name = "Chrome DevTools Recorder"

    def recognises(self, text: str) -> bool:
        """Whether this is a JSON object with a title and steps of the recorder's types."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return False
        recordings = data if isinstance(data, list) and data else [data]
        return all(_is_recording(item) for item in recordings)

    def read(self, text: str, path: str) -> Imported:
        """Read every recording; raises BadInput, with lines, when a step lacks what it needs."""
        document = parse(text, path, is_json=True)
        data = json.loads(text)
        recordings = [((index,), item) for index, item in enumerate(data)] if isinstance(data, list) else [((), data)]
        problems = [problem for at, item in recordings for problem in _problems(item, (*at, "steps"), document)]
        if problems:
            raise BadInput(problems)
        drafts, remarks = [], []
        for at, item in recordings:
            reader = Reader()
            if (timeout := item.get("timeout", DEFAULT_TIMEOUT)) != DEFAULT_TIMEOUT:
                place = f"{path}:{document.place((*at, 'timeout'))[0]}"
                says = f"left out: write `timeout: {duration(timeout)}` into the flow if its steps need it"
                reader.remarks.append(Remark(place, f"timeout: {timeout}", says))
            for index, step in enumerate(item["steps"]):
                reader.read(step, f"{path}:{document.place((*at, 'steps', index))[0]}")
            title = str(item.get("title") or Path(path).stem)
            drafts.append(Draft(title, tuple(reader.acts), title=literal(title)))
            remarks += reader.remarks
        return Imported(tuple(drafts), tuple(remarks))


def _is_recording(data: Any) -> bool:
    if not isinstance(data, dict) or not isinstance(data.get("title"), str):
        return False
    steps = data.get("steps")
    if not isinstance(steps, list):
        return False
    types = [step.get("type") for step in steps if isinstance(step, dict)]
    return any(isinstance(kind, str) and kind in COMMANDS for kind in types)


def _problems(recording: dict[str, Any], at: tuple[str | int, ...], document: Document) -> Iterator[Problem]:
    for index, step in enumerate(recording["steps"]):
        for message in _wrong(step):
            line, column = document.place((*at, index))
            yield Problem(document.path, line, column, f"step {index + 1}: {message}")
    if not _is(recording.get("timeout", 0), "a number"):
        yield Problem(document.path, *document.place((*at[:-1], "timeout")), "timeout is a number of milliseconds")


def _wrong(step: Any) -> Iterator[str]:
    if not isinstance(step, dict) or not isinstance(step.get("type"), str):
        yield "a step is an object with a type, such as navigate or click"
        return
    name = step["type"]
    for key in _NEEDS.get(name, ()):
        if key not in step:
            yield f"{name} needs {key}, {_KINDS[key]}"
    if name not in COMMANDS or name == "customStep":
        # Whatever it holds stays together in its `todo`.
        return
    for key, kind in _KINDS.items():
        if key in step and not _is(step[key], kind):
            yield f"{key} is {kind}"
    if step.get("operator", ">=") not in (">=", "==", "<="):
        yield f"{step['operator']!r} is not an operator; there are >=, == and <="


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "a number":
            return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        case "true or false":
            return isinstance(value, bool)
        case "an object":
            return isinstance(value, dict)
        case "a list of objects":
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
        case "a list of positions":
            return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)
        case _:
            return isinstance(value, list) and bool(value) and all(map(_is_selector, value))


def _is_selector(value: Any) -> bool:
    pieces = value if isinstance(value, list) else [value]
    return bool(pieces) and all(isinstance(piece, str) and piece.strip() for piece in pieces)
