"""What a page of HTML loads and declares, read as a browser would: comments, code examples and texts do not count."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import urljoin

_SOURCES: Mapping[str, str] = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "frame": "src",
    "embed": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "track": "src",
    "input": "src",
    "object": "data",
}
"""Elements that load something, and the attribute that says what."""
_LOADING_LINKS = frozenset({"stylesheet", "preload", "modulepreload", "icon", "manifest"})
_INERT = frozenset({"template", "noscript", "textarea", "title", "xmp"})
"""What stands in these is no part of the page that is shown."""


@dataclass(frozen=True)
class Loaded:
    """One thing that a page loads."""

    kind: str
    """script, stylesheet, or the name of the element."""
    url: str
    """Absolute."""
    written: str
    """As it stands in the page."""
    integrity: bool = False


@dataclass(frozen=True)
class Page:
    """What was read from a page; the first `title` and `h1` as they are shown."""

    loads: tuple[Loaded, ...]
    metas: tuple[tuple[str, str], ...]
    """The `http-equiv` of meta elements in lower case, and their content."""
    title: str
    heading: str

    def meta(self, name: str) -> tuple[str, ...]:
        """The contents of all metas of this `http-equiv`."""
        return tuple(content for key, content in self.metas if key == name)


@lru_cache(maxsize=8)
def read_page(html: str, url: str) -> Page:
    """Read a page that stands at `url`. Many checks read the same one."""
    reader = _Reader(url)
    # Python's parser gives up at a marked section that it does not know; what came before it was read.
    with contextlib.suppress(AssertionError):
        reader.feed(html)
        reader.close()
    return Page(tuple(reader.loads), tuple(reader.metas), reader.text("title"), reader.text("h1"))


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.loads: list[Loaded] = []
        self.metas: list[tuple[str, str]] = []
        self._base = url
        self._inert: list[str] = []
        self._said: dict[str, list[str]] = {}
        self._done: set[str] = set()
        self._open = ""

    def text(self, tag: str) -> str:
        return " ".join("".join(self._said.get(tag, [])).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("title", "h1") and tag not in self._done:
            self._open = tag
            self._said.setdefault(tag, [])
        if self._inert:
            if tag in _INERT:
                self._inert.append(tag)
            return
        if tag in _INERT:
            self._inert.append(tag)
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            with contextlib.suppress(ValueError):
                self._base = self._absolute(given["href"])
        elif tag == "meta" and given.get("http-equiv"):
            self.metas.append((given["http-equiv"].strip().lower(), given.get("content", "")))
        elif tag == "link":
            kinds = _LOADING_LINKS & set(given.get("rel", "").lower().split())
            if kinds:
                kind = "stylesheet" if "stylesheet" in kinds else "script" if "modulepreload" in kinds else "link"
                self._note(kind, given.get("href", ""), given)
        elif tag in _SOURCES:
            if tag == "input" and given.get("type", "").lower() != "image":
                return
            self._note(tag, given.get(_SOURCES[tag], ""), given)
        if tag in ("img", "source"):
            for candidate in given.get("srcset", "").split(","):
                if candidate.strip():
                    self._note(tag, candidate.split()[0], given)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._done.add(tag)
            self._open = ""
        if self._inert and tag == self._inert[-1]:
            self._inert.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._said[self._open].append(data)

    def _note(self, kind: str, written: str, given: Mapping[str, str]) -> None:
        written = written.strip()
        if written and not written.startswith(("data:", "blob:", "about:", "javascript:", "#")):
            # What is no address, as `http://[`, is loaded by no browser.
            with contextlib.suppress(ValueError):
                self.loads.append(Loaded(kind, self._absolute(written), written, bool(given.get("integrity"))))

    def _absolute(self, written: str) -> str:
        return urljoin(self._base, written)
