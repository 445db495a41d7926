"""What is left of a file when everything that the model refuses is taken out, so that the rest is checked as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import ValidationError

from smokerunner.language.complaints import locations
from smokerunner.language.nodes import Location
from smokerunner.model.flow import FlowFile
from smokerunner.model.step import Step, Vocabulary

_MAPS_OF_NAMES = ("save", "variables", "with")


class Gap(Step):
    """Stands where a step was refused, so that the steps after it keep their numbers."""

    action: ClassVar[str] = "gap"
    gap: bool = True


def remains(data: Any, error: ValidationError, vocabulary: Vocabulary) -> tuple[FlowFile | None, frozenset[str]]:
    """The file without what is wrong, None when too little is left, and the variables that were lost with it."""
    if not isinstance(data, dict) or not isinstance(data.get("flows"), dict):
        return None, frozenset()
    rest = {**data, "flows": {name: _flow(flow) for name, flow in data["flows"].items()}}
    lost: set[str] = set()
    for location in locations(error):
        _take_out(rest, location, lost)
    rest.setdefault("app", "app")
    try:
        return FlowFile.model_validate(rest, context={"vocabulary": vocabulary}), frozenset(lost)
    except ValidationError:
        return None, frozenset()


def _flow(flow: Any) -> Any:
    if not isinstance(flow, dict):
        return {"steps": [Gap()]}
    copy = {key: list(value) if isinstance(value, list) else value for key, value in flow.items()}
    return copy if copy.get("steps") else {**copy, "steps": [Gap()]}


def _take_out(rest: dict[str, Any], location: Location, lost: set[str]) -> None:
    if location[:1] != ("flows",) or len(location) < 3:
        if location[:1] == ("flows",) and len(location) == 2:
            rest["flows"][location[1]] = {"steps": [Gap()]}
        elif location and location[0] != "flows":
            lost.update(_names({location[0]: rest.pop(str(location[0]), None)}))
        return
    name, key = location[1], location[2]
    flow = rest["flows"].get(name)
    if flow is None:
        return
    if key == "[key]":
        lost.update(_names(rest["flows"].pop(name)))
    elif key in ("steps", "cleanup") and len(location) > 3 and isinstance(flow.get(key), list):
        lost.update(_names(flow[key][location[3]]))
        flow[key][location[3]] = Gap()
    else:
        lost.update(_names({key: flow.pop(key, None)}))
        if key == "steps":
            flow["steps"] = [Gap()]


def _names(value: Any) -> Iterator[str]:
    """Every variable that something in here would have defined."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in _MAPS_OF_NAMES and isinstance(item, dict):
                yield from item
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
