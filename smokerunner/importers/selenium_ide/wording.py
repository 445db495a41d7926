"""Selenium IDE's texts: variables, keys and patterns, turned into ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from smokerunner.model.flow import TAKEN, VARIABLE


class Unsayable(Exception):
    """Something that a flow has nothing for; the text names it."""


_REFERENCE = re.compile(r"\$\{([^${}]*)\}|\$\{")
_KEYS = {
    "ENTER": "Enter", "RETURN": "Enter", "TAB": "Tab", "ESC": "Escape", "ESCAPE": "Escape", "SPACE": "Space",
    "BACKSPACE": "Backspace", "BKSP": "Backspace", "BACK_SPACE": "Backspace", "DELETE": "Delete", "DEL": "Delete",
    "INSERT": "Insert", "INS": "Insert", "HOME": "Home", "END": "End", "UP": "ArrowUp", "DOWN": "ArrowDown",
    "LEFT": "ArrowLeft", "RIGHT": "ArrowRight", "ARROW_UP": "ArrowUp", "ARROW_DOWN": "ArrowDown",
    "ARROW_LEFT": "ArrowLeft", "ARROW_RIGHT": "ArrowRight", "PAGE_UP": "PageUp", "PGUP": "PageUp",
    "PAGE_DOWN": "PageDown", "PGDN": "PageDown", "MUL": "NumpadMultiply", "ADD": "NumpadAdd",
    "SUB": "NumpadSubtract", "DIV": "NumpadDivide", "DECIMAL": "NumpadDecimal",
    **{f"F{number}": f"F{number}" for number in range(1, 13)},
    **{f"N{number}": f"Numpad{number}" for number in range(10)},
    **{f"NUMPAD{number}": f"Numpad{number}" for number in range(10)},
}  # fmt: skip
_HELD = {
    "CTRL": "Control", "CONTROL": "Control", "SHIFT": "Shift", "ALT": "Alt", "META": "Meta", "COMMAND": "Meta",
}  # fmt: skip


def variable(name: str) -> str:
    """Our name of a variable; raises Unsayable for one that no flow can have."""
    if name in TAKEN:
        return f"{name}_"
    if re.fullmatch(VARIABLE, name) is None:
        raise Unsayable(f"the variable ${{{name}}}")
    return name


def text(written: str) -> str:
    """A text with our references; raises Unsayable for a variable that no flow can have."""

    def one(found: re.Match[str]) -> str:
        return "$${" if found[1] is None else f"${{{variable(found[1])}}}"

    return _REFERENCE.sub(one, written)


def references(written: str) -> list[str]:
    """The variables that a text refers to."""
    return [found[1] for found in _REFERENCE.finditer(written) if found[1]]


def pattern(written: str) -> Any:
    """What must stand there: exactly this text, or an expression after `regexp:`."""
    for prefix, made in _PATTERNS.items():
        if written.startswith(prefix):
            return made(written[len(prefix) :])
    return {"is": text(written)}


def other_than(written: str) -> Any:
    """Anything but exactly this text."""
    literal = "".join(
        text(part) if index % 2 else re.escape(part)
        for index, part in enumerate(re.split(r"(\$\{[^${}]*\})", " ".join(written.split())))
    )
    return {"matches": rf"^(?!\s*{literal}\s*$)"}


def _regexp(written: str) -> Any:
    try:
        re.compile(_REFERENCE.sub("x", written))
    except re.error as wrong:
        raise Unsayable(f"the expression {written}: {wrong}") from wrong
    return {"matches": text(written)}


def _glob(written: str) -> Any:
    plain = re.escape(written).replace(r"\*", ".*").replace(r"\?", ".")
    return {"matches": f"^{plain}$"}


_PATTERNS: dict[str, Callable[[str], Any]] = {
    "exact:": lambda written: {"is": text(written)},
    "regexp:": _regexp,
    "regexpi:": lambda written: _regexp(f"(?i){written}"),
    "glob:": _glob,
}


def keystrokes(written: str) -> list[tuple[str, str]]:
    """What `sendKeys` sends: ('type', text) and ('press', key or chord), in order. Raises Unsayable."""
    found: list[tuple[str, str]] = []
    held: list[str] = []
    for index, part in enumerate(re.split(r"\$\{KEY_(\w+)\}", written)):
        if index % 2 == 0:
            if held and part:
                found.append(("press", "+".join([*held, part[0]])))
                held, part = [], part[1:]
            if part:
                found.append(("type", text(part)))
        elif part in _HELD:
            held.append(_HELD[part])
        elif part in _KEYS:
            found.append(("press", "+".join([*held, _KEYS[part]])))
            held = []
        else:
            raise Unsayable(f"the key ${{KEY_{part}}}")
    if held:
        raise Unsayable(f"the key {held[-1]} alone")
    return found


def milliseconds(written: str, default: str = "") -> str:
    """A duration as we write it; raises Unsayable when it is no number."""
    given = written.strip() or default
    if not re.fullmatch(r"\d+", given):
        raise Unsayable(f"the time {written}" if written else "a time that is missing")
    number = int(given)
    return f"{number // 1000}s" if number and number % 1000 == 0 else f"{number}ms"
