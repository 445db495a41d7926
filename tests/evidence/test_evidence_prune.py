"""Old bundles go, newest stay, and nothing else is ever touched."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from small_run import AT, SUMMARY, filled, small_run

from smokerunner.evidence.folder import Folder
from smokerunner.evidence.prune import STALE, prune
from smokerunner.evidence.seal import seal
from smokerunner.model.errors import BadInput
from smokerunner.model.secret import Secrets


def name_of(hour: int, app: str = "acorn") -> str:
    return f"{app}-production-20261122T{hour:02}0000Z-7f3a9c"


def sealed_at(out: Path, hour: int, app: str = "acorn") -> str:
    run_id = name_of(hour, app)
    seal(filled(out, run_id), small_run(run_id, app=app, started=AT + timedelta(hours=hour)), SUMMARY)
    return run_id


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def test_the_newest_of_each_app_stay(tmp_path: Path) -> None:
    for hour in (1, 2, 3):
        sealed_at(tmp_path, hour)
    sealed_at(tmp_path, 0, app="birch")
    removed = prune(tmp_path, keep=2)
    assert removed == [tmp_path / name_of(1), tmp_path / f"{name_of(1)}.zip"]
    kept = [name_of(2), name_of(3), name_of(0, "birch")]
    assert names(tmp_path) == sorted([*kept, *(f"{name}.zip" for name in kept)])
    assert prune(tmp_path, keep=2) == []


def test_a_folder_or_a_zip_alone_is_a_bundle_too(tmp_path: Path) -> None:
    for hour in (1, 2, 3):
        sealed_at(tmp_path, hour)
    (tmp_path / f"{name_of(1)}.zip").unlink()
    prune(tmp_path, keep=3)
    assert name_of(1) in names(tmp_path)
    assert prune(tmp_path, keep=2) == [tmp_path / name_of(1)]


def test_nothing_else_is_touched(tmp_path: Path) -> None:
    for hour in (1, 2):
        sealed_at(tmp_path, hour)
    (tmp_path / name_of(0)).mkdir()  # a run's name, but no run
    (tmp_path / f"{name_of(4)}.zip").write_text("no zip")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "run.json").write_text("{}")
    (tmp_path / name_of(5)).mkdir()
    (tmp_path / name_of(5) / "run.json").write_bytes((tmp_path / name_of(1) / "run.json").read_bytes())
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    sealed_at(outside, 0, app="cedar")
    sealed_at(tmp_path, 1, app="cedar")
    (tmp_path / name_of(0, "cedar")).symlink_to(outside / name_of(0, "cedar"))
    (tmp_path / f"{name_of(0, 'cedar')}.zip").symlink_to(outside / f"{name_of(0, 'cedar')}.zip")
    (tmp_path / "baseline.zip").write_bytes((tmp_path / f"{name_of(1)}.zip").read_bytes())
    before = names(tmp_path)
    prune(tmp_path, keep=1)
    assert sorted(set(before) - set(names(tmp_path))) == [name_of(1), f"{name_of(1)}.zip"]
    assert len(names(outside)) == 2


def test_unfinished_folders_go_after_a_day(tmp_path: Path) -> None:
    for hour in (1, 2):
        Folder.create(tmp_path, name_of(hour), Secrets()).write("flows/a/1.txt", b"x")
    long_ago = time.time() - STALE - 60
    for path in (tmp_path / f".{name_of(1)}.partial").rglob("*"):
        os.utime(path, (long_ago, long_ago))
    for hour in (1, 2):
        # Both folders are old, but in the second a file was written just now.
        os.utime(tmp_path / f".{name_of(hour)}.partial", (long_ago, long_ago))
    (tmp_path / ".cache.partial").mkdir()
    os.utime(tmp_path / ".cache.partial", (long_ago, long_ago))
    assert prune(tmp_path, keep=1) == [tmp_path / f".{name_of(1)}.partial"]
    assert names(tmp_path) == [f".{name_of(2)}.partial", ".cache.partial"]


def test_bundles_of_a_newer_version_count(tmp_path: Path) -> None:
    for hour in (1, 2):
        sealed_at(tmp_path, hour)
    path = tmp_path / name_of(1) / "run.json"
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 9'))
    assert tmp_path / name_of(1) in prune(tmp_path, keep=1)


def test_one_is_always_kept(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least one"):
        prune(tmp_path, keep=0)
    assert prune(tmp_path / "not-there", keep=1) == []
