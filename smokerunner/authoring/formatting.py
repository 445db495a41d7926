"""A whole flow file in the one canonical style, with all its comments and the order of its flows and steps."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smokerunner.authoring.scalars import AsWritten
from smokerunner.authoring.script import Script
from smokerunner.authoring.spans import Span
from smokerunner.authoring.style import Indent, Remarks, Speller, kind_of, ordered
from smokerunner.authoring.writing import refuse_changed, write_whole
from smokerunner.language.document import decode, read_bytes
from smokerunner.language.nodes import Location
from smokerunner.language.notation import is_json_text
from smokerunner.model.errors import BadInput, Problem

_COMMENT = re.compile(r"(?:^|(?<=[\s]))#[^\r\n]*", re.MULTILINE)
_HARD_IN_BRACES = re.compile(r"[,\[\]{}?:]")


def formatted(text: str, path: str, *, is_json: bool = False) -> str:
    """The text in canonical style. Raises BadInput when it is neither YAML nor JSON.

    What it says, and every comment, is compared with what it said before: a difference is a bug of ours and raises.
    """
    script = Script(text, path, is_json)
    before = script.document.data
    if not isinstance(before, dict):
        raise BadInput([Problem(path, 1, 1, "a flow file is a mapping that begins with `app:`")])
    if script.document.flaws:
        place, message = script.document.flaws[0].place, script.document.flaws[0].message
        raise BadInput([Problem(path, *place, message)])
    made = _json(script.root, 0) + "\n" if is_json else _yaml(script)
    after = Script(made, path, is_json)
    if after.document.data != before or (not is_json and _said(after) != _said(script)):
        raise RuntimeError("formatting would have changed what the file says; nothing was changed")
    return made.replace("\n", script.newline)


def format_file(path: Path, *, write: bool) -> bool:
    """Format one file; whether it was not yet. Without `write` it stays as it is. Raises BadInput."""
    raw = read_bytes(path)
    text = decode(raw, path)
    made = formatted(text, str(path), is_json=is_json_text(text, path))
    if made == text:
        return False
    if write:
        refuse_changed(path, raw)
        write_whole(path.resolve(), (BOM_UTF8 if raw.startswith(BOM_UTF8) else b"") + made.encode())
    return True


def _json(span: Span, indent: int) -> str:
    inner = " " * (indent + 2)
    if span.is_scalar:
        # Numbers stay as they were typed.
        return json.dumps(span.text, ensure_ascii=False) if span.style else str(span.text)
    opening, closing = "{}" if span.entries is not None else "[]"
    if not span.children:
        return opening + closing
    lines = [
        inner
        + (f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(name, str) else "")
        + _json(value, indent + 2)
        for name, _, value in span.children
    ]
    return f"{opening}\n" + ",\n".join(lines) + f"\n{' ' * indent}{closing}"


def _yaml(script: Script) -> str:
    comments = _comments(script)
    belongs = _Belonging(script)
    belongs.sort(script.root, (), comments)
    lines = Speller(Indent(), belongs.remarks()).value(_notation(script, script.root), 0, ())
    text = "\n".join("" if not line.strip() else line for line in lines)
    return text.strip("\n") + "\n"


def _notation(script: Script, span: Span) -> Any:
    """Plain data in which a spelling that a person chose, and that is right, stays as it is."""
    source = script.text[span.start : span.end]
    if span.repeated:
        return AsWritten(source)
    if span.anchored:
        if "\n" in source or not (span.is_scalar or span.braces):
            message = f"'{source.split()[0]}' names several lines, which cannot be formatted; write them out"
            line = script.text.count("\n", 0, span.start) + 1
            raise BadInput([Problem(script.path, line, 1, message)])
        return AsWritten(source)
    if span.entries is not None:
        return {name: _notation(script, value) for name, (_, value) in span.entries.items()}
    if span.items is not None:
        return [_notation(script, item) for item in span.items]
    text = span.text or ""
    stays = not span.style and source and "\n" not in source and not _HARD_IN_BRACES.search(source)
    return AsWritten(source) if stays else text


# Comments


@dataclass(frozen=True)
class _Comment:
    start: int
    column: int
    text: str
    alone: bool
    """Whether nothing stands before it on its line."""


def _comments(script: Script) -> list[_Comment]:
    """Every comment, in order."""
    text = script.text
    found: list[_Comment] = []
    position = 0
    for start, end in [*_scalars(script), (len(text), len(text))]:
        for comment in _COMMENT.finditer(text, position, start):
            line = text.rfind("\n", 0, comment.start()) + 1
            before = text[line : comment.start()]
            found.append(_Comment(comment.start(), len(before), comment[0].rstrip(), not before.strip()))
        position = max(position, end)
    return found


def _scalars(script: Script) -> list[tuple[int, int]]:
    """Where texts stand, in which a # is no comment; behind the mark of a text in lines there may be one."""
    places = []
    for span in script.root.walk():
        if span.is_scalar and span.end > span.start:
            start = span.start
            if span.style in ("|", ">"):
                start = script.text.find("\n", start, span.end)
            places.append((start if start >= 0 else span.end, span.end))
    return sorted(places)


def _said(script: Script) -> list[str]:
    return sorted(comment.text for comment in _comments(script))


@dataclass
class _Belonging:
    """Finds out what each comment belongs to."""

    script: Script
    above: dict[Location, list[_Comment]] = field(default_factory=dict)
    beside: dict[Location, list[_Comment]] = field(default_factory=dict)
    below: dict[Location, list[_Comment]] = field(default_factory=dict)
    starts: dict[Location, int] = field(default_factory=dict)
    apart: set[int] = field(default_factory=set)
    """Where an empty line is put before something that had none."""

    def sort(self, span: Span, here: Location, comments: Sequence[_Comment]) -> None:
        """Hand the comments in and around a list or mapping to its parts."""
        children = span.children
        starts = [self._start(span, child) for child in children]
        for (name, _, _), start in zip(children, starts, strict=True):
            self.starts[(*here, name)] = start
        mine: list[list[_Comment]] = [[] for _ in children]
        for comment in comments:
            index = sum(start <= comment.start for start in starts) - 1
            if index < 0:
                index, name = 0, children[0][0]
                self.above.setdefault((*here, name), []).append(comment)
                continue
            name, _, value = children[index]
            place = (*here, name)
            ended = comment.start >= value.end and not self._is_empty(value)
            if ended and comment.alone and not self._is_inside(value, comment, self._column(starts[index])):
                if index + 1 < len(children):
                    self.above.setdefault((*here, children[index + 1][0]), []).append(comment)
                else:
                    self.below.setdefault(here, []).append(comment)
            elif value.is_scalar or not value.children or (ended and value.braces):
                where = self.above if comment.alone and not ended else self.beside
                where.setdefault(place, []).append(comment)
            elif comment.start < value.start and not comment.alone and isinstance(name, str):
                self.beside.setdefault(place, []).append(comment)
            else:
                mine[index].append(comment)
        for (name, _, value), own in zip(children, mine, strict=True):
            if not value.is_scalar:
                self.sort(value, (*here, name), own)

    def remarks(self) -> Remarks:
        """The comments as they are written out, with the empty lines before them and before what they explain."""
        self._lift()
        above: dict[Location, list[str]] = {}
        for place, start in self.starts.items():
            lines: list[str] = []
            own = sorted(self.above.get(place, ()), key=lambda comment: comment.start)
            for position, text in [*((comment.start, comment.text) for comment in own), (start, "")]:
                if self._is_apart(position, place) and (lines or not self._is_first(place)):
                    lines.append("")
                lines += [text] if text else []
            if lines:
                above[place] = lines
        beside = {place: "  " + " ".join(c.text for c in found) for place, found in self.beside.items()}
        for place, found in self.beside.items():
            # Only one comment fits on a line.
            if len(found) > 1:
                beside[place] = f"  {found[-1].text}"
                above[place] = [*above.get(place, []), *(comment.text for comment in found[:-1])]
        below: dict[Location, list[str]] = {}
        for place, found in self.below.items():
            lines = []
            for comment in sorted(found, key=lambda one: one.start):
                lines += ["", comment.text] if self._blank_above(comment.start) else [comment.text]
            below[place] = lines
        return Remarks(above, beside, below)

    def _lift(self) -> None:
        """What stands above the first key of an item is written above the item: its dash comes first."""
        data = self.script.document.data
        self._keep_head(data)
        for place in sorted(self.starts, key=len, reverse=True):
            if not place or not isinstance(place[-1], int):
                continue
            held: Any = data
            for part in place:
                held = held[part]
            below = place
            while isinstance(held, dict | list) and held:
                first: str | int = ordered(held, kind_of(below))[0] if isinstance(held, dict) else 0
                below = (*below, first)
                self.above.setdefault(place, []).extend(self.above.pop(below, []))
                if isinstance(held, dict):
                    break
                held = held[0]

    def _keep_head(self, data: dict[str, Any]) -> None:
        """What stands above an empty line at the top of the file is said of all of it."""
        written, first = next(iter(data)), ordered(data, "file")[0]
        own = self.above.get((written,), [])
        if written == first or not own:
            return
        places = [*(comment.start for comment in own[1:]), self.starts[(written,)]]
        head = max((index + 1 for index, place in enumerate(places) if self._blank_above(place)), default=0)
        self.above[(first,)] = own[:head] + self.above.get((first,), [])
        self.above[(written,)] = own[head:]
        if head:
            self.apart.add(min([self.starts[(first,)], *(comment.start for comment in self.above[(first,)][head:])]))

    def _start(self, span: Span, child: tuple[str | int, Span | None, Span]) -> int:
        """Where a key, or an item's dash, stands."""
        _, key, value = child
        if key is not None:
            return key.start
        if span.braces:
            return value.start
        return self.script.dash(span, value)

    def _column(self, offset: int) -> int:
        return offset - self.script.text.rfind("\n", 0, offset) - 1

    def _is_empty(self, value: Span) -> bool:
        return value.start == value.end

    def _is_inside(self, value: Span, comment: _Comment, column: int) -> bool:
        return bool(value.children) and not value.braces and comment.column > column

    def _is_first(self, place: Location) -> bool:
        """Whether it will be the first of a list or mapping, where an empty line is only kept below `flows`."""
        held: Any = self.script.document.data
        for part in place[:-1]:
            held = held[part]
        first = ordered(held, kind_of(place[:-1]))[0] if isinstance(held, dict) else 0
        return first == place[-1] and place[:-1] != ("flows",)

    def _is_apart(self, position: int, place: Location) -> bool:
        """Whether an empty line stands above, in a part of the file where that is kept."""
        around = {kind_of(place[:-1]), kind_of(place[:-2]) if len(place) > 1 else "file"}
        loose = kind_of(place[:-1]) in ("file", "flows", "flow", "steps") or (
            kind_of(place[:-1]) == "value" and around & {"file", "flow"}
        )
        return bool(loose) and (position in self.apart or self._blank_above(position))

    def _blank_above(self, position: int) -> bool:
        line = self.script.text.rfind("\n", 0, position)
        previous = self.script.text.rfind("\n", 0, line) if line > 0 else -1
        # What stands further along a line, such as in brackets, is not what the empty line is above.
        is_first = not self.script.text[line + 1 : position].strip(" -")
        return line > 0 and is_first and not self.script.text[previous + 1 : line].strip()
