"""Text with `${...}` in it: what it refers to, and what it becomes.

`${name}` is a variable, `${unique}` is fresh for every attempt, `${run.id}` is one per run, `${secrets.NAME}` is
a secret and `${totp(secrets.NAME)}` the one-time code of a secret's seed; `${today}` and `${today(+7d, %d.%m.%Y)}` are
days. `$${` is a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Self, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from smokerunner.model.day import Day
from smokerunner.model.record import record

_PIECE = re.compile(r"\$\$\{|\$\{([^${}]*)\}|\$\{")
_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_REFERENCE = re.compile(rf"(?:(?P<scope>secrets|run)\.)?(?P<name>{_NAME})|totp\(\s*secrets\.(?P<seed>{_NAME})\s*\)")
_TODAY = re.compile(r"today(?:\((?P<day>[^()]*)\))?")
RUN_FACTS = ("id",)


@record
class Reference:
    """What stands between `${` and `}`. `kind` is variable, unique, run, secret, totp or today; the name of today is
    what stands in its parentheses.
    """

    kind: str
    name: str

    @classmethod
    def parse(cls, expression: str) -> Self:
        """Read one expression; raises ValueError with what would be right."""
        today = _TODAY.fullmatch(expression.strip())
        if today is not None:
            written = today["day"] or ""
            try:
                Day.parse(written)
            except ValueError as wrong:
                raise ValueError(f"${{{expression}}}: {wrong}") from wrong
            return cls("today", written)
        found = _REFERENCE.fullmatch(expression.strip())
        if found is None:
            raise ValueError(
                f"${{{expression}}} is not understood; write ${{name}}, ${{unique}}, ${{run.id}}, "
                "${today(+7d)}, ${secrets.NAME} or ${totp(secrets.NAME)}"
            )
        if found["seed"]:
            return cls("totp", found["seed"])
        if found["scope"] == "secrets":
            return cls("secret", found["name"])
        if found["scope"] == "run":
            if found["name"] not in RUN_FACTS:
                raise ValueError(f"${{{expression}}}: a run has only {', '.join('run.' + f for f in RUN_FACTS)}")
            return cls("run", found["name"])
        return cls("unique" if found["name"] == "unique" else "variable", found["name"])


Resolve = Callable[[Reference], str]


class Template(str):
    """A string whose references were checked when it was read; it behaves as the text that was written."""

    is_rendered: bool = False
    """Whether this is a final text: whatever looks like a reference in it is meant as it stands."""

    def __new__(cls, text: str = "") -> Self:
        """Check every reference; raises ValueError for one that is not understood."""
        made = super().__new__(cls, text)
        made.references  # noqa: B018 - raises for a bad reference
        return made

    @classmethod
    def literal(cls, text: str) -> Self:
        """Text that is already rendered."""
        made = super().__new__(cls, text)
        made.is_rendered = True
        return made

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference in order."""
        if self.is_rendered or "${" not in self:
            return ()
        found = []
        for piece in _PIECE.finditer(self):
            if piece[0] == "$${":
                continue
            if piece[1] is None:
                raise ValueError(f"'${{' without its '}}' in {str(self)!r}; a literal one is written '$${{'")
            found.append(Reference.parse(piece[1]))
        return tuple(found)

    def render(self, resolve: Resolve) -> Self:
        """The text with every reference replaced."""
        if self.is_rendered:
            return self
        return self.literal(
            _PIECE.sub(
                lambda piece: "${" if piece[0] == "$${" else self._insert(resolve(Reference.parse(piece[1]))),
                self,
            )
        )

    def _insert(self, value: str) -> str:
        return value

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from a string; written back as the same string."""
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(), serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Editors read `12.50` or `no` as a number or a boolean; here they are text."""
        return {"type": ["string", "number", "boolean"]}


class Pattern(Template):
    """A regular expression (Python's `re`); values put into it are escaped."""

    def __new__(cls, text: str = "") -> Self:
        """Check references and that the expression compiles."""
        made = super().__new__(cls, text)
        try:
            re.compile(made.render(lambda _: "x"))
        except re.error as wrong:
            raise ValueError(f"{text!r} is not a regular expression: {wrong}") from wrong
        return made

    def _insert(self, value: str) -> str:
        return re.escape(value)


Value = TypeVar("Value")


class Unrendered:
    """Marks a model that is rendered on its own later: the steps inside a step."""


def render(value: Value, resolve: Resolve) -> Value:
    """A copy of a model, tuple or mapping in which every template is rendered; child steps are left as they are."""
    return _render(value, resolve)  # type: ignore[no-any-return]


def _render(value: Any, resolve: Resolve) -> Any:
    if isinstance(value, Template):
        return value.render(resolve)
    if isinstance(value, tuple):
        return tuple(item if isinstance(item, Unrendered) else _render(item, resolve) for item in value)
    if isinstance(value, list):
        return [_render(item, resolve) for item in value]
    if isinstance(value, dict):
        return {key: _render(item, resolve) for key, item in value.items()}
    if isinstance(value, BaseModel):
        changed = {}
        for name in type(value).model_fields:
            item = getattr(value, name)
            if isinstance(item, Unrendered):
                continue
            made = _render(item, resolve)
            if made is not item:
                changed[name] = made
        return value.model_copy(update=changed) if changed else value
    return value


def references(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Reference]]:
    """Every reference below `value` with its place (keys as written in the file), child steps left out."""
    if isinstance(value, Template):
        for reference in value.references:
            yield place, reference
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            if not isinstance(item, Unrendered):
                yield from references(item, (*place, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references(item, (*place, key))
    elif isinstance(value, BaseModel):
        # A target has some fifty fields, of which one or two are set; defaults refer to nothing.
        given = value.model_fields_set
        for name, field in type(value).model_fields.items():
            if name in given and not isinstance(item := getattr(value, name), Unrendered):
                yield from references(item, (*place, field.alias or name))
