"""What a script says, in a form that Python and JavaScript share; names and options are written as in JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class NotUnderstood(Exception):
    """Source that is none of what codegen prints."""


@dataclass(frozen=True)
class Link:
    """`.name(args)`, or `.name` alone; a call of the root itself has no name."""

    name: str
    args: tuple[Any, ...] = ()
    """Strings, numbers, booleans, None, Expressions, lists, dicts, Chains and Functions."""


@dataclass(frozen=True)
class Chain:
    """`root.link.link`, such as `page.getByRole('button').click()`."""

    root: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Statement:
    """One statement of a script."""

    line: int
    """From 1."""
    text: str
    """As written, on one line."""
    chain: Chain | None = None
    """What it does; None when it was not understood."""
    assigned: str = ""
    """The variable that takes its value."""


@dataclass(frozen=True)
class Function:
    """A function given as an argument: its parameters and what it does."""

    parameters: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Script:
    """One test of a file, or a whole file that has no tests."""

    name: str
    """Empty for a file without tests."""
    statements: tuple[Statement, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """All scripts of a file, and the statements that belong to none of them."""

    scripts: tuple[Script, ...]
    outside: tuple[Statement, ...] = ()


def flatten(text: str) -> str:
    """Source on one line."""
    return " ".join(text.split())
