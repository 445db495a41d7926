"""A Selenium IDE project as it stands in its file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smokerunner.model.errors import BadInput, Problem

_TYPED = ("type", "sendKeys", "editContent", "answerPrompt", "answerOnNextPrompt", "webdriverAnswerOnVisiblePrompt")


SECRET = re.compile(r"pass|pwd|secret|token|\bpin\b", re.IGNORECASE)
"""Names of variables and fields that hold what nobody should read."""


@dataclass(frozen=True)
class Command:
    """One command of a test."""

    place: str
    """Where it stands, for messages: `login.side: test "Log in", command 3`."""
    name: str
    target: str = ""
    value: str = ""
    alternatives: tuple[tuple[str, str], ...] = ()
    """Every locator that the recorder found, each with its strategy."""
    opens: str = ""
    """The handle of the window that it opens; empty when it opens none."""
    is_disabled: bool = False

    @property
    def original(self) -> str:
        """The command on one line, but never what was typed: it may be a password, and originals are shown."""
        target, value = self.target, self.value
        if self.name in _TYPED and value and re.fullmatch(r"(\$\{\w+\})+", value) is None:
            value = "…"
        if self.name == "store" and SECRET.search(value):
            target = "…"
        parts = [self.name, target, value]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return " | ".join(parts)


@dataclass(frozen=True)
class Test:
    """One test and the suites it is in."""

    name: str
    commands: tuple[Command, ...]
    suites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """All tests of a file."""

    name: str
    url: str
    tests: tuple[Test, ...]
    plugins: int = 0


def is_project(text: str) -> bool:
    """Whether the text is a Selenium IDE project."""
    if '"commands"' not in text:
        return False
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return (
        isinstance(found, dict)
        and isinstance(found.get("tests"), list)
        and all(isinstance(test, dict) and isinstance(test.get("commands"), list) for test in found["tests"])
    )


def read_project(text: str, path: str) -> Project:
    """Read a project; raises BadInput with every place that is wrong."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise BadInput([Problem(path, wrong.lineno, wrong.colno, f"this is not JSON: {wrong.msg}")]) from wrong
    if not isinstance(found, dict) or not isinstance(found.get("tests"), list):
        raise BadInput([Problem(path, 1, 1, "this is no Selenium IDE project; it has no tests")])
    problems: list[Problem] = []
    suites = _suites(found.get("suites"))
    tests = []
    for number, test in enumerate(found["tests"], 1):
        if not isinstance(test, dict) or not isinstance(test.get("commands"), list):
            problems.append(Problem(path, 0, 0, f"test {number} has no commands"))
            continue
        name = str(test.get("name") or f"test {number}")
        commands = []
        for at, command in enumerate(test["commands"], 1):
            place = f'{path}: test "{name}", command {at}'
            if isinstance(command, dict) and isinstance(command.get("command"), str):
                commands.append(_command(command, place))
            else:
                problems.append(Problem(place, 0, 0, "this is no command; a command has a name"))
        tests.append(Test(name, tuple(commands), suites.get(str(test.get("id")), ())))
    if problems:
        raise BadInput(problems)
    plugins = found.get("plugins")
    return Project(
        str(found.get("name") or ""),
        str(found.get("url") or ""),
        tuple(tests),
        len(plugins) if isinstance(plugins, list) else 0,
    )


def _suites(value: Any) -> Mapping[str, tuple[str, ...]]:
    """The names of the suites that each test is in. The one that Selenium IDE makes by itself says nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for suite in value if isinstance(value, list) else ():
        if isinstance(suite, dict) and suite.get("name") not in (None, "", "Default Suite"):
            tests = suite.get("tests")
            for test in tests if isinstance(tests, list) else ():
                found[str(test)] = (*found.get(str(test), ()), str(suite["name"]))
    return found


def _command(written: Mapping[str, Any], place: str) -> Command:
    name = str(written["command"]).strip()
    recorded = written.get("targets")
    alternatives = [
        (str(item[0]), str(item[1]))
        for item in (recorded if isinstance(recorded, list) else ())
        if isinstance(item, list) and len(item) == 2
    ]
    opens = str(written.get("windowHandleName") or "new window") if written.get("opensWindow") else ""
    return Command(
        place,
        name.removeprefix("//").strip(),
        str(written.get("target") or ""),
        str(written.get("value") or ""),
        tuple(alternatives),
        opens,
        name.startswith("//") or bool(written.get("skip")),
    )
