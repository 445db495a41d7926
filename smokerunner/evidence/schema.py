"""The published JSON Schema of run.json, and the check against it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from smokerunner.model.run import SCHEMA_VERSION, Run

ID = f"urn:smokerunner:run:{SCHEMA_VERSION}"


@cache
def _validator() -> Draft202012Validator:
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
        "$schema": Draft202012Validator.META_SCHEMA["$id"],
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
