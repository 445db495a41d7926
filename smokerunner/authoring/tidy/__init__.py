"""From acts to the steps of a flow: the one clean-up that recording and importing share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from smokerunner.authoring.act import Draft
from smokerunner.authoring.tidy.addresses import Addresses, with_paths
from smokerunner.authoring.tidy.expecting import with_expectations
from smokerunner.authoring.tidy.joining import joined
from smokerunner.authoring.tidy.letters import one_time, with_letters
from smokerunner.authoring.tidy.naming import Names
from smokerunner.authoring.tidy.writing import nested, written

__all__ = ["Known", "Tidied", "tidy"]


@dataclass(frozen=True)
class Known:
    """What the flow file and its surroundings say already."""

    app: str
    variables: Mapping[str, str] = field(default_factory=dict)
    """Values that this flow can use, by variable: what the flows it needs have left."""
    secrets: Mapping[str, str | None] = field(default_factory=dict)
    """Names of the declared secrets; with their values where these are known."""


@dataclass(frozen=True)
class Tidied:
    """A flow in notation, and what its file must declare for it."""

    name: str
    flow: dict[str, Any]
    """As it stands under `flows: {name: …}`."""
    secrets: tuple[str, ...] = ()
    """Names of secrets that the file does not declare yet."""
    base_url: str = ""
    notes: tuple[str, ...] = ()
    """What a person should know, such as which secret to set; never a secret's value."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was typed where a secret stands now, by its name; for this process only, never to be written."""


def tidy(draft: Draft, known: Known) -> Tidied:
    """Clean up a draft. What it cannot express becomes a `todo` step; nothing is dropped but noise."""
    addresses = Addresses.of(draft)
    acts = joined(draft.acts)
    names = Names(known.app, known.variables, known.secrets)
    acts = names.named(acts)
    acts = with_letters(acts, draft.letters, names)
    acts = with_expectations(acts, replace(addresses, one_time=one_time(draft.letters)))
    acts = with_paths(acts, addresses)
    steps = written(nested(acts))
    flow: dict[str, Any] = {}
    if draft.title:
        flow["title"] = names.replaced(draft.title)
    if draft.tags:
        flow["tags"] = list(dict.fromkeys(filter(None, map(flow_name, draft.tags))))
    variables = {**draft.variables, **names.variables}
    if variables:
        flow["variables"] = variables
    flow["steps"] = steps
    notes = [f"set ${name} (environment or .env) to what was typed as {label}" for name, label in names.new.items()]
    if not steps or not _proves(steps[-1]):
        notes.append("nothing is expected at the end; add an `expect` step, or the flow cannot fail there")
    return Tidied(
        name=flow_name(draft.name) or "recorded",
        flow=flow,
        secrets=tuple(names.new),
        base_url=addresses.base_url,
        notes=tuple(notes),
        values=names.values,
    )


def flow_name(words: str) -> str:
    """A name as flow files allow it: lower case, hyphens; '' when nothing is left."""
    plain = re.sub(r"[^a-z0-9_]+", "-", words.lower()).strip("-_")
    return plain[:60].rstrip("-_")


def app_name(url: str) -> str:
    """A name for an app by its address: the host's most telling part."""
    host = urlsplit(url).hostname or ""
    if not host or re.fullmatch(r"[\d.:]+|localhost", host):
        return "app"
    parts = [part for part in host.split(".") if part not in ("www", "staging", "test", "app")]
    return flow_name(parts[0] if parts else host) or "app"


def _proves(step: Mapping[str, Any]) -> bool:
    return any(key in step for key in ("expect", "until", "download", "dialog", "shows")) or any(
        _proves(inner) for inner in step.get("popup", ())
    )
