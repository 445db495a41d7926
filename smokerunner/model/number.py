"""Numbers in words."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """A number and what is counted: `1 step`, `2 steps`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
