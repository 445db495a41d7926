"""Which checks are asked: what a preset turns on, what the file adds, changes and switches off, what was selected."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smokerunner.checks.catalogue import CHECKS
from smokerunner.checks.presets import PRESETS, WITH_SERVER
from smokerunner.model.check import Asked
from smokerunner.model.checking import Checks
from smokerunner.model.errors import BadInput
from smokerunner.model.severity import Severity

_FEW = 8
"""So many checks are named one by one."""


@dataclass(frozen=True)
class Choice:
    """What was asked for on the command line; empty means everything."""

    ids: tuple[str, ...] = ()
    """Ids, with `*` for any piece: `sec.*`."""
    not_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()


def asked_of(checks: Checks, place: Callable[[str], str] = lambda _: "") -> tuple[Asked, ...]:
    """Every check that an environment turns on, presets first; `place` says where an id stands in the file."""
    found: dict[str, Asked] = {}
    for preset in checks.preset:
        for id_ in (*PRESETS[preset], *(WITH_SERVER.get(preset, ()) if checks.server is not None else ())):
            if id_ not in checks.off:
                found.setdefault(id_, Asked(id_, CHECKS[id_](), f"preset {preset}"))
    for id_, check in checks.asked.items():
        found[id_] = Asked(id_, check, place(id_))
    return tuple(found.values())


def choose(asked: Sequence[Asked], choice: Choice) -> tuple[Asked, ...]:
    """Those that were asked for. Raises BadInput for an id that fits none of them."""
    for pattern in (*choice.ids, *choice.not_ids):
        if not any(fnmatch.fnmatchcase(one.id, pattern) for one in asked):
            raise BadInput(f"no check here is called '{pattern}'{_near(pattern, [one.id for one in asked])}")
    return tuple(one for one in asked if _fits(one, choice))


def _near(pattern: str, ids: Sequence[str]) -> str:
    """What may have been meant, or what there is."""
    families = list(dict.fromkeys(f"{id_.partition('.')[0]}.*" for id_ in ids))
    near = difflib.get_close_matches(pattern, [*ids, *families], 1, 0.6)
    if near:
        return f", did you mean '{near[0]}'?"
    return f"; there are {', '.join(ids if len(ids) <= _FEW else families)}" if ids else "; there is none"


def _fits(one: Asked, choice: Choice) -> bool:
    if choice.ids and not any(fnmatch.fnmatchcase(one.id, pattern) for pattern in choice.ids):
        return False
    if any(fnmatch.fnmatchcase(one.id, pattern) for pattern in choice.not_ids):
        return False
    if choice.tags and not set(choice.tags) & {*one.check.tags, one.id.partition(".")[0]}:
        return False
    return not choice.severities or one.severity in choice.severities
