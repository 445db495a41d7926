"""The text of a flow file and single changes to it, each as small as it can be."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from smokerunner.authoring.scalars import spell_text
from smokerunner.authoring.spans import Span, at, spans
from smokerunner.authoring.style import WIDTH, Indent, Speller, inside, is_typed, kind_of, ordered
from smokerunner.language.document import Document, parse
from smokerunner.language.nodes import Location
from smokerunner.model.errors import BadInput

_COLON = re.compile(r"[ \t]*:")
_KEY = "flows"


@dataclass(frozen=True)
class Script:
    """A text that is right YAML or JSON. Every change gives a new one, and proves that it means what was asked."""

    text: str
    path: str
    is_json: bool = False

    @cached_property
    def document(self) -> Document:
        """The text as the loader reads it. Raises BadInput when it is neither YAML nor JSON."""
        return parse(self.text, self.path, is_json=self.is_json)

    @cached_property
    def root(self) -> Span:
        """Where everything stands."""
        return spans(self.text, is_json=self.is_json)

    @cached_property
    def newline(self) -> str:
        """How lines end here."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def habit(self) -> Indent:
        """How far things stand in, as most readers of the file would say."""
        flows = self._child(self.root, _KEY)
        first = flows.children[0] if flows is not None and flows.children else None
        if first is None or first[1] is None:
            return Indent()
        if self.is_json:
            return Indent(width=self._column(first[1].start) // 2 or 2)
        assert flows is not None
        width = self._column(first[1].start) if not flows.braces else 2
        steps = next(((key, value) for name, key, value in first[2].children if name == "steps"), None)
        if steps is None or steps[0] is None or steps[1].braces or not steps[1].items:
            return Indent(width=width or 2, dash=width or 2)
        return Indent(width=width or 2, dash=max(self._column(steps[1].start) - self._column(steps[0].start), 0))

    def last_line(self, location: Location) -> int:
        """The number, from 1, of the last line of what stands at a place."""
        return self.text.count("\n", 0, at(self.root, location).end) + 1

    # Changes

    def put(self, location: Location, value: Any) -> Script:
        """The same text with another value at a place. Raises BadInput when nothing stands there."""
        self._editable(location)
        old, parent = at(self.root, location), at(self.root, location[:-1])
        meant = _changed(self.document.data, location, as_read(value, location))
        if self.is_json or parent.braces:
            return self._spliced([self._exchanged(old, value, location)], meant)
        key, after = self._lead(parent, location[-1], old)
        column = self._column(parent.start) if parent.items is not None else self._column(key)
        lead = self.text[key:after]
        lines = self._lines(lead, value, column, location)
        tail = lines[0][len(lead) :]
        gap = self.text[after : old.start]
        if "\n" not in gap and (len(lines) == 1 or parent.items is not None):
            rest = [tail.lstrip(" "), *lines[1:]]
            blank = "" if gap else " "
            return self._spliced([(old.start, old.end, blank + self.newline.join(rest))], meant)
        if "\n" in gap and not tail:
            return self._spliced([(self._line_start(old.start), old.end, self.newline.join(lines[1:]))], meant)
        # What was said after the value, or after the key, stays there.
        end = self._line_end(old.end)
        remark = (gap.splitlines()[0] if "\n" in gap else self.text[old.end : end]).rstrip()
        stop = old.end if "\n" in gap else end
        return self._spliced([(after, stop, self.newline.join([tail + remark, *lines[1:]]))], meant)

    def insert(
        self, location: Location, key: str | int, value: Any, *, after: Sequence[str] = (), blank: bool = False
    ) -> Script:
        """A new key in a mapping, behind the last of `after` that is there, or a new item of a list, before `key`.

        With `blank` an empty line goes before it. Raises BadInput when the key is taken or nothing can be put there.
        """
        self._editable((*location, ""))
        holder = at(self.root, location)
        here = (*location, key)
        held = self._value(location)
        if not holder.children and location:
            if held and holder.is_scalar:
                raise BadInput(f"{self.path}: there is text at {_spoken(location)}, nothing can be put into it")
            return self.put(location, {key: value} if isinstance(key, str) else [value])
        if isinstance(key, str) != isinstance(held, dict):
            raise BadInput(f"{self.path}: {_spoken(location)} is {'a list' if holder.items else 'a mapping'}")
        if isinstance(key, str) and key in held:
            raise BadInput(f"{self.path}: there is a '{key}' at {_spoken(location)} already")
        meant = copy.deepcopy(self.document.data)
        holding = _inside(meant, location)
        if isinstance(key, str):
            holding[key] = as_read(value, here)
            names = list(held)
            index = max((names.index(name) + 1 for name in after if name in held), default=0 if after else len(names))
        else:
            index = min(key, len(held))
            holding.insert(index, as_read(value, here))
        if self.is_json or holder.braces:
            return self._spliced([self._added(holder, index, here, value)], meant)
        column = self._column(holder.children[0][1].start if isinstance(key, str) else holder.start)  # type: ignore[union-attr]
        lead = f"{spell_text(key)}:" if isinstance(key, str) else "-"
        indent = " " * column
        lines = self._lines(lead, value, column, here)
        if index == 0:
            first = holder.children[0][1]
            start = first.start if first is not None else holder.start
            return self._spliced([(start, start, self.newline.join([*lines, indent]))], meant)
        previous = holder.children[index - 1][2]
        end = self._end_of(previous, column)
        lines[0] = indent + lines[0]
        return self._spliced([(end, end, self.newline.join(["", *([""] if blank else []), *lines]))], meant)

    def remove(self, location: Location) -> Script:
        """The same text without what stands at a place."""
        self._editable(location)
        parent = at(self.root, location[:-1])
        meant = copy.deepcopy(self.document.data)
        del _inside(meant, location[:-1])[location[-1]]
        children = parent.children
        if len(children) == 1:
            return self.put(location[:-1], {} if parent.entries is not None else [])
        index = next(i for i, child in enumerate(children) if child[0] == location[-1])
        _, key, value = children[index]
        start = key.start if key is not None else value.start
        if self.is_json or parent.braces:
            if index:
                return self._spliced([(children[index - 1][2].end, value.end, "")], meant)
            return self._spliced([(start, _start(children[1]), "")], meant)
        if key is None:
            start = self._lead(parent, location[-1], value)[0]
        line = self._line_start(start)
        end = self._end_of(value, self._column(start))
        if self.text[line:start].strip(" "):
            after, _, behind = children[index + 1]
            following = _start(children[index + 1]) if key is not None else self._lead(parent, after, behind)[0]
            return self._spliced([(start, following, "")], meant)
        if end == len(self.text):
            # The break before goes, too, when there is none behind.
            line -= len(self.newline) if line else 0
        else:
            end += len(self.newline)
        return self._spliced([(line, end, "")], meant)

    # Where things stand

    def _child(self, span: Span, name: str) -> Span | None:
        return span.entries[name][1] if span.entries is not None and name in span.entries else None

    def _editable(self, location: Location) -> None:
        if not location:
            raise BadInput(f"{self.path}: the file as a whole is not replaced")
        for index in range(len(location)):
            if at(self.root, location[:index]).anchored:
                raise BadInput(f"{self.path}: {_spoken(location[:index])} is repeated elsewhere; change it by hand")

    def _value(self, location: Location) -> Any:
        return _inside(self.document.data, location)

    def _column(self, offset: int) -> int:
        return offset - self._line_start(offset)

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        """Where the line's break begins, or the text ends."""
        end = self.text.find("\n", offset)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[offset:end].endswith("\r") else end

    def _end_of(self, span: Span, column: int) -> int:
        """The end of the last line that belongs to a block, comments that stand further in than `column` included."""
        end = ahead = self._line_end(span.end)
        while ahead < len(self.text):
            start = self.text.find("\n", ahead) + 1
            if not start:
                break
            ahead = self._line_end(start)
            line = self.text[start:ahead]
            stripped = line.lstrip(" ")
            if stripped.startswith("#") and len(line) - len(stripped) > column:
                end = ahead
            elif stripped.strip():
                break
        return end

    def _lead(self, parent: Span, name: str | int, value: Span) -> tuple[int, int]:
        """Where the key or the dash of a value in a block begins, and the offset behind its colon or the dash."""
        if parent.entries is not None:
            key = parent.entries[str(name)][0]
            colon = _COLON.match(self.text, key.end)
            if colon is None:
                raise BadInput(f"{self.path}: '{name}' is written with a question mark; change it by hand")
            return key.start, colon.end()
        dash = self.dash(parent, value)
        return dash, dash + 1

    def dash(self, parent: Span, value: Span) -> int:
        """Where the dash of an item in a block stands."""
        column = self._column(parent.start)
        line = self._line_start(value.start)
        while line + column >= value.start or self.text[line + column] != "-":
            line = self._line_start(line - 1)
        return line + column

    # Writing

    def _lines(self, lead: str, value: Any, column: int, location: Location) -> list[str]:
        """The lines of a value in a block, the first begins with its key and colon, or its dash."""
        speller = Speller(self.habit)
        if lead == "-":
            return speller.item("- ", value, column, location)
        return speller.entry(lead, value, column, location)

    def _in_braces(self, value: Any, location: Location, indent: int, *, pretty: bool) -> str:
        if self.is_json:
            one = json.dumps(value, ensure_ascii=False, default=str)
            if not pretty or not isinstance(value, Mapping | list | tuple) or not value:
                return one
            lines = json.dumps(value, ensure_ascii=False, indent=self.habit.width, default=str).split("\n")
            return f"{self.newline}{' ' * indent}".join(lines)
        name = str(location[-1]) if isinstance(location[-1], str) else ""
        return inside(value, typed=is_typed(location), name=name)

    def _is_pretty(self, span: Span) -> bool:
        return "\n" in self.text[span.start : _start(span.children[0])] if span.children else "\n" in self.text.strip()

    def _exchanged(self, old: Span, value: Any, location: Location) -> tuple[int, int, str]:
        line = self._line_start(old.start)
        indent = len(self.text[line:]) - len(self.text[line:].lstrip(" "))
        pretty = self._is_pretty(old) if not old.is_scalar else len(json.dumps(value, default=str)) > WIDTH
        blank = " " if old.start == old.end and self.text[old.start - 1 : old.start] == ":" else ""
        return old.start, old.end, blank + self._in_braces(value, location, indent, pretty=pretty)

    def _added(self, holder: Span, index: int, location: Location, value: Any) -> tuple[int, int, str]:
        key = location[-1]
        first = _start(holder.children[0]) if holder.children else holder.start
        pretty = self._is_pretty(holder)
        indent = self._column(first) if pretty else 0
        if holder.children and not pretty:
            line = self._line_start(first)
            indent = len(self.text[line:]) - len(self.text[line:].lstrip(" "))
        made = self._in_braces(value, location, indent, pretty=pretty)
        if isinstance(key, str):
            written = json.dumps(key, ensure_ascii=False) if self.is_json else spell_text(key, braces=True)
            made = f"{written}: {made}"
        if not holder.children:
            opening, closing = self.text[holder.start], self.text[holder.end - 1]
            return holder.start, holder.end, f"{opening}{made}{closing}"
        between = f",{self.newline}{' ' * indent}" if pretty else ", "
        if index == 0:
            return first, first, made + between
        end = holder.children[index - 1][2].end
        return end, end, between + made

    def _spliced(self, changes: list[tuple[int, int, str]], meant: Any) -> Script:
        text = self.text
        for start, end, new in sorted(changes, reverse=True):
            text = text[:start] + new + text[end:]
        # A text in lines that ends the file says only with a line break that one belongs to it.
        for closing in ("", self.newline):
            made = Script(text + closing, self.path, self.is_json)
            try:
                if made.document.data == meant:
                    return made
            except BadInput as wrong:
                raise self._spoiled() from wrong
        raise self._spoiled()

    def _spoiled(self) -> Exception:
        if any(span.anchored or span.repeated for span in self.root.walk()):
            return BadInput(f"{self.path}: parts of this file are repeated with & and *; change it by hand")
        return RuntimeError("a change to a flow file would not have meant what was asked; nothing was changed")


def as_read(value: Any, location: Location) -> Any:
    """A value as the loader will read it: all text, but below `json` keys as it is."""
    if isinstance(value, Mapping):
        return {str(key): as_read(item, (*location, str(key))) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_read(item, (*location, index)) for index, item in enumerate(value)]
    if is_typed(location) or isinstance(value, str):
        return str(value) if isinstance(value, str) else value
    return ("true" if value else "false") if isinstance(value, bool) else json.dumps(value)


def precedes(key: str, notation: Mapping[str, Any], location: Location) -> list[str]:
    """The keys that stand before a new key in the mapping at `location`, in canonical order."""
    keys = ordered({**notation, key: None}, kind_of(location))
    return keys[: keys.index(key)]


def _start(child: tuple[str | int, Span | None, Span]) -> int:
    return child[1].start if child[1] is not None else child[2].start


def _inside(data: Any, location: Location) -> Any:
    for part in location:
        data = data[part]
    return data


def _changed(data: Any, location: Location, value: Any) -> Any:
    made = copy.deepcopy(data)
    _inside(made, location[:-1])[location[-1]] = value
    return made


def _spoken(location: Location) -> str:
    return ".".join(str(part) for part in location) or "the top"
