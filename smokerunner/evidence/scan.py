"""The search of a whole folder for secrets, before anybody else may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from smokerunner.evidence.content import Held, holds, masked
from smokerunner.evidence.folder import replace, writing
from smokerunner.evidence.packing import Unsearchable
from smokerunner.model.secret import Secrets


@dataclass(frozen=True)
class Scan:
    """What the search did: paths that were masked, and paths taken out with the reason. Paths are unmasked."""

    scrubbed: tuple[str, ...] = ()
    withheld: dict[str, str] = field(default_factory=dict)


def files_below(root: Path) -> list[str]:
    """Every file of a folder, hidden ones and links too, as sorted relative paths with forward slashes."""
    return sorted(
        found.relative_to(root).as_posix() for found in root.rglob("*") if found.is_symlink() or not found.is_dir()
    )


def scrub(root: Path, secrets: Secrets) -> Scan:
    """Mask what is text, entries of archives too, and take out every file that would still hold a secret."""
    scrubbed: list[str] = []
    withheld: dict[str, str] = {}
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
    _remove_empty_folders(root)
    return Scan(tuple(scrubbed), withheld)


def leaks(root: Path, secrets: Secrets) -> tuple[str, ...]:
    """The proof: paths that still hold a secret, in content or name. Nothing is changed."""
    if not secrets.are_searched:
        return ()
    found = []
    for path in files_below(root):
        with writing(root / path):
            data = (root / path).read_bytes()
        try:
            if secrets.found_in(_bytes_of(path)) or holds(data, secrets):
                found.append(path)
        except Unsearchable:
            found.append(path)
    return tuple(found)


def _refused(path: str, target: Path, secrets: Secrets) -> str:
    if target.is_symlink():
        return "it is a link, so it was left out"
    return "a secret stands in its name, so it was left out" if secrets.found_in(_bytes_of(path)) else ""


def _bytes_of(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _remove_empty_folders(root: Path) -> None:
    # A secret may stand in the name of a folder, too.
    for folder in sorted((found for found in root.rglob("*") if found.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            with writing(folder):
                folder.rmdir()
