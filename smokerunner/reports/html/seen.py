"""What was recorded around a failure, as plain lines, whatever is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smokerunner.model.observation import Observation
from smokerunner.model.record import record

_LABELS = {
    "url": "Address",
    "url_before": "Address before",
    "aria": "Accessibility tree",
    "text": "Text on the page",
    "websockets": "WebSockets",
}
"""Names of fields that are no words of everyday."""


@record
class Seen:
    """One thing that was seen; `text` may have many lines."""

    label: str
    text: str

    @property
    def is_long(self) -> bool:
        """Whether it needs a block of its own."""
        return "\n" in self.text or len(self.text) > 160


def seen_of(observation: Observation | None) -> list[Seen]:
    """Everything that an observation holds and that is not empty, short things first."""
    if observation is None:
        return []
    fields = observation.model_dump(mode="json", exclude_defaults=True)
    found = [
        Seen(_LABELS.get(name, name.replace("_", " ").capitalize()), _told(value)) for name, value in fields.items()
    ]
    return sorted((seen for seen in found if seen.text), key=lambda seen: seen.is_long)


def _told(value: Any) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, Mapping):
        parts = {name: _told(inner) for name, inner in value.items()}
        lines = [_line(name.replace("_", " "), text) for name, text in parts.items() if text]
        return "\n".join(lines) if any("\n" in line for line in lines) else ", ".join(lines)
    if isinstance(value, list):
        return "\n".join(f"- {_indented(text)}" for text in map(_told, value) if text)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _line(name: str, text: str) -> str:
    return f"{name}:\n  {_indented(text)}" if "\n" in text or text.startswith("- ") else f"{name}: {text}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
