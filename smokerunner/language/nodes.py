"""What was read, node by node with its place, before anything is made of it."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass, field
from typing import Any

from smokerunner.model.record import record

DEEPEST = 100
"""Levels of nesting; nobody writes more, and every level costs a stack frame or two."""
MOST = 100_000
"""Values in one file once every alias is written out."""

Place = tuple[int, int]
"""Line and column, both from 1."""
Location = tuple[str | int, ...]
"""Keys and list positions from the root of the file."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_OTHER_BASE = re.compile(r"0o([0-7]{1,400})|0x([0-9a-fA-F]{1,400})")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_HALF = "[\ud800-\udfff]"
"""Compiled for the first text that may have one: a wide range takes long."""
NAMED = frozenset({"flows", "variables", "with", "save", "headers", "form", "set"})
"""Under these, keys are names that people choose, so a `json` among them is only a name."""


class Misread(Exception):
    """The text cannot be understood at `place`; nothing after it was read."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


@dataclass(slots=True)
class Node:
    """One value: a scalar has `text`, a list `items`, a mapping `entries` of key and value by the key's text."""

    place: Place
    text: str | None = None
    plain: bool = False
    items: list[Node] | None = None
    entries: dict[str, tuple[Node, Node]] | None = None

    def child(self, step: str | int) -> Node | None:
        """The node one step further down, if there is one."""
        if self.entries is not None:
            found = self.entries.get(step) if isinstance(step, str) else None
            return found[1] if found else None
        if self.items is not None and isinstance(step, int) and 0 <= step < len(self.items):
            return self.items[step]
        return None


@record
class Flaw:
    """Something wrong with what was typed, whatever it was meant for; the rest could be read nevertheless."""

    location: Location
    place: Place
    message: str


@dataclass(slots=True)
class _Open:
    node: Node
    key: Node | None = None
    """A key whose value has not come yet."""
    within: str = ""
    """The key whose value came last."""


@dataclass
class Builder:
    """Puts nodes together as a parser meets them. Raises Misread for what no flow file may hold; collects the rest."""

    flaws: list[Flaw] = field(default_factory=list)
    root: Node | None = None
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, Node] = field(default_factory=dict)

    def scalar(self, place: Place, text: str, *, plain: bool, anchor: str | None = None) -> None:
        """A text, `plain` when it stood without quotes."""
        if not text.isascii() and re.search(_HALF, text):
            raise Misread(place, "an escape in this text is half of a character; write the character itself")
        self._add(Node(place, text=text, plain=plain), anchor)

    def open_list(self, place: Place, anchor: str | None = None) -> None:
        """A list begins; everything until `close` belongs to it."""
        self._open(Node(place, items=[]), anchor)

    def open_mapping(self, place: Place, anchor: str | None = None) -> None:
        """A mapping begins; keys and values follow in turn until `close`."""
        self._open(Node(place, entries={}), anchor)

    def close(self) -> None:
        """The innermost list or mapping ends."""
        self._stack.pop()

    def alias(self, place: Place, name: str) -> None:
        """What was anchored as `name` stands here once more."""
        node = self._anchors.get(name)
        if node is None:
            raise Misread(place, f"there is no anchor '&{name}'; put quotes around text that starts with '*'")
        if any(level.node is node for level in self._stack):
            raise Misread(place, f"'*{name}' stands inside what it repeats")
        self._add(dataclasses.replace(node, place=place), None)

    def _open(self, node: Node, anchor: str | None) -> None:
        if len(self._stack) >= DEEPEST:
            raise Misread(node.place, f"nested deeper than {DEEPEST} levels")
        self._add(node, anchor)
        self._stack.append(_Open(node))

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._stack:
            self.root = node
            return
        level = self._stack[-1]
        if level.node.items is not None:
            level.node.items.append(node)
        elif level.key is None:
            level.key = _as_key(node)
        else:
            self._enter(level, level.key, node)
            level.key = None

    def _enter(self, level: _Open, key: Node, value: Node) -> None:
        entries, text = level.node.entries, key.text
        assert entries is not None
        assert text is not None
        level.within = text
        if text in entries:
            line = entries[text][0].place[0]
            message = f"'{text}' stands here a second time; the first is in line {line}"
            self.flaws.append(Flaw(self._location(), key.place, message))
        else:
            entries[text] = (key, value)

    def _location(self) -> Location:
        """Where the innermost open list or mapping stands."""
        return tuple(
            level.within if level.node.items is None else len(level.node.items) - 1 for level in self._stack[:-1]
        )


def _as_key(node: Node) -> Node:
    if node.text is None:
        raise Misread(node.place, "a key is plain text; put quotes around text that starts with '{' or '['")
    if node.plain and node.text == "<<":
        raise Misread(node.place, "merge keys ('<<') are not understood; write the keys out")
    return node


@dataclass
class Plain:
    """Turns nodes into plain data: every scalar is text, but below a `json` key values have their type."""

    lines: list[str]
    flaws: list[Flaw] = field(default_factory=list)
    _count: int = 0

    def data(self, node: Node, location: Location = (), *, typed: bool = False) -> Any:
        """Dictionaries, lists and text. Raises Misread for a file that aliases blow up."""
        self._count += 1
        if self._count > MOST:
            raise Misread(node.place, f"more than {MOST} values, aliases written out")
        if node.entries is not None:
            return {text: self._entry(key, value, location, typed=typed) for text, (key, value) in node.entries.items()}
        if node.items is not None:
            return [self.data(item, (*location, index), typed=typed) for index, item in enumerate(node.items)]
        text = node.text or ""
        if not node.plain:
            return text
        if typed:
            return _typed(text)
        return self._nothing(node, location) if text in _NULL else text

    def _entry(self, key: Node, value: Node, location: Location, *, typed: bool) -> Any:
        name = str(key.text)
        here = (*location, name)
        if value.plain and not value.text and not typed:
            return self._nothing(value, here, key)
        is_json = name == "json" and (not location or location[-1] not in NAMED)
        return self.data(value, here, typed=typed or is_json)

    def _nothing(self, node: Node, location: Location, key: Node | None = None) -> str:
        """Complain about an empty value; the text that stands for it meanwhile is empty, too."""
        line, column = node.place
        rest = self.lines[line - 1][column - 1 :].strip() if line <= len(self.lines) else ""
        place, message = node.place, "nothing stands here; write '' for empty text"
        if node.text:
            message = f"{node.text} is nothing; write '' for empty text, or quotes around the word"
        elif key is not None and rest[:1] in (",", "}") and rest:
            place = key.place
            message = f"'{key.text}' has no value; put quotes around text with ', ' inside braces"
        elif rest.startswith("#") and rest[1:2].strip():
            message = "what follows '#' is a comment; put quotes around text that starts with '#'"
        elif rest.startswith("&"):
            message = "put quotes around text that starts with '&'"
        self.flaws.append(Flaw(location, place, message))
        return ""


def _typed(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2; what JSON cannot say stays text."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    if other := _OTHER_BASE.fullmatch(text):
        return int(other[1], 8) if other[1] else int(other[2], 16)
    if _DECIMAL.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text
