"""Whether a file is a flow file, told without reading it as YAML."""

from __future__ import annotations

import re
from pathlib import Path

_ENDINGS = (".yaml", ".yml", ".json")
_LARGEST = 1_000_000
"""Bytes; the language refuses larger files, and a project's lock files are not worth reading."""
_BLOCK_KEY = re.compile(r"""^([ ]*)(["']?)(app|flows)\2[ ]*:(?=\s|$)""", re.MULTILINE)
_FIRST = re.compile(r"^(?!\s*(?:#|---|%|$))([ ]*)\S", re.MULTILINE)
_INLINE_KEY = re.compile(r"""[{,]\s*(["']?)(app|flows)\1\s*:""")
_INNER = re.compile(r"[{\[][^{}\[\]]*[}\]]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?')


def is_flow_file(path: Path) -> bool:
    """Whether it has `app` and `flows` at its top. A file that cannot be read is none."""
    if path.suffix.lower() not in _ENDINGS or path.name.startswith("."):
        return False
    try:
        if path.stat().st_size > _LARGEST:
            return False
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    if "app" not in text or "flows" not in text:
        return False
    return _has_inline_keys(text) if text.lstrip().startswith("{") else _has_block_keys(text)


def _has_block_keys(text: str) -> bool:
    first = _FIRST.search(text)
    if first is None:
        return False
    found = {key for indent, _, key in _BLOCK_KEY.findall(text) if indent == first[1]}
    return found == {"app", "flows"}


def _has_inline_keys(text: str) -> bool:
    """The same for braces: what stands in inner ones is taken away first, from the innermost outwards."""
    text = _QUOTED.sub(lambda found: found[0] if found[1] else '""', text).strip()
    outer = text[1:-1] if text.endswith("}") else text[1:]
    while (without := _INNER.sub("", outer)) != outer:
        outer = without
    return {key for _, key in _INLINE_KEY.findall("{" + outer)} == {"app", "flows"}
