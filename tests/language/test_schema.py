"""The exported schema is a good one: valid, self-contained, described, and made for editors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from editor import complains, validator
from good_files import steps as file_with
from jsonschema import Draft202012Validator
from pydantic import Field

from smokerunner.language.schema import flow_schema, schema_of
from smokerunner.language.vocabulary import common_keys, describe, vocabulary
from smokerunner.model.step import COMMON, Step
from smokerunner.model.wanted import State

SCHEMA = flow_schema()
PLAIN_ENOUGH = {
    *(f"/$defs/Request/{method}" for method in ("get", "post", "put", "patch", "delete", "head")),
    "/$defs/Dialog/answer", "/$defs/OptionValue/value", "/$defs/smokerunner__steps__mail__Wanted/subject",
}  # fmt: skip
"""Keys whose names say all there is to say."""


def properties(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that may be written, outside of the refinements of single actions."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from properties(item, f"{path}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "properties":
                yield from ((f"{path}/{name}", schema) for name, schema in item.items())
            if key not in ("then", "allOf"):
                yield from properties(item, f"{path}/{key}")


def test_it_is_a_schema() -> None:
    schema = SCHEMA
    Draft202012Validator.check_schema(schema)
    assert list(schema)[:4] == ["$schema", "$id", "title", "description"]


def test_every_key_has_its_description() -> None:
    without = {path for path, schema in properties(SCHEMA) if not schema.get("description")}
    assert without - PLAIN_ENOUGH == set()


def test_nothing_is_null_and_nothing_is_open() -> None:
    text = str(SCHEMA)
    assert "'null'" not in text
    assert "$comment" not in text
    for definition in SCHEMA["$defs"].values():
        for part in (definition, *definition.get("anyOf", [])):
            if "properties" in part:
                assert part["additionalProperties"] is False


def test_every_reference_leads_somewhere() -> None:
    schema = SCHEMA
    named = {f"#/$defs/{name}" for name in schema["$defs"]}

    def references(value: Any) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from references(item)
        elif isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for item in value.values():
                yield from references(item)

    assert set(references(schema)) == named


def test_a_step_is_one_object() -> None:
    step = SCHEMA["$defs"]["Step"]
    keys = {key for cls in vocabulary().values() for key in cls.keys()}  # noqa: SIM118 - not a mapping
    assert set(step["properties"]) == keys
    assert "oneOf" not in str(step)
    assert len(step["allOf"]) == len(vocabulary())


@pytest.mark.parametrize("action", list(vocabulary()))
def test_a_foreign_key_is_refused_beside_every_action(action: str) -> None:
    step = SCHEMA["$defs"]["Step"]
    foreign = set(step["properties"]) - set(vocabulary()[action].keys())
    rules = next(rule["then"] for rule in step["allOf"] if rule["if"] == {"required": [action]})
    assert foreign.isdisjoint(rules["propertyNames"]["enum"])
    assert action in rules["required"]


def test_short_forms_of_new_models_come_by_themselves() -> None:
    class Wave(Step):
        """Wave at someone."""

        action: ClassVar[str] = "wave"
        wave: State = Field(description="At whom.")
        hands: int = Field(default=2, ge=1, description="How many hands.")

        def children(self) -> dict[str, tuple[Step, ...]]:
            return {}

    schema = flow_schema({"wave": Wave})
    check = Draft202012Validator(schema)
    for good in ({"wave": {"of": {"text": "x"}}}, {"wave": {"of": {"text": "x"}, "is": "no"}, "hands": "2"}):
        assert check.is_valid({"app": "a", "flows": {"a": {"steps": [good]}}})
    for bad in ({"wave": {"text": "x"}}, {"wave": {"of": {"text": "x"}}, "hands": 0}, {"hands": 2}):
        assert not check.is_valid({"app": "a", "flows": {"a": {"steps": [bad]}}})


def test_any_model_can_have_a_schema() -> None:
    schema = schema_of(State, identifier="urn:x", title="x", description="y")
    assert Draft202012Validator(schema).is_valid({"of": {"button": "Save"}})
    assert set(schema["$defs"]) == {"Matcher", "Target"}


@pytest.mark.parametrize(
    "line",
    ["with: 12.50", "with: no", "with: 2027-02-03", "with: ''", "timeout: 5s", "picture: false", "picture: no"],
)
def test_what_editors_type_differently_is_accepted(line: str) -> None:
    other = "" if line.startswith("with") else "  with: x\n"
    assert complains(file_with(f"- fill: {{label: 12}}\n  {line}\n{other}")) == []


@pytest.mark.parametrize("line", ["with:", "with: null", "timeout: 60", "when: {}", "on_failure: no", "name: [x]"])
def test_what_is_wrong_is_refused(line: str) -> None:
    other = "" if line.startswith("with") else "  with: x\n"
    assert complains(file_with(f"- fill: {{label: 12}}\n  {line}\n{other}"))


def test_the_validator_is_strict_about_the_root() -> None:
    assert not validator().is_valid([])
    assert not validator().is_valid(None)


def test_every_action_is_described_with_an_example_that_works() -> None:
    for said in describe():
        assert said.text
        assert said.example
        assert said.keys[0].name == said.action
        assert all(key.name not in COMMON and key.kind not in ("", "anything") for key in said.keys), said
    assert tuple(key.name for key in common_keys()) == COMMON


def test_types_in_words() -> None:
    kinds = {(said.action, key.name): key.kind for said in describe() for key in said.keys}
    assert kinds["click", "click"] == "a target"
    assert kinds["click", "mouse"] == "left | middle | right"
    assert kinds["click", "popup"] == "steps"
    assert kinds["fill", "with"] == "text"
    assert kinds["select", "with"] == "text to match or a mapping, one or a list"
    assert kinds["use", "with"] == "a mapping of text"
    assert kinds["pause", "pause"] == "a duration"
    assert kinds["repeat", "every"] == "a duration"
    assert kinds["expect", "expect"] == "facts"
    assert kinds["mail", "mail"] == "a mapping"
    assert kinds["repeat", "repeat"] == "a step"
    assert {key.name: key.kind for key in common_keys()}["timeout"] == "a duration"
