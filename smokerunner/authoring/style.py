"""The one style in which flow files are written: what stands on a line, what below it, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smokerunner.authoring.scalars import is_lines, is_plain, spell_lines, spell_text, spell_value
from smokerunner.language.nodes import NAMED, Location
from smokerunner.language.vocabulary import vocabulary

WIDTH = 100
"""Columns; what is longer is written below its key."""
WIDTH_OF_LISTS = 80
"""A list is easier to read, and to compare, with an item on each line."""
FILE_KEYS = (
    "app", "base_url", "secrets", "variables", "tolerate", "dismiss", "mask", "viewport", "browser", "timeout",
    "visual", "flows",
)  # fmt: skip
FLOW_KEYS = (
    "title", "severity", "tags", "effects", "repeatable", "needs", "starts_from", "after", "exclusive", "variables",
    "people", "viewport", "browser", "timeout", "time_target", "visual", "steps", "cleanup",
)  # fmt: skip
_GOES_WITH = (
    "with", "by", "in", "to", "until", "every", "times", "delay", "mouse", "count", "modifiers", "status", "wait_until",
    "accept", "answer", "dialog", "popup", "download", "shows",
)  # fmt: skip
_BESIDE = ("as", "name", "when", "timeout", "time_target", "on_failure", "mask", "picture", "visual", "save")
_STEPS = ("steps", "cleanup", "popup")
_FACTS = ("expect", "until", "when")
_BELOW = ("variables", "tolerate", "mask", "dismiss")
"""Keys of a file or a flow whose values stand below them, however short."""
_ENVIRONMENT = 4
"""How deep an environment stands in the environment file: apps, its app, environments, its name."""


@dataclass(frozen=True)
class Indent:
    """A file's habits: columns per level, and by how many a list stands in from its key."""

    width: int = 2
    dash: int = 2


@dataclass(frozen=True)
class Remarks:
    """The comments of a file by what they belong to, each with its `#`; an empty line is an empty text."""

    above: Mapping[Location, Sequence[str]] = field(default_factory=dict)
    """Before a key or an item."""
    beside: Mapping[Location, str] = field(default_factory=dict)
    """On its line, with the blanks before."""
    below: Mapping[Location, Sequence[str]] = field(default_factory=dict)
    """At the end of a list or mapping."""

    def inside(self, location: Location) -> bool:
        """Whether something is said inside a list or mapping."""
        depth = len(location)
        places = (*self.above, *self.beside)
        return location in self.below or any(place[:depth] == location and len(place) > depth for place in places)


def kind_of(location: Location) -> str:
    """What stands at a place of a flow file: file, flows, flow, steps, step, or value for all else."""
    kind = "file"
    for part in location:
        if kind == "file" and part == "flows":
            kind = "flows"
        elif kind == "flows":
            kind = "flow"
        elif kind in ("flow", "step") and part in _STEPS and (kind == "flow") == (part != "popup"):
            kind = "steps"
        elif kind == "steps" or (kind == "step" and part == "repeat"):
            kind = "step"
        else:
            kind = "value"
    return kind


def guess(notation: Any) -> str:
    """The kind of a part of a flow file, by what stands in it."""
    if isinstance(notation, Mapping):
        if "flows" in notation:
            return "file"
        if "steps" in notation:
            return "flow"
        return "step" if "todo" in notation or any(key in vocabulary() for key in notation) else "value"
    if isinstance(notation, Sequence) and not isinstance(notation, str) and notation:
        return "steps" if all(guess(item) == "step" for item in notation) else "value"
    return "value"


def is_typed(location: Location) -> bool:
    """Whether values at a place keep their type: below a `json` key that is no name that someone chose."""
    return any(
        part == "json" and (not index or location[index - 1] not in NAMED) for index, part in enumerate(location)
    )


def ordered(notation: Mapping[str, Any], kind: str) -> list[str]:
    """The keys in canonical order; those unknown to it keep theirs, after what they may belong to."""
    keys = list(notation)
    if kind == "step":
        action = [key for key in keys if key in vocabulary() or key == "todo"]
        rank = {key: index for index, key in enumerate((*action, *_GOES_WITH))}
        late = {key: index + 100 for index, key in enumerate(_BESIDE)}
    elif kind in ("file", "flow"):
        rank = {key: index for index, key in enumerate(FILE_KEYS if kind == "file" else FLOW_KEYS)}
        late = {"steps": 100, "cleanup": 101} if kind == "flow" else {"flows": 100}
    else:
        return keys
    return sorted(keys, key=lambda key: late.get(key, rank.get(key, 50)))


def spell(notation: Any, indent: int = 0, *, location: Location | None = None) -> str:
    """The canonical YAML of a part of a flow file, with no line break at its end.

    `indent` is the column where its lines begin, though the first is given without it. `location` says which part
    of a file it is; without it that is guessed. Raises ValueError for what no flow file can hold.
    """
    place = location if location is not None else _PLACES[guess(notation)]
    return "\n".join(Speller(Indent()).value(notation, indent, place))


_PLACES: dict[str, Location] = {
    "file": (),
    "flow": ("flows", "flow"),
    "steps": ("flows", "flow", "steps"),
    "step": ("flows", "flow", "steps", 0),
    "value": ("flows", "flow", "steps", 0, "value"),
}


def inline(value: Any, *, typed: bool = False, name: str = "") -> str:
    """A value on one line, in braces where it is more than text. `name` is the key that it stands under."""
    if isinstance(value, Mapping):
        parts = (
            f"{spell_text(str(key), braces=True)}: {inside(item, typed=typed or _opens(key, name), name=str(key))}"
            for key, item in value.items()
        )
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(inside(item, typed=typed, name="") for item in value) + "]"
    return spell_value(value, typed=typed)


def fits(value: Any, column: int, *, typed: bool = False, name: str = "") -> bool:
    """Whether a value is written on one line that begins in this column."""
    if not isinstance(value, Mapping | Sequence) or isinstance(value, str):
        return not (isinstance(value, str) and is_lines(value))
    if not value:
        return True
    if any(isinstance(text, str) and is_lines(text) for text in _texts(value)) or _reads_badly(value):
        return False
    width = WIDTH_OF_LISTS if not isinstance(value, Mapping) else WIDTH
    return column + len(inline(value, typed=typed, name=name)) <= width


def inside(value: Any, *, typed: bool = False, name: str = "") -> str:
    """A value on one line as it stands inside braces."""
    if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
        return inline(value, typed=typed, name=name)
    return spell_value(value, braces=True, typed=typed)


def _opens(key: Any, above: str) -> bool:
    return key == "json" and above not in NAMED


def _texts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _texts(item)
    else:
        yield value


def _reads_badly(value: Any) -> bool:
    """Whether braces would hide something: fallbacks, which are a second thought, or keys in quotes."""
    if isinstance(value, Mapping):
        strange = any(key == "fallbacks" or not is_plain(str(key), braces=True) for key in value)
        return strange or any(_reads_badly(item) for item in value.values())
    return isinstance(value, list | tuple) and any(_reads_badly(item) for item in value)


def _is_simple(facts: Any) -> bool:
    """A lone fact that reads well in braces: nothing nested in it but one target, and nothing in quotes."""
    if not isinstance(facts, Mapping) or len(facts) != 1:
        return False
    (fact,) = facts.values()
    inner = list(fact.values()) if isinstance(fact, Mapping) else [fact]
    return all(
        not isinstance(item, Mapping | list | tuple) and is_plain(spell_value(item), braces=True) for item in inner
    )


class Speller:
    """Writes values below and beside their keys, with a file's own indentation and, if given, its comments."""

    def __init__(self, habit: Indent, remarks: Remarks | None = None) -> None:
        self._habit = habit
        self._remarks = remarks or Remarks()

    def value(self, value: Any, indent: int, location: Location) -> list[str]:
        """The lines of a value that begins where it stands; all but the first are indented."""
        if isinstance(value, Mapping) and value:
            return self._mapping(value, indent, location)
        if isinstance(value, Sequence) and not isinstance(value, str) and value:
            return self._list(value, indent, location)
        if isinstance(value, str) and is_lines(value):
            return spell_lines(value, indent).split("\n")
        return [inline(value, typed=is_typed(location))]

    def _mapping(self, value: Mapping[str, Any], indent: int, location: Location) -> list[str]:
        lines: list[str] = []
        kind = kind_of(location)
        for key in ordered(value, kind):
            here = (*location, str(key))
            above = self._above(here, indent)
            if lines and kind == "flows" and above[:1] != [""]:
                lines.append("")
            start = " " * indent if lines or above else ""
            lines += above
            lines += self.entry(start + spell_text(str(key)) + ":", value[key], indent, here)
        return self._closed(lines, indent, location)

    def entry(self, key: str, value: Any, indent: int, location: Location) -> list[str]:
        """The lines of a key and its value; `indent` is the key's column."""
        name = str(location[-1])
        typed = is_typed(location)
        column = indent + len(key.lstrip(" ")) + 1
        beside = self._remarks.beside.get(location, "")
        if not self._stands_below(value, location) and fits(value, column, typed=typed, name=name):
            return [f"{key} {inline(value, typed=typed, name=name)}{beside}"]
        if isinstance(value, str):
            mark, *rest = spell_lines(value, indent + self._habit.width).split("\n")
            return [f"{key} {mark}{beside}", *rest]
        is_list = not isinstance(value, Mapping)
        inner = indent + (self._habit.dash if is_list else self._habit.width)
        first, *rest = self.value(value, inner, location)
        return [f"{key}{beside}", " " * inner + first.lstrip(" "), *rest]

    def _stands_below(self, value: Any, location: Location) -> bool:
        if not value or not isinstance(value, Mapping | list | tuple):
            return False
        if self._remarks.inside(location):
            return True
        if location and location[0] == "apps":
            # An environment file, down to its environments.
            return len(location) <= _ENVIRONMENT
        kind, key = kind_of(location), location[-1] if location else ""
        parent = kind_of(location[:-1])
        if kind in ("flows", "flow", "steps"):
            return True
        if kind == "step":
            return parent == "steps"
        if parent in ("file", "flow"):
            return key in _BELOW
        if key in _FACTS and parent == "step":
            return not _is_simple(value)
        return False

    def _list(self, value: Sequence[Any], indent: int, location: Location) -> list[str]:
        lines: list[str] = []
        for index, item in enumerate(value):
            here = (*location, index)
            above = self._above(here, indent)
            start = " " * indent + "- " if lines or above else "- "
            lines += above
            lines += self.item(start, item, indent, here)
        return self._closed(lines, indent, location)

    def item(self, start: str, value: Any, indent: int, location: Location) -> list[str]:
        """The lines of one item of a list whose dash stands in column `indent`."""
        typed = is_typed(location)
        beside = self._remarks.beside.get(location, "")
        if not self._stands_below(value, location) and fits(value, indent + 2, typed=typed):
            return [start + inline(value, typed=typed) + beside]
        first, *rest = self.value(value, indent + 2, location)
        return [start + first.lstrip(" ") + beside, *rest]

    def _above(self, location: Location, indent: int) -> list[str]:
        return [" " * indent + line if line else "" for line in self._remarks.above.get(location, ())]

    def _closed(self, lines: list[str], indent: int, location: Location) -> list[str]:
        """The lines with the comments that stand at the end of a list or mapping."""
        below = [" " * indent + line if line else "" for line in self._remarks.below.get(location, ())]
        return lines + below
