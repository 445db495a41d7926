"""From an entry to the act that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from smokerunner.authoring.act import TODO, Act, Field, Notation
from smokerunner.authoring.appearing import lasting, shows_once
from smokerunner.browser.happenings import Answered, ChosenFile, Noted
from smokerunner.importers.playwright_codegen.actions import acts_of
from smokerunner.importers.playwright_codegen.locators import escape
from smokerunner.model.target import SHORT_ROLES
from smokerunner.recording.entry import Entry

_POSITIONAL = ("css", "xpath")


def recorded(entry: Entry, place_of: Callable[[ChosenFile], str]) -> Act | None:
    """What the recorder told and the page noted, as one act; `place_of` says where an uploaded file is kept."""
    assert entry.line is not None
    act = acts_of(entry.line)
    if act is None:
        return None
    note = entry.note
    if act.action == TODO and entry.line.get("name") == "click" and note is not None and ways_of(note):
        # The recorder found it in a way that no target can say, but the page knows others.
        act = Act("click", page=act.page, original=act.original)
    if act.action == TODO:
        return act
    if entry.line.get("clickCount") == 0:
        # No mouse did it: the browser clicks the button of a form whose field got Enter.
        act = replace(act, beside={**act.beside, "count": "0"})
    if entry.kind == "files":
        names = [place_of(file) for file in note.files] if note is not None else []
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
        ways += ways_of(note, ways[0].get("frame") if ways else None)
    return replace(
        act,
        targets=_ranked(ways),
        written=_field(note) if note is not None and act.action == "fill" else act.written,
    )


def unrecorded(note: Noted) -> Act | None:
    """A click that the recorder could not tell any more, because the page closed with it."""
    targets = _ranked([*filter(None, [_by_words(note)]), *ways_of(note)])
    return Act("click", targets=targets) if targets else None


def masked(note: Noted) -> Notation | None:
    """The best target of an element that no picture may show."""
    return next(iter(ways_of(note)), None) or _by_words(note)


def ways_of(note: Noted, frame: Any = None) -> tuple[Notation, ...]:
    """The ways to an element that the page noted; those in an iframe need the frame's own target."""
    ways: list[dict[str, Any]] = [_escaped(way) for way in note.facts.get("ways", ())]
    if not note.in_frame:
        return tuple(ways)
    return tuple({**way, "frame": frame} for way in ways) if frame is not None else ()


def dialog_of(event: Answered) -> Any:
    """How a native dialog was answered, as it stands beside a step."""
    answer = "accept" if event.accepted else "dismiss"
    says = lasting(event.says)
    if not says and not event.text:
        return answer
    found = {"answer": answer}
    if says:
        found["says"] = says
    if event.text and event.accepted:
        found["text"] = escape(event.text)
    return found


def download_of(name: str) -> Any:
    """What will be true of a download the next time, too."""
    steady = lasting(name)
    return (
        {"name": name if steady == name else PurePath(name).suffix} if steady == name or PurePath(name).suffix else True
    )


def _escaped(way: Mapping[str, Any]) -> dict[str, Any]:
    """A way that the page told, in which nothing is a reference."""
    return {
        key: {how: escape(str(text)) for how, text in value.items()} if isinstance(value, Mapping) else escape(value)
        for key, value in way.items()
    }


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
    return escape(str(option["seen"])) if option.get("seen") else {"value": escape(str(option.get("value", "")))}


def _by_words(note: Noted) -> Notation | None:
    words, tag = str(note.facts.get("words", "")), note.facts.get("tag")
    role = {"button": "button", "a": "link"}.get(str(tag), "text")
    return {role: escape(words)} if words else None


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
