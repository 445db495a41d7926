"""The files that a flow downloaded, as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smokerunner.model.result import Artifact
from smokerunner.replay.world import World

LARGEST = 20_000_000
"""Bytes of a file that is kept."""


def keep_downloads(world: World, place: str, label: str, files: Iterable[tuple[str, bytes]]) -> tuple[Artifact, ...]:
    """Put files into the evidence at `<place>/<label>-<name>`; of one that is too large, only that it came."""
    kept: list[Artifact] = []
    for number, (name, content) in enumerate(files, 1):
        shown = world.secrets.scrub(name)
        path = f"{place}/{label}-download{number if number > 1 else ''}-{safe_name(shown)}"
        if len(content) > LARGEST:
            said = f"it has {len(content) // 1_000_000} MB; files up to {LARGEST // 1_000_000} MB are kept"
            kept.append(Artifact(kind="download", path=path, title=shown, withheld=said))
        else:
            kept.append(world.keep("download", path, content, shown))
    return tuple(kept)


def safe_name(name: str) -> str:
    """A file name that every system takes, its ending kept."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:60]}{dot}{ending[:12]}" if stem else ending[:60] or "file"
