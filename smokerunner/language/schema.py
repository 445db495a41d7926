"""The JSON Schema of what people write, for editors: completion, descriptions, and complaints while typing."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from smokerunner.language.leniency import SHORT, Lenient
from smokerunner.language.vocabulary import vocabulary
from smokerunner.model.flow import FlowFile
from smokerunner.model.part import PARTS
from smokerunner.model.step import A_STEP, COMMON, Step, Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def flow_schema(steps: Vocabulary | None = None) -> Schema:
    """The JSON Schema (2020-12) of a flow file; a step is one object with all keys of all actions."""
    return schema_of(
        FlowFile,
        identifier="urn:smokerunner:schema:flow",
        title="smokerunner flow file",
        description="One app's flows: what a user does, and the proof that it worked.",
        steps=vocabulary() if steps is None else steps,
    )


def schema_of(
    model: type[BaseModel], *, identifier: str, title: str, description: str, steps: Vocabulary | None = None
) -> Schema:
    """The JSON Schema of any model that is written by hand; `steps` are those that may stand where a step does."""
    classes = [model, *(steps or {}).values()]
    references, made = models_json_schema([(cls, "validation") for cls in classes], schema_generator=Lenient)
    definitions: Schema = made["$defs"]
    own = {cls: definitions[_name(found)] for (cls, _), found in references.items()}
    if steps:
        definitions["Step"] = _step({action: own[cls] for action, cls in steps.items()}, steps)
    root = own[model]
    schema = {
        "$schema": DIALECT,
        "$id": identifier,
        "title": title,
        "description": description,
        **{key: value for key, value in root.items() if key not in ("title", "description")},
        "$defs": definitions,
    }
    finished: Schema = _finished(schema, definitions)
    _describe(finished, finished["$defs"])
    finished["$defs"] = {
        name: {key: value for key, value in definition.items() if key != "title"}
        for name, definition in finished["$defs"].items()
        if name in _needed(finished)
    }
    return finished


def _step(actions: Mapping[str, Schema], steps: Vocabulary) -> Schema:
    """One object for all actions; what goes with what is said by if/then, which does not stand in editors' way."""
    for action, schema in actions.items():
        words = " ".join((inspect.getdoc(steps[action]) or "").split())
        schema["properties"][action].setdefault("description", words)
    properties: Schema = {}
    for key in dict.fromkeys(key for schema in actions.values() for key in schema["properties"]):
        found = {action: s["properties"][key] for action, s in actions.items() if key in s["properties"]}
        properties[key] = _merged(found)
    return {
        "type": "object",
        "description": "One action, and what stands beside it.",
        "properties": properties,
        "additionalProperties": False,
        "not": {"propertyNames": {"enum": [key for key in properties if key not in actions]}},
        "allOf": [
            {"if": {"required": [action]}, "then": _beside(schema, properties, steps[action])}
            for action, schema in actions.items()
        ],
    }


def _merged(found: Mapping[str, Schema]) -> Schema:
    """One key as several actions have it."""
    kinds = list({str(schema): schema for schema in found.values()}.values())
    if len(kinds) == 1:
        return kinds[0]
    said: dict[str, list[str]] = {}
    for action, schema in found.items():
        said.setdefault(schema.get("description", ""), []).append(action)
    words = " ".join(f"{', '.join(names)}: {text}" for text, names in said.items() if text)
    bare = [{key: value for key, value in schema.items() if key != "description"} for schema in kinds]
    return {"description": words, "anyOf": list({str(schema): schema for schema in bare}.values())}


def _beside(schema: Schema, merged: Schema, step: type[Step]) -> Schema:
    keys = list(schema["properties"])
    special = {key: schema["properties"][key] for key in keys if schema["properties"][key] != merged[key]}
    then: Schema = {"propertyNames": {"enum": keys}, "required": schema.get("required", [])}
    special["save"] = _saved(step)
    then["properties"] = {key: value for key, value in special.items() if key not in COMMON or key == "save"}
    return then


def _saved(step: type[Step]) -> Schema:
    """Only the parts that this action's step sees."""
    if not step.saves:
        return {"maxProperties": 0}
    unseen = [part for part in PARTS if part not in step.saves]
    return {
        "additionalProperties": {
            "not": {"anyOf": [{"enum": unseen}, *({"type": "object", "required": [part]} for part in unseen)]}
        }
    }


def _finished(value: Any, definitions: Schema) -> Any:
    """Put in what was only marked: where steps stand, and short forms."""
    if isinstance(value, list):
        return [_finished(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    mark = str(value.get("$comment", ""))
    rest = {key: _finished(item, definitions) for key, item in value.items() if key != "$comment"}
    if mark == A_STEP:
        return {**rest, "$ref": "#/$defs/Step"}
    choices = value.get("anyOf", [])
    if choices and str(choices[0].get("$comment", "")).startswith(SHORT):
        key = choices[0]["$comment"].removeprefix(SHORT)
        full = choices[1]
        full = definitions[_name(full)] if "$ref" in full else full
        rest["anyOf"][0] = _finished(full["properties"][key], definitions)
    return rest


def _describe(value: Any, definitions: Schema) -> None:
    """Give every key a description, at the least that of what it refers to."""
    if isinstance(value, list):
        for item in value:
            _describe(item, definitions)
    elif isinstance(value, dict):
        for key, item in value.items():
            _describe(item, definitions)
            if key == "properties" and isinstance(item, dict):
                for schema in item.values():
                    known = definitions.get(_name(schema), {}).get("description")
                    if known is not None:
                        schema.setdefault("description", known)


def _needed(schema: Schema) -> frozenset[str]:
    """The definitions that something refers to."""
    needed: set[str] = set()
    waiting = _referred({key: value for key, value in schema.items() if key != "$defs"})
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _referred(schema["$defs"][name])
    return frozenset(needed)


def _referred(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _referred(item)]
    if isinstance(value, dict):
        own = [_name(value)] if isinstance(value.get("$ref"), str) else []
        return own + [name for item in value.values() for name in _referred(item)]
    return []


def _name(schema: Schema) -> str:
    """The definition that a schema refers to; nothing when it stands for itself."""
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]
