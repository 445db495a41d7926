"""Maestro's selectors, as targets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from smokerunner.authoring.act import Notation
from smokerunner.importers.importer import MOST_FALLBACKS
from smokerunner.importers.maestro.command import spell

Purpose = Literal["tap", "write", "see", "inside"]
Value = Callable[[str], str]
"""Makes our text of one in which `${…}` may stand."""

PASSWORD = re.compile(r"passw|passphrase|secret|token|api_?key|\bpin\b", re.IGNORECASE)
_NEAR = ("below", "above", "leftOf", "rightOf")
_STATES = ("enabled", "checked", "focused")
_LEFT = ("traits", "width", "height", "tolerance", "selected", "point")
_KEYS = ("text", "id", "css", "index", "childOf", "containsChild", "containsDescendants", *_NEAR, *_STATES, *_LEFT)
_ID_ATTRIBUTES = ("id", "data-testid", "aria-label", "name", "title")
_REFERENCE = re.compile(r"\$\{[^}]*\}")
_ESCAPED = re.compile(r"\\([^\w\s])")
# What a person hardly writes unless a regular expression is meant; `?`, `.` and brackets alone stand in texts, too.
_EXPRESSION = re.compile(
    r"\.[*+?]|\\[a-zA-Z]|\[[^\]]+\][*+?{]|\[[^\]]*[-^\\][^\]]*\]|\([^)]*\|[^)]*\)|\S\|\S|^\^|\$$|[\w)\]][*+]|\(\?|\{\d"
)
_AROUND = re.compile(r"^\^?(\.\*)*|(\.\*)*(?<!\\)\$?$")
_PREFIX = re.compile(r"([\w-]+)(?:\.[*+]|\\d\+?)")


class Refused(Exception):
    """A command that cannot be said in a flow, and why."""


@dataclass(frozen=True)
class Selected:
    """An element: its targets, the best first, what must be true of it, and what was left out."""

    targets: tuple[Notation, ...]
    states: Mapping[str, bool] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def joined(self) -> dict[str, Any]:
        """One target, the others as its fallbacks."""
        first, *rest = self.targets
        return {**first, "fallbacks": [dict(target) for target in rest[:MOST_FALLBACKS]]} if rest else dict(first)


def take(body: dict[str, Any]) -> dict[str, Any]:
    """The selector's own keys, taken out of a command's body."""
    return {key: body.pop(key) for key in _KEYS if key in body}


def select(selector: Any, value: Value, purpose: Purpose) -> Selected:
    """The element that a selector means. Raises Refused when it cannot be named here."""
    if not isinstance(selector, str | dict):
        raise Refused("an element is named by a text or a mapping")
    keys: dict[str, Any] = {"text": selector} if isinstance(selector, str) else dict(selector)
    targets = _finders(keys, value, purpose)
    if not targets:
        told = ", ".join(keys) or "nothing"
        raise Refused(f"an element is not found by {told} here; name it by what a person sees")
    narrowed: dict[str, Any] = {}
    left = [f"{key}: {keys[key]}" for key in (*_NEAR, *_LEFT) if key in keys]
    if "index" in keys:
        narrowed["nth"] = _position(str(keys["index"]))
    if "childOf" in keys:
        narrowed["within"] = dict(select(keys["childOf"], value, "inside").targets[0])
    inner = [keys[key] for key in ("containsChild", "containsDescendants") if key in keys]
    inside = [item for one in inner for item in (one if isinstance(one, list) else [one])]
    if inside:
        narrowed["has"] = dict(select(inside[0], value, "inside").targets[0])
    if "text" in keys and ("css" in keys or "id" in keys):
        narrowed["has_text"] = _anywhere(matcher(str(keys["text"]), value))
    for item in inside[1:]:
        text = item if isinstance(item, str) else item.get("text") if list(item) == ["text"] else None
        if text is None or "has_text" in narrowed:
            left.append(f"containing {spell(item)}")
        else:
            narrowed["has_text"] = _anywhere(matcher(str(text), value))
    states = {key: str(keys[key]).lower() == "true" for key in _STATES if key in keys}
    return Selected(tuple({**target, **narrowed} for target in targets), states, tuple(left))


def _finders(keys: Mapping[str, Any], value: Value, purpose: Purpose) -> tuple[dict[str, Any], ...]:
    if "css" in keys:
        return ({"css": value(str(keys["css"]))},)
    if "id" in keys:
        ids = _by_id(str(keys["id"]), value)
        # What stands inside another target has no fallbacks.
        return (
            ({"css": ", ".join(target["css"] for target in ids)},)
            if purpose == "inside"
            else tuple(map(_ours, ids[:3]))
        )
    if "text" not in keys:
        return ()
    text = str(keys["text"])
    found = matcher(text, value)
    if purpose in ("see", "inside"):
        return ({"text": found},)
    if purpose == "tap":
        return {"text": found}, {"button": found}
    # A text field's role finds it by its label, its aria-label and its placeholder; a password field has none.
    by_role = () if PASSWORD.search(text) else ({"textbox": found},)
    return (*by_role, {"label": found}, {"placeholder": found}, {"text": found})


def _by_id(text: str, value: Value) -> tuple[dict[str, Any], ...]:
    """On the web Maestro's id is the element's id, or else its aria-label, name, title or data-testid."""
    if _EXPRESSION.search(_ESCAPED.sub("", _REFERENCE.sub("", text))):
        begins = _PREFIX.fullmatch(text)
        if begins is None:
            raise Refused("an id is found by its whole text here, not by a regular expression")
        return tuple({"css": f'[{name}^="{begins[1]}"]'} for name in _ID_ATTRIBUTES)
    plain = _ESCAPED.sub(r"\1", value(text))
    first = f"#{plain}" if re.fullmatch(r"[A-Za-z_][\w-]*", plain) else f'[id="{plain}"]'
    return {"css": first}, *({"css": f'[{name}="{plain}"]'} for name in _ID_ATTRIBUTES[1:])


def _ours(target: dict[str, Any]) -> dict[str, Any]:
    """An attribute that has a finder of its own."""
    for attribute, finder in (("data-testid", "test_id"), ("aria-label", "label")):
        if found := re.fullmatch(rf'\[{attribute}="(.*)"\]', target["css"]):
            return {finder: found[1] if finder == "test_id" else {"is": found[1]}}
    return target


def matcher(text: str, value: Value) -> Any:
    """Maestro compares the whole text, or a regular expression with all of it, case ignored."""
    bare = _ESCAPED.sub("", _REFERENCE.sub("", text))
    if not _EXPRESSION.search(bare) or not _compiles(text):
        return {"is": value(_ESCAPED.sub(r"\1", text))}
    # A part is what our own plain texts mean.
    inner = _AROUND.sub("", text)
    begins, ends = not text.startswith((".*", "^.*")), not text.endswith((".*", ".*$"))
    if not begins and not ends and inner.strip() and not re.search(r"[\\^$.|?*+()\[\]{}]", _REFERENCE.sub("", inner)):
        return value(inner.strip())
    if "|" in re.sub(r"\([^)]*\)", "", inner):
        inner = f"(?:{inner})"
    return {"matches": f"(?i){'^' if begins else ''}{value(inner)}{'$' if ends else ''}"}


def _anywhere(found: Any) -> Any:
    """The same text as a part of a longer one."""
    if isinstance(found, str):
        return found
    return found["is"] if "is" in found else {"matches": re.sub(r"^\(\?i\)\^?(.*?)\$?$", r"(?i)\1", found["matches"])}


def _compiles(text: str) -> bool:
    if re.search(r"[+*?]\+", text):
        # Possessive in Python and Java, nothing at all in a browser; who writes `C++` means it.
        return False
    try:
        re.compile(_REFERENCE.sub("x", text))
    except re.error:
        return False
    return True


def _position(index: str) -> int | str:
    if index == "-1":
        return "last"
    if not index.isdigit():
        raise Refused(f"index {index} is no position here; count from the beginning, or write `nth: last`")
    return int(index) + 1
