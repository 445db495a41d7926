"""Every action there is, and what `list --steps` says about it."""

from __future__ import annotations

import inspect
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from smokerunner.model.duration import parse
from smokerunner.model.fact import Facts
from smokerunner.model.matcher import Matcher
from smokerunner.model.part import Part
from smokerunner.model.record import record
from smokerunner.model.step import COMMON, Step, Steps, Vocabulary
from smokerunner.model.target import Target
from smokerunner.model.template import Template


def vocabulary() -> Vocabulary:
    """Every action with the class that reads it."""
    # Imported only when asked for: a complaint about an option needs none of it.
    from smokerunner.steps import VOCABULARY

    return VOCABULARY


@record
class Key:
    """A key that may stand in a step: what takes it, and whether it must be there."""

    name: str
    kind: str
    description: str
    required: bool


@record
class Description:
    """An action in words: `keys` begins with the action's own key; what goes with any action is left out."""

    action: str
    text: str
    example: str
    keys: tuple[Key, ...]


def describe(steps: Vocabulary | None = None) -> tuple[Description, ...]:
    """Every action, in the order people learn them."""
    return tuple(_described(step) for step in (steps or vocabulary()).values())


def common_keys() -> tuple[Key, ...]:
    """What may stand beside any action."""
    return tuple(_key(name, field) for name, field in Step.model_fields.items())


def _described(step: type[Step]) -> Description:
    text, _, example = (inspect.getdoc(step) or "").partition("Example:")
    keys = [_key(name, field) for name, field in step.model_fields.items() if (field.alias or name) not in COMMON]
    return Description(
        action=step.action,
        text=" ".join(text.split()),
        example=" ".join(example.split()),
        keys=tuple(sorted(keys, key=lambda key: key.name != step.action)),
    )


def _key(name: str, field: FieldInfo) -> Key:
    annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return Key(field.alias or name, kind(annotation), field.description or "", field.is_required())


_CLASSES: tuple[tuple[type, str], ...] = (
    (Target, "a target"),
    (Matcher, "text to match"),
    (Part, "a part"),
    (Step, "a step"),
    (Template, "text"),
    (bool, "yes or no"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
    (Facts, "facts"),
    (BaseModel, "a mapping"),
)


def kind(annotation: Any) -> str:
    """A field's type in words."""
    if annotation == Steps:
        return "steps"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        is_duration = any(getattr(item, "func", None) is parse for item in arguments[1:])
        return "a duration" if is_duration else kind(arguments[0])
    if origin is Literal:
        return " | ".join(str(item) for item in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(kind(item) for item in arguments if item is not type(None)))
    if origin is tuple:
        return f"{kind(arguments[0])}, one or a list"
    if origin is dict:
        return f"a mapping of {kind(arguments[1])}"
    for cls, words in _CLASSES:
        if isinstance(annotation, type) and issubclass(annotation, cls):
            return words
    return "anything"
