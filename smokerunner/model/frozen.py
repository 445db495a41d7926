"""The base of every model that a person writes or a machine reads: immutable, and unknown keys are refused.

Modules of models go without `from __future__ import annotations`: what that turns into text pydantic compiles anew, for
each class and for each that inherits it.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError


class Frozen(BaseModel):
    """An immutable model. A validation context with `models` learns which classes read which mapping."""

    # What makes a class able to read takes pydantic longer than all else; few of them are used in one program.
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, validate_default=False, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _remember(cls, value: Any, info: ValidationInfo) -> Any:
        # The loader suggests the nearest key for a misspelt one, so it must know whose keys were meant.
        if info.context is not None and isinstance(value, dict):
            info.context.setdefault("models", {}).setdefault(id(value), []).append(cls)
            # `with_` is how Python spells the key `with`; in a file only the key is right.
            for name, key in _spelled(cls):
                if name in value:
                    raise complaint(f"no key called '{name}', did you mean '{key}'?", name, at_key=True)
        return value

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys as they are written in a file."""
        return tuple(field.alias or name for name, field in cls.model_fields.items() if not field.exclude)


@cache
def _spelled(cls: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields whose names differ from their keys."""
    return tuple((name, field.alias) for name, field in cls.model_fields.items() if field.alias not in (None, name))


def exactly_one(*keys: str, alone: Iterable[str] = (), beside: Iterable[str] = ()) -> Callable[[dict[str, Any]], None]:
    """What `json_schema_extra` needs to say that exactly one of `keys` stands in a mapping.

    The keys in `beside` go with none of them but those in `alone`, which are among `keys`.
    """
    alone, beside = frozenset(alone), frozenset(beside)

    def add(schema: dict[str, Any]) -> None:
        others = [key for key in schema["properties"] if key not in keys]
        schema["not"] = {"propertyNames": {"enum": others}}
        schema["dependentSchemas"] = {
            key: {"propertyNames": {"enum": [key, *(other for other in others if key in alone or other not in beside)]}}
            for key in keys
        }

    return add


def complaint(message: str, *place: str | int, at_key: bool = False) -> ValidationError:
    """One complaint of ours, `place` below the value being validated; `at_key` points at the key itself."""
    return complaints([(place, message)], at_key=at_key)


def complaints(items: Iterable[tuple[tuple[str | int, ...], str]], *, at_key: bool = False) -> ValidationError:
    """Several complaints at once, each with its place below the value being validated."""
    kind = "our_key" if at_key else "our_value"
    return ValidationError.from_exception_data(
        "input",
        [
            InitErrorDetails(type=PydanticCustomError(kind, "{reason}", {"reason": message}), loc=place, input=None)
            for place, message in items
        ],
    )
