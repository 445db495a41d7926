"""The lines of `playwright codegen --target=jsonl`, in all the shapes that versions have written."""

from __future__ import annotations

import json
from typing import Any

from smokerunner.authoring.act import Draft, Remark
from smokerunner.importers.importer import Imported
from smokerunner.importers.playwright_codegen.actions import ACTIONS
from smokerunner.importers.playwright_codegen.reader import Reader
from smokerunner.model.errors import BadInput, Problem


def is_jsonl(text: str) -> bool:
    """Whether the first line is a header of codegen's or one of its actions."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        found = json.loads(first)
    except ValueError:
        return False
    if not isinstance(found, dict):
        return False
    is_action = found.get("name") in ACTIONS and ("pageGuid" in found or "pageAlias" in found)
    return is_action or ("browserName" in found and "launchOptions" in found)


def import_jsonl(text: str, path: str, name: str) -> Imported:
    """The recording as one draft called `name`; raises BadInput with every line that is no action."""
    reader = Reader()
    problems = []
    lines: list[dict[str, Any]] = []
    for number, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        try:
            line = json.loads(written)
        except ValueError as wrong:
            problems.append(Problem(path, number, getattr(wrong, "colno", 1), f"this line is not JSON: {wrong}"))
            continue
        if not isinstance(line, dict):
            problems.append(Problem(path, number, 1, "this line is no action; each line is a JSON object"))
            continue
        if broken := _broken(line):
            problems.append(Problem(path, number, 1, f"this line is no action; its '{broken}' is of the wrong kind"))
            continue
        reader.add(line, number)
        lines.append(line)
    if problems:
        raise BadInput(problems)
    remarks = [Remark(f"{path}:{note.place}", note.original, note.says, note.refused) for note in reader.notes]
    if _has_lost_frames(lines):
        says = "recorded before Playwright 1.50, which does not tell what happened inside an iframe; check such steps"
        remarks.insert(0, Remark(path, "the recording as a whole", says))
    return Imported((Draft(name, reader.acts),), tuple(remarks))


_TEXTS = ("name", "url", "selector", "text", "key", "button", "value", "ariaSnapshot", "pageGuid", "pageAlias")
_NUMBERS = ("clickCount", "modifiers")
_MAPPINGS = ("locator", "position")
_LISTS = {"signals": dict, "framePath": str, "options": str, "files": str}


def _broken(line: dict[str, Any]) -> str | None:
    """The first field of an action that is not of the kind that Playwright writes there."""
    kinds = {**dict.fromkeys(_TEXTS, str), **dict.fromkeys(_NUMBERS, int), **dict.fromkeys(_MAPPINGS, dict)}
    for field, value in line.items():
        if value is None:
            continue
        if field in _LISTS:
            if not isinstance(value, list) or not all(isinstance(item, _LISTS[field]) for item in value):
                return field
        elif field in kinds and not isinstance(value, kinds[field]):
            return field
    return None


def _has_lost_frames(lines: list[dict[str, Any]]) -> bool:
    actions = [line for line in lines if "name" in line]
    return bool(actions) and not any("framePath" in line or "pageGuid" in line for line in actions)
