"""A Maestro file as commands, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smokerunner.language.document import Document, parse
from smokerunner.model.errors import BadInput, Problem

_SEPARATOR = re.compile(r"^---[ \t]*(#.*)?\r?$", re.MULTILINE)
# The key that a command's plain value stands for; `text` for all others.
_SHORT = {
    "pressKey": "key", "openLink": "link", "openBrowser": "url", "launchApp": "appId", "runFlow": "file",
    "runScript": "file", "takeScreenshot": "path", "assertScreenshot": "path", "startRecording": "path",
    "assertTrue": "condition", "evalScript": "script", "eraseText": "charactersToErase", "clearState": "appId",
    "stopApp": "appId", "killApp": "appId", "setOrientation": "orientation", "action": "action",
    "setAirplaneMode": "value", "setDarkMode": "value", "addMedia": "files", "swipe": "direction",
    "assertWithAI": "assertion", "scrollUntilVisible": "element",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """One command: its name, its body with the short form written out, where it stands, and how it was written."""

    name: str
    body: Mapping[str, Any]
    place: str
    text: str
    children: tuple[Command, ...] = ()
    """What stands under its `commands`."""

    @property
    def brief(self) -> str:
        """The command without those inside it."""
        return f"{self.name}: {spell(dict(self.body))} …" if self.children else self.text


@dataclass(frozen=True)
class Script:
    """A file of commands."""

    path: Path
    config: Mapping[str, Any]
    config_place: str
    commands: tuple[Command, ...]
    starts: tuple[Command, ...] = ()
    """onFlowStart."""
    ends: tuple[Command, ...] = ()
    """onFlowComplete."""


def is_script(text: str) -> bool:
    """Whether the text has the two parts of a flow: what it is about, and a list of commands."""
    parts = _parts(text)
    if len(parts) != 2:
        return False
    try:
        config, commands = (parse(part, "").data for _, part in parts)
    except (BadInput, RecursionError):
        return False
    return isinstance(config, dict) and bool({"url", "appId"} & set(config)) and isinstance(commands, list)


def read_script(text: str, path: str) -> Script:
    """Read a file. Raises BadInput with lines."""
    parts = _parts(text)
    if len(parts) != 2:
        raise BadInput([Problem(path, 1, 1, "a Maestro flow has two parts with a line '---' between them")])
    # Blank lines before the second part keep its line numbers right.
    config, commands = (parse("\n" * before + part, path) for before, part in parts)
    problems = [
        Problem(path, *flaw.place, flaw.message)
        for document in (config, commands) for flaw in document.flaws if "second time" in flaw.message
    ]  # fmt: skip
    if not isinstance(config.data, dict):
        problems.append(Problem(path, 1, 1, "the first part is a mapping with url, name, tags and env"))
    problems += _problems(commands.data, (), commands)
    for key in ("onFlowStart", "onFlowComplete"):
        if isinstance(config.data, dict) and key in config.data:
            problems += _problems(config.data[key], (key,), config)
    if problems:
        raise BadInput(problems)
    return Script(
        path=Path(path),
        config=config.data,
        config_place=f"{path}:{config.place(())[0]}",
        commands=_commands(commands.data, (), commands),
        starts=_commands(config.data.get("onFlowStart", []), ("onFlowStart",), config),
        ends=_commands(config.data.get("onFlowComplete", []), ("onFlowComplete",), config),
    )


def _parts(text: str) -> list[tuple[int, str]]:
    """The documents of a file with the number of lines before each; an empty one before the first `---` is none."""
    found, begin = [], 0
    for separator in [*_SEPARATOR.finditer(text), None]:
        end = separator.start() if separator else len(text)
        part = text[begin:end]
        if part.strip() and not all(line.lstrip().startswith("#") or not line.strip() for line in part.splitlines()):
            found.append((text.count("\n", 0, begin), part))
        begin = separator.end() if separator else end
    return found


def _problems(commands: Any, at: tuple[str | int, ...], document: Document) -> Iterator[Problem]:
    if not isinstance(commands, list):
        yield Problem(document.path, *document.place(at), "a list of commands stands here, each with '- '")
        return
    for index, item in enumerate(commands):
        here = (*at, index)
        if isinstance(item, dict) and len(item) == 1:
            name, body = next(iter(item.items()))
            if isinstance(body, dict) and "commands" in body:
                yield from _problems(body["commands"], (*here, name, "commands"), document)
        elif not isinstance(item, str) or not item:
            message = "a command is a word such as back, or a mapping with one key such as tapOn"
            yield Problem(document.path, *document.place(here), message)


def _commands(commands: Any, at: tuple[str | int, ...], document: Document) -> tuple[Command, ...]:
    return tuple(_command(item, (*at, index), document) for index, item in enumerate(commands))


def _command(item: Any, at: tuple[str | int, ...], document: Document) -> Command:
    place = f"{document.path}:{document.place(at)[0]}"
    if isinstance(item, str):
        return Command(item, {}, place, item)
    name, body = next(iter(item.items()))
    text = f"{name}: {spell(body)}" if body else name
    if not isinstance(body, dict):
        return Command(name, {_SHORT.get(name, "text"): body} if body else {}, place, text)
    children = body.get("commands", [])
    rest = {key: value for key, value in body.items() if key != "commands"}
    return Command(name, rest, place, text, _commands(children, (*at, name, "commands"), document))


def spell(value: Any) -> str:
    """A value of a flow file on one line, as a person would write it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {spell(item)}' for key, item in value.items())}}}"
    return f"[{', '.join(map(spell, value))}]" if isinstance(value, list) else str(value)
