"""JSON Schemas that answers are held against: a file of its own, or a part of an OpenAPI document."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from smokerunner.model.errors import Unavailable

if TYPE_CHECKING:
    from jsonschema.protocols import Validator
    from referencing import Registry, Resource

_MOST_TOLD = 3
_LONGEST = 160


def violations(place: str, instance: Any) -> list[str]:
    """What is wrong with a JSON value, a phrase each, the first few. Raises Unavailable, as `require_schema` does."""
    from referencing.exceptions import Unresolvable

    try:
        errors = sorted(_validator(place).iter_errors(instance), key=lambda error: list(map(str, error.path)))
    except Unresolvable as wrong:
        raise Unavailable(f"{place}: it refers to {wrong.ref}, which cannot be read") from wrong
    told = [f"{error.json_path}: {_short(error.message)}" for error in errors[:_MOST_TOLD]]
    return [*told, *([f"and {len(errors) - _MOST_TOLD} more"] if errors[_MOST_TOLD:] else [])]


def require_schema(place: str) -> None:
    """Raises Unavailable when `file` or `file#/pointer` is no JSON Schema that can be used."""
    _validator(place)


def read_document(path: Path) -> Any:
    """A YAML or JSON file as JSON would give it: keys are text. Raises Unavailable."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        said = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8"
        raise Unavailable(f"{path} cannot be read: {said}") from wrong
    try:
        return json.loads(text)
    except ValueError:
        pass
    except RecursionError as wrong:
        raise Unavailable(f"{path} is nested too deep") from wrong
    try:
        # In its pure form: the other one refuses addresses within braces, which YAML 1.2 allows.
        return _plain(YAML(typ="safe", pure=True).load(text))
    except YAMLError as wrong:
        raise Unavailable(f"{path} is neither JSON nor YAML: {' '.join(str(wrong).split())[:_LONGEST]}") from wrong


@functools.lru_cache(maxsize=128)
def _validator(place: str) -> Validator:
    """What judges values; files are read once, as many routes have their schemas in the same one."""
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing.exceptions import Unresolvable

    file, _, pointer = place.partition("#")
    path = Path(file).absolute()
    registry, base = _registry(path)
    try:
        schema = registry.resolver(base).lookup(f"#{pointer}").contents
    except Unresolvable as wrong:
        raise Unavailable(f"{file}: there is no schema at #{pointer}") from wrong
    if not isinstance(schema, dict):
        raise Unavailable(f"{place} is no JSON Schema but {type(schema).__name__}")
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as wrong:
        raise Unavailable(f"{place} is no JSON Schema: {_short(wrong.message)}") from wrong
    return kind({"$ref": f"{base}#{pointer}"}, registry=registry)


@functools.lru_cache(maxsize=16)
def _registry(path: Path) -> tuple[Registry[Any], str]:
    """Where references are looked up: in the file, and in files beside it; never over the network."""
    from referencing import Registry

    base = path.as_uri()
    first = _resource(path)

    def retrieve(uri: str) -> Resource[Any]:
        from referencing.exceptions import NoSuchResource

        parts = urlsplit(uri)
        if parts.scheme != "file":
            raise NoSuchResource(uri)
        return _resource(Path(unquote(parts.path)))

    return Registry(retrieve=retrieve).with_resource(base, first), base  # type: ignore[call-arg]


def _resource(path: Path) -> Resource[Any]:
    from referencing import Resource
    from referencing.jsonschema import DRAFT202012

    found = read_document(path)
    version = found.get("openapi") if isinstance(found, dict) else None
    if isinstance(version, str):
        found = _received(found, nullable=version.startswith("3.0"))
    return Resource.from_contents(found, default_specification=DRAFT202012)


def _received(value: Any, *, nullable: bool) -> Any:
    """An OpenAPI document whose schemas say what an answer holds, in the words of JSON Schema.

    What is only written is not required of an answer; `nullable` and a boolean `exclusiveMinimum` are words of 3.0.
    """
    if isinstance(value, list):
        return [_received(item, nullable=nullable) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _received(item, nullable=nullable) for key, item in value.items()}
    properties, required = made.get("properties"), made.get("required")
    if isinstance(properties, dict) and isinstance(required, list):
        written = {name for name, one in properties.items() if isinstance(one, dict) and one.get("writeOnly") is True}
        made["required"] = [name for name in required if name not in written]
    if not nullable:
        return made
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(made.get(word), bool) and made.pop(word) and bound in made:
            made[word] = made.pop(bound)
    if made.get("nullable") is True:
        del made["nullable"]
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _key(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return "null" if key is None else str(key)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
