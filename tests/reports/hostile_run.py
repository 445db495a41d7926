"""The sample run as a hostile app, or whoever wrote its flows, would have it."""

from __future__ import annotations

from typing import Any

from sample_run import RUN

from smokerunner.model.run import Run

HOSTILE = "\"'><img src=x onerror=alert(1)></script></style><script>alert(1)</script>{{ 7 * 7 }}\u202e"
KEPT = {"id", "kind", "outcome", "severity", "level", "started", "ended", "at", "against", "verdict", "name", "root"}
KEPT |= {"step", "last_passed_at", "failing_since_at", "began"}


def hostile(value: Any, key: str = "") -> Any:
    """The same run with the worst text in every place where the app, or whoever wrote the flows, has a say."""
    if isinstance(value, dict):
        return {name: hostile(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, key) for inner in value]
    return HOSTILE if isinstance(value, str) and key not in KEPT else value


HOSTILE_RUN = Run.model_validate(hostile(RUN.model_dump(mode="json", by_alias=True)))
