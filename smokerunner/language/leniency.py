"""Pydantic's JSON Schema, made to take what the loader takes: text for numbers, lone values, short forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

TEXT = ("string", "number", "boolean")
"""What an editor may make of unquoted text."""
_SWITCHES = (True, False, "true", "false", "yes", "no", "on", "off")
_PROBE = "probe"
SHORT = "the value alone of "
"""Marks where a mapping's one key may be left out; the mapping's own schema stands beside it, perhaps unfinished."""


class Lenient(GenerateJsonSchema):
    """Generates what editors need: no null, no defaults, no titles, and everything that the loader understands."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leaving a key out is how nothing is said; null is refused."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults stand in the descriptions where they matter."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - asked of every schema
        """A title would only repeat the key."""
        return False

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Text, and the numbers and booleans that would be right as text."""
        made = super().str_schema(schema)
        pattern = made.get("pattern")
        if pattern is None:
            return {**made, "type": list(TEXT)}
        types = ["string"]
        if re.search(pattern, "12"):
            types.append("integer")
            made["minimum"] = 0
        if re.search(pattern, "true"):
            types.append("boolean")
        return {**made, "type": types if len(types) > 1 else "string"}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, also in quotes."""
        return {**super().int_schema(schema), "type": ["integer", "string"], "pattern": r"^\s*[-+]?\d+\s*$"}

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """A number, also in quotes."""
        pattern = r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)\s*$"
        return {**super().float_schema(schema), "type": ["number", "string"], "pattern": pattern}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:  # noqa: ARG002 - asked of every schema
        """Yes or no in the words that people use."""
        return {"enum": list(_SWITCHES)}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """The words, and those of them that are numbers also as such."""
        words = list(schema["expected"])
        return {"enum": words + [int(word) for word in words if isinstance(word, str) and word.isdecimal()]}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """What stands before a type turns a short form into it, so it is asked what it makes of one."""
        made = self.generate_inner(schema["schema"])
        function = schema["function"]
        if function["type"] == "with-info" or "properties" in made:
            return made
        shorten: Callable[[Any], Any] = function["function"]
        if made.get("type") == "array" and _answer(shorten, _PROBE) == (_PROBE,):
            return {"anyOf": [made["items"], made]}
        answer = _answer(shorten, _PROBE)
        if isinstance(answer, dict) and list(answer.values()) == [_PROBE]:
            return {"anyOf": [{"$comment": f"{SHORT}{next(iter(answer))}"}, made]}
        if _answer(shorten, True) == {}:
            return {"anyOf": [{"enum": [True, "true", "yes"]}, made]}
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """What keys must look like is said of the keys, so that every value gets its description."""
        made: JsonSchemaValue = {"type": "object"}
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        if "pattern" in keys:
            made["propertyNames"] = {"pattern": keys["pattern"]}
        if "values_schema" in schema:
            made["additionalProperties"] = self.generate_inner(schema["values_schema"])
        if "min_length" in schema:
            made["minProperties"] = schema["min_length"]
        return made


def _answer(shorten: Callable[[Any], Any], probe: Any) -> Any:
    try:
        return shorten(probe)
    except (ValueError, TypeError):
        return probe
