"""What a recorded step waits for, as facts of `expect`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from smokerunner.authoring.act import Notation
from smokerunner.importers.chrome_recorder.selectors import Element
from smokerunner.importers.importer import MOST_FALLBACKS, duration, literal

_QUOTED = r"(?P<quote>[\"'`])(?P<text>.*?)(?P=quote)"
_LOCATION = r"(?:window\.|document\.)?location"
_TITLE = re.compile(rf"document\.title\s*===?\s*{_QUOTED}")
_TITLE_PART = re.compile(rf"document\.title\.(?:includes|startsWith)\({_QUOTED}\)")
_ADDRESS = re.compile(rf"{_LOCATION}\.(?:href|pathname)\s*===?\s*{_QUOTED}")
_ADDRESS_PART = re.compile(rf"{_LOCATION}\.(?:href|pathname)\.(?:includes|endsWith)\({_QUOTED}\)")
_BODY = re.compile(rf"document\.body\.(?:innerText|textContent)\.includes\({_QUOTED}\)")
_THERE = re.compile(rf"(?:!!)?document\.querySelector\({_QUOTED}\)(?:\s*!==?\s*null)?")
_GONE = re.compile(rf"(?:!document\.querySelector\({_QUOTED}\)|document\.querySelector\((?P<q>[\"'`])(?P<t>.*?)(?P=q)\)"
                   r"\s*===?\s*null)")  # fmt: skip
_READY = re.compile(r"document\.readyState\s*===?\s*([\"'`])(?:complete|interactive)\1")
_PAUSE = re.compile(
    r"(?:await\s+)?new Promise\(\s*\(?(\w+)\)?\s*=>\s*"
    r"setTimeout\(\s*(?:\1|\(\)\s*=>\s*\1\([^)]*\))\s*,\s*(\d+)\s*\)\s*\)(?:\.then\(\(\)\s*=>\s*true\))?"
)
# Attributes under whose name a property holds the same text.
_SAME = {"id": "id", "name": "name", "title": "title", "alt": "alt", "type": "type", "className": "class"}


@dataclass(frozen=True)
class Wait:
    """What a step waits for: an action with its value, and which parts of it could not be said."""

    action: str = "expect"
    value: Any = None
    """None when nothing is left to wait for."""
    left: tuple[str, ...] = ()
    remark: str = ""


def element_facts(step: Mapping[str, Any], element: Element) -> Wait:
    """The facts of a waitForElement."""
    target, plain = _joined(element), _plain(element)
    operator, number = step.get("operator", ">="), int(step.get("count", 1))
    facts: dict[str, Any] = {}
    remark = ""
    if step.get("visible") is False:
        facts, remark = _inverted(operator, number, target, plain)
        if not facts:
            return Wait(left=(f"the number of elements is not {number}",))
    elif operator in ("==", "<=") and number == 0:
        facts["hidden"] = plain
    elif number == 1 and operator in (">=", "=="):
        facts["visible"] = target
    else:
        bound = {">=": "at_least", "==": "is", "<=": "at_most"}[operator]
        facts["count"] = {"of": plain, bound: number}
        remark = "hidden elements are counted, too"
    left = [] if facts.keys() & {"hidden"} else _states(step, facts, target, element)
    if "visible" not in step and facts.keys() - {"visible"} and facts.get("visible") == target:
        # What holds a value, or shows a text, is there.
        del facts["visible"]
    return Wait(value=facts, left=tuple(left), remark=remark)


def _inverted(operator: str, number: int, target: Any, plain: Notation) -> tuple[dict[str, Any], str]:
    """`visible: false` turns the whole condition round."""
    if operator == ">=":
        return ({"hidden": plain}, "") if number == 1 else ({"count": {"of": plain, "at_most": number - 1}}, "")
    if operator == "<=":
        facts = {"visible": target} if number == 0 else {"count": {"of": plain, "at_least": number + 1}}
        return facts, ""
    if number == 0:
        return {"visible": target}, ""
    return ({"hidden": plain}, "taken as: nobody sees it") if number == 1 else ({}, "")


def _states(step: Mapping[str, Any], facts: dict[str, Any], target: Any, element: Element) -> list[str]:
    """Add what properties and attributes say; returns those that could not be said."""
    left: list[str] = []
    attributes: dict[str, str] = {}
    for key, value in (step.get("properties") or {}).items():
        say = _PROPERTIES.get(key)
        if say is not None:
            fact, said = say(target, value)
            facts[fact] = said
        elif key in _SAME and value and isinstance(value, str):
            attributes[_SAME[key]] = value
        else:
            left.append(f"property {key} = {value!r}")
    attributes |= {key: str(value) for key, value in (step.get("attributes") or {}).items()}
    if element.css == f"#{attributes.get('id')}":
        del attributes["id"]
    if attributes and element.css and "visible" in facts:
        written = "".join(f'[{key}="{_escaped(value)}"]' for key, value in attributes.items())
        exact = {**_by_css(element), "css": f"{element.css}{written}"}
        facts["visible"] = [facts["visible"], exact]
    elif attributes:
        left += [f"attribute {key} = {value!r}" for key, value in attributes.items()]
    return left


_PROPERTIES: dict[str, Callable[[Any, Any], tuple[str, Any]]] = {
    "value": lambda target, value: ("value", {"of": target, "reads": {"is": literal(str(value))}}),
    "innerText": lambda target, value: ("text_of", {"of": target, "reads": {"is": literal(str(value))}}),
    "textContent": lambda target, value: ("text_of", {"of": target, "reads": {"is": literal(str(value))}}),
    "checked": lambda target, value: ("checked", {"of": target, "is": bool(value)}),
    "disabled": lambda target, value: ("enabled", {"of": target, "is": not value}),
}


def _escaped(text: str) -> str:
    return literal(text).replace("\\", "\\\\").replace('"', '\\"')


def _joined(element: Element) -> dict[str, Any]:
    first, *rest = element.targets
    return {**first, "fallbacks": rest[:MOST_FALLBACKS]} if rest else dict(first)


def _plain(element: Element) -> Notation:
    """For what must not be there, and what is counted: the recorder looks by any selector, CSS is the widest."""
    return _by_css(element) or element.targets[0]


def _by_css(element: Element) -> dict[str, Any]:
    return next((dict(target) for target in element.targets if "css" in target), {})


def expression_facts(expression: str) -> Wait | None:
    """The few expressions whose meaning is plain; None for any other."""
    text = expression.strip().rstrip(";").strip()
    if found := _PAUSE.fullmatch(text):
        return Wait("pause", duration(int(found[2])))
    if _READY.fullmatch(text):
        return Wait(remark="every step waits for the page by itself")
    if found := _GONE.fullmatch(text):
        return Wait(value={"hidden": {"css": literal(found["text"] or found["t"])}}, remark="taken as: nobody sees it")
    for pattern, say in _EXPRESSIONS:
        if found := pattern.fullmatch(text):
            return Wait(value=say(literal(found["text"])))
    return None


_EXPRESSIONS: tuple[tuple[re.Pattern[str], Callable[[str], Notation]], ...] = (
    (_TITLE, lambda text: {"title": {"is": text}}),
    (_TITLE_PART, lambda text: {"title": text}),
    (_ADDRESS, lambda text: {"url": text}),
    (_ADDRESS_PART, lambda text: {"url": {"matches": re.escape(text)}}),
    (_BODY, lambda text: {"visible": {"text": text}}),
    (_THERE, lambda text: {"count": {"of": {"css": text}, "at_least": 1}}),
)
