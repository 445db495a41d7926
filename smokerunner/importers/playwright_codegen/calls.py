"""One call of a script, such as `page.getByRole('button').click()`, turned into an action line or an act."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from smokerunner.authoring.act import Act, Notation
from smokerunner.importers.playwright_codegen.actions import Line, Understood, element_of, field_of
from smokerunner.importers.playwright_codegen.expressions import Chain, Link, NotUnderstood
from smokerunner.importers.playwright_codegen.locators import escape, matcher_of, notation_of
from smokerunner.importers.playwright_codegen.selectors import Expression, Inexpressible, Piece, pieces_of

_BY = {
    "getByText": "text",
    "getByLabel": "label",
    "getByPlaceholder": "placeholder",
    "getByAltText": "alt",
    "getByTitle": "title",
    "getByTestId": "test-id",
}
_FILTERS = {"hasText": "has-text", "hasNotText": "has-not-text", "has": "has", "hasNot": "hasNot", "visible": "visible"}
_BITS = {"Alt": 1, "Control": 2, "ControlOrMeta": 2, "Meta": 4, "Shift": 8}
HARMLESS = ("timeout", "noWaitAfter", "force", "strict", "steps", "trial", "waitUntil", "delay", "scroll")
"""Options that say how, not what."""


def split(link: Link) -> tuple[list[Any], dict[str, Any]]:
    """The arguments and the options of a call; options are a mapping that stands last."""
    if link.args and isinstance(link.args[-1], Mapping):
        return list(link.args[:-1]), dict(link.args[-1])
    return list(link.args), {}


def pieces_in(links: Iterable[Link]) -> tuple[Piece, ...]:
    """The pieces of a locator's chain; raises Inexpressible or NotUnderstood."""
    return tuple(piece for link in links for piece in _pieces(link))


def _pieces(link: Link) -> Iterable[Piece]:
    args, options = split(link)
    if link.name in _BY:
        yield Piece(_BY[link.name], _text(_only(args)), options.get("exact") is True)
    elif link.name == "getByRole":
        given = {key: _text(value) for key, value in options.items() if key != "exact"}
        yield Piece("role", _text(_only(args)), options.get("exact") is True, given)
    elif link.name in ("locator", "frameLocator"):
        inner = _only(args)
        yield from pieces_in(inner.links) if isinstance(inner, Chain) else pieces_of(str(_text(inner)))
        if link.name == "frameLocator":
            yield Piece("frame")
        yield from _filters(options)
    elif link.name == "filter":
        yield from _filters(options)
    elif link.name == "contentFrame":
        yield Piece("frame")
    elif link.name in ("first", "last", "nth"):
        yield Piece("nth", {"first": 0, "last": -1}.get(link.name) if link.name != "nth" else int(_only(args)))
    elif link.name in ("and", "or", "visible"):
        yield Piece(link.name)
    else:
        raise NotUnderstood


def _filters(options: Mapping[str, Any]) -> Iterable[Piece]:
    for key, value in options.items():
        if key not in _FILTERS:
            raise NotUnderstood
        is_inner = key in ("has", "hasNot") and isinstance(value, Chain)
        yield Piece(_FILTERS[key], pieces_in(value.links) if is_inner else _text(value))


def _only(args: list[Any]) -> Any:
    if len(args) != 1:
        raise NotUnderstood
    return args[0]


def _text(value: Any) -> Any:
    """A literal; a variable of the script is not known here."""
    if isinstance(value, str | int | float | bool | Expression):
        return value
    raise NotUnderstood


def line_of(chain: Chain) -> Line | None:
    """The line that Playwright's recorder would have written for this call; None when it has no such action."""
    *before, last = chain.links
    args, options = split(last)
    made: dict[str, Any] = {}
    if before and before[0].name == "keyboard":
        return None
    if last.name == "goto" and not before:
        return {"name": "navigate", "url": _text(_only(args))}
    if last.name in ("click", "dblclick"):
        bits = sum(_BITS[name] for name in options.get("modifiers", ()))
        made = {
            "name": "click",
            "button": options.get("button", "left"),
            "modifiers": bits,
            "clickCount": 2 if last.name == "dblclick" else options.get("clickCount", 1),
            "position": options.get("position"),
        }
    elif last.name == "hover":
        made = {"name": "hover", "position": options.get("position")}
    elif last.name in ("check", "uncheck"):
        made = {"name": last.name}
    elif last.name == "setChecked":
        made = {"name": "check" if _only(args) is True else "uncheck"}
    elif last.name == "fill":
        made = {"name": "fill", "text": _text(_only(args))}
    elif last.name == "clear":
        made = {"name": "fill", "text": ""}
    elif last.name == "press":
        made = {"name": "press", "key": _text(_only(args))}
    elif last.name == "selectOption":
        made = {"name": "select", "options": _options(args, options)}
    elif last.name == "setInputFiles":
        made = {"name": "setInputFiles", "files": [_text(name) for name in _list(_only(args))]}
    else:
        return None
    return {**made, "pieces": pieces_in(before)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _options(args: list[Any], options: Mapping[str, Any]) -> list[Any]:
    """Values as they are; a label as our `with` has it."""
    found: list[Any] = []
    given = [item for argument in args for item in _list(argument)]
    given += [{key: item} for key in ("value", "label") for item in _list(options.get(key, []))]
    for item in given:
        if isinstance(item, Mapping) and set(item) == {"label"}:
            found.append({"is": escape(str(_text(item["label"])))})
        elif isinstance(item, Mapping) and set(item) == {"value"}:
            found.append(str(_text(item["value"])))
        else:
            found.append(str(_text(item)))
    if "index" in options or not found:
        raise NotUnderstood
    return found


def understand_call(chain: Chain) -> Understood | None:
    """The act of a call that people add by hand, which the recorder has no action for; None when it is none."""
    *before, last = chain.links
    args, options = split(last)
    if not before:
        return _of_page(last.name, args)
    if before[0].name == "keyboard" and last.name in ("press", "type") and len(before) == 1:
        return Understood(Act(last.name, value=escape(str(_text(_only(args))))))
    if last.name in ("pressSequentially", "type"):
        target = notation_of(pieces_in(before))
        return Understood(Act("type", (target,), value=escape(str(_text(_only(args)))), written=field_of(target)))
    if last.name == "dragTo":
        to = _only(args)
        if not isinstance(to, Chain):
            raise NotUnderstood
        return Understood(
            Act("drag", (notation_of(pieces_in(before)),), beside={"to": notation_of(pieces_in(to.links))})
        )
    if last.name == "scrollIntoViewIfNeeded":
        return Understood(Act("scroll", (notation_of(pieces_in(before)),)))
    if last.name == "waitFor":
        state = options.get("state", "visible")
        fact = {"visible": "visible", "attached": "visible", "hidden": "hidden", "detached": "hidden"}.get(state)
        return None if fact is None else Understood(Act("expect", value={fact: notation_of(pieces_in(before))}))
    return None


def _of_page(name: str, args: list[Any]) -> Understood | None:
    if name in ("goBack", "reload"):
        return Understood(Act({"goBack": "back"}.get(name, name), value=True))
    if name == "waitForTimeout":
        return Understood(Act("pause", value=f"{_text(_only(args))}ms"))
    if name == "waitForURL":
        return Understood(Act("expect", value={"url": _url(_only(args))}))
    return None


def _url(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("**/"):
        return escape(value[2:])
    return matcher_of(value, False) if isinstance(value, Expression) else escape(str(_text(value)))


_STATES: dict[str, Callable[[Notation, bool], Notation]] = {
    "toBeVisible": lambda of, holds: {"visible" if holds else "hidden": of},
    "toBeHidden": lambda of, holds: {"hidden" if holds else "visible": of},
    "toBeChecked": lambda of, holds: {"checked": of if holds else {"of": of, "is": False}},
    "toBeEnabled": lambda of, holds: {"enabled": of if holds else {"of": of, "is": False}},
    "toBeDisabled": lambda of, holds: {"enabled": {"of": of, "is": False} if holds else of},
    "toBeFocused": lambda of, _: {"focused": of},
    "toBeEmpty": lambda of, _: {"value": {"of": of, "reads": {"is": ""}}},
}
EXPECTATIONS = (
    *_STATES,
    "toContainText", "toHaveText", "toHaveValue", "toHaveCount", "toMatchAriaSnapshot", "toHaveURL", "toHaveTitle",
)  # fmt: skip
"""The assertions that are mapped, as JavaScript spells them."""


def understand_expectation(subject: Chain, links: tuple[Link, ...]) -> Understood | None:
    """The act of `expect(subject).links`; None when it is not known. Raises Inexpressible or NotUnderstood."""
    negated = bool(links) and links[0].name == "not"
    *rest, last = links[1:] if negated else links
    if rest or last.name not in EXPECTATIONS:
        return None
    args, _ = split(last)
    if negated and (last.name not in _STATES or last.name in ("toBeFocused", "toBeEmpty")):
        raise Inexpressible("its opposite")
    if last.name in _STATES:
        of = element_of({"pieces": pieces_in(subject.links)})
        return Understood(Act("expect", value=_STATES[last.name](of, negated is False)))
    wanted = _only(args)
    if last.name == "toHaveURL":
        return Understood(Act("expect", value={"url": _url(wanted)}))
    if last.name == "toHaveTitle":
        return Understood(Act("expect", value={"title": matcher_of(_text(wanted), True)}))
    of = element_of({"pieces": pieces_in(subject.links)})
    if last.name == "toHaveCount":
        return Understood(Act("expect", value={"count": {"of": of, "is": wanted}}))
    if last.name == "toMatchAriaSnapshot":
        snapshot = escape(textwrap.dedent(str(_text(wanted)).strip("\n")).rstrip())
        return Understood(
            Act("expect", value={"aria": snapshot if of == {"css": "body"} else {"of": of, "snapshot": snapshot}})
        )
    fact = "value" if last.name == "toHaveValue" else "text_of"
    reads = matcher_of(_text(wanted), exact=last.name != "toContainText")
    return Understood(Act("expect", value={fact: {"of": of, "reads": reads}}))
