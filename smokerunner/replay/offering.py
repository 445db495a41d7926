"""What stands on the page instead of a target that was not found: elements of the same role, the likest first."""

from __future__ import annotations

import difflib
from collections.abc import AsyncIterator, Iterable, Mapping

from smokerunner.authoring.aria import Node, read
from smokerunner.browser.looks import SOON
from smokerunner.browser.tab import Tab
from smokerunner.model.matcher import Matcher
from smokerunner.model.record import record
from smokerunner.model.target import SHORT_ROLES, Target
from smokerunner.model.template import Template
from smokerunner.replay.companion import Moment, Place, targets_in

MOST = 9
"""Candidates that are offered: each has a key of its own."""
_EDITABLE = ("textbox", "searchbox", "spinbutton", "combobox")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "fill": _EDITABLE,
    "type": _EDITABLE,
    "press": _EDITABLE,
    "select": ("combobox", "listbox"),
    "check": ("checkbox", "radio", "switch"),
    "uncheck": ("checkbox", "switch"),
    "upload": ("button",),
}
"""The roles that a field found by its label can have, by what is done with it."""
_ALIKE = 0.6
"""From this likeness on, of 1, two names are taken for one that was changed a little."""
_EVERYWHERE = ("banner", "navigation", "contentinfo")
_APART = ("hidden", "count", "when", "mask")
"""What stands under these keys need not be there."""


@record
class Missing:
    """The target that was not found, as written, its place in the step, and what could be meant instead."""

    place: Place
    target: Target
    candidates: tuple[Target, ...]


async def missing(moment: Moment) -> Missing | None:
    """The first target of a failed step that finds no single element now; None when all of them do."""
    if moment.rendered is None:
        return None
    written = dict(targets_in(moment.step))
    for place, target in targets_in(moment.rendered):
        if set(place) & set(_APART):
            continue
        found = await _absent(moment.tab, target, place, written[place])
        if found is not None:
            at, sought, original = found
            offered = [item async for item in _candidates(moment, sought, original)]
            return Missing(at, original, tuple(offered))
    return None


async def _absent(tab: Tab, target: Target, place: Place, written: Target) -> tuple[Place, Target, Target] | None:
    """The target, or the one around it, that is not there: its place, and how it is rendered and written."""
    for key in ("frame", "within"):
        outer, original = getattr(target, key), getattr(written, key)
        if outer is not None:
            found = await _absent(tab, outer, (*place, key), original)
            if found is not None:
                return found
    return (place, target, written) if await tab.count(target.alone) != 1 else None


async def _candidates(moment: Moment, target: Target, written: Target) -> AsyncIterator[Target]:
    """Targets of the same role that find exactly one visible element, the likest first."""
    tab, root = moment.tab, moment.tab.raw.locator("body")
    if target.within is not None:
        root = tab.locate(target.within)
    elif target.frame is not None:
        root = tab.locate(target.frame).content_frame.locator("body")
    names = ranked(target, read(await root.aria_snapshot(timeout=SOON * 5)), moment.step.action)
    number = 0
    for name in names:
        # A part is what people write; where it fits several, only the whole name will do.
        for key in ("part", "is"):
            made = _renamed(target, key, name)
            if await tab.count(made) == 1 and await tab.is_visible(made):
                yield _renamed(written, key, name)
                number += 1
                break
        if number == MOST:
            return


def ranked(target: Target, nodes: Iterable[Node], action: str) -> tuple[str, ...]:
    """The names of elements that have the role of this target, the likest first; none when its role is unknown.

    Where no name is alike, what belongs to this page comes before what stands in the head of every page.
    """
    wanted, sought = roles(target, action), _name(target)
    order: dict[str, tuple[bool, bool, float]] = {}
    for node in nodes:
        if node.role in wanted and node.name:
            likeness = difflib.SequenceMatcher(None, sought.casefold(), node.name.casefold()).ratio()
            order.setdefault(node.name, (likeness < _ALIKE, bool(set(node.within) & set(_EVERYWHERE)), -likeness))
    return tuple(sorted(order, key=lambda name: order[name]))


def roles(target: Target, action: str) -> tuple[str, ...]:
    """The roles that the element can have, as far as the target and what is done with it tell."""
    if target.role is not None:
        return (str(target.role),)
    if target.finder in SHORT_ROLES:
        return (target.finder,)
    return _FIELDS.get(action, ()) if target.finder == "label" else ()


def _name(target: Target) -> str:
    matcher = target.name if target.role is not None else target.finds
    return matcher.text if isinstance(matcher, Matcher) else ""


def _renamed(target: Target, key: str, name: str) -> Target:
    """The same target with another name; what it is narrowed by stays, but not what it was narrowed to."""
    text = Template(name.replace("${", "$${"))
    matcher = Matcher.model_validate(text if key == "part" else {"is": text})
    field = "name" if target.role is not None else target.finder
    return target.model_copy(update={field: matcher, "fallbacks": ()})
