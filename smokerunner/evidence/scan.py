"""The search of a whole folder for secrets, before anybody else may see it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from smokerunner.evidence.content import Held, holds, masked
from smokerunner.evidence.folder import replace, writing
from smokerunner.evidence.packing import Unsearchable
from smokerunner.model.record import record
from smokerunner.model.secret import Secrets

State = tuple[int, int, int, int]
"""What tells whether a file is still the one that was searched: its number, size, and times in nanoseconds."""


@record
class Scan:
    """What the search did: paths that were masked, and paths taken out with the reason. Paths are unmasked.

    `clean` are the files that held nothing, as they were then.
    """

    scrubbed: tuple[str, ...] = ()
    withheld: dict[str, str] = field(default_factory=dict)
    clean: Mapping[str, State] = field(default_factory=dict, compare=False)


def files_below(root: Path) -> list[str]:
    """Every file of a folder, hidden ones and links too, as sorted relative paths with forward slashes."""
    found: list[str] = []
    folders = [""]
    while folders:
        below = folders.pop()
        try:
            with os.scandir(root / below) as entries:
                for entry in entries:
                    path = f"{below}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{path}/")
                    else:
                        found.append(path)
        except (FileNotFoundError, NotADirectoryError):
            # As empty as a folder that is there; whoever writes into it is told.
            continue
    return sorted(found)


def scrub(root: Path, secrets: Secrets) -> Scan:
    """Mask what is text, entries of archives too, and take out every file that would still hold a secret."""
    scrubbed: list[str] = []
    withheld: dict[str, str] = {}
    searched: dict[str, State] = {}
    if not secrets.are_searched:
        return Scan()
    for path in files_below(root):
        target = root / path
        with writing(target):
            reason = _refused(path, target, secrets)
            if reason:
                target.unlink()
                withheld[path] = reason
                continue
            before = _state(target)
            data = target.read_bytes()
            try:
                clean = masked(data, secrets)
            except (Held, Unsearchable) as trouble:
                target.unlink()
                withheld[path] = f"{trouble}, so it was left out"
                continue
            if clean is not data:
                replace(target, clean)
                scrubbed.append(path)
            else:
                searched[path] = before
    _remove_empty_folders(root)
    return Scan(tuple(scrubbed), withheld, searched)


def leaks(root: Path, secrets: Secrets, clean: Mapping[str, State] | None = None) -> tuple[str, ...]:
    """The proof: paths that still hold a secret, in content or name. Nothing is changed.

    `clean` are files that a search with the same secrets found clean; those that nobody touched since are not opened.
    """
    if not secrets.are_searched:
        return ()
    found = []
    for path in files_below(root):
        if secrets.found_in(_bytes_of(path)):
            found.append(path)
            continue
        with writing(root / path):
            if clean is not None and clean.get(path) == _state(root / path):
                continue
            data = (root / path).read_bytes()
        try:
            if holds(data, secrets):
                found.append(path)
        except Unsearchable:
            found.append(path)
    return tuple(found)


def _refused(path: str, target: Path, secrets: Secrets) -> str:
    if target.is_symlink():
        return "it is a link, so it was left out"
    return "a secret stands in its name, so it was left out" if secrets.found_in(_bytes_of(path)) else ""


def _state(target: Path) -> State:
    seen = target.lstat()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


def _bytes_of(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _remove_empty_folders(root: Path) -> None:
    # A secret may stand in the name of a folder, too.
    for folder in sorted((found for found in root.rglob("*") if found.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            with writing(folder):
                folder.rmdir()
