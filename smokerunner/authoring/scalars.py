"""How one text is written in YAML: plain where nothing can mistake it, in quotes otherwise."""

from __future__ import annotations

import json
import re

_FIRST = re.compile(r"""[^\s\-?:,\[\]{}#&*!|>'"%@`]|-[A-Za-z0-9]""")
"""A character that YAML takes for nothing else at the start of a value."""
_UNSAFE = re.compile(r":(?:\s|$)|\s#|[\t\r\n\x00-\x1f]|\s$")
_UNSAFE_IN_BRACES = re.compile(r"[,\[\]{}?:|\\]")
_ELSE = re.compile(
    r"""
    ~ | (?i:null|y|n|yes|no|on|off|true|false)  # nothing, yes and no
    | [-+]?0[0-9_]+ | 0[xob][0-9a-fA-F_]+       # 007, 0x1F
    | [-+]?[0-9][0-9_]*_[0-9_]* | \+[0-9]+ | -0
    | [-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?
    | [-+]?\.(?i:inf) | \.(?i:nan)
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\s].*)?
    | = | <<
    """,
    re.VERBOSE,
)
"""What some reader of YAML takes for something other than this text."""
_AS_TYPED = re.compile(r"true|false|0|-?[1-9][0-9]{0,17}")
"""Everyone writes these without quotes, and read as text they are what was typed."""
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+")
_WORDS = frozenset({"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"})


class AsWritten(str):
    """The spelling of a value that stays what a person wrote."""


def is_plain(text: str, *, braces: bool = False, typed: bool = False) -> bool:
    """Whether a text needs no quotes; in `braces` more does, and where values are `typed` so does a number."""
    if not _FIRST.match(text) or _UNSAFE.search(text) or _FORBIDDEN.search(text):
        return False
    if braces and _UNSAFE_IN_BRACES.search(text):
        return False
    if typed and (text in _WORDS or _DECIMAL.fullmatch(text)):
        return False
    return _AS_TYPED.fullmatch(text) is not None or _ELSE.fullmatch(text) is None


def spell_text(text: str, *, braces: bool = False, typed: bool = False) -> str:
    """One line of YAML that is read as this text. Raises ValueError for half a character."""
    if is_plain(text, braces=braces, typed=typed):
        return text
    if "\n" in text or "\t" in text or _FORBIDDEN.search(text):
        # JSON's escapes are YAML's, too.
        return _FORBIDDEN.sub(_escape, json.dumps(text, ensure_ascii=False).replace("\t", "\\t"))
    return "'" + text.replace("'", "''") + "'"


def spell_value(value: object, *, braces: bool = False, typed: bool = False) -> str:
    """One line for any scalar. Raises ValueError for nothing, which only JSON bodies know."""
    if isinstance(value, AsWritten):
        return str(value)
    if isinstance(value, str):
        return spell_text(value, braces=braces, typed=typed)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value, allow_nan=False)
    if value is None and typed:
        return "null"
    raise ValueError(f"{value!r} cannot stand in a flow file")


def is_lines(text: str) -> bool:
    """Whether a text is written line by line below its key."""
    if isinstance(text, AsWritten):
        return False
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and bool(lines[0])
        and lines[0][0] not in " \t"
        and bool(lines[-1])
        and all(line == line.rstrip() for line in lines)
        and not _FORBIDDEN.search(text)
        and "\t" not in text
    )


def spell_lines(text: str, indent: int) -> str:
    """A text of several lines, as a block whose lines begin in column `indent`."""
    mark = "|" if text.endswith("\n") else "|-"
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([mark, *(" " * indent + line if line else "" for line in lines)])


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"U+{code:04X} is half of a character")
    return f"\\u{code:04x}"
