"""What an editor sees of a flow file: YAML 1.2 with typed scalars, checked against the exported schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from smokerunner.language.schema import flow_schema


class _DatesAreText(SafeConstructor):
    pass


_DatesAreText.add_constructor("tag:yaml.org,2002:timestamp", lambda self, node: self.construct_scalar(node))


def typed(text: str) -> Any:
    """The file's data as an editor's YAML parser types it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _DatesAreText
    return yaml.load(text)


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(flow_schema())


def complains(text: str) -> list[str]:
    """What the schema has against a file."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(typed(text))]
