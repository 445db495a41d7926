"""The rule about flows that say they leave the app as it is, and do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smokerunner.authoring.lint.rule import Finding, used_steps, words
from smokerunner.language.load import LoadedFile
from smokerunner.model.flow import Effects
from smokerunner.model.step import Step

_READS = ("get", "head", "options")
_CHANGES = re.compile(
    r"\b(create|register|sign up|join|save|update|delete|remove|buy|order|pay|purchase|check ?out|book|publish|post|"
    r"submit|upload|add|anlegen|registrieren|speichern|löschen|entfernen|kaufen|bestellen|bezahlen|buchen|hinzufügen|"
    r"veröffentlichen)\b"
)


def untrue_none(loaded: LoadedFile) -> Iterator[Finding]:
    """Steps that change something, in flows that may send anything in production because they say `effects: none`."""
    file = loaded.file
    for name, flow in file.flows.items():
        if flow.effects is not Effects.NONE:
            continue
        for key, steps in (("steps", flow.steps), ("cleanup", flow.cleanup)):
            for index, step in enumerate(steps):
                said = next((said for inner in used_steps(file, (step,)) if (said := _change(inner))), None)
                if said is not None:
                    right = "write `effects: test-data`, or `real` if it cannot be undone"
                    where = ("flows", name, key, index)
                    yield Finding(where, f"the flow says `effects: none`, but {said}; {right}")


def _change(step: Step) -> str | None:
    """What of the app's data this step changes, in words; None for nothing that can be told."""
    if step.action == "api":
        method = getattr(step.acts_on, "method", "get")
        return None if method.lower() in _READS else f"this sends {method.upper()}"
    if step.action == "upload":
        return "this uploads a file"
    if step.action == "click" and any(
        target.finder == "button" or str(target.role) == "button" for target in step.targets[:1]
    ):
        found = _CHANGES.search(words(step.targets[0]))
        return f'this presses "{found[0]}"' if found else None
    return None
