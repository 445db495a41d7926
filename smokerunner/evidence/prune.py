"""Old bundles removed, and never anything else."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import defaultdict
from pathlib import Path

from smokerunner.evidence.bundle import FolderFiles, ZipFiles
from smokerunner.evidence.folder import RUN, partial_of, writing
from smokerunner.evidence.packing import DAMAGED
from smokerunner.model.errors import BadInput
from smokerunner.model.record import record

STALE = 24 * 3600.0
"""Seconds; an unfinished folder in which nothing was written for so long belongs to no run."""

_NAME = r".+-(\d{8}T\d{6}Z)-[0-9a-f]{6}"
_BUNDLE = re.compile(_NAME)
_UNFINISHED = re.compile(rf"\.{_NAME}(\.zip)?\.partial")


@record
class _Kept:
    """A bundle's folder, its zip, or both."""

    id: str
    series: tuple[str, str]
    time: str
    paths: tuple[Path, ...]


def prune(out: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` bundles of each app and environment, and unfinished folders a day old.

    Returns what was removed. Only what bears a run's name and holds that run's run.json is touched.
    """
    if keep < 1:
        raise BadInput("at least one bundle must be kept")
    if not out.is_dir():
        return []
    series: dict[tuple[str, str], list[_Kept]] = defaultdict(list)
    for bundle in _bundles(out):
        series[bundle.series].append(bundle)
    removed: list[Path] = []
    for bundles in series.values():
        newest_first = sorted(bundles, key=lambda bundle: (bundle.time, bundle.id), reverse=True)
        for bundle in newest_first[keep:]:
            for path in bundle.paths:
                _remove(path, out, bundle.id)
                removed.append(path)
    for path in sorted(out.iterdir()):
        if _UNFINISHED.fullmatch(path.name) and not path.is_symlink() and time.time() - _newest(path) > STALE:
            _remove_tree(path)
            removed.append(path)
    return sorted(removed)


def _bundles(out: Path) -> list[_Kept]:
    found: dict[str, list[tuple[Path, tuple[str, str]]]] = defaultdict(list)
    for path in sorted(out.iterdir()):
        run_id = path.name.removesuffix(".zip") if path.is_file() else path.name
        if path.is_symlink() or path.name.startswith(".") or not _BUNDLE.fullmatch(run_id):
            continue
        series = _series(path, run_id)
        if series is not None:
            found[run_id].append((path, series))
    return [
        _Kept(run_id, items[0][1], run_id.rsplit("-", 2)[1], tuple(path for path, _ in items))
        for run_id, items in found.items()
    ]


def _series(path: Path, run_id: str) -> tuple[str, str] | None:
    """The app and environment of a bundle, or None when it is not this run's. Bundles of other versions count."""
    try:
        files = FolderFiles(path) if path.is_dir() else ZipFiles.open(path)
        document = json.loads(files.read(RUN))
    except (*DAMAGED, KeyError, BadInput):
        return None
    if not isinstance(document, dict) or document.get("id") != run_id:
        return None
    app, environment = document.get("app"), document.get("environment")
    return (app, environment) if isinstance(app, str) and isinstance(environment, str) else None


def _remove(path: Path, out: Path, run_id: str) -> None:
    if path.is_dir():
        # Half a folder must not look like a bundle, so it loses its name first.
        unnamed = partial_of(out, run_id)
        with writing(path):
            path.rename(unnamed)
        path = unnamed
    _remove_tree(path)


def _remove_tree(path: Path) -> None:
    with writing(path):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _newest(path: Path) -> float:
    return max(found.lstat().st_mtime for found in (path, *path.rglob("*")))
