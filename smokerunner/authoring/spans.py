"""Where every value of a flow file stands in its text, by offset, so that it can be changed and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from smokerunner.language.nodes import Location
from smokerunner.model.errors import BadInput

_COLON = re.compile(r"[ \t]*:")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+')


@dataclass(slots=True)
class Span:
    """A value from `start` up to `end`, anchors included."""

    start: int
    end: int
    braces: bool = False
    """Whether it is written in braces or brackets; in JSON all lists and mappings are."""
    style: str = ""
    """The first character of a quoted or block text; empty for a plain one."""
    text: str | None = None
    items: list[Span] | None = None
    entries: dict[str, tuple[Span, Span]] | None = None
    anchored: bool = False
    repeated: bool = False
    """Whether it is an alias: what it says stands elsewhere."""

    @property
    def is_scalar(self) -> bool:
        """Whether it is neither a list nor a mapping."""
        return self.items is None and self.entries is None

    @property
    def children(self) -> list[tuple[str | int, Span | None, Span]]:
        """Key or position, the key's own span, and the value's, in the file's order."""
        if self.entries is not None:
            return [(name, key, value) for name, (key, value) in self.entries.items()]
        return [(index, None, item) for index, item in enumerate(self.items or ())]

    def walk(self) -> Iterator[Span]:
        """This one and everything below it, keys included."""
        yield self
        for _, key, value in self.children:
            if key is not None:
                yield key
            yield from value.walk()


@dataclass
class _Builder:
    text: str
    root: Span | None = None
    stack: list[tuple[Span, list[Span]]] = field(default_factory=list)

    def add(self, span: Span) -> None:
        if not self.stack:
            self.root = span
            return
        above, keys = self.stack[-1]
        if above.items is not None:
            above.items.append(span)
        elif not keys:
            keys.append(span)
        else:
            assert above.entries is not None
            above.entries.setdefault(keys[0].text or "", (keys.pop(), span))
            keys.clear()

    def open(self, span: Span) -> None:
        self.add(span)
        self.stack.append((span, []))

    def close(self, end: int) -> None:
        span, _ = self.stack.pop()
        # A block ends for the parser where the next thing begins; for us with its last value.
        span.end = end if span.braces else max([span.end, *(value.end for _, _, value in span.children)])


def spans(text: str, *, is_json: bool) -> Span:
    """The spans of a text that is known to be right YAML or JSON."""
    builder = _Builder(text)
    (_read_json if is_json else _read_yaml)(text, builder)
    assert builder.root is not None
    return builder.root


def at(root: Span, location: Location) -> Span:
    """The value at a place. Raises BadInput when there is none, or when it is only a repetition (`*alias`)."""
    found = root
    for index, part in enumerate(location):
        if found.repeated:
            raise BadInput(f"{_spoken(location[:index])} repeats what stands elsewhere; change it by hand")
        inner = [value for key, _, value in found.children if key == part]
        if not inner:
            raise BadInput(f"there is no {_spoken(location[: index + 1])}")
        found = inner[0]
    return found


def _spoken(location: Location) -> str:
    return ".".join(str(part) for part in location) or "file"


def _read_yaml(text: str, builder: _Builder) -> None:
    end = 0
    # Only the pure parser says where everything ends.
    for event in YAML(typ="safe", pure=True).parse(text):
        start, stop = event.start_mark.index, event.end_mark.index
        anchored = isinstance(event, NodeEvent) and event.anchor is not None
        if isinstance(event, ScalarEvent):
            if not event.value and not event.style and not anchored:
                colon = _COLON.match(text, end)
                start = stop = colon.end() if colon is not None else start
            if event.style in ("|", ">"):
                stop = start + len(text[start:stop].rstrip())
            builder.add(Span(start, stop, style=event.style or "", text=event.value, anchored=anchored))
        elif isinstance(event, AliasEvent):
            builder.add(Span(start, stop, repeated=True))
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            braces = bool(event.flow_style)
            span = Span(start, stop if braces else start, braces=braces, anchored=anchored)
            if isinstance(event, MappingStartEvent):
                span.entries = {}
            else:
                span.items = []
            builder.open(span)
        elif isinstance(event, CollectionEndEvent):
            builder.close(stop)
        end = stop


def _read_json(text: str, builder: _Builder) -> None:
    for token in _TOKEN.finditer(text):
        start, stop = token.span()
        match token[0][0]:
            case "{":
                builder.open(Span(start, stop, braces=True, entries={}))
            case "[":
                builder.open(Span(start, stop, braces=True, items=[]))
            case "}" | "]":
                builder.close(stop)
            case '"':
                builder.add(Span(start, stop, style='"', text=json.loads(token[0])))
            case _:
                builder.add(Span(start, stop, text=token[0]))
