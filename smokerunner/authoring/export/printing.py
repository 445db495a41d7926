"""What both printers share: lines with their depth, the helpers that were called, and names that are free."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from smokerunner.authoring.export.tree import Module

_FEW = 5


@dataclass
class Page:
    """The lines that are written, and what they ask of the rest of the module."""

    step: str
    """One level of depth."""
    lines: list[str] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    depth: int = 0
    counted: dict[str, int] = field(default_factory=dict)

    def number(self, name: str) -> str:
        """Nothing for the first thing of this name, then 2, 3 and so on."""
        number = self.counted[name] = self.counted.get(name, 0) + 1
        return "" if number == 1 else str(number)

    def add(self, *lines: str) -> None:
        """Lines at the depth of the moment; an empty one stays empty."""
        self.lines += [self.step * self.depth + line if line else "" for line in lines]

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """What is added meanwhile stands one level deeper."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1


def free_names(wanted: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """For each name of a flow or variable a snake-case name that code can use and nothing else has."""
    found: dict[str, str] = {}
    for name in wanted:
        plain = re.sub(r"\W+", "_", name).strip("_")
        plain = f"flow_{plain}" if not plain or plain[0].isdigit() else plain
        while plain in taken or plain in found.values():
            plain += "_"
        found[name] = plain
    return found


def camel(name: str) -> str:
    """`has_text` as `hasText`."""
    return re.sub(r"_+([A-Za-z0-9])", lambda found: found[1].upper(), name)


def heading(module: Module) -> list[str]:
    """The module's own words, wrapped: what it is, what it takes, what is not in it."""
    names = ", ".join(module.selected) if len(module.selected) <= _FEW else f"{len(module.selected)} flows"
    said = [f"{module.app}: {names}. Exported from {module.source} by smokerunner.", ""]
    takes = ", ".join(("SMOKE_BASE_URL (where the app is)", *module.secrets))
    said += fill(f"Taken from the environment: {takes}; SMOKE_BROWSER may name a Chromium other than Playwright's own.")
    if module.remarks:
        said += ["", "Not as in the flow file:"]
        said += [line for remark in module.remarks for line in fill(f"- {remark}", "  ")]
    return said


def fill(text: str, indent: str = "", width: int = 110) -> list[str]:
    """A text on lines that are not too long."""
    return textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
