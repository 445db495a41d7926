"""What proves that a body is a certain thing, and a page that merely talks about it is not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from smokerunner.model.check import Answer
from smokerunner.model.severity import Severity

_BEGINS_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")
_MARKUP = re.compile(rb"<(?:html|head|body|div|p|article|main|section|h1|form|table|title|meta|script)\b", re.I)
_QUOTE = re.compile(rb"<(/?)(pre|textarea|xmp|code|kbd|samp)\b[^<>]{0,500}>", re.I)
_INLINE = (b"code", b"kbd", b"samp")
_JSON = ("application/json", "text/json")


def pattern(text: str) -> re.Pattern[bytes]:
    """A pattern for bodies: case does not matter, `^` is the beginning of a line."""
    return re.compile(text.encode(), re.IGNORECASE | re.MULTILINE)


def digest(data: bytes) -> str:
    """The beginning of the SHA-256: enough to recognise what was read, and nothing of it."""
    return hashlib.sha256(data).hexdigest()[:12]


def size(answer: Answer) -> str:
    """How much was read."""
    return f"{'the first ' if answer.truncated else ''}{len(answer.body)} bytes"


def head(answer: Answer) -> str:
    """Status and media type."""
    return f"{answer.status} {answer.content_type}".strip()


def is_page(answer: Answer) -> bool:
    """Whether the body is an HTML page, whatever its head says: servers call a file they do not know text/html."""
    start = answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith(_BEGINS_PAGE):
        return True
    if answer.content_type not in ("text/html", "application/xhtml+xml") or start.startswith(b"<?php"):
        return False
    return not start or _MARKUP.search(answer.body) is not None


def is_json(answer: Answer) -> bool:
    """Whether the body is said to be JSON, and looks it."""
    kind = answer.content_type
    return (kind in _JSON or kind.endswith("+json")) and answer.body.lstrip()[:1] in (b"{", b"[")


def markup(body: bytes, *, prose: bool = False) -> bytes:
    """The page without what it quotes: a blog shows the pages of others in <pre>. `prose`: without <code> as well."""
    pieces: list[bytes] = []
    at, inside = 0, b""
    for tag in _QUOTE.finditer(body):
        closing, name = bool(tag[1]), tag[2].lower()
        if name in _INLINE and not prose:
            continue
        if not inside and not closing:
            pieces.append(body[at : tag.start()])
            inside = name
        elif closing and inside == name:
            at, inside = tag.end(), b""
    return b" ".join((*pieces, b"" if inside else body[at:]))


@dataclass(frozen=True)
class Signature:
    """What a body must hold to be this thing. All `patterns` are needed, or one of `magic` at its beginning."""

    name: str
    """What it is, as in `a SQL dump`."""
    patterns: tuple[re.Pattern[bytes], ...] = ()
    magic: tuple[bytes, ...] = ()
    page: bool = False
    """Whether it is an HTML page; if not, an HTML page proves nothing."""
    json: bool = False
    """Whether it is JSON."""
    severity: Severity | None = None
    """What it means when it is seen, if not what the path or the check means."""
    tell: Callable[[bytes], str] | None = None
    """Says more about a body, and nothing that stands in it; empty when the body is no such thing after all."""

    def proof(self, answer: Answer) -> str:
        """What was recognised, in words; empty when it was not."""
        if self.json and not is_json(answer):
            return ""
        if not self.page and is_page(answer):
            return ""
        body = markup(answer.body) if self.page else answer.body
        if self.magic and not body.startswith(self.magic):
            return ""
        if not all(part.search(body) for part in self.patterns):
            return ""
        if self.tell is None:
            return self.name
        told = self.tell(body)
        return f"{self.name} ({told})" if told else ""
