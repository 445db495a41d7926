"""Playwright's aria snapshot, read: what a screen reader would find on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_KEY = re.compile(r'(?P<role>[a-z]+)(?: (?P<name>"(?:[^"\\]|\\.)*"|/.*/))?(?P<marks>(?: \[[^\]]*\])*)')


@dataclass(frozen=True)
class Node:
    """An element with its role and accessible name, or a piece of text, whose role is `text`."""

    role: str
    name: str = ""
    text: str = ""
    """What it shows itself, when that is all it holds."""
    marks: frozenset[str] = frozenset()
    """Such as `level=1`, `checked`, `disabled`."""
    within: tuple[str, ...] = ()
    """The roles around it, the outermost first."""

    @property
    def words(self) -> str:
        """What a person would read of it."""
        return self.name or self.text


def read(snapshot: str) -> tuple[Node, ...]:
    """All elements in the order of the page; none when the text is no snapshot."""
    try:
        data = YAML(typ="safe").load(snapshot)
    except YAMLError:
        return ()
    return tuple(_nodes(data, ())) if isinstance(data, list) else ()


def _nodes(items: list[Any], within: tuple[str, ...]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, dict):
            for key, value in item.items():
                yield from _node(str(key), value, within)
        elif item is not None:
            yield from _node(str(item), None, within)


def _node(key: str, value: Any, within: tuple[str, ...]) -> Iterator[Node]:
    if key.startswith("/"):
        return
    if key == "text":
        yield Node("text", text=" ".join(str(value).split()), within=within)
        return
    found = _KEY.fullmatch(key)
    if found is None:
        return
    name = found["name"] or ""
    name = re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else ""
    marks = frozenset(re.findall(r"\[([^\]]*)\]", found["marks"]))
    text = "" if value is None or isinstance(value, list) else " ".join(str(value).split())
    yield Node(found["role"], name, text, marks, within)
    if isinstance(value, list):
        yield from _nodes(value, (*within, found["role"]))
