"""Looks at the pages while they are used: what did each act bring about?"""

from __future__ import annotations

from dataclasses import replace

from smokerunner.authoring.act import Notation, View
from smokerunner.authoring.appearing import appeared
from smokerunner.browser.happenings import Acted, Closed, Event, Snapshot, Went
from smokerunner.browser.recorder import Recorder
from smokerunner.recording.entry import Entry
from smokerunner.recording.notebook import Notebook

_MOST = 3
"""Targets that are kept of one look."""
_TRIED = 8


class Looking:
    """Keeps the view of each page's last entry up to date."""

    def __init__(self, recorder: Recorder, notebook: Notebook) -> None:
        self._recorder = recorder
        self._notebook = notebook
        self._last: dict[str, Snapshot] = {}
        self._looked: dict[str, tuple[Entry, Snapshot]] = {}
        self._seen: dict[int, str] = {}
        self.is_calm = False
        """Whether nothing has changed on any page since the look before the last."""
        self.has_news = False
        """Whether the last look added something to an entry."""

    def before(self, event: Event, entry: Entry | None, *, is_new: bool) -> None:
        """Called when an event was put down: what a page shows now belongs to another entry than before."""
        if isinstance(event, Closed):
            self._conclude_closed(event)
        if entry is None:
            return
        if isinstance(event, Acted) and event.before:
            # The recorder looked at the very moment of the act; what came before it is what the act before it did.
            last = self._last.get(entry.page)
            url = entry.url or (last.url if last else "")
            self._conclude(self._notebook.previous(entry), Snapshot(url, "", event.before))
        elif is_new and not entry.before:
            self._conclude(self._notebook.previous(entry), None)
            is_new_page = isinstance(event, Went) and event.how != "reload"
            last = self._last.get(entry.page)
            entry.before = "" if is_new_page or last is None else last.aria

    def _conclude_closed(self, event: Closed) -> None:
        """Its person may have closed a page sooner than it could be looked at; where it was is known all the same."""
        entry = self._notebook.last_of(event.page)
        _, last = self._looked.get(event.page, (None, None))
        is_elsewhere = bool(event.url) and (last is None or last.url != event.url)
        self._conclude(entry, Snapshot(event.url, "", "") if is_elsewhere else None)

    def _conclude(self, entry: Entry | None, snapshot: Snapshot | None) -> None:
        """Nothing more will be seen of an entry; when it had no calm moment, what was seen last must do."""
        if entry is None or id(entry) in self._seen:
            return
        looked_at, last = self._looked.get(entry.page, (None, None))
        if entry.kind == "input":
            # What shows when the next act begins, its mouse or focus may have brought about already.
            snapshot = None
        snapshot = snapshot or (last if looked_at is entry else None)
        if snapshot is not None:
            view = _view(entry, snapshot)
            # Nobody has tried these on the page itself, so only what cannot be mistaken is taken.
            sure = tuple(target for target in view.appeared if "text" not in target)[:_MOST]
            entry.view = replace(view, appeared=sure)

    async def look(self) -> None:
        """Look once at every page."""
        self.is_calm = True
        self.has_news = False
        for page in {entry.page for entry in self._notebook.entries}:
            await self._look_at(page)

    async def _look_at(self, page: str) -> None:
        entry = self._notebook.last_of(page)
        snapshot = await self._recorder.look(page)
        if entry is None or snapshot is None or entry is not self._notebook.last_of(page):
            self.is_calm = self.is_calm and snapshot is None
            return
        is_calm = self._last.get(page) == snapshot
        self._last[page] = snapshot
        self._looked[page] = (entry, snapshot)
        if not is_calm:
            self.is_calm = False
            return  # Something changes just now; the next look is soon.
        print_of = snapshot.url + entry.before + snapshot.aria
        if self._seen.get(id(entry)) == print_of:
            return
        view = _view(entry, snapshot)
        found: list[Notation] = []
        for target in view.appeared[:_TRIED]:
            if len(found) < _MOST and await self._recorder.finds_one(page, target):
                found.append(target)
        if entry is self._notebook.last_of(page):
            entry.view = View(view.url, view.title, view.navigated, tuple(found))
            self._seen[id(entry)] = print_of
            self.has_news = True


def _view(entry: Entry, snapshot: Snapshot) -> View:
    return View(
        url=snapshot.url,
        title=snapshot.title,
        navigated=entry.went is not None
        or bool(entry.url and entry.url.partition("#")[0] != snapshot.url.partition("#")[0]),
        appeared=appeared(entry.before, snapshot.aria),
    )
