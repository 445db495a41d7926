"""The mends of a run, put into the flow file: what a fallback found takes the place of what was not found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from smokerunner.authoring.sheet import Sheet
from smokerunner.language.nodes import Location
from smokerunner.model.errors import BadInput
from smokerunner.model.matcher import Matcher
from smokerunner.model.mending import Mend
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.model.target import SHORT_ROLES, Target

_REFERENCE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True)
class Patch:
    """A target of the flow file and what it becomes."""

    location: Location
    old: Mapping[str, Any]
    new: Mapping[str, Any]


@dataclass(frozen=True)
class Refused:
    """A mend that is not proposed, and why."""

    step: str
    says: str


def mends(run: Run) -> tuple[Result, ...]:
    """Every step of a run that used a fallback."""
    return tuple(result for top in run.results for result in top.walk() if result.mend is not None)


def patches(steps: Sequence[Result], sheet: Sheet) -> tuple[tuple[Patch, ...], tuple[Refused, ...]]:
    """What the flow file needs, each target once, and what is not proposed.

    Raises BadInput when the file has changed so that a step is not the one that was replayed.
    """
    found: dict[Location, Patch] = {}
    refused: dict[str, Refused] = {}
    for result in steps:
        assert result.mend is not None
        step = locate(result.id, sheet)
        said = f"{result.id} ({result.title})"
        place, index = _fallback(sheet, step, result, said)
        old = _at(sheet, place)
        if place in found:
            continue
        target = Target.model_validate(old)
        wanted = _role(target)
        if wanted and result.mend.role != wanted:
            was = f"a {result.mend.role}" if result.mend.role else "an element whose role the bundle does not say"
            refused[said] = Refused(said, f"{target.alone} is a {wanted}, but its fallback found {was}")
            continue
        found[place] = Patch(place, old, _mended(target, old, index, result.mend))
    return tuple(found.values()), tuple(refused.values())


def apply(found: Sequence[Patch], sheet: Sheet) -> None:
    """Put them into the sheet."""
    for patch in found:
        sheet.put(patch.location, patch.new)


def locate(result_id: str, sheet: Sheet) -> Location:
    """Where the step of a result stands in the flow file: `flows/login/1/03/01` is the first step inside the third.

    Raises BadInput when there is no such step.
    """
    _, name, _, *numbers = result_id.split("/")
    key = "steps"
    if numbers[:1] == ["cleanup"]:
        key, numbers = "cleanup", numbers[1:]
    place: Location = ("flows", name, key)
    is_single = False
    for number in numbers:
        place = place if is_single else (*place, int(number) - 1)
        is_single = False
        step = _at(sheet, place)
        if not isinstance(step, dict):
            raise _changed(sheet, result_id)
        if number is numbers[-1]:
            break
        if "use" in step:
            place = ("flows", str(step["use"]), "steps")
        elif "repeat" in step:
            place, is_single = (*place, "repeat"), True
        else:
            place = (*place, "popup")
    return place


def _fallback(sheet: Sheet, step: Location, result: Result, said: str) -> tuple[Location, int]:
    """The target in the step whose fallback was used, and which one."""
    assert result.mend is not None
    data = _at(sheet, step)
    if not isinstance(data, dict) or result.action not in data:
        raise _changed(sheet, said)
    for place, target in _with_fallbacks(data, step):
        try:
            read = Target.model_validate(target)
        except ValidationError as wrong:
            raise _changed(sheet, said) from wrong
        if not _fits(str(read.alone), result.mend.found):
            continue
        for index, fallback in enumerate(read.fallbacks):
            written = fallback.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
            if _same(written, result.mend.instead):
                return place, index
    raise _changed(sheet, said)


def _with_fallbacks(data: Any, place: Location) -> Iterator[tuple[Location, Mapping[str, Any]]]:
    """Every target in a step that has fallbacks; the steps inside it have their own results."""
    if isinstance(data, dict):
        if "fallbacks" in data:
            yield place, data
        for key, value in data.items():
            if key not in ("popup", "repeat", "fallbacks"):
                yield from _with_fallbacks(value, (*place, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _with_fallbacks(item, (*place, index))


def _fits(written: str, rendered: str) -> bool:
    """Whether a text is what was written, once its references were replaced."""
    parts = [re.escape(part) for part in _REFERENCE.split(written)]
    return re.fullmatch(".*".join(parts), rendered, re.DOTALL) is not None


def _same(written: Any, rendered: Any) -> bool:
    if isinstance(written, dict) and isinstance(rendered, dict):
        return set(written) == set(rendered) and all(_same(written[key], rendered[key]) for key in written)
    if isinstance(written, list) and isinstance(rendered, list):
        return len(written) == len(rendered) and all(map(_same, written, rendered))
    return _fits(str(written), str(rendered))


def _role(target: Target) -> str:
    """The role that the target asks for; empty when it finds by something else."""
    if target.role is not None:
        return str(target.role)
    return target.finder if target.finder in SHORT_ROLES else ""


def _mended(target: Target, old: Mapping[str, Any], index: int, mend: Mend) -> Mapping[str, Any]:
    """The same target with the new name if that finds the element; otherwise the fallback in its place."""
    field = "name" if target.role is not None else target.finder
    matcher = getattr(target, field)
    # A number in a name, such as how much lies in the cart, is another one tomorrow.
    is_lasting = bool(mend.name) and not any(sign.isdigit() for sign in mend.name)
    renamed = target.renamed(mend.name) if is_lasting else None
    if renamed is not None and isinstance(matcher, Matcher) and "${" not in matcher.text:
        named = renamed.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)[field]
        return {key: named if key == field else value for key, value in old.items()}
    fallbacks = old["fallbacks"] if isinstance(old["fallbacks"], list) else [old["fallbacks"]]
    rest = [fallback for number, fallback in enumerate(fallbacks) if number != index]
    return {**fallbacks[index], **({"fallbacks": rest} if rest else {})}


def _at(sheet: Sheet, place: Location) -> Any:
    """What stands at a place; nothing when there is no such place."""
    found: Any = sheet.data
    for part in place:
        is_key = isinstance(found, dict) and part in found
        is_index = isinstance(found, list) and isinstance(part, int) and 0 <= part < len(found)
        if not (is_key or is_index):
            return None
        found = found[part]
    return found


def _changed(sheet: Sheet, step: str) -> BadInput:
    return BadInput(f"{sheet.path}: the flow file was changed since this run, {step} is another step now; run it again")
