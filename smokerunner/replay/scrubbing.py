"""A step's result with every secret masked in all that it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smokerunner.model.mending import Mend
from smokerunner.model.result import Result
from smokerunner.model.secret import Secrets

_LONGEST = 2000
"""Characters of a console message in a result; console.jsonl has all of it."""


def scrubbed(result: Result, secrets: Secrets) -> Result:
    """The same result with every secret masked in what it says."""
    scrub = secrets.scrub
    return result.model_copy(
        update={
            "message": scrub(result.message),
            "title": scrub(result.title),
            "warnings": tuple(scrub(warning) for warning in result.warnings),
            "url": scrub(result.url),
            "vitals": result.vitals.model_copy(update={"url": scrub(result.vitals.url)}) if result.vitals else None,
            "locator": scrub(result.locator),
            "mend": _scrubbed_mend(result.mend, scrub),
            "console": tuple(
                item.model_copy(update={"text": scrub(item.text)[:_LONGEST], "url": scrub(item.url)})
                for item in result.console
            ),
            "requests": tuple(item.model_copy(update={"url": scrub(item.url)}) for item in result.requests),
        }
    )


def _scrubbed_mend(mend: Mend | None, scrub: Callable[[str], str]) -> Mend | None:
    def inside(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: inside(item) for key, item in value.items()}
        if isinstance(value, list):
            return [inside(item) for item in value]
        return scrub(value) if isinstance(value, str) else value

    if mend is None:
        return None
    return Mend(found=scrub(mend.found), instead=inside(mend.instead), role=mend.role, name=scrub(mend.name))
