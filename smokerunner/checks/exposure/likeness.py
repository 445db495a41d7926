"""Whether two answers are the same page shown for two paths, as sites do that have no real 404."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote, urlsplit

from smokerunner.model.check import Answer

_ENOUGH = 0.9
"""Share of the words that two answers must have in common."""
_FEW = 5
"""So few words are compared as they stand."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_FILES = ("application/zip", "application/gzip", "application/x-gzip", "application/octet-stream")


def alike(answer: Answer, control: Answer) -> bool:
    """Whether an answer looks like that to a path which nobody made."""
    if _status(answer) != _status(control) or answer.content_type != control.content_type:
        return False
    if answer.location or control.location:
        return _leads(answer) == _leads(control)
    if answer.body == control.body:
        return True
    if answer.content_type in _FILES:
        return False
    size = min(len(answer.body), len(control.body)) if answer.truncated or answer.status == 206 else None
    mine, other = (_words(one, size) for one in (answer, control))
    if sum(mine.values()) < _FEW or sum(other.values()) < _FEW:
        return mine == other and bool(mine)
    common = sum((mine & other).values())
    return 2 * common / (sum(mine.values()) + sum(other.values())) >= _ENOUGH


def _status(answer: Answer) -> int:
    return 200 if answer.status == 206 else answer.status


def _leads(answer: Answer) -> str:
    """Where a redirect leads, without the path that was asked for: many carry it along."""
    parts = urlsplit(answer.location)
    asked = urlsplit(answer.url)
    path = "its own path" if parts.path == asked.path else parts.path
    return f"{parts.scheme}://{parts.netloc}{path}"


def _words(answer: Answer, size: int | None) -> Counter[str]:
    """The words of a body, without the name of what was asked for, which many pages repeat."""
    text = answer.body[:size].decode("utf-8", "replace")
    path = urlsplit(answer.url).path
    for echoed in sorted({path, unquote(path), path.rpartition("/")[2]}, key=len, reverse=True):
        if len(echoed) > 1:
            text = text.replace(echoed, " ")
    return Counter(_WORD.findall(text))
