"""What a recorder tells, as it happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smokerunner.model.record import record


@record
class Acted:
    """An action of Playwright's recorder. `page` names a page for as long as the recording lasts."""

    page: str
    line: Mapping[str, Any]
    """As `codegen --target=jsonl` would write it."""
    before: str
    """The page's aria snapshot at that moment; what was typed stands in it."""
    grows: bool = False
    """Whether it replaces the last action: text grows letter by letter."""


@record
class ChosenFile:
    """A file that was given to a file field."""

    name: str
    data: bytes


@record
class Noted:
    """What the page itself noted at the moment of an act, before anything could change."""

    page: str
    kind: str
    """click, input, press, files or mask."""
    url: str
    facts: Mapping[str, Any]
    """tag, type, name, autocomplete, label, words, opens_account, ways; with value, options or key."""
    files: tuple[ChosenFile, ...] = ()
    in_frame: bool = False
    """Whether it happened in an iframe; which one, the recorder's own action tells."""


@record
class Went:
    """A page was sent to another document by its person: typed or opened, reloaded, or back and forward."""

    page: str
    how: str
    """goto, reload, back or forward."""
    url: str


@record
class Opened:
    """A page opened another."""

    page: str
    opener: str | None


@record
class Closed:
    """A page is gone."""

    page: str
    url: str = ""
    """Where it was."""


@record
class Answered:
    """A native dialog was answered."""

    page: str
    kind: str
    says: str
    accepted: bool
    text: str = ""


@record
class Downloaded:
    """A download began."""

    page: str
    name: str


Event = Acted | Noted | Went | Opened | Closed | Answered | Downloaded


@record
class Snapshot:
    """What a page shows: its address, title and aria snapshot, in which typed text stands."""

    url: str
    title: str
    aria: str
