"""The unfinished folder: paths that stay inside, whole files, and one clear error when the disk says no."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_run import PASSWORD, RUN_ID, filled, png, secrets

from smokerunner.evidence.folder import Folder, Unwritable
from smokerunner.model.errors import Unavailable

WRITES_TOO_MUCH = """
import resource, sys
from pathlib import Path
from smokerunner.evidence.folder import Folder, Unwritable
from smokerunner.model.secret import Secrets
folder = Folder.create(Path(sys.argv[1]), "acorn-local-20261122T201500Z-000000", Secrets())
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
folder.write("small.txt", b"x" * 9_000)
for act in (lambda: folder.write("large.bin", bytes(20_000)), lambda: folder.append_line("small.txt", "y" * 9_000)):
    try:
        act()
    except Unwritable as error:
        print(error)
"""


def test_it_is_a_hidden_unfinished_folder_at_first(tmp_path: Path) -> None:
    folder = Folder.create(tmp_path / "evidence", RUN_ID, secrets())
    assert folder.root == tmp_path / "evidence" / f".{RUN_ID}.partial"
    assert folder.root.is_dir()
    assert not folder.sealed.exists()


def test_files_are_written_with_their_parents(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    assert (folder.root / "flows/login/01-goto-login.png").read_bytes() == png()
    assert not list(folder.root.rglob("*.tmp"))


def test_others_may_read_what_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        folder = filled(tmp_path)
    finally:
        os.umask(before)
    assert (folder.root / "flows/login/01-goto-login.png").stat().st_mode & 0o777 == 0o640


def test_text_is_masked_as_soon_as_it_is_written(tmp_path: Path) -> None:
    folder = Folder.create(tmp_path, RUN_ID, secrets())
    folder.write("console.txt", f"typed {PASSWORD}".encode())
    folder.append_line("console.jsonl", f"typed {PASSWORD}")
    assert (folder.root / "console.txt").read_text() == "typed ***SMOKE_PASSWORD***"
    assert (folder.root / "console.jsonl").read_text() == "typed ***SMOKE_PASSWORD***\n"


def test_what_is_not_text_is_left_as_it_is(tmp_path: Path) -> None:
    folder = Folder.create(tmp_path, RUN_ID, secrets())
    folder.write("a.bin", b"\0" + PASSWORD.encode())
    assert (folder.root / "a.bin").read_bytes() == b"\0" + PASSWORD.encode()


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", ".", "a\\b", "a\nb", "a\0b", "a\u2028b"])
def test_no_path_leads_outside(tmp_path: Path, path: str) -> None:
    folder = Folder.create(tmp_path, RUN_ID, secrets())
    with pytest.raises(ValueError, match="not a path inside"):
        folder.write(path, b"x")


@pytest.mark.parametrize("run_id", ["", "..", "a/b", ".hidden"])
def test_a_run_id_is_one_name(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(ValueError, match="not a run id"):
        Folder.create(tmp_path, run_id, secrets())


def test_below_a_regular_file_the_error_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unwritable) as caught:
        Folder.create(tmp_path / "file" / "evidence", RUN_ID, secrets())
    assert isinstance(caught.value, Unavailable)
    assert str(caught.value) == (
        f"cannot write evidence to {tmp_path}/file/evidence/.{RUN_ID}.partial: Not a directory"
    )


def test_a_folder_in_the_place_of_a_file_is_an_error(tmp_path: Path) -> None:
    folder = Folder.create(tmp_path, RUN_ID, secrets())
    folder.write("a/b.txt", b"x")
    with pytest.raises(Unwritable, match=r"a: Is a directory"):
        folder.write("a", b"x")
    with pytest.raises(Unwritable, match=r"b\.txt/c: File exists"):
        folder.append_line("a/b.txt/c", "x")
    assert [path.name for path in folder.root.rglob("*")] == ["a", "b.txt"]


def test_a_file_that_may_not_grow_is_an_error_and_leaves_no_half(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITES_TOO_MUCH, str(tmp_path)], capture_output=True, text=True, check=False
    )
    root = tmp_path / ".acorn-local-20261122T201500Z-000000.partial"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"cannot write evidence to {root}/large.bin: File too large",
        f"cannot write evidence to {root}/small.txt: File too large",
    ]
    assert [path.name for path in root.iterdir()] == ["small.txt"]
