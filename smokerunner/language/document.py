"""A YAML or JSON file as plain data in which every scalar is text, and where each value stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from smokerunner.language.files import LARGEST
from smokerunner.language.nodes import Builder, Flaw, Location, Misread, Node, Place, Plain
from smokerunner.language.notation import read_json, read_yaml
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.record import record

# Not in YAML at all, or line breaks to YAML's C parser that no editor counts.
_FORBIDDEN = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
# The same of ASCII text: the wide ranges take long to compile.
_FORBIDDEN_ASCII = "[^\t\n\r\x20-\x7e]"


@record
class Document:
    """What stands in a file; its `flaws` did not keep the rest from being read."""

    path: str
    data: Any
    flaws: tuple[Flaw, ...]
    _root: Node

    def place(self, location: Location) -> Place:
        """Line and column of the value at `location`; parts of it that the file does not have are passed over.

        A lone value that was read as a list of one has such a part, and so has a short form.
        """
        return self._find(location)[0].place

    def key_place(self, location: Location) -> Place:
        """Line and column of the key that the value at `location` stands under; of the value when it has no key."""
        node, key = self._find(location)
        return key.place if key is not None else node.place

    def value(self, location: Location) -> Any:
        """The plain value at `location`, found in the same way."""
        found = self.data
        for step in location:
            is_key = isinstance(found, dict) and isinstance(step, str) and step in found
            is_index = isinstance(found, list) and isinstance(step, int) and step < len(found)
            if is_key or is_index:
                found = found[step]
        return found

    def written(self, location: Location) -> tuple[str | int, ...]:
        """The parts of `location` that the file really has."""
        node, found = self._root, []
        for step in location:
            child = node.child(step)
            if child is not None:
                node = child
                found.append(step)
        return tuple(found)

    def _find(self, location: Location) -> tuple[Node, Node | None]:
        node, key = self._root, None
        for step in location:
            child = node.child(step)
            if child is not None:
                key = node.entries[step][0] if node.entries is not None and isinstance(step, str) else None
                node = child
        return node, key


def read(path: Path) -> Document:
    """Read a file. Raises BadInput when it cannot be read or understood at all."""
    text = decode(read_bytes(path), path)
    return parse(text, str(path), is_json=path.suffix.lower() == ".json")


def parse(text: str, path: str, *, is_json: bool = False) -> Document:
    """The same for text that was read already; `path` is only for messages. Raises BadInput."""
    plain = Plain(text.splitlines())
    try:
        builder = _build(text, is_json=is_json)
        root = builder.root
        if root is None or (root.plain and not root.text):
            raise BadInput([Problem(path, 0, 0, "is empty")])
        data = plain.data(root)
    except Misread as wrong:
        raise BadInput([Problem(path, *wrong.place, wrong.message)]) from wrong
    return Document(path, data, (*builder.flaws, *plain.flaws), root)


def _build(text: str, *, is_json: bool) -> Builder:
    if is_json:
        return read_json(text)
    if text.lstrip().startswith("{"):
        try:
            return read_json(text)
        except Misread:
            # Braces are YAML, too, and YAML needs no quotes; its complaint is the one that helps.
            pass
    strange = re.search(_FORBIDDEN_ASCII if text.isascii() else _FORBIDDEN, text)
    if strange is not None:
        before = text[: strange.start()]
        place = (before.count("\n") + 1, strange.start() - before.rfind("\n"))
        code = f"{ord(strange[0]):04X}"
        raise Misread(place, f"the character U+{code} cannot stand here; write it as \\u{code} in double quotes")
    return read_yaml(text)


def read_bytes(path: Path) -> bytes:
    """The bytes of a flow file. Raises BadInput when it cannot be read or is far too large."""
    try:
        if path.is_dir():
            raise BadInput([Problem(str(path), 0, 0, "is a folder, not a file")])
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            size = max(path.stat().st_size, len(raw)) / 1e6
            raise BadInput([Problem(str(path), 0, 0, f"is {size:.1f} MB; a flow file stays under 1 MB")])
    except FileNotFoundError as wrong:
        raise BadInput([Problem(str(path), 0, 0, "there is no such file")]) from wrong
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        raise BadInput([Problem(str(path), 0, 0, f"cannot be read: {reason}")]) from wrong
    return raw


def decode(raw: bytes, path: Path) -> str:
    """The text of a flow file, without the mark that some editors put before it. Raises BadInput."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        column = wrong.start - raw.rfind(b"\n", 0, wrong.start)
        seen = "looks like UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "is not UTF-8"
        message = f"{seen}: byte 0x{raw[wrong.start]:02x} at offset {wrong.start}; save the file as UTF-8"
        raise BadInput([Problem(str(path), line, column, message)]) from wrong
