"""What a recorder tells, put in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from smokerunner.authoring.act import TODO, Act, Notation
from smokerunner.browser.happenings import Acted, Answered, ChosenFile, Closed, Downloaded, Event, Noted, Opened, Went
from smokerunner.importers.playwright_codegen.locators import escape
from smokerunner.recording.acting import dialog_of, download_of, masked, recorded, unrecorded
from smokerunner.recording.entry import OPENED, Entry, are_same, belong_together

_FAR = 30
"""Entries to look back for the other half of an act."""


class Notebook:
    """The entries of one recording, in the order things happened."""

    def __init__(self, upload_folder: str = "") -> None:
        self._upload_folder = upload_folder
        self.entries: list[Entry] = []
        self.masks: list[Notation] = []
        self.files: dict[str, ChosenFile] = {}
        self._growing: Entry | None = None
        self._dropped: list[Entry] = []
        """Kept alive, since others know entries by their identity."""
        self._pages: dict[str, str] = {}
        self._opened: dict[str, str | None] = {}
        self.closed: set[str] = set()

    def take(self, event: Event) -> Entry | None:
        """Put an event where it belongs; the entry that it began or changed."""
        match event:
            case Noted():
                return self._take_note(event)
            case Acted():
                return self._take_action(event)
            case Went():
                return self._append(Entry(event.page, went=event))
            case Opened():
                self._pages.setdefault(event.page, f"page{len(self._pages)}" if self._pages else "")
                self._opened[event.page] = event.opener
                opener = self.last_of(event.opener) if event.opener else None
                if opener is None or opener.opens is not None:
                    return opener
                opener.opens = event.page
                # An entry of its own, so that what the new page shows is looked at.
                return self._append(Entry(event.page, went=Went(event.page, OPENED, "")))
            case Answered():
                return self._beside(event.page, "dialog", dialog_of(event))
            case Downloaded():
                return self._beside(event.page, "download", download_of(event.name))
            case Closed():
                self.closed.add(event.page)
                return None

    def last_of(self, page: str | None) -> Entry | None:
        """The last entry of a page."""
        return next((entry for entry in reversed(self.entries) if entry.page == page), None)

    def previous(self, entry: Entry) -> Entry | None:
        """The entry before this one on the same page."""
        place = next(index for index, other in enumerate(self.entries) if other is entry)
        return next((other for other in reversed(self.entries[:place]) if other.page == entry.page), None)

    @property
    def acts(self) -> tuple[Act, ...]:
        """What was done so far."""
        found = []
        for entry in self.entries:
            if self._only_went_into(entry):
                continue
            act = self._act(entry)
            if act is not None:
                found.append(replace(act, at=entry.at))
        return tuple(found)

    def _only_went_into(self, entry: Entry) -> bool:
        """Whether a click only put the cursor into a rich text that was then written to."""
        if entry.note is None or entry.kind != "click" or not entry.note.facts.get("editable"):
            return False
        following = next((other for other in self._after(entry) if other.line is not None or other.went), None)
        if following is None or following.kind != "input" or entry.beside or entry.opens:
            return False
        return following.note is None or are_same(entry.note, following.note)

    def _append(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry

    def _put_before(self, other: Entry | None, entry: Entry) -> Entry:
        place = next((index for index, one in enumerate(self.entries) if one is other), len(self.entries))
        self.entries.insert(place, entry)
        return entry

    def _take_note(self, note: Noted) -> Entry | None:
        if note.kind == "mask":
            way = masked(note)
            if way is not None:
                self.masks.append(way)
            return None
        for entry in self._recent(note.page):
            # The recorder's action came first.
            if (
                entry.note is None
                and entry.line is not None
                and entry.kind == note.kind
                and belong_together(entry.line, note)
            ):
                entry.note = note
                self._keep_files(note)
                return entry
        last = self.last_of(note.page)
        if last is not None and last.note is not None and last.kind == note.kind and are_same(last.note, note):
            is_second_click = note.kind == "click" and int(note.facts.get("count") or 0) > 1 and last.line is None
            if note.kind == "input" or is_second_click:
                last.note = note
                return last
        self._keep_files(note)
        return self._append(Entry(note.page, note=note))

    def _take_action(self, event: Acted) -> Entry:
        if event.grows and self._growing is not None:
            self._growing.line = event.line
            return self._growing
        probe = Entry(event.page, line=event.line)
        waiting = [entry for entry in self._recent(event.page) if entry.line is None and entry.note is not None]
        if probe.kind.startswith("assert"):
            waiting = self._without_pointing(waiting)
        fitting = [
            entry
            for entry in waiting
            if entry.note is not None and entry.kind == probe.kind and belong_together(event.line, entry.note)
        ]
        # Keys and clicks come in their order; into a field it is the latest text that counts.
        if fitting:
            entry = fitting[0] if probe.kind == "input" else fitting[-1]
        else:
            # Its own note has not come, but the recorder keeps its own order: before whatever it has yet to tell of.
            # What waits since before the last one that it told will never be told.
            entry = self._put_before(self._first_untold(waiting), probe)
        entry.line = event.line
        entry.before = event.before or entry.before
        self._growing = entry
        return entry

    def _first_untold(self, waiting: Iterable[Entry]) -> Entry | None:
        """Of those that wait for the recorder, the latest first, the earliest that it has not passed over."""
        first = None
        for entry in waiting:
            if any(other.line is not None for other in self._after(entry)):
                break
            first = entry
        return first

    def _after(self, entry: Entry) -> list[Entry]:
        place = next(index for index, other in enumerate(self.entries) if other is entry)
        return [other for other in self.entries[place + 1 :] if other.page == entry.page]

    def _without_pointing(self, waiting: list[Entry]) -> list[Entry]:
        """The click with which somebody pointed at what they expect is nothing that they did to the app."""
        pointing = next((entry for entry in waiting if entry.kind == "click"), None)
        if pointing is not None:
            self.entries = [entry for entry in self.entries if entry is not pointing]
            self._dropped.append(pointing)
        return [entry for entry in waiting if entry is not pointing]

    def _recent(self, page: str) -> list[Entry]:
        """The last entries of a page, the latest first."""
        return [entry for entry in self.entries[-_FAR:] if entry.page == page][::-1]

    def _beside(self, page: str, key: str, value: Any) -> Entry | None:
        entry = self.last_of(page)
        if entry is None or (entry.went is not None and key == "dialog"):
            return None
        entry.beside[key] = value
        return entry

    def _keep_files(self, note: Noted) -> None:
        for file in note.files:
            self.files[self._place(file)] = file

    def _place(self, file: ChosenFile) -> str:
        """Where an uploaded file is kept, relative to the flow file."""
        name = PurePath(file.name).name
        return f"{self._upload_folder}/{name}" if self._upload_folder else name

    def _act(self, entry: Entry) -> Act | None:
        page = self._pages.get(entry.page, entry.page)
        opens = self._pages.get(entry.opens) if entry.opens is not None else None
        if self._opened.get(entry.page) is None and page:
            what = entry.went.url if entry.went is not None else entry.kind
            if entry.went is None:
                return None
            return Act(TODO, value=f"{what} in a tab that the app did not open", page=page)
        if entry.went is not None:
            action = entry.went.how
            if action == OPENED:
                return Act("expect", page=page, view=entry.view)
            if action == "forward":
                return Act(TODO, value="forward in the history", page=page, view=entry.view)
            value = escape(entry.went.url) if action == "goto" else None
            return Act(action, value=value, page=page, view=entry.view)
        if entry.line is not None:
            act = recorded(entry, self._place)
        else:
            act = unrecorded(entry.note) if entry.note is not None and self._was_cut_off(entry) else None
        if act is None:
            return None
        return replace(act, page=page, opens=opens, view=entry.view, beside={**act.beside, **entry.beside})

    def _was_cut_off(self, entry: Entry) -> bool:
        """Whether the page closed before the recorder could tell of its last click."""
        return entry.kind == "click" and entry.page in self.closed and entry is self.last_of(entry.page)
