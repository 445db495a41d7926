"""Commands made of commands: runFlow, repeat, retry."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from smokerunner.authoring.act import TODO
from smokerunner.importers.maestro.command import Command, Script, read_script
from smokerunner.importers.maestro.selector import Refused
from smokerunner.importers.maestro.variables import Variables
from smokerunner.model.errors import BadInput

if TYPE_CHECKING:
    from smokerunner.importers.maestro.commands import Reader


class Control:
    """Puts the commands inside a command in its place."""

    COMMANDS: ClassVar[tuple[str, ...]] = ("runFlow", "repeat", "retry")
    MOST: ClassVar[int] = 10
    """Repetitions that are still written out."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._open: list[Path] = []

    def read(
        self, command: Command, body: dict[str, Any], variables: Variables, when: Mapping[str, Any], script: Script
    ) -> None:
        """One of them; keys that were understood are taken out of `body`. Raises Refused."""
        if command.name == "repeat":
            self._repeat(command, body, variables, when, script)
            return
        if command.name == "retry":
            times = body.pop("maxRetries", "")
            self._reader.remark(f"done once, not up to {times or 'several'} times: a flow as a whole has attempts")
        condition = body.pop("when", {})
        facts = self._condition(condition)
        if facts is None:
            self._reader.remark(f"left out: it is not for the web ({condition['platform']})")
            return
        inner, here = self._inside(command, body, script)
        env = body.pop("env", {})
        scope = variables.within(env) if isinstance(env, dict) else variables
        if facts and len(inner) > 1:
            self._reader.remark("its condition is asked before each of its commands, not once")
        self._enter(here, inner, scope, {**when, **({"when": facts} if facts else {})})

    def _enter(self, script: Script, commands: tuple[Command, ...], scope: Variables, when: Mapping[str, Any]) -> None:
        self._open.append(script.path.resolve())
        try:
            self._reader.read(commands, scope, when, script)
        finally:
            self._open.pop()

    def _inside(self, command: Command, body: dict[str, Any], script: Script) -> tuple[tuple[Command, ...], Script]:
        """The commands that stand inside, from the file that is named or from the command itself."""
        name = str(body.pop("file", ""))
        if not name:
            return command.children, script
        path = script.path.parent / name
        if path.resolve() in self._open:
            raise Refused(f"{name} runs itself")
        try:
            inner = read_script(path.read_text("utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as wrong:
            raise Refused(f"{name} is not beside it; write its steps here, or `use` its flow") from wrong
        except BadInput as wrong:
            raise Refused(f"{name} cannot be read: {wrong.problems[0].message}") from wrong
        return (*inner.starts, *inner.commands, *inner.ends), inner

    def _condition(self, condition: Any) -> dict[str, Any] | None:
        """The facts of a `when`; None when it is for another platform. Raises Refused for a script."""
        rest = dict(condition) if isinstance(condition, dict) else {}
        if str(rest.pop("platform", "web")).lower() != "web":
            return None
        facts = self._reader.facts(rest)
        if str(rest.pop("true", "true")).lower() != "true" or rest:
            raise Refused("a condition is what is visible or not here")
        return facts

    def _repeat(
        self, command: Command, body: dict[str, Any], variables: Variables, when: Mapping[str, Any], script: Script
    ) -> None:
        condition, times = body.pop("while", {}), str(body.pop("times", "")).replace("_", "")
        if condition:
            if not isinstance(condition, dict):
                raise Refused("a condition is what is visible or not here")
            if times:
                self._reader.remark(f"repeated until its time is up, not {times} times")
            self._until(command, condition, variables, when, script)
            return
        if not times.isdigit() or int(times) > self.MOST:
            raise Refused(f"only up to {self.MOST} repetitions are written out")
        for _ in range(int(times)):
            self._enter(script, command.children, variables, when)

    def _until(
        self, command: Command, condition: dict[str, Any], variables: Variables, when: Mapping[str, Any], script: Script
    ) -> None:
        """`while: {notVisible: x}` with one command is `repeat` with `until: {visible: x}`."""
        turned = {
            {"visible": "notVisible", "notVisible": "visible"}.get(key, key): value for key, value in condition.items()
        }
        if len(command.children) != 1 or not set(turned) <= {"visible", "notVisible"} or len(turned) != 1:
            raise Refused("only one command is repeated until something is visible or hidden")
        facts = self._reader.facts(turned)
        self._reader.remark("done once before it is looked whether it is still needed")
        before, told = len(self._reader.acts), len(self._reader.remarks)
        self._enter(script, command.children, variables, {})
        made = self._reader.acts[before:]
        del self._reader.acts[before:]
        if len(made) != 1 or made[0].action == TODO:
            del self._reader.remarks[told:]
            raise Refused("only one step can be repeated")
        act = made[0]
        target = {**act.targets[0], "fallbacks": list(act.targets[1:])} if len(act.targets) > 1 else None
        value = target or (dict(act.targets[0]) if act.targets else act.value)
        repeated = {act.action: value, **act.beside}
        self._reader.acts.append(
            dataclasses.replace(
                act, action="repeat", targets=(), value=repeated, beside={"until": facts, **when}, original=command.text
            )
        )
