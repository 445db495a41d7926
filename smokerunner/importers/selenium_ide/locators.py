"""Selenium IDE's locators turned into targets, and the best of several."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from smokerunner.authoring.act import Field, Notation
from smokerunner.importers.selenium_ide.wording import Unsayable, text

_ROLES = {"button": "button", "a": "link", **{f"h{level}": "heading" for level in range(1, 7)}, "option": "option"}
_SHOWN = r"(?:text\(\)|\.|normalize-space\(\s*(?:text\(\)|\.)?\s*\))"
_TEXT_IS = re.compile(rf"""//([\w*-]+)\[\s*{_SHOWN}\s*=\s*(["'])(.*?)\2\s*\]""")
_TEXT_HAS = re.compile(rf"""//([\w*-]+)\[\s*contains\(\s*{_SHOWN}\s*,\s*(["'])(.*?)\2\s*\)\s*\]""")
_ATTRIBUTE = re.compile(r"""//([\w*-]+)\[\s*@([\w-]+)\s*=\s*(["'])(.*?)\3\s*\]""")
_TEST_ID = re.compile(r"""\*?\[data-testid=(["']?)([^"'\]]+)\1\]""")
_GENERATED = re.compile(r"\d{3,}|[0-9a-f]{8,}|:r\w+:|ember\d|^yui|^gwt")
_MOST = 3


def target_of(locator: str) -> Notation:
    """Our target for one locator; raises Unsayable."""
    strategy, equals, body = locator.partition("=")
    if locator.startswith(("//", "(//")):
        return _xpath(locator)
    if not equals or strategy not in _STRATEGIES or not body.strip():
        raise Unsayable(f"the locator {locator}" if locator else "a locator that is missing")
    return _STRATEGIES[strategy](body.strip())


def targets_of(locator: str, alternatives: Iterable[tuple[str, str]]) -> tuple[Notation, ...]:
    """The targets of a command, the best first.

    A locator that is not among the recorded ones was written by hand, and then the recorded ones are out of date.
    """
    written = [item for item, _ in alternatives]
    chosen = target_of(locator)
    if locator not in written:
        return (chosen,)
    strategies = dict(alternatives)
    found: list[tuple[int, Notation]] = [(_rank(chosen, strategies[locator]), chosen)]
    for other, strategy in alternatives:
        try:
            target = target_of(other)
        except Unsayable:
            continue
        if target not in [known for _, known in found]:
            found.append((_rank(target, strategy), target))
    best = sorted(found, key=lambda item: item[0])
    good = [target for rank, target in best if rank < _POSITIONAL]
    return tuple((good or [best[0][1]])[:_MOST])


_POSITIONAL = 9


def _rank(target: Notation, strategy: str) -> int:
    """How long a locator will last, 0 the longest; what counts on positions comes last."""
    finder = next(iter(target))
    body = str(target[finder])
    if finder == "test_id":
        return 0
    if finder == "css":
        if re.search(r"nth-(child|of-type)", body):
            return _POSITIONAL
        if _GENERATED.search(body):
            return 7
        return 2 if re.fullmatch(r"#[\w-]+|\[id=.*\]", body) else 3 if body.startswith("[name=") else 6
    if finder == "xpath":
        return _POSITIONAL if re.search(r"\[\d+\]", body) or strategy in ("xpath:position", "xpath:idRelative") else 8
    if isinstance(target[finder], dict):
        return 5 if finder == "text" else 1
    # Part of a text may stand in several elements, while the recorder saw that the others are unique.
    return 5 if finder == "text" else 4


def _by_id(body: str) -> Notation:
    plain = text(body)
    return {"css": f"#{plain}" if re.fullmatch(r"[A-Za-z_][\w-]*", plain) else f"[id={_quoted(plain)}]"}


def _css(body: str) -> Notation:
    named = _TEST_ID.fullmatch(body)
    return {"test_id": text(named[2])} if named else {"css": text(body)}


def _xpath(body: str) -> Notation:
    for shape, read in ((_TEXT_IS, _by_text), (_TEXT_HAS, _by_text), (_ATTRIBUTE, _by_attribute)):
        found = shape.fullmatch(body)
        if found is not None:
            return read(found)
    return {"xpath": text(body)}


def _by_text(found: re.Match[str]) -> Notation:
    tag, said = found[1].lower(), text(found[3])
    matcher: Any = {"is": said} if found.re is _TEXT_IS else said
    return {_ROLES.get(tag, "text"): matcher}


def _by_attribute(found: re.Match[str]) -> Notation:
    tag, name, value = found[1].lower(), found[2], found[4]
    if name == "id":
        return _by_id(value)
    if name == "data-testid":
        return {"test_id": text(value)}
    if name in ("placeholder", "title", "alt"):
        return {name: {"is": text(value)}}
    return {"css": f"{'' if tag == '*' else tag}[{name}={_quoted(text(value))}]"}


def _quoted(body: str) -> str:
    return '"' + body.replace("\\", "\\\\").replace('"', '\\"') + '"'


_STRATEGIES: dict[str, Callable[[str], Notation]] = {
    "id": _by_id,
    "name": lambda body: {"css": f"[name={_quoted(text(body))}]"},
    "link": lambda body: {"link": {"is": text(body.removeprefix("exact:"))}},
    "linkText": lambda body: {"link": {"is": text(body)}},
    "partialLinkText": lambda body: {"link": text(body)},
    "css": _css,
    "xpath": _xpath,
}


def field_of(targets: Iterable[Notation]) -> Field | None:
    """What the ways in which a form field was found tell about it."""
    kind = name = label = ""
    for target in targets:
        css = str(target.get("css", "") or target.get("xpath", ""))
        if found := re.search(r"""type=["']?(\w+)""", css):
            kind = kind or found[1]
        if found := re.search(r"""(?:\[@?(?:name|id)=["']?|#)([\w-]+)""", css):
            name = name or found[1]
        name = name or str(target.get("test_id", ""))
        if "placeholder" in target:
            label = label or str(target["placeholder"]["is"])
    return Field(type=kind, name=name, label=label) if kind or name or label else None
