"""What an answer must be, condition by condition; every reading tells what was seen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator, ValidationInfo, WithJsonSchema

from smokerunner.model.check import Answer
from smokerunner.model.duration import spell
from smokerunner.model.matcher import Matcher
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading

_CLOCKS_DIFFER = 60.0
_AGES = 3.2e9
"""Seconds in a hundred years."""
_SHOWN = 200
"""Characters of a seen value that are told."""


def _condition(value: Any, info: ValidationInfo) -> Any:
    """Text and `{is}` / `{matches}` are matchers; anything else must be equal."""
    if isinstance(value, Matcher):
        return value
    if isinstance(value, str) or (isinstance(value, dict) and set(value) <= {"is", "matches"} and value):
        return Matcher.model_validate(value, context=info.context)
    return value


def _path(value: Any) -> Any:
    from jsonpath import JSONPathError
    from jsonpath import compile as compiled

    text = str(value)
    try:
        compiled(text if text.startswith("$") else f"$.{text}")
    except JSONPathError as wrong:
        raise ValueError(f"{text!r} is not a JSONPath: {str(wrong).splitlines()[0]}") from wrong
    return text


JsonPath = Annotated[str, BeforeValidator(_path)]
Condition = Annotated[Any, PlainValidator(_condition, json_schema_input_type=Any)]


def _statuses(value: Any) -> tuple[str, ...]:
    wanted = tuple(str(item).lower() for item in (value if isinstance(value, list | tuple) else (value,)))
    for item in wanted:
        if len(item) != 3 or item[0] not in "12345" or not (item[1:] == "xx" or item.isdecimal()):
            raise ValueError(f"{item!r} is no status; write 200, 2xx, or a list of them")
    return wanted


Statuses = Annotated[
    tuple[str, ...],
    PlainValidator(_statuses),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["integer", "string"]},
                {"type": "array", "items": {"type": ["integer", "string"]}},
            ]
        }
    ),
]
"""Statuses that are right: `200`, `2xx`, or a list of them."""


def fits(status: int, wanted: tuple[str, ...]) -> bool:
    """Whether a status is among those wanted."""
    return any(item == str(status) or (item.endswith("xx") and item[0] == str(status)[0]) for item in wanted)


def listed(wanted: tuple[str, ...]) -> str:
    """Statuses in words."""
    return " or ".join(wanted)


def document(answer: Answer) -> Any:
    """The body's JSON. Raises ValueError that says what is there instead."""
    if answer.truncated:
        raise ValueError(f"more than {len(answer.body)} bytes, of which no more were read")
    if not answer.body.strip():
        raise ValueError("an empty body")
    try:
        return parsed(answer.body)
    except ValueError:
        raise ValueError(f"no JSON but {len(answer.body)} bytes of {answer.content_type or 'no type'}") from None


def parsed(text: str | bytes) -> Any:
    """The JSON of a text. Raises ValueError. Halves of characters are replaced, as nothing can be written with them."""
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig", "replace")
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return _whole(found) if re.search(r"\\u[dD][89a-fA-F]", text) else found


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {_whole(key): _whole(item) for key, item in value.items()} if isinstance(value, dict) else value


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON or built on it."""
    return media_type in ("application/json", "text/json") or media_type.endswith("+json")


def summary(answer: Answer, scrub: Callable[[str], str]) -> str:
    """An answer in a few words: status, time, and the message that an API gives with an error."""
    said = f"{answer.status} {answer.content_type}".strip() + f" in {spell(answer.phases.total)}"
    if answer.location:
        said += f", to {answer.location}"
    if answer.status >= 400 and is_json(answer.content_type):
        try:
            found = document(answer)
        except ValueError:
            return said
        message = found.get("message") or found.get("error") if isinstance(found, dict) else None
        if isinstance(message, str):
            said += f", message {quoted(message, scrub)}"
    return said


def quoted(value: Any, scrub: Callable[[str], str]) -> str:
    """A JSON value as it is told: masked first, then cut, as half a secret would not be known for one."""
    text = scrub(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def judged_header(what: str, answer: Answer, wanted: Mapping[str, Matcher]) -> list[Reading]:
    """A reading for each header."""
    found = []
    for name, matcher in wanted.items():
        seen = answer.header(name)
        good = seen is not None and matcher.accepts(seen)
        found.append(judged(f"{what}, header {name}", "missing" if seen is None else seen, str(matcher), good=good))
    return found


def judged_json(what: str, body: Any, wanted: Mapping[str, Any], scrub: Callable[[str], str]) -> list[Reading]:
    """A reading for each JSONPath; of several values that it finds the first counts."""
    from jsonpath import findall

    readings = []
    for path, condition in wanted.items():
        found = list(findall(path if path.startswith("$") else f"$.{path}", body))
        said = str(condition) if isinstance(condition, Matcher) else quoted(condition, scrub)
        seen = quoted(found[0], scrub) if found else "nothing there"
        good = bool(found) and holds(condition, found[0])
        readings.append(judged(f"{what}, {path}", seen, said, good=good))
    return readings


def holds(condition: Any, value: Any) -> bool:
    """Whether a value is as it should be. `true` is not 1, though Python thinks so."""
    if isinstance(condition, Matcher):
        return condition.accepts(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    if isinstance(condition, bool) or isinstance(value, bool):
        return condition is value
    return bool(condition == value)


def aged(what: str, age: float, within: float, advice: str) -> Reading:
    """Whether something is new enough; `age` in seconds. What lies ahead of us proves nothing."""
    wanted = f"newer than {spell(within)}"
    if not -_CLOCKS_DIFFER <= age < _AGES:
        seen = "is of a time to come; do the clocks differ?" if age < 0 else "is of no time that makes sense"
        return Reading(what=what, outcome=Outcome.INCONCLUSIVE, seen=seen, wanted=wanted)
    seen = f"{spell(max(age, 0.0))} old"
    return judged(what, seen if age < within else f"{seen}; {advice}", wanted, good=age < within)


def judged(what: str, seen: str, wanted: str, *, good: bool) -> Reading:
    """A reading that passed or failed."""
    outcome = Outcome.PASSED if good else Outcome.FAILED
    return Reading(what=what, outcome=outcome, seen=seen, wanted=wanted)
