"""Compiled templates are kept where Python keeps compiled modules, and the page is the same without them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from large_run import green_run

from smokerunner.reports.html import page, prepare, render


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    page._environment.cache_clear()
    yield tmp_path
    page._environment.cache_clear()


def nothing(_: str) -> None:
    return None


def test_a_page_is_the_same_from_templates_that_were_compiled_before(kept: Path) -> None:
    prepare()
    first = render(green_run(), nothing)
    files = {path: path.stat().st_mtime_ns for path in kept.rglob("*.cache")}
    assert len(files) > 5
    page._environment.cache_clear()
    assert render(green_run(), nothing) == first
    assert {path: path.stat().st_mtime_ns for path in kept.rglob("*.cache")} == files


def test_nothing_is_kept_where_python_keeps_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render(green_run(), nothing).startswith("<!doctype html>")
    assert list(kept.iterdir()) == []


def test_a_place_that_cannot_be_written_is_no_trouble(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (kept / "file").write_text("")
    monkeypatch.setattr(sys, "pycache_prefix", str(kept / "file"))
    assert render(green_run(), nothing).startswith("<!doctype html>")
