"""The two notations of a flow file, YAML and JSON, read into nodes."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from pathlib import Path
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from smokerunner.language.hints import explain
from smokerunner.language.nodes import DEEPEST, Builder, Misread, Place

SLOWLY = 200_000
"""Characters that are worth a second reading."""
_COLON = re.compile("[ \t]*:")
# Strings first, so that a bracket inside one is not taken for structure.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+')


def read_yaml(text: str) -> Builder:
    """The nodes of a YAML document. Raises Misread."""
    try:
        return feed(text, pure=False)
    except MarkedYAMLError as wrong:
        # The C parser is ten times as quick, but speaks YAML 1.1: `{url: /a?b=c}` is right only since 1.2.
        offset = wrong.problem_mark.index if wrong.problem_mark is not None else 0
        second = _second_reading(text) if offset < SLOWLY else None
        if second is not None:
            return second
        place, message = explain(wrong, text)
        raise Misread(place, message) from wrong
    except YAMLError as wrong:
        raise Misread((1, 1), f"this is not YAML: {wrong}") from wrong


def _second_reading(text: str) -> Builder | None:
    try:
        return feed(text, pure=True)
    except MarkedYAMLError:
        return None


def feed(text: str, *, pure: bool) -> Builder:
    """One reading with the C parser, if it is installed, or the `pure` one. Raises ruamel's errors and Misread."""
    builder = Builder()
    documents = 0
    end = None
    for event in YAML(typ="safe", pure=pure).parse(text):
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        tag = getattr(event, "tag", None)
        if tag is not None:
            short = tag.replace("tag:yaml.org,2002:", "!!")[:40]
            raise Misread(place, f"no tags such as {short} here; put quotes around text that starts with '!'")
        if isinstance(event, ScalarEvent):
            plain = bool(event.implicit[0])
            if plain and not event.value and event.anchor is None:
                place = _after_colon(text, end) or place
            builder.scalar(place, event.value, plain=plain, anchor=event.anchor)
        elif isinstance(event, MappingStartEvent):
            builder.open_mapping(place, event.anchor)
        elif isinstance(event, SequenceStartEvent):
            builder.open_list(place, event.anchor)
        elif isinstance(event, CollectionEndEvent):
            builder.close()
        elif isinstance(event, AliasEvent):
            builder.alias(place, event.anchor)
        elif isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Misread(place, "a second document ('---') begins; a flow file holds one")
        end = event.end_mark
    return builder


def _after_colon(text: str, key: StringMark | None) -> Place | None:
    """Where a missing value would stand; parsers put it anywhere up to the next thing that is there."""
    colon = _COLON.match(text, key.index) if key is not None else None
    return (key.line + 1, key.column + len(colon[0]) + 1) if key is not None and colon is not None else None


def read_json(text: str) -> Builder:
    """The nodes of a JSON document. Raises Misread."""
    try:
        # Numbers as text: their length is not limited then, and they stay what was typed.
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except json.JSONDecodeError as wrong:
        raise Misread((wrong.lineno, wrong.colno), f"this is not JSON: {_worded(wrong.msg)}") from wrong
    except RecursionError as wrong:
        raise Misread((1, 1), f"nested deeper than {DEEPEST} levels") from wrong
    builder = Builder()
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    for token in _TOKEN.finditer(text):
        place = _place(starts, token.start())
        match token[0][0]:
            case "{":
                builder.open_mapping(place)
            case "[":
                builder.open_list(place)
            case "}" | "]":
                builder.close()
            case '"':
                builder.scalar(place, json.loads(token[0]), plain=False)
            case _:
                builder.scalar(place, token[0], plain=True)
    return builder


def _place(starts: list[int], offset: int) -> Place:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _refuse(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} is no JSON number", "", 0)


_WORDS: tuple[tuple[str, str], ...] = (
    ("Expecting property name", "a key in double quotes is missing (a comma before '}' is one too many)"),
    ("Expecting value", "a value is missing (a comma before ']' is one too many)"),
    ("Expecting ',' delimiter", "a comma or the closing bracket is missing"),
    ("Expecting ':' delimiter", "':' is missing after the key"),
    ("Extra data", "something follows after the end"),
    ("Unterminated string", "the quote that opens here is never closed"),
    ("Invalid control character", "a line break or another control character inside quotes; write \\n"),
    ("Invalid \\escape", "an unknown escape; a backslash is written twice"),
    ("Invalid \\uXXXX escape", "an escape that is not \\u and four hexadecimal digits"),
    ("Illegal trailing comma", "a comma before the closing bracket is one too many"),
)


def _worded(message: str) -> str:
    return next((said for start, said in _WORDS if message.startswith(start)), message)


def is_json_text(text: str, path: Path) -> bool:
    """Whether a flow file is read as JSON: by its name, or because all of it is JSON."""
    if path.suffix.lower() == ".json":
        return True
    if not text.lstrip().startswith("{"):
        return False
    try:
        read_json(text)
    except Misread:
        return False
    return True
