"""The selectors of a recorded step: what they say of the element, and the targets they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from smokerunner.authoring.act import Notation
from smokerunner.importers.importer import literal
from smokerunner.model.target import SHORT_ROLES

Chain = tuple[tuple[str, str], ...]
"""Kind and body of each piece, from the outermost shadow host to the element; kinds are aria, text, xpath, css."""

_PREFIXED = re.compile(r"(aria|text|xpath|pierce)/(.*)", re.DOTALL)
_PSEUDO = re.compile(r"::-p-(aria|text|xpath)\((.*)\)", re.DOTALL)
_ARIA_ATTRIBUTE = re.compile(r"\[\s*(name|role)\s*=\s*([\"'])(.*?)\2\s*\]\s*$", re.DOTALL)
_COMPOUND = re.compile(r"(?:\[[^\]]*\]|\([^)]*\)|\\.|[^\s>+~\[(])+")
_ATTRIBUTE = re.compile(r"\[([\w-]+)=([\"']?)(.*?)\2\]")
_BY_ATTRIBUTE = re.compile(r"[\w-]*\[([\w-]+)=([\"']?)(.*?)\2\]", re.DOTALL)
_BY_ID = re.compile(r"[\w-]*#((?:\\.|[\w-])+)")
_XPATH_ID = re.compile(r"//\*\[@id=([\"'])(.*?)\1\]")
# Such ids are new in every build or on every page load.
_GENERATED = re.compile(r"\d{3,}|^\\?:|^[0-9a-f-]{12,}$|\\:")
_FINDERS = {"placeholder": "placeholder", "alt": "alt", "title": "title", "aria-label": "label"}
_TAG_ROLES = {
    "a": "link", "button": "button", "img": "img", "li": "listitem", "option": "option", "summary": "button",
    # Not by its label: one that stands around the list has the text of all its options, too.
    "select": "combobox",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
}  # fmt: skip
_TYPE_ROLES = {
    "submit": "button", "button": "button", "reset": "button", "image": "button",
    "checkbox": "checkbox", "radio": "radio", "range": "slider",
}  # fmt: skip
_AX_ROLES = {"image": "img", "textField": "textbox", "comboBoxMenuButton": "combobox", "popUpButton": "combobox"}
_POSITION = 7
"""The rank from which on a target only says where the element stands."""
_MINIMAL_TEXT = 12
"""The recorder shortens a longer text until it is still unique, so it may be the beginning of what is seen."""


@dataclass(frozen=True)
class Element:
    """An element as its selectors describe it; empty where they do not say."""

    targets: tuple[Notation, ...]
    """The best first."""
    tag: str = ""
    type: str = ""
    role: str = ""
    name: str = ""
    """Its `name` attribute or id."""
    label: str = ""
    """Its accessible name."""
    css: str = ""
    """The best CSS selector."""
    words: str = ""
    """All selectors in one lower-case text."""


def read_element(selectors: Sequence[Any], frame: Sequence[int] = (), *, writes: bool = False) -> Element:
    """What a step's alternatives say; `writes` when the step types into the element or chooses in it."""
    chains = [_chain(item) for item in selectors]
    ends = [chain[-1] for chain in chains]
    names = [_aria(body) for kind, body in ends if kind == "aria"]
    label, role = names[0] if names else ("", "")
    compounds = [_COMPOUND.findall(body)[-1] for kind, body in ends if kind == "css" and _COMPOUND.search(body)]
    attributes = {key: value for compound in compounds for key, _, value in _ATTRIBUTE.findall(compound)}
    tag = _tag(compounds, [body for kind, body in ends if kind == "xpath"])
    kind = attributes.get("type", "")
    element = Element(
        targets=(),
        tag=tag,
        type=kind,
        role=role or attributes.get("role", "") or _role(tag, kind),
        name=attributes.get("name", "") or next((i[1] for c in compounds if (i := _BY_ID.fullmatch(c))), ""),
        label=label,
        words=" ".join(body for chain in chains for _, body in chain).lower(),
    )
    texts = {body for part, body in ends if part == "text"}
    ranked = sorted(
        ((rank, index, target) for index, chain in enumerate(chains)
         for rank, target in _targets(chain, element, texts, writes=writes)),
        key=lambda item: item[:2],
    )  # fmt: skip
    best = ranked[0][0] if ranked else 0
    # A position on the page may be anything's tomorrow, so it only stands in when nothing names the element.
    unique = _without_twins(target for rank, _, target in ranked if best >= _POSITION or rank < _POSITION)
    css = next((str(target["css"]) for target in unique if set(target) == {"css"}), "")
    place = _frame(frame)
    targets = tuple({**target, "frame": place} if place else target for target in unique)
    return Element(targets, element.tag, element.type, element.role, element.name, label, css, element.words)


def _chain(selector: Any) -> Chain:
    pieces = [selector] if isinstance(selector, str) else list(selector)
    split = [part for piece in pieces for part in re.split(r"\s*>>>>?\s*", str(piece))]
    return tuple(_piece(part) for part in split if part not in ("", ":scope")) or (("css", "*"),)


def _piece(text: str) -> tuple[str, str]:
    found = _PREFIXED.fullmatch(text) or _PSEUDO.fullmatch(text)
    if found is None:
        return "css", text
    return ("css" if found[1] == "pierce" else found[1]), found[2]


def _aria(body: str) -> tuple[str, str]:
    """Name and role of an aria selector."""
    name, role = body, ""
    while found := _ARIA_ATTRIBUTE.search(name):
        name = name[: found.start()]
        if found[1] == "role":
            role = _AX_ROLES.get(found[3], found[3])
        else:
            name = found[3]
    return name.strip(), role


def _tag(compounds: Iterable[str], xpaths: Iterable[str]) -> str:
    for compound in compounds:
        if found := re.match(r"[a-zA-Z][\w-]*", compound):
            return found[0].lower()
    for xpath in xpaths:
        if found := re.search(r"/([a-zA-Z][\w-]*)(?:\[[^\]]*\])?$", xpath):
            return found[1].lower()
    return ""


def _role(tag: str, kind: str) -> str:
    return _TYPE_ROLES.get(kind, "") if tag in ("input", "") else _TAG_ROLES.get(tag, "")


def _targets(chain: Chain, element: Element, texts: set[str], *, writes: bool) -> list[tuple[int, Notation]]:
    """The targets of one alternative, each with its rank: the lower, the better."""
    kind, body = chain[-1]
    inside = _within(chain[:-1])
    if kind == "css":
        rank, target = _css(body)
        if "css" in target and inside and set(inside) == {"css"}:
            # Playwright's CSS goes through open shadow roots by itself.
            return [(rank, {"css": f"{inside['css']} {target['css']}"})]
    elif kind == "aria":
        target = _named(body, element, texts, writes=writes)
        # Without a role it is a guess how the name is shown, and a bare role says as little as a position.
        known = writes or not {"text", "label"} & set(target)
        rank = _POSITION if not _aria(body)[0] else 0 if known else 2
    elif kind == "text":
        is_whole = len(body) < _MINIMAL_TEXT or body == element.label
        rank, target = 3, {"text": {"is": literal(body)} if is_whole else literal(body)}
    elif len(chain) > 1:
        # XPath does not go through shadow roots.
        return []
    else:
        found = _XPATH_ID.fullmatch(body)
        rank = 6 if found and not _GENERATED.search(found[2]) else _POSITION + 1
        target = {"xpath": literal(body)}
    return [(rank, {**target, "within": inside} if inside else target)]


def _within(hosts: Chain) -> dict[str, Any]:
    inside: dict[str, Any] = {}
    for kind, body in hosts:
        if kind == "css" and (not inside or set(inside) == {"css"}):
            inside = {"css": f"{inside['css']} {body}" if inside else literal(body)}
        else:
            finder: dict[str, Any] = _named(body, Element(()), set(), writes=False) if kind == "aria" else {kind: body}
            inside = {**finder, "within": inside} if inside else finder
    return inside


def _named(body: str, element: Element, texts: set[str], *, writes: bool) -> dict[str, Any]:
    name, role = _aria(body)
    matcher: Any = {"is": literal(name)} if name else ""
    role = role or element.role
    if role == "StaticText":
        return {"text": matcher}
    if role in SHORT_ROLES:
        return {role: matcher}
    if role:
        return {"role": role, "name": matcher} if name else {"role": role}
    if writes or name not in texts:
        # What has a name but shows no text is a field or an icon, and both are found by their label.
        return {"label": matcher}
    return {"text": matcher}


def _css(body: str) -> tuple[int, dict[str, Any]]:
    """A CSS selector with its rank; what it says by an attribute that we name ourselves is said our way."""
    # YAML quotes read better around the other kind.
    body = re.sub(r"='([^'\"]*)'\]", r'="\1"]', body)
    if found := _BY_ATTRIBUTE.fullmatch(body):
        attribute, value = found[1], literal(found[3])
        if attribute == "data-testid":
            return 1, {"test_id": value}
        if attribute in _FINDERS:
            return 4, {_FINDERS[attribute]: {"is": value}}
        return 4, {"css": literal(body)}
    if found := _BY_ID.fullmatch(body):
        return (_POSITION if _GENERATED.search(found[1]) else 4), {"css": literal(body)}
    return (_POSITION if ":nth-" in body or not re.search(r"[#.\[]", body) else 5), {"css": literal(body)}


def _without_twins(targets: Iterable[Notation]) -> list[Notation]:
    """No target twice, and no XPath that only repeats an id."""
    kept: list[Notation] = []
    for target in targets:
        found = _XPATH_ID.fullmatch(str(target.get("xpath", "")))
        if target not in kept and not (found and {"css": f"#{found[2]}"} in kept):
            kept.append(target)
    return kept


def _frame(path: Sequence[int]) -> dict[str, Any]:
    """The iframe by its positions from the page inwards."""
    frame: dict[str, Any] = {}
    for index in path:
        inner: dict[str, Any] = {"css": "iframe", "nth": index + 1}
        frame = {**inner, "frame": frame} if frame else inner
    return frame
