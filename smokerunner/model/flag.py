"""Switches as they are written in a file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema


def _true(value: Any) -> Any:
    if value is True or value in ("true", "yes", "on"):
        return True
    raise ValueError(f"{value!r} says nothing here; write true")


Yes = Annotated[bool, BeforeValidator(_true), WithJsonSchema({"enum": [True, "true", "yes", "on"]})]
"""An action that acts on nothing: `reload: true`."""
