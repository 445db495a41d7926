"""Noise goes: many small acts become the one that a person meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from smokerunner.authoring.act import KEY_DOWN, KEY_UP, Act, View

_MODIFIERS = {"Alt": "Alt", "AltGraph": "Alt", "Control": "Control", "Meta": "Meta", "Shift": "Shift"}
_WRITTEN = ("fill", "select", "check", "uncheck", "upload")


def joined(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts without noise. What was seen after an act that goes is kept with the act before it."""
    kept: list[Act] = []
    for act in _pressed(acts):
        last = kept[-1] if kept else None
        if act.action == "goto" and str(act.value) in ("", "about:blank"):
            continue
        if last is None or last.page != act.page or last.opens is not None:
            if not _is_tab(act):
                kept.append(act)
            continue
        if _is_tab(act) or _is_echo(last, act):
            kept[-1] = _with_view(last, act.view)
        elif _replaces(last, act):
            kept[-1] = replace(act, written=act.written or last.written, targets=act.targets or last.targets)
        elif _only_led_to(last, act):
            kept[-1] = act
            # The click into the field came before the keys that emptied it.
            while (
                len(kept) > 1
                and kept[-2].page == act.page
                and (_only_led_to(kept[-2], act) or _replaces(kept[-2], act))
            ):
                del kept[-2]
        else:
            kept.append(act)
    return tuple(kept)


def _pressed(acts: Iterable[Act]) -> list[Act]:
    """Keys that went down and up are one press; what was held meanwhile makes it a chord."""
    found: list[Act] = []
    held: list[str] = []
    for act in acts:
        if act.action == KEY_UP:
            key = _MODIFIERS.get(str(act.value))
            if key in held:
                held.remove(key)
        elif act.action == KEY_DOWN:
            key = str(act.value)
            if key not in _MODIFIERS:
                found.append(replace(act, action="press", value="+".join([*held, key])))
            elif _MODIFIERS[key] not in held:
                held.append(_MODIFIERS[key])
        else:
            found.append(act)
    return found


def _is_tab(act: Act) -> bool:
    """Tab only moves the focus, and every step names its element itself."""
    return act.action == "press" and act.value in ("Tab", "Shift+Tab")


def _is_typing(act: Act) -> bool:
    """A key that writes, or moves in a list, and whose effect on the field is told by the field."""
    return len(str(act.value)) == 1 or str(act.value) in ("ArrowDown", "ArrowUp", "Home", "End", "PageDown", "PageUp")


def _is_echo(last: Act, act: Act) -> bool:
    """Whether an act is only what the browser made of the one before it."""
    if act.action == "click" and act.beside.get("count") == "0":
        # The browser clicks a button for who pressed a key; where no key is told, the click is all there is.
        return last.action == "press" and last.value in ("Enter", "Space", " ")
    if act.action == "press" and last.action in ("fill", "select") and act.targets[:1] == last.targets[:1]:
        return _is_typing(act)
    if act.action == "goto" and last.action == "goto":
        return bool(act.value == last.value)
    return False


def _replaces(last: Act, act: Act) -> bool:
    """Whether an act says all that the one before it said."""
    if last.action != act.action or last.targets[:1] != act.targets[:1]:
        return False
    if act.action in ("fill", "upload"):
        return True
    if act.action == "select":
        return True
    # A double click is recorded as a click and then as the double click.
    return act.action == "click" and _count(act) == _count(last) + 1


def _count(act: Act) -> int:
    return int(act.beside.get("count", 1))


def _only_led_to(last: Act, act: Act) -> bool:
    """A click that only went into the field, or keys that marked or emptied it, before it is written to."""
    if act.action not in _WRITTEN or not act.targets:
        return False
    if last.targets[:1] != act.targets[:1] and not _is_label_of(last, act):
        return False
    if last.action == "press":
        return act.action in ("fill", "select") and last.value != "Enter"
    return last.action == "click" and not set(last.beside) - {"count"}


def _is_label_of(last: Act, act: Act) -> bool:
    """Whether a click went to the words beside a box, which the browser takes for a click on the box."""
    if last.action != "click" or act.action not in ("check", "uncheck") or not last.targets:
        return False
    words = last.targets[0].get("text")
    return words is not None and words in act.targets[0].values()


def _with_view(act: Act, view: View | None) -> Act:
    if view is None:
        return act
    before = act.view
    if before is None:
        return replace(act, view=view)
    together = View(
        url=view.url or before.url,
        title=view.title or before.title,
        navigated=before.navigated or view.navigated,
        appeared=(*view.appeared, *(target for target in before.appeared if target not in view.appeared)),
    )
    return replace(act, view=together)
