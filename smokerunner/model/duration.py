"""Durations as people write them: a number and a unit."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


def parse(text: Any) -> float:
    """Seconds in `500ms`, `60s`, `2m`, `1h` or a sum such as `1m30s`. Raises ValueError for anything else."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text)
    compact = str(text).replace(" ", "")
    parts = _DURATION.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise ValueError(f"{str(text)!r} is not a duration; write a number and a unit, such as 500ms, 60s or 2m")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def spell(seconds: float) -> str:
    """A duration for people: `40 ms`, `1.2 s`, `1 m 05 s`."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} m {rest:02d} s"


Seconds = Annotated[
    float,
    BeforeValidator(parse),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*(\d+(\.\d+)?\s*(ms|s|m|h)\s*)+$",
            "description": "A number and a unit: 500ms, 60s, 2m, 1h30m.",
        }
    ),
]
