"""Selenium IDE's control flow: what a flow can say of it, which is little on purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smokerunner.authoring.act import Notation
from smokerunner.importers.selenium_ide import checks, commands
from smokerunner.importers.selenium_ide.commands import Handler
from smokerunner.importers.selenium_ide.project import Command
from smokerunner.importers.selenium_ide.telling import Telling
from smokerunner.importers.selenium_ide.wording import Unsayable

HANDLERS: Mapping[str, Handler] = {**commands.HANDLERS, **checks.HANDLERS}
"""Every command that is no control flow."""
_OPENERS = {"if": "end", "while": "end", "times": "end", "forEach": "end", "do": "repeatIf"}
_BRANCHES = ("elseIf", "else")
CONTROL = (*_OPENERS, *_BRANCHES, "end", "repeatIf")
"""Every command that is control flow."""
_MOST_TIMES = 10
_COMPARISON = re.compile(r"\$\{([^${}]+)\}\s*(===?|!==?|>=|<=|>|<)\s*[\"']?(\d+)[\"']?")
_BOUNDS = {
    ">": lambda number: ({"at_least": number + 1}, {"at_most": number}),
    ">=": lambda number: ({"at_least": number}, {"at_most": number - 1}),
    "<": lambda number: ({"at_most": number - 1}, {"at_least": number}),
    "<=": lambda number: ({"at_most": number}, {"at_least": number + 1}),
}


@dataclass(frozen=True)
class Branch:
    """The head of a branch (`if`, `else`, `times` …) and what stands in it."""

    head: Command
    inside: tuple[Command | Block, ...]


@dataclass(frozen=True)
class Block:
    """Control flow from its opening word to its end."""

    branches: tuple[Branch, ...]
    end: Command | None
    """None when the test ends before the block does."""


Item = Command | Block


def blocks_of(given: Sequence[Command]) -> tuple[Item, ...]:
    """The commands as a tree; a closing word that nothing opened stays a command."""
    items, rest = _items(list(given))
    while rest:
        stray, *rest = rest
        more, rest = _items(rest)
        items = (*items, stray, *more)
    return items


def _items(given: list[Command]) -> tuple[tuple[Item, ...], list[Command]]:
    """The items up to a word that ends a block or a branch, and what is left from there on."""
    found: list[Item] = []
    while given:
        command = given[0]
        if not command.is_disabled and command.name in (*_BRANCHES, "end", "repeatIf"):
            break
        given = given[1:]
        if command.is_disabled or command.name not in _OPENERS:
            found.append(command)
            continue
        block, given = _block(command, given)
        found.append(block)
    return tuple(found), given


def _block(opener: Command, given: list[Command]) -> tuple[Block, list[Command]]:
    branches = []
    head = opener
    while True:
        inside, given = _items(given)
        branches.append(Branch(head, inside))
        if not given or given[0].name not in _BRANCHES or opener.name != "if":
            break
        head, *given = given
    if given and given[0].name == _OPENERS[opener.name]:
        return Block(tuple(branches), given[0]), given[1:]
    return Block(tuple(branches), None), given


def tell(telling: Telling, items: Sequence[Item]) -> None:
    """Take commands and blocks in order."""
    for item in items:
        if isinstance(item, Block):
            _tell_block(telling, item)
        else:
            _tell_command(telling, item)


def _tell_command(telling: Telling, command: Command) -> None:
    if command.is_disabled or not command.name:
        telling.remark(command, "it is switched off; it is left out")
        return
    _settle_press(telling, command)
    handler = HANDLERS.get(command.name)
    if handler is None:
        telling.refuse(command, "this command is not known")
        return
    try:
        handler(telling, command)
    except Unsayable as what:
        telling.refuse(command, f"a flow has nothing for {what}")


def _settle_press(telling: Telling, command: Command) -> None:
    """A mouse button that went down must come up next, but for moves on its way."""
    pressed = telling.pressed
    if pressed is not None and not command.name.startswith(("mouseMove", "mouseUp", "mouseOver", "mouseOut")):
        telling.pressed = None
        telling.refuse(pressed.command, "a flow has nothing for a mouse button that stays down")


def finish(telling: Telling) -> None:
    """What is still open when the test ends."""
    if telling.pressed is not None:
        pressed, telling.pressed = telling.pressed, None
        telling.refuse(pressed.command, "a flow has nothing for a mouse button that stays down")
    if telling.announced is not None:
        telling.refuse(telling.announced, "no step follows that could open the dialog")


def _tell_block(telling: Telling, block: Block) -> None:
    head = block.branches[0].head
    if block.end is None:
        telling.refuse(head, "its end is missing")
        for branch in block.branches:
            tell(telling, branch.inside)
        return
    if head.name == "times" and head.target.isdigit() and 0 < int(head.target) <= _MOST_TIMES:
        for _ in range(int(head.target)):
            tell(telling, block.branches[0].inside)
        telling.remark(head, f"its steps stand there {head.target} times")
        telling.remark(block.end, "the end of the steps that stand there several times")
        return
    conditions = _conditions(telling, block)
    if conditions is None:
        _refuse_block(telling, block)
        return
    for branch, condition in zip(block.branches, conditions, strict=True):
        telling.under(condition, lambda branch=branch: tell(telling, branch.inside))  # type: ignore[misc]
        telling.remark(branch.head, "each step inside asks for itself, just before it is done")
    telling.remark(block.end, "the end of the steps with a condition")


def _refuse_block(telling: Telling, block: Block) -> None:
    for branch in block.branches:
        telling.refuse(branch.head, "a flow has nothing for this condition or loop; what stands inside follows once")
        tell(telling, branch.inside)
    assert block.end is not None  # A block without its end is told elsewhere.
    if block.end.name == "repeatIf":
        telling.refuse(block.end, "a flow has nothing for this condition or loop")
    else:
        telling.remark(block.end, "the end of what is still to do")


def _conditions(telling: Telling, block: Block) -> list[Notation] | None:
    """The condition of each branch, when it is about the number of elements; else None."""
    heads = [branch.head.name for branch in block.branches]
    found = _COMPARISON.fullmatch(block.branches[0].head.target.strip())
    if heads not in (["if"], ["if", "else"]) or found is None or found[1] not in telling.counts:
        return None
    of = telling.counts[found[1]]
    number = int(found[3])
    bounds = _bounds(found[2], number)
    if bounds is None:
        return None
    conditions: list[Notation] = [{"count": {"of": of, **bound}} for bound in bounds]
    return conditions[: len(heads)]


def _bounds(operator: str, number: int) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
    """What `count` must be, and what it must be for the opposite; None when that cannot be said."""
    equal = operator in ("==", "===")
    if equal or operator in ("!=", "!=="):
        if number:
            # The opposite of exactly so many is fewer or more.
            return None
        none, some = {"is": 0}, {"at_least": 1}
        return (none, some) if equal else (some, none)
    holds, opposite = _BOUNDS[operator](number)
    return None if -1 in (*holds.values(), *opposite.values()) else (holds, opposite)
