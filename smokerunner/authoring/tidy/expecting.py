"""After what changed the page, an expectation says what really appeared: only so can a flow fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from smokerunner.authoring.act import Act, Notation, View
from smokerunner.authoring.tidy.addresses import Addresses

_WRITES = ("fill", "select", "check", "uncheck")
_CONTROLS = frozenset({"link", "button", "img", "tab", "menuitem"})
_MOST = 2
"""Elements in one expectation; more would only break more often."""


def with_expectations(acts: Iterable[Act], addresses: Addresses) -> tuple[Act, ...]:
    """The same acts, each followed by what was seen after it; a reload that showed something new is repeated."""
    acts = tuple(acts)
    found: list[Act] = []
    typed: list[str] = []
    for index, act in enumerate(acts):
        following = acts[index + 1] if index + 1 < len(acts) else None
        if act.action == "reload":
            _add_reload(found, act)
            continue
        if act.action == "expect" and act.value is not None and found and found[-1].action == "reload":
            # Whoever reloads and then says what must be there, waits for it.
            found[-1] = _repeated(found[-1], act.value)
            continue
        if act.action == "expect" and act.value is None:
            # A page that opened: what it shows is all that can be said of it.
            found.append(replace(act, value=_facts(act, addresses, (), is_last=True) or {"url": "**"}))
            continue
        found.append(act)
        said = _said(following) if following is not None and following.page == act.page else ()
        if act.action in _WRITES:
            said = (*said, *_echoes(act, typed))
            typed.append(str(act.beside.get("with", "")))
        facts = _facts(act, addresses, said, is_last=following is None)
        if facts:
            found.append(Act("expect", value=facts, page=act.opens if act.opens is not None else act.page))
    return tuple(found)


def _facts(act: Act, addresses: Addresses, said: tuple[Any, ...], *, is_last: bool) -> dict[str, Any]:
    view = act.view
    if act.opens is not None or (act.action == "expect" and act.value is not None):
        return {}
    facts: dict[str, Any] = {}
    if view is not None:
        # An address that changes while one types is the page's own affair: a search as you type, an autosave.
        if view.navigated and view.url and act.action != "fill" and addresses.is_own(view.url):
            pattern = addresses.pattern(view.url)
            if act.action != "goto" or not _same_page(pattern, addresses.path(str(act.value))):
                facts["url"] = pattern
        appeared = [target for target in view.appeared if target not in said][:_MOST]
        if act.action == "fill" and not is_last:
            # Links and buttons that come while one writes come from saving by itself, at some moment of its own.
            appeared = [target for target in appeared if not set(target) & _CONTROLS]
        if act.action in _WRITES:
            appeared = appeared[:1]
        if appeared:
            facts["visible"] = appeared if len(appeared) > 1 else appeared[0]
    if is_last and not facts and not said:
        facts = _written(act) or ({"url": addresses.pattern(view.url)} if view and addresses.is_own(view.url) else {})
    return facts


def _written(act: Act) -> dict[str, Any]:
    """What a field must hold after it was written to, when nothing else changed."""
    if not act.targets:
        return {}
    target = dict(act.targets[0])
    if act.action == "check":
        return {"checked": target}
    if act.action == "uncheck":
        return {"checked": {"of": target, "is": False}}
    text = act.beside.get("with")
    if act.action == "fill" and isinstance(text, str) and text and "${secrets." not in text:
        return {"value": {"of": target, "reads": {"is": text}}}
    return {}


def _echoes(act: Act, typed: Iterable[str]) -> tuple[Notation, ...]:
    """What appeared while something else is written, and only repeats what was written before.

    A page that saves by itself shows a new title in its headline at some later moment, which is another every time.
    """
    earlier = {" ".join(text.split()).casefold() for text in typed if text}
    appeared = act.view.appeared if act.view is not None else ()
    return tuple(target for target in appeared if any(str(value).casefold() in earlier for value in target.values()))


def _same_page(pattern: str, gone_to: str) -> bool:
    return bool(gone_to) and pattern.partition("?")[0] == gone_to.partition("?")[0].partition("#")[0]


def _said(act: Act) -> tuple[Notation, ...]:
    """The targets that a person pointed at themselves."""
    if act.action != "expect" or not isinstance(act.value, Mapping):
        return ()
    visible = act.value.get("visible", ())
    return (visible,) if isinstance(visible, Mapping) else tuple(visible)


def _add_reload(found: list[Act], act: Act) -> None:
    """Who reloads waits for something: when it came, the reloads before it are one `repeat … until`."""
    view = act.view or View()
    while found and found[-1].action == "reload":
        found.pop()
    if view.appeared:
        found.append(
            _repeated(act, {"visible": list(view.appeared[:_MOST]) if view.appeared[1:] else view.appeared[0]})
        )
    else:
        found.append(act)


def _repeated(reload: Act, facts: Mapping[str, Any]) -> Act:
    return replace(reload, action="repeat", value={"reload": True}, beside={"until": dict(facts), "every": "1s"})
