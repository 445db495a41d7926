"""Action lines as they come, from a file or a living recorder, and the acts that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from smokerunner.authoring.act import TODO, Act, View
from smokerunner.importers.playwright_codegen.actions import (
    Line,
    Understood,
    page_id,
    popup_of,
    signals_of,
    understand,
)
from smokerunner.importers.playwright_codegen.locators import escape, target_of


@dataclass(frozen=True)
class Noted:
    """Something about a line that was not carried over as it stood."""

    place: Any
    """What was given as the line's place."""
    original: str
    says: str
    refused: bool = False


class Reader:
    """Collects action lines by their place. A line at the same place replaces the earlier one, as a growing fill does.

    Places are kept in the order in which they were first given; nothing is ever lost by asking for the acts early.
    """

    def __init__(self) -> None:
        self._lines: dict[Any, Line] = {}

    def add(self, line: Line, place: Any = None) -> Any:
        """Take a line; without a place, after all others. Returns the place. A header line is none of the acts."""
        where = next(free for free in count() if free not in self._lines) if place is None else place
        if "name" in line:
            self._lines[where] = line
        return where

    def signal(self, place: Any, signal: Mapping[str, Any]) -> None:
        """Add a signal (navigation, popup, dialog, download, expect) to the line at a place."""
        line = self._lines[place]
        self._lines[place] = {**line, "signals": [*signals_of(line), signal]}

    @property
    def acts(self) -> tuple[Act, ...]:
        """All acts so far."""
        return tuple(act for _, found in self._understood() if (act := found.act) is not None)

    @property
    def placed_acts(self) -> tuple[tuple[Any, Act], ...]:
        """All acts so far, each with the place of its line."""
        return tuple((place, act) for place, found in self._understood() if (act := found.act) is not None)

    @property
    def notes(self) -> tuple[Noted, ...]:
        """What was not carried over as it stood."""
        return tuple(
            Noted(place, _named(self._lines[place]), says, found.refused)
            for place, found in self._understood()
            for says in found.says
        )

    def _understood(self) -> list[tuple[Any, Understood]]:
        names: dict[str, str] = {}
        # A page counts as opened by an act from its popup signal on, wherever that stands: it may come late.
        opened = {popup_of(s) for line in self._lines.values() for s in signals_of(line) if s.get("name") == "popup"}
        found: list[tuple[Any, Understood]] = []
        for place, line in self._lines.items():
            page = page_id(line)
            name = _name(names, page)
            understood = understand(line, lambda page: _name(names, page))
            if name and page not in opened and understood.act is not None:
                found.append((place, _elsewhere(understood.act)))
                continue
            self._require(found, line, name)
            found.append((place, understood))
        return found

    def _require(self, found: list[tuple[Any, Understood]], line: Line, name: str) -> None:
        """What had to be there before this line appeared after the act before it."""
        target = target_of(None, str(line.get("preconditionSelector") or ""))
        if target is None or not found:
            return
        place, before = found[-1]
        if before.act is not None and before.act.page == name:
            view = before.act.view or View()
            if target not in view.appeared:
                view = replace(view, appeared=(*view.appeared, target))
                found[-1] = (place, replace(before, act=replace(before.act, view=view)))


def _name(names: dict[str, str], page: str) -> str:
    """The first page is '', the others page1, page2 in the order of their first mention."""
    return names.setdefault(page, f"page{len(names)}" if names else "")


def _elsewhere(act: Act) -> Understood:
    """An act in a tab that a person opened beside the app has no place in a flow."""
    todo = Act(TODO, value=escape(act.original), page=act.page, original=act.original)
    return Understood(todo, ("it happened in a tab that the app did not open",), refused=True)


def _named(line: Line) -> str:
    about = line.get("url") or line.get("selector") or ""
    return f"{line.get('name')} {about}".strip()
