"""Evidence that cannot be written, and output that nobody reads: never a traceback, never something half-whole."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.evidence.verify import verify
from tests.e2e.outcome_site import Answer, Site, descendants, is_alive, replay, start, wait_until, write

pytestmark = pytest.mark.e2e

_FLOWS = """
  looks:
    steps:
      - goto: /many
      - goto: /many
        picture: full_page
  breaks:
    steps:
      - goto: /broken
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        # Colours that do not repeat make a picture of some hundred kilobytes.
        cells = "".join(f"<i style='background:hsl({n * 37 % 360} {n % 100}% 50%)'></i>" for n in range(6000))
        style = "<style>i { display: inline-block; width: 7px; height: 7px; rotate: 30deg }</style>"
        running.pages["/many"] = Answer(f"<!doctype html>{style}{cells}")
        yield running


def _nothing_looks_whole(out: Path) -> None:
    assert not list(out.glob("[!.]*/")), "no folder has its real name"
    assert not list(out.glob("*.zip"))
    assert not list(out.rglob("SHA256SUMS"))


def test_a_folder_that_cannot_be_made_is_told_with_its_path(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _FLOWS)
    (tmp_path / "file").write_text("not a folder")
    ran = replay(tmp_path, site, "--out", "file/evidence")
    assert ran.exit_code == 3
    assert ran.err.startswith("error: cannot write evidence to file/evidence/")
    assert "Not a directory" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not site.seen, "that was known before anything was asked"


@pytest.mark.parametrize("late", [False, True], ids=["from-the-start", "under-way"])
def test_files_that_may_not_grow_leave_nothing_that_looks_whole(site: Site, tmp_path: Path, late: bool) -> None:
    write(tmp_path, _FLOWS)
    limit = (20_000, 20_000)
    # From the start even the browser is kept from its files; later on only we are kept from ours.
    before = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, {limit})"
    process = start(tmp_path, site, "--trace", "on", "--no-history", before="" if late else before)
    if late:
        wait_until(lambda: site.asked_for("/many"))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limit)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3, out + err
    assert err.startswith("error: cannot write evidence to evidence/"), out + err
    assert err.endswith("File too large\n")
    assert len(err.splitlines()) == 1
    assert bool(site.asked_for("/broken")) is late
    _nothing_looks_whole(tmp_path / "evidence")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_with_its_path(site: Site, tmp_path: Path, small_disk: Path) -> None:
    write(tmp_path, _FLOWS)
    (small_disk / "old").write_bytes(b"x" * 900_000)
    ran = replay(tmp_path, site, "--out", small_disk, "--trace", "on")
    assert ran.exit_code == 3
    assert f"error: cannot write evidence to {small_disk}/" in ran.err
    assert "No space left on device" in ran.err
    assert "Traceback" not in ran.err
    _nothing_looks_whole(small_disk)


def test_another_app_s_failure_stands_when_evidence_cannot_be_written(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _FLOWS.replace("many", ""))
    (tmp_path / "flows" / "z.yaml").write_text("app: z\nflows:\n  one:\n    steps: [{goto: /last}]\n")

    def in_the_way(_: object) -> Answer:
        for folder in (tmp_path / "evidence").glob(".z-*"):
            folder.rename(folder.with_name("moved"))
            folder.write_text("a file in its place")
        return Answer("<h1>Last</h1>")

    site.pages["/last"] = in_the_way
    ran = replay(tmp_path, site)
    assert "error: cannot write evidence to evidence/.z-" in ran.err
    assert ran.run.app == "site"
    assert ran.exit_code == 1


def test_output_that_nobody_reads_ends_no_run(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _FLOWS.replace("many", ""))
    process = start(tmp_path, site, "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    wait_until(lambda: site.asked_for("/"))
    family = descendants(process.pid)
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 1
    assert err == ""
    (archive,) = (tmp_path / "evidence").glob("*.zip")
    assert verify(archive) == []
    wait_until(lambda: not [pid for pid in family if is_alive(pid)], 5)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_output_to_a_full_disk_ends_no_run(site: Site, tmp_path: Path) -> None:
    write(tmp_path, _FLOWS.replace("many", ""))
    with Path("/dev/full").open("w") as full:
        process = start(tmp_path, site, stdout=full)
        assert process.stderr is not None
        with process.stderr:
            err = process.stderr.read()
        assert process.wait(60) == 1
    assert "Traceback" not in err
    (archive,) = (tmp_path / "evidence").glob("*.zip")
    assert verify(archive) == []
