"""One act while it is put together, and which of its halves belong together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from smokerunner.authoring.act import View
from smokerunner.browser.happenings import Noted, Went
from smokerunner.importers.playwright_codegen.actions import acts_of
from smokerunner.model.target import SHORT_ROLES

_KINDS = {
    "click": "click",
    "check": "click",
    "uncheck": "click",
    "fill": "input",
    "select": "input",
    "press": "press",
    "setInputFiles": "files",
}
OPENED = "opened"
"""How a page began that another one opened."""
_FAKE_PATH = "C:\\fakepath\\"


@dataclass
class Entry:
    """One act while it is put together: the page's own note, the recorder's action, and what it caused."""

    page: str
    note: Noted | None = None
    line: Mapping[str, Any] | None = None
    before: str = ""
    """The page's aria snapshot when it began."""
    went: Went | None = None
    beside: dict[str, Any] = field(default_factory=dict)
    opens: str | None = None
    view: View | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def kind(self) -> str:
        """click, input, press, files; the action itself when it has no note of its own; or went."""
        if self.note is not None:
            return self.note.kind
        if self.line is not None:
            name = str(self.line.get("name"))
            is_file = name == "fill" and str(self.line.get("text", "")).startswith(_FAKE_PATH)
            return "files" if is_file else _KINDS.get(name, name)
        return "went"

    @property
    def url(self) -> str:
        """Where the page was at that moment; '' when nobody noted it."""
        return self.note.url if self.note is not None and not self.note.in_frame else ""


def are_same(one: Noted, other: Noted) -> bool:
    """Whether two notes are of the same element."""
    return all(one.facts.get(key) == other.facts.get(key) for key in ("tag", "name", "label", "ways"))


def belong_together(line: Mapping[str, Any], note: Noted) -> bool:
    """Whether the recorder's action and the page's note tell of the same act."""
    name = line.get("name")
    if name == "press":
        return str(line.get("key")) == str(note.facts.get("key"))
    if name == "fill":
        text = str(line.get("text", ""))
        if note.kind == "files" or text.startswith(_FAKE_PATH):
            return note.kind == "files" and text.startswith(_FAKE_PATH)
    elif name not in ("click", "check", "uncheck", "select"):
        return True
    act = acts_of(line)
    target = act.targets[0] if act is not None and act.targets else {}
    if "test_id" in target:
        return any(way.get("test_id") == target["test_id"] for way in note.facts.get("ways", ()))
    words = next((value for key, value in target.items() if key in (*SHORT_ROLES, "name", "label", "text")), None)
    called = str(next(iter(words.values()), "")) if isinstance(words, Mapping) else str(words or "")
    label, text, called = (_plain(str(said)) for said in (note.facts.get("label"), note.facts.get("words"), called))
    seen = f"{text} {label}".strip()
    return not called or not seen or called in seen or seen in called or bool(label and label in called)


def _plain(words: str) -> str:
    """The words without case, signs and spaces: a star or a colon beside a label is drawn by some, written by others.

    Nor do browsers and Playwright agree on the spaces between the words of a label's parts.
    """
    return "".join(re.findall(r"\w+", words.casefold()))
