"""The published JSON Schema of run.json, and the check against it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from smokerunner.model.run import SCHEMA_VERSION, Run

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

ID = f"urn:smokerunner:run:{SCHEMA_VERSION}"


DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def _validator() -> Draft202012Validator:
    # Slow to import, and needed only by whoever checks a bundle.
    from jsonschema import Draft202012Validator

    schema = run_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def run_schema() -> dict[str, Any]:
    """The schema of a bundle's run.json; unknown keys are refused, keys with a default may be missing."""
    schema = Run.model_json_schema(mode="serialization", by_alias=True)
    schema["properties"]["schema_version"] = {
        "const": SCHEMA_VERSION,
        "title": "Schema Version",
        "description": "Raised when an older reader could no longer understand the file.",
    }
    schema["required"] = ["schema_version", *schema["required"]]
    return {
        "$schema": DIALECT,
        "$id": ID,
        **schema,
        "title": "smokerunner run.json",
        "description": "One replay of an app's flows in one environment: the single source of every report.",
    }


def mismatches(text: str | bytes) -> list[str]:
    """What is wrong with a run.json, each with its place; empty when it is valid."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return [f"run.json is not JSON: {error}"]
    errors = sorted(_validator().iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return [f"run.json: {'.'.join(map(str, error.absolute_path)) or 'top'}: {error.message[:300]}" for error in errors]


def is_our_own(document: str) -> bool:
    """Whether a run.json is, letter by letter, what is written of the run that can be read from it.

    Then it matches the schema, which is made from the same model; that is said a hundred times as fast.
    """
    try:
        run = Run.model_validate_json(document)
    except ValidationError:
        return False
    return run.schema_version == SCHEMA_VERSION and written(run) == document


def written(run: Run) -> str:
    """The text of a run.json."""
    return run.model_dump_json(indent=2, by_alias=True)
