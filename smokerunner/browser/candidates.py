"""What may be meant by a target that matches nothing: the nearest elements, each with a target that finds it alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from smokerunner.model.matcher import Matcher
from smokerunner.model.observation import Candidate
from smokerunner.model.record import record
from smokerunner.model.target import SHORT_ROLES, Target

if TYPE_CHECKING:
    from smokerunner.browser.looks import Looks

_SHOWN, _LOOKED_AT, _LEAST_OF_TEXT, _LONGEST = 5, 10, 0.6, 80
_LINE = re.compile(r"""^\s*- '?([a-z]+)(?: ("(?:[^"\\]|\\.)*"))?[^:]*:?\s?(.*)$""")
_FIELDS = ("textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "slider", "switch", "listbox")
_USED = (*_FIELDS, "button", "link", "tab", "menuitem", "option")
_ATTRIBUTES = {"test_id": "data-testid", "placeholder": "placeholder", "alt": "alt", "title": "title"}
# What its makers call an element: words of its attributes, and whether it is the one that sends a form of the page.
_SIGNS = """e => ({
    words: ['id', 'name', 'class', 'data-testid', 'data-test', 'value', 'href', 'formaction', 'for', 'title', 'type',
            'autocomplete'].map(name => e.getAttribute(name) || '').join(' ').slice(0, 400),
    sends: !!e.form && e.type === 'submit' && !e.closest('nav, header, footer, [role=navigation], [role=search]')
        && [...e.form.elements].some(field => field.type !== 'hidden' && field.type !== 'submit'),
})"""
_OPPOSITES = (
    {"in", "out"}, {"login", "logout"}, {"add", "remove"}, {"add", "delete"}, {"enable", "disable"}, {"show", "hide"},
    {"open", "close"}, {"accept", "reject"}, {"accept", "decline"}, {"next", "previous"}, {"next", "back"},
    {"yes", "no"}, {"start", "stop"}, {"save", "cancel"}, {"save", "delete"}, {"up", "down"}, {"first", "last"},
    {"send", "cancel"}, {"confirm", "cancel"}, {"edit", "delete"}, {"create", "delete"}, {"new", "old"},
)  # fmt: skip


@record
class _Entry:
    """An element of the accessibility tree."""

    role: str
    name: str
    text: str


async def nearest(page: Looks, target: Target, aria: str) -> tuple[Candidate, ...]:
    """The elements that come nearest, best first. `aria` is the snapshot of where the target is looked for."""
    wanted = wanted_text(target)
    if not wanted:
        return ()
    entries = list(dict.fromkeys(_entries(aria)))
    finder = str(target.role or "") if target.finder == "role" else target.finder
    if finder in _ATTRIBUTES:
        found = await _by_attribute(page, target, wanted, _ATTRIBUTES[finder])
    elif finder == "text":
        found = await _by_text(page, target, wanted, entries)
    elif finder in ("css", "xpath"):
        return ()
    else:
        found = await _by_role(page, target, wanted, entries, _FIELDS if finder == "label" else (finder,))
    return tuple(sorted(found, key=lambda one: -one.likeness)[:_SHOWN])


def wanted_text(target: Target) -> str:
    """The words by which the target is looked for."""
    matcher = target.name if target.finder == "role" else target.finds
    if matcher is None:
        return ""
    text = matcher.text if isinstance(matcher, Matcher) else str(matcher)
    if isinstance(matcher, Matcher) and matcher.matches is not None:
        text = re.sub(r"\\[a-zA-Z]|[\^$.*+?()\[\]{}|\\]", " ", text)
    return " ".join(text.split())


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; opposites such as in and out are not alike."""
    left, right = _plain(one), _plain(other)
    if not left or not right:
        return 0.0
    if left.replace(" ", "") == right.replace(" ", ""):
        return 1.0
    words, others = set(left.split()), set(right.split())
    only, missing = words - others, others - words
    if any(len(pair & only) == 1 and len(pair & missing) == 1 for pair in _OPPOSITES):
        return 0.1
    if words <= others or others <= words:
        return 0.8
    return round(max(SequenceMatcher(None, left, right).ratio(), len(words & others) / len(words | others)), 2)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.replace("-", "").replace("_", " ").casefold()).split())


def _entries(aria: str) -> Iterator[_Entry]:
    for line in aria.splitlines():
        found = _LINE.match(line)
        if found is None or found[1] == "text":
            text = line.partition("- text:")[2].strip() if found else ""
            if text:
                yield _Entry("text", "", text)
            continue
        quoted = (found[2] or '""').replace("''", "'") if line.lstrip().startswith("- '") else (found[2] or '""')
        text = found[3].strip().strip("'\"")
        yield _Entry(found[1], str(json.loads(quoted)), "" if found[1] in _FIELDS else text)


async def _by_role(
    page: Looks, target: Target, wanted: str, entries: Sequence[_Entry], roles: Sequence[str]
) -> list[Candidate]:
    same = [entry for entry in entries if entry.role in roles and 0 < len(entry.name or entry.text) <= _LONGEST]
    same.sort(key=lambda entry: -likeness(entry.name or entry.text, wanted))
    used = roles[0] in _USED
    others = [e for e in entries if e.role not in roles and (e.role in _USED) == used and likeness(e.name, wanted) == 1]
    found: list[Candidate] = []
    senders: list[int] = []
    for entry in (*others[:2], *same[:_LOOKED_AT]):
        kind = "label" if target.finder == "label" and entry.role in _FIELDS else entry.role
        ready = await _ready(page, target, kind, entry.name)
        if ready is None:
            continue
        near = likeness(entry.name or entry.text, wanted) * (0.9 if entry.role not in roles else 1)
        if used:
            signs = await page.locate(Target.model_validate(ready)).evaluate(_SIGNS, timeout=500)
            near = max(near, _by_signs(str(signs["words"]), wanted))
            if signs["sends"]:
                senders.append(len(found))
        words = f'{entry.role} "{entry.name or entry.text}"'
        found.append(Candidate(words=words, target=ready, role=entry.role, name=entry.name, likeness=near))
    if len(senders) == 1 and roles == ("button",) and found[senders[0]].likeness < 0.6:
        # The one button that sends the form: when a button is missing there, it is probably this one.
        found[senders[0]] = found[senders[0]].model_copy(update={"likeness": 0.6})
    return found


def _by_signs(attributes: str, wanted: str) -> float:
    """How surely an element is meant whose makers call it so: `place-order` for “Place order”."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", attributes)
    have = set(re.split(r"[^a-z0-9]+", apart.casefold()))
    words = set(_plain(wanted).split())
    return 0.9 if words and words <= have else 0.0


async def _by_text(page: Looks, target: Target, wanted: str, entries: Sequence[_Entry]) -> list[Candidate]:
    texts = dict.fromkeys(text for entry in entries for text in (entry.name, entry.text) if 0 < len(text) <= 200)
    near = sorted(((likeness(text, wanted), text) for text in texts), reverse=True)[:_SHOWN]
    found = []
    for value, text in near:
        if value < _LEAST_OF_TEXT:
            break
        ready = await _ready(page, target, "text", text)
        if ready is not None:
            found.append(Candidate(words=f'"{text}"', target=ready, name=text, likeness=value))
    return found


async def _by_attribute(page: Looks, target: Target, wanted: str, attribute: str) -> list[Candidate]:
    script = "(all, name) => all.slice(0, 300).map(e => e.getAttribute(name) || '')"
    around = Target.model_validate({"css": f"[{attribute}]"}).model_copy(update=_where(target))
    values = dict.fromkeys(value for value in await page.names(around, script, attribute) if 0 < len(value) <= _LONGEST)
    near = sorted(((likeness(value, wanted), value) for value in values), reverse=True)[:_SHOWN]
    found = []
    for value, text in near:
        ready = await _ready(page, target, target.finder, text)
        if ready is not None:
            words = f'{target.finder.replace("_", " ")} "{text}"'
            found.append(Candidate(words=words, target=ready, name=text, likeness=value))
    return found


def _where(target: Target) -> dict[str, Target | None]:
    return {"within": target.within, "frame": target.frame}


async def _ready(page: Looks, target: Target, kind: str, name: str) -> dict[str, object] | None:
    """A target, as it is written in a flow file, that finds exactly one element; None when there is none."""
    where = {key: written(outer) for key, outer in _where(target).items() if outer is not None}
    text = name.replace("${", "$${")
    matchers: tuple[Any, ...] = (text, {"is": text}) if text else ("",)
    for matcher in matchers:
        if kind in SHORT_ROLES or kind in ("label", "text", *_ATTRIBUTES):
            tried: dict[str, object] = {kind: matcher, **where}
        else:
            tried = {"role": kind, **({"name": matcher} if text else {}), **where}
        if await page.count(Target.model_validate(tried)) == 1:
            return tried
    return None


def written(target: Target) -> dict[str, object]:
    """A target as it stands in a flow file."""
    return target.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
