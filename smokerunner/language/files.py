"""Which files are meant: flow files by path or folder, and the environment file by its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from smokerunner.model.errors import BadInput, Problem

ENDINGS = (".yaml", ".yml", ".json")
FILENAME = "smokerunner.yaml"
"""The environment file."""
LARGEST = 1_000_000
"""Bytes; a flow file that is larger was made by a machine for something else."""


def flow_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files that are meant, those of folders included. Raises BadInput for a folder without any."""
    problems: list[Problem] = []
    found = files_in(list(paths), problems)
    if problems:
        raise BadInput(problems)
    return tuple(found)


def files_in(paths: Sequence[Path], problems: list[Problem]) -> list[Path]:
    """The same, but what is wrong is added to `problems`, and the rest is found."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        try:
            inside = sorted(file for file in path.iterdir() if _is_flow_file(file))
        except OSError as wrong:
            problems.append(Problem(str(path), 0, 0, f"cannot be read: {wrong.strerror}"))
            continue
        if not inside:
            problems.append(Problem(str(path), 0, 0, "holds no flow file (*.yaml, *.yml or *.json)"))
        found.update(dict.fromkeys(inside))
    if not paths:
        problems.append(Problem("", 0, 0, "no flow file was named"))
    return list(found)


def _is_flow_file(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()
