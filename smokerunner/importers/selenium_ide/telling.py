"""What is known while the commands of a test are gone through: acts, frames, windows, conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from smokerunner.authoring.act import TODO, Act, Field, Notation, Remark
from smokerunner.importers.selenium_ide.locators import target_of, targets_of
from smokerunner.importers.selenium_ide.project import Command, Test
from smokerunner.importers.selenium_ide.wording import Unsayable, references

_CAUSING = ("click", "press", "select", "check", "uncheck", "upload", "drag")
"""Actions beside which a dialog may stand."""
_ROOT = "root"


@dataclass
class Press:
    """A mouse button that went down and has not come up yet."""

    command: Command
    targets: tuple[Notation, ...]


class Telling:
    """Takes the commands of one test in order; `acts`, `remarks` and `variables` are the result."""

    def __init__(self, test: Test, flows: Mapping[str, str]) -> None:
        self.flows = flows
        """The flow names of all tests of the project, by the tests' names."""
        self.acts: list[Act] = []
        self.variables: dict[str, str] = {}
        self.counts: dict[str, Notation] = {}
        """Elements that were counted into a variable."""
        self.pressed: Press | None = None
        self.lifted: Act | None = None
        """A click that was made of a mouse button going down and up."""
        self.next_dialog: Notation | None = None
        """How the dialog is answered that the next act opens."""
        self.announced: Command | None = None
        """The command that said so."""
        self._commands = test.commands
        self._remarks: dict[tuple[str, str], Remark] = {}
        self._frames: list[Notation] = []
        self._page = ""
        self._windows: dict[str, str] = {_ROOT: ""}
        self._when: list[Notation] = []

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Everything that was not carried over as it stood; a command that is repeated is told once."""
        return tuple(self._remarks.values())

    def remark(self, command: Command, says: str, *, refused: bool = False) -> None:
        """Note what became of a command."""
        made = Remark(command.place, command.original, says, refused)
        self._remarks.setdefault((command.place, says), made)

    def refuse(self, command: Command, says: str) -> None:
        """Make a `todo` of a command."""
        original = command.original
        todo = Act(TODO, value=original.replace("${", "$${"), original=original, page=self._page)
        self.acts.append(replace(todo, opens=self._opened(command)))
        self.remark(command, says, refused=True)

    def act(
        self,
        command: Command,
        action: str,
        targets: tuple[Notation, ...] = (),
        value: Any = None,
        *,
        written: Field | None = None,
        **beside: Any,
    ) -> None:
        """Add an act in the page where we are, under the conditions that hold here."""
        given = {key.rstrip("_"): item for key, item in beside.items()}
        if self._when:
            given["when"] = _together(self._when)
        if self.next_dialog is not None and action in _CAUSING:
            given["dialog"], self.next_dialog, self.announced = self.next_dialog, None, None
        opens = self._opened(command) if action in _CAUSING else None
        self.acts.append(
            Act(action, targets, value, given, written, page=self._page, opens=opens, original=command.original)
        )

    def _opened(self, command: Command) -> str | None:
        if not command.opens:
            return None
        self._windows[command.opens] = command.opens
        return command.opens

    def also(self, command: Command, **beside: Any) -> None:
        """Add to what stands beside the last act; the command is part of it from now on."""
        last = self.acts[-1]
        original = f"{last.original}; {command.original}"
        self.acts[-1] = replace(last, beside={**last.beside, **beside}, original=original)

    def found(self, command: Command) -> tuple[Notation, ...]:
        """The element of a command by all its locators, in the frame where we are. Raises Unsayable."""
        return tuple(self.framed(target) for target in targets_of(command.target, command.alternatives))

    def element(self, locator: str) -> Notation:
        """The element of one locator, in the frame where we are. Raises Unsayable."""
        return self.framed(target_of(locator))

    def framed(self, target: Notation) -> Notation:
        """The target in the frame where we are."""
        # The innermost frame is the target's own; each has the one around it as its own.
        for frame in reversed(self._frames):
            target = _inside(target, frame)
        return target

    def enter_frame(self, command: Command) -> None:
        """Go into a frame, out of it, or out of all."""
        locator = command.target.strip()
        if locator == "relative=top":
            self._frames.clear()
        elif locator == "relative=parent":
            if not self._frames:
                raise Unsayable("the frame around the whole page")
            self._frames.pop()
        elif locator.startswith("index="):
            number = locator.removeprefix("index=")
            if not number.isdigit():
                raise Unsayable(f"the frame {locator}")
            self._frames.append({"css": "iframe, frame", "nth": int(number) + 1})
            self.remark(command, "the frame is found by its position; its title or name would last longer")
        else:
            self._frames.append(target_of(locator))

    def name_window(self, name: str) -> None:
        """Remember the page where we are by a name."""
        self._windows[name] = self._page

    def enter_window(self, locator: str) -> None:
        """Go to a page by its handle. Raises Unsayable for one that no command has opened."""
        names = references(locator) or [locator.removeprefix("handle=")]
        if not locator.startswith("handle=") or names[0] not in self._windows:
            raise Unsayable(f"the window {locator}")
        self._page = self._windows[names[0]]
        self._frames.clear()

    @property
    def in_first_window(self) -> bool:
        """Whether this is the page that the test began with."""
        return not self._page

    @property
    def dialog_owner(self) -> Act | None:
        """The last act, if a dialog can have come from it."""
        return self.acts[-1] if self.acts and self.acts[-1].action in _CAUSING else None

    def under(self, condition: Notation, tell: Callable[[], None]) -> None:
        """Do something while a condition holds."""
        self._when.append(condition)
        tell()
        self._when.pop()

    def is_only_compared(self, name: str) -> bool:
        """Whether a variable is used in conditions and nowhere else."""
        return not any(
            name in references(part)
            for command in self._commands
            if command.name not in ("if", "elseIf")
            for part in (command.target, command.value)
        )


def _inside(target: Notation, frame: Notation) -> Notation:
    if "frame" in target:
        return {**target, "frame": _inside(target["frame"], frame)}
    return {**target, "frame": frame}


def _together(conditions: Iterable[Notation]) -> Notation:
    """Facts that must all hold."""
    together: dict[str, Any] = {}
    for condition in conditions:
        for fact, item in condition.items():
            together[fact] = [*together.get(fact, []), item]
    return {fact: items[0] if len(items) == 1 else items for fact, items in together.items()}
