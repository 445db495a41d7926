"""What a recorder tells, put in order and made into acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from smokerunner.authoring.act import TODO, Act, Field, Notation, View
from smokerunner.authoring.appearing import lasting, shows_once
from smokerunner.browser.recorder import (
    Acted,
    Answered,
    ChosenFile,
    Closed,
    Downloaded,
    Event,
    Noted,
    Opened,
    Went,
)
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
_OPENED = "opened"
_FAKE_PATH = "C:\\fakepath\\"
_POSITIONAL = ("css", "xpath")
_FAR = 30
"""Entries to look back for the other half of an act."""


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


class Notebook:
    """The entries of one recording, in the order things happened."""

    def __init__(self, upload_folder: str = "") -> None:
        self._upload_folder = upload_folder
        self.entries: list[Entry] = []
        self.masks: list[Notation] = []
        self.files: dict[str, ChosenFile] = {}
        self._growing: Entry | None = None
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
                return self._append(Entry(event.page, went=Went(event.page, _OPENED, "")))
            case Answered():
                return self._beside(event.page, "dialog", _dialog(event))
            case Downloaded():
                return self._beside(event.page, "download", _download(event.name))
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
            act = self._act(entry)
            if act is not None:
                found.append(act)
        return tuple(found)

    def _append(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        return entry

    def _put_before(self, other: Entry | None, entry: Entry) -> Entry:
        place = next((index for index, one in enumerate(self.entries) if one is other), len(self.entries))
        self.entries.insert(place, entry)
        return entry

    def _take_note(self, note: Noted) -> Entry | None:
        if note.kind == "mask":
            way = next(iter(self._ways(note)), None) or _by_words(note)
            if way is not None:
                self.masks.append(way)
            return None
        for entry in self._recent(note.page):
            # The recorder's action came first.
            if entry.note is None and entry.line is not None and entry.kind == note.kind and _fits(entry.line, note):
                entry.note = note
                self._keep_files(note)
                return entry
        last = self.last_of(note.page)
        if last is not None and last.note is not None and last.kind == note.kind and _same(last.note, note):
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
        fitting = [
            entry
            for entry in waiting
            if entry.note is not None and entry.kind == probe.kind and _fits(event.line, entry.note)
        ]
        # Keys and clicks come in their order; into a field it is the latest text that counts.
        if fitting:
            entry = fitting[0] if probe.kind == "input" else fitting[-1]
        else:
            # Its own note has not come, but the recorder keeps its own order: before whatever it has yet to tell of.
            entry = self._put_before(waiting[-1] if waiting else None, probe)
        entry.line = event.line
        entry.before = event.before or entry.before
        self._growing = entry
        return entry

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
            if action == _OPENED:
                return Act("expect", page=page, view=entry.view)
            if action == "forward":
                return Act(TODO, value="forward in the history", page=page, view=entry.view)
            value = entry.went.url if action == "goto" else None
            return Act(action, value=value, page=page, view=entry.view)
        act = self._recorded(entry) if entry.line is not None else self._unrecorded(entry)
        if act is None:
            return None
        return replace(act, page=page, opens=opens, view=entry.view, beside={**act.beside, **entry.beside})

    def _recorded(self, entry: Entry) -> Act | None:
        assert entry.line is not None
        act = acts_of(entry.line)
        if act is None:
            return None
        note = entry.note
        if entry.line.get("clickCount") == 0:
            # No mouse did it: the browser clicks the button of a form whose field got Enter.
            act = replace(act, beside={**act.beside, "count": "0"})
        if entry.kind == "files":
            names = [self._place(file) for file in note.files] if note is not None else []
            act = replace(act, action="upload", value=None, beside={"with": names[0] if len(names) == 1 else names})
        if act.action == "select" and note is not None and note.facts.get("options"):
            chosen = [_option(option) for option in note.facts["options"]]
            act = replace(act, beside={**act.beside, "with": chosen[0] if len(chosen) == 1 else chosen})
        if act.action == "expect":
            return act
        ways: list[Notation] = [_steady(target, entry.before) for target in act.targets]
        if note is not None:
            if ways and "test_id" in ways[0] and (seen := _by_words(note)) and _is_unique(seen, entry.before):
                # What a person sees comes before what only the code knows.
                ways.insert(0, seen)
            ways += self._ways(note, ways[0].get("frame") if ways else None)
        return replace(
            act,
            targets=_ranked(ways),
            written=_field(note) if note is not None and act.action == "fill" else act.written,
        )

    def _unrecorded(self, entry: Entry) -> Act | None:
        """A click that the recorder could not tell any more, because the page closed with it."""
        note = entry.note
        if (
            note is None
            or note.kind != "click"
            or entry.page not in self.closed
            or entry is not self.last_of(entry.page)
        ):
            return None
        targets = _ranked([*filter(None, [_by_words(note)]), *self._ways(note)])
        return Act("click", targets=targets) if targets else None

    def _ways(self, note: Noted, frame: Any = None) -> tuple[Notation, ...]:
        ways: list[dict[str, Any]] = [dict(way) for way in note.facts.get("ways", ())]
        if not note.in_frame:
            return tuple(ways)
        return tuple({**way, "frame": frame} for way in ways) if frame is not None else ()


def _same(one: Noted, other: Noted) -> bool:
    return all(one.facts.get(key) == other.facts.get(key) for key in ("tag", "name", "label", "ways"))


def _fits(line: Mapping[str, Any], note: Noted) -> bool:
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
    seen = " ".join(str(note.facts.get(key, "")) for key in ("words", "label")).casefold()
    return not called or not seen.strip() or called.casefold() in seen or seen.strip() in called.casefold()


def _field(note: Noted) -> Field:
    facts = note.facts
    return Field(
        type=str(facts.get("type", "")),
        name=str(facts.get("name", "")),
        autocomplete=str(facts.get("autocomplete", "")),
        label=str(facts.get("label", "")),
        opens_account=bool(facts.get("opens_account")),
    )


def _option(option: Mapping[str, Any]) -> Any:
    return str(option["seen"]) if option.get("seen") else {"value": str(option.get("value", ""))}


def _by_words(note: Noted) -> Notation | None:
    words, tag = str(note.facts.get("words", "")), note.facts.get("tag")
    role = {"button": "button", "a": "link"}.get(str(tag), "text")
    return {role: words} if words else None


def _is_unique(target: Notation, snapshot: str) -> bool:
    return any(role in target and shows_once(snapshot, role, str(target[role])) for role in ("button", "link"))


def _ranked(targets: Iterable[Notation]) -> tuple[Notation, ...]:
    """What a person could name first, selectors last; a label says nothing new beside the same name."""
    found: list[Notation] = []
    named = ""
    for target in targets:
        text = next((str(value) for key, value in target.items() if key in (*SHORT_ROLES, "name")), "")
        named = named or text.casefold()
        says_the_same = "label" in target and str(target["label"]).casefold() == named
        if target not in found and not says_the_same and not ("css" in target and any("css" in one for one in found)):
            found.append(target)
    return tuple(sorted(found, key=_is_positional))


def _is_positional(target: Notation) -> int:
    return 2 * any(key in target for key in _POSITIONAL) + ("nth" in target)


def _steady(target: Notation, before: str) -> Notation:
    """The target by the part of its name that will be the same tomorrow, if that part is enough to find it."""
    for role in SHORT_ROLES:
        name = target.get(role)
        if isinstance(name, str) and (part := lasting(name)) not in ("", name) and shows_once(before, role, part):
            return {**target, role: part}
    return target


def _dialog(event: Answered) -> Any:
    answer = "accept" if event.accepted else "dismiss"
    says = lasting(event.says)
    if not says and not event.text:
        return answer
    found = {"answer": answer}
    if says:
        found["says"] = says
    if event.text and event.accepted:
        found["text"] = event.text
    return found


def _download(name: str) -> Any:
    steady = lasting(name)
    return (
        {"name": name if steady == name else PurePath(name).suffix} if steady == name or PurePath(name).suffix else True
    )
