"""Passwords that a test keeps in variables must not become variables of a flow, which stand in its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from smokerunner.authoring.act import TODO, Act
from smokerunner.importers.selenium_ide.project import SECRET


def without_secrets(acts: Sequence[Act], variables: Mapping[str, str]) -> tuple[tuple[Act, ...], dict[str, str]]:
    """Put such values where they are used, as if they had been typed there: tidying makes secrets of them."""
    typed = {str(act.beside.get("with")) for act in acts if act.written is not None and _is_secret(act)}
    hidden = {name for name in variables if SECRET.search(name) or f"${{{name}}}" in typed}
    if not hidden:
        return tuple(acts), dict(variables)
    values = {f"${{{name}}}": variables[name] for name in hidden}
    changed = (
        replace(act, value=_replaced(act.value, values), beside=_replaced(act.beside, values))
        if act.action != TODO
        else act
        for act in acts
    )
    return tuple(changed), {name: value for name, value in variables.items() if name not in hidden}


def _is_secret(act: Act) -> bool:
    field = act.written
    return field is not None and any(SECRET.search(part) for part in (field.type, field.name, field.label))


def _replaced(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for reference, literal in values.items():
            value = value.replace(reference, literal)
        return value
    if isinstance(value, Mapping):
        return {key: _replaced(item, values) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item, values) for item in value]
    return value
