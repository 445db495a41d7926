"""What the model refuses, told as a person would: where it is, what is wrong, what would be right."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from smokerunner.language.document import Document
from smokerunner.language.nodes import Flaw, Location, Place
from smokerunner.model.browsing import HEADER, LOCALE, ORIGIN
from smokerunner.model.errors import Problem
from smokerunner.model.flow import ADDRESS, HOST, NAME, SIZE, VARIABLE, Flow, FlowFile
from smokerunner.model.frozen import Frozen
from smokerunner.model.step import COMMON, Step, Steps, Vocabulary, describe

Readers = Mapping[int, Sequence[type[Frozen]]]
"""The classes that read a mapping, by the mapping's `id`: several where a value has several readings."""
KEY = "[key]"
"""How the last part of a location says that a mapping's key is meant, not its value."""

_FORMS = {
    HEADER: "the name of a header",
    LOCALE: "a locale; write it as de-DE",
    ORIGIN: "an origin; write https://host or https://host:port",
    NAME: "a name; use letters, digits, - and _, beginning with a letter or digit",
    VARIABLE: "a name; use letters, digits, - and _, beginning with a letter or _",
    HOST: "a host such as example.test or *.example.test:8443",
    ADDRESS: "an address; write http://… or https://… without ? or #",
    SIZE: "a size; write it as 1280x720",
}
_TYPES = {
    "string": "text",
    "tuple": "a list",
    "list": "a list",
    "dict": "a mapping",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
}
_SHAPES = {
    "Matcher": "text, {is: …} or {matches: …}",
    "Target": "a target such as {button: Save}",
    "PlainTarget": "a target such as {button: Save}",
}
_SHORT_LIST = 16


def explain(
    document: Document, error: ValidationError | None, models: Readers, vocabulary: Vocabulary
) -> tuple[Problem, ...]:
    """The document's flaws and every error of its validation, by place; where there is a flaw, only the flaw.

    `models` is what the validation's context has learned.
    """
    teller = _Teller(document, models, vocabulary)
    problems = {flaw.place: teller.flawed(flaw) for flaw in document.flaws}
    told = set(problems)
    found = list(problems.values())
    for item in _relevant(error.errors(include_url=False), document) if error is not None else ():
        problem = teller.problem(item)
        if (problem.line, problem.column) not in told:
            found.append(problem)
    return tuple(sorted(set(found)))


def locations(error: ValidationError) -> tuple[Location, ...]:
    """Where the errors are."""
    return tuple(item["loc"] for item in error.errors(include_url=False, include_input=False))


def where(location: Location, vocabulary: Vocabulary) -> str:
    """The flow and the step that a place belongs to, or the key at the head of the file: `login, step 4`."""
    if location[:1] == ("apps",) and len(location) > 1:
        return ", ".join(str(part) for part in location[1:4] if part != "environments")
    if len(location) < 2 or location[0] != "flows":
        return str(location[0]) if location else ""
    said = [str(location[1])]
    below = location[2:]
    if len(below) > 1 and below[0] in ("steps", "cleanup") and isinstance(below[1], int):
        number = str(below[1] + 1)
        nested = _nesting_keys(vocabulary)
        for key, index in itertools.pairwise(below[2:]):
            if key in nested and isinstance(index, int):
                number += f".{index + 1}"
        said.append(f"{'cleanup ' if below[0] == 'cleanup' else ''}step {number}")
    return ", ".join(said)


def _nesting_keys(vocabulary: Vocabulary) -> frozenset[str]:
    """Keys under which a list of steps stands."""
    return frozenset(
        field.alias or name
        for step in vocabulary.values()
        for name, field in step.model_fields.items()
        if field.annotation == Steps
    )


def nearest(word: str, words: Iterable[str]) -> str:
    """`, did you mean 'x'?` when one of `words` is close, else nothing."""
    # Only for what was misspelt: it takes longer to import than to use.
    import difflib

    near = difflib.get_close_matches(word, list(words), 1, 0.6)
    return f", did you mean '{near[0]}'?" if near else ""


def _relevant(errors: list[ErrorDetails], document: Document) -> Iterable[ErrorDetails]:
    """Leave out what only follows from other errors: an emptied list, the other readings of the same value."""
    branches: dict[Location, str | int] = {}
    for item in errors:
        location = item["loc"]
        if item["type"] == "too_short" and any(
            other["loc"][: len(location)] == location and len(other["loc"]) > len(location) for other in errors
        ):
            continue
        branch = _branch(item, document)
        if branch is not None:
            chosen = branches.setdefault(location[:branch], location[branch])
            if chosen != location[branch]:
                continue
        yield item


def _branch(item: ErrorDetails, document: Document) -> int | None:
    """The position of a part that names one of several readings, such as `Target`; None when there is none."""
    location = item["loc"]
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        if part == KEY or (is_last and item["type"] == "missing"):
            continue
        written = document.written(location[: index + 1])
        if isinstance(part, str) and (not written or written[-1] != part):
            return index
    return None


class _Teller:
    def __init__(self, document: Document, models: Readers, vocabulary: Vocabulary) -> None:
        self._document = document
        self._models = models
        self._vocabulary = vocabulary

    def flawed(self, flaw: Flaw) -> Problem:
        return self._told(flaw.place, flaw.location, flaw.message)

    def _told(self, place: Place, location: Location, message: str) -> Problem:
        prefix = where(self._document.written(location), self._vocabulary)
        return Problem(self._document.path, *place, f"{prefix}: {message}" if prefix else message)

    def problem(self, item: ErrorDetails) -> Problem:
        kind, location = item["type"], item["loc"]
        at_key = kind in ("our_key", "extra_forbidden") or location[-1:] == (KEY,)
        if location[-1:] == (KEY,):
            location = location[:-1]
        holder = location[:-1] if kind == "missing" else location
        place = self._document.key_place(holder) if at_key else self._document.place(holder)
        message = self._message(kind, location, item, at_key=at_key)
        return self._told(place, holder[:-1] if at_key else holder, message)

    def _message(self, kind: str, location: Location, item: ErrorDetails, *, at_key: bool) -> str:
        context: dict[str, Any] = item.get("ctx", {})
        if kind in ("our_key", "our_value"):
            return str(context["reason"])
        if kind == "value_error":
            return str(context["error"])
        if kind == "missing":
            return self._missing(location)
        if kind == "extra_forbidden":
            return self._unknown(location)
        value = location[-1] if at_key else self._document.value(location)
        if kind in ("enum", "literal_error"):
            return self._choice(kind, location, value, str(context["expected"]))
        if kind == "string_pattern_mismatch":
            form = _FORMS.get(str(context["pattern"]), f"what fits here; it must match {context['pattern']}")
            return f"'{value}' is not {form}"
        return _bounds(kind, self._key(location), value, context)

    def _key(self, location: Location) -> str:
        return next((str(part) for part in reversed(self._document.written(location)) if isinstance(part, str)), "")

    def _missing(self, location: Location) -> str:
        holder = self._document.value(location[:-1])
        step = next((model for model in self._models.get(id(holder), ()) if issubclass(model, Step)), None)
        if step is not None:
            return f"'{location[-1]}' is missing beside '{step.action}'"
        inside = self._key(location[:-1])
        return f"'{location[-1]}' is missing" + (f" in '{inside}'" if inside else "")

    def _unknown(self, location: Location) -> str:
        key = str(location[-1])
        models = self._models.get(id(self._document.value(location[:-1])), ())
        for model in models:
            if issubclass(model, Step):
                return self._beside(key, model)
        inside = self._key(location[:-1])
        inside = f"'{inside}'" if inside else "the file"
        inside = "a flow file" if FlowFile in models else "a flow" if Flow in models else inside
        known = tuple(dict.fromkeys(itertools.chain.from_iterable(model.keys() for model in models)))
        also = f"; there are {', '.join(known)}" if len(known) <= _SHORT_LIST else ""
        return f"no key called '{key}' in {inside}{nearest(key, known) or also}"

    def _beside(self, key: str, step: type[Step]) -> str:
        keys = {action: model.keys() for action, model in self._vocabulary.items()}
        others = [action for action, known in keys.items() if key in known]
        if others:
            return f"'{key}' does not go with '{step.action}'; it goes with {', '.join(others)}"
        known = step.keys()
        own = [name for name in known if name not in COMMON and name != step.action]
        also = f"; there are {', '.join((*own, *COMMON))}"
        return f"no key called '{key}' beside '{step.action}'{nearest(key, known) or also}"

    def _choice(self, kind: str, location: Location, value: Any, expected: str) -> str:
        words = expected.replace("'", "").replace(" or ", ", ")
        key = self._key(location)
        if not isinstance(value, str):
            return f"expected one of {words} for '{key}', found {describe(value)}"
        if kind == "enum":
            noun = key.removesuffix("s")
            return f"'{value}' is not {'an' if noun[:1] in 'aeiou' else 'a'} {noun}; one of {words}"
        return f"'{value}' does not fit '{key}'; one of {words}"


def _bounds(kind: str, key: str, value: Any, context: dict[str, Any]) -> str:
    if kind == "too_short":
        return f"'{key}' is empty; it needs at least {context['min_length']}"
    for name, words in (("greater_than_equal", "at least"), ("less_than_equal", "at most")):
        if kind == name:
            bound = context["ge" if kind == "greater_than_equal" else "le"]
            return f"{value} does not fit '{key}'; it must be {words} {bound:g}"
    if kind == "model_type":
        found = _SHAPES.get(str(context["class_name"]), "a mapping")
    else:
        found = next((words for start, words in _TYPES.items() if kind.startswith(f"{start}_")), "")
    if found:
        what = f"{found} for '{key}'" if key else found
        return f"expected {what}, found {describe(value)}"
    return f"{describe(value)} does not fit '{key}'"
