"""One changed byte, one file more or less: every tampering is found, in the folder and in the zip."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from small_run import CONSOLE, PICTURE, RUN_ID, SUMMARY, filled, small_run

from smokerunner.evidence.bundle import Bundle
from smokerunner.evidence.seal import Sealed, seal
from smokerunner.evidence.verify import examine, verify
from smokerunner.model.errors import BadInput
from tests.conftest import Smoke

Tampering = Callable[[dict[str, bytes]], None]


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return seal(filled(tmp_path), small_run(), SUMMARY)


def flip(name: str) -> Tampering:
    def change(files: dict[str, bytes]) -> None:
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        files[name] = bytes(data)

    return change


def remove(name: str) -> Tampering:
    return lambda files: files.__delitem__(name)


def add(name: str, data: bytes = b"x") -> Tampering:
    return lambda files: files.__setitem__(name, data)


def resealed(files: dict[str, bytes], name: str, data: bytes) -> None:
    """Change a file and its sum, as somebody would who knows how."""
    import hashlib

    old, new = (hashlib.sha256(content).hexdigest().encode() for content in (files[name], data))
    files[name] = data
    files["SHA256SUMS"] = files["SHA256SUMS"].replace(old, new)


def rewrite_run(change: dict[str, object]) -> Tampering:
    def rewrite(files: dict[str, bytes]) -> None:
        resealed(files, "run.json", json.dumps(json.loads(files["run.json"]) | change).encode())

    return rewrite


TAMPERINGS: list[tuple[Tampering, str]] = [
    (flip(PICTURE), f"{PICTURE}: was changed after the bundle was sealed"),
    (flip("run.json"), "run.json: was changed after the bundle was sealed"),
    (flip("summary.md"), "summary.md: was changed after the bundle was sealed"),
    (remove(PICTURE), f"{PICTURE}: is missing"),
    (remove("run.json"), "run.json: is missing"),
    (remove("SHA256SUMS"), "SHA256SUMS: is missing"),
    (add("flows/login/.hidden"), "flows/login/.hidden: was added after the bundle was sealed"),
    (add("SHA256SUMS", b"nonsense\n"), "SHA256SUMS: line 1 is not a sum and a name"),
    (rewrite_run({"surprise": 1}), "run.json: top: Additional properties are not allowed ('surprise' was unexpected)"),
    (rewrite_run({"started": "yesterday"}), "run.json: run.json is not valid: started: Input should be a valid "),
    (lambda files: resealed(files, PICTURE, b"not a picture"), f"{PICTURE}: is not a PNG picture"),
    (lambda files: resealed(files, "run.json", b"{"), "run.json is not JSON: "),
]


def read_all(sealed: Sealed) -> dict[str, bytes]:
    bundle = Bundle.open(sealed.path)
    return {name: bundle.read(name) for name in bundle.names()}


def as_folder(files: dict[str, bytes], place: Path) -> Path:
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def as_zip(files: dict[str, bytes], place: Path, top: str = f"{RUN_ID}/") -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in files.items():
            archive.writestr(top + name, data)
    return place


@pytest.mark.parametrize(("tamper", "problem"), TAMPERINGS, ids=[problem for _, problem in TAMPERINGS])
@pytest.mark.parametrize("shape", [as_folder, as_zip])
def test_tampering_is_found(
    sealed: Sealed,
    tmp_path: Path,
    tamper: Tampering,
    problem: str,
    shape: Callable[[dict[str, bytes], Path], Path],
) -> None:
    files = read_all(sealed)
    assert verify(shape(dict(files), tmp_path / "same")) == []
    tamper(files)
    assert any(found.startswith(problem) for found in verify(shape(files, tmp_path / "changed")))


def test_each_file_that_is_missing_is_counted_once(sealed: Sealed, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    proof = examine(empty)
    assert proof.lines == ["SHA256SUMS: is missing", "run.json: is missing"]
    assert proof.summary == "0 changed, 2 missing, 0 added"
    files = read_all(sealed)
    del files["run.json"]
    proof = examine(as_folder(files, tmp_path / "changed"))
    assert (proof.lines, proof.summary) == (["run.json: is missing"], "0 changed, 1 missing, 0 added")


@pytest.mark.parametrize("shape", [as_folder, as_zip])
def test_changed_missing_and_added_files_are_told_apart(
    sealed: Sealed, tmp_path: Path, shape: Callable[[dict[str, bytes], Path], Path], smoke: Smoke
) -> None:
    files = read_all(sealed)
    for tamper in (flip("summary.md"), flip(CONSOLE), remove(PICTURE), add("notes.txt")):
        tamper(files)
    place = shape(files, tmp_path / "changed")
    assert examine(place).summary == "2 changed, 1 missing, 1 added"
    ran = smoke("verify", place, sealed.path)
    assert ran.exit_code == 3
    assert f"{place}: 2 changed, 1 missing, 1 added" in ran.err
    assert f"{place}: {PICTURE}: is missing" in ran.err
    assert f"{sealed.path}: whole and unchanged" in ran.out


def test_every_single_file_counts(sealed: Sealed, tmp_path: Path) -> None:
    for number, name in enumerate(read_all(sealed)):
        for tamper in (flip(name), remove(name)):
            files = read_all(sealed)
            tamper(files)
            place = tmp_path / f"{number}{tamper.__qualname__}"
            assert verify(as_folder(files, place)), name
            shutil.rmtree(place)


def test_a_flipped_byte_in_the_zip_itself_is_found(sealed: Sealed) -> None:
    assert sealed.archive is not None
    whole = sealed.archive.read_bytes()
    for place in range(0, len(whole), 61):
        data = bytearray(whole)
        data[place] ^= 0x10
        sealed.archive.write_bytes(data)
        if verify(sealed.archive) == []:
            # A date or an attribute of an entry is not part of the evidence.
            with zipfile.ZipFile(sealed.archive) as archive:
                assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
                    f"{RUN_ID}/{name}": content for name, content in read_all(sealed).items()
                }


@pytest.mark.parametrize("cut", [1, 50, 400, -4, 0])
def test_a_cut_zip_is_found(sealed: Sealed, cut: int) -> None:
    assert sealed.archive is not None
    whole = sealed.archive.read_bytes()
    sealed.archive.write_bytes(whole[: len(whole) - cut] if cut > 0 else whole[:-cut])
    assert verify(sealed.archive)
    with pytest.raises(BadInput):
        Bundle.open(sealed.archive)


@pytest.mark.parametrize(
    "name", ["../evil.sh", f"{RUN_ID}/../../evil.sh", "/etc/evil", "C:/evil", f"{RUN_ID}\\..\\evil", "other/evil.sh"]
)
def test_an_entry_that_leads_out_of_the_folder_is_found(sealed: Sealed, name: str) -> None:
    assert sealed.archive is not None
    with zipfile.ZipFile(sealed.archive, "a") as archive:
        archive.writestr(name, "x")
    problems = verify(sealed.archive)
    assert any("unpacked outside" in problem or "not in the bundle's folder" in problem for problem in problems)


def test_an_entry_that_stands_twice_is_found(sealed: Sealed) -> None:
    assert sealed.archive is not None
    with zipfile.ZipFile(sealed.archive, "a") as archive:
        summary = archive.read(f"{RUN_ID}/summary.md")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"{RUN_ID}/summary.md", summary)
    assert f"{RUN_ID}/summary.md: stands twice in the archive" in verify(sealed.archive)


def test_a_link_is_found(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.jsonl").write_bytes((sealed.path / CONSOLE).read_bytes())
    (sealed.path / CONSOLE).unlink()
    (sealed.path / CONSOLE).symlink_to(tmp_path / "elsewhere.jsonl")
    assert f"{CONSOLE}: is a link" in verify(sealed.path)


def test_a_renamed_bundle_and_a_zip_without_a_folder_are_still_proven(sealed: Sealed, tmp_path: Path) -> None:
    files = read_all(sealed)
    assert verify(as_zip(files, tmp_path / "flat.zip", top="")) == []
    assert Bundle.open(tmp_path / "flat.zip").run == sealed.run
    assert verify(sealed.path.rename(tmp_path / "release-42")) == []


def test_a_bundle_is_read_back_from_folder_and_zip(sealed: Sealed) -> None:
    assert sealed.archive is not None
    for path in (sealed.path, sealed.archive):
        bundle = Bundle.open(path)
        assert bundle.run == sealed.run
        assert bundle.read("summary.md") == b"# go\n"
        assert PICTURE in bundle.names()
        with pytest.raises(KeyError):
            bundle.read("../secret")


def test_what_is_no_bundle_is_one_clear_line(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("not a zip")
    newer = as_folder({"run.json": json.dumps({"schema_version": 2}).encode()}, tmp_path / "newer")
    wrong = as_folder({"run.json": b'{"schema_version": 1}'}, tmp_path / "wrong")
    broken = as_folder({"run.json": b"{"}, tmp_path / "broken")
    expected = {
        tmp_path / "missing": "no such bundle",
        tmp_path / "empty": "not a bundle, there is no run.json in it",
        tmp_path / "text.zip": "not a whole zip archive (File is not a zip file)",
        newer: "run.json was written by a newer smokerunner (schema 2, this one reads 1)",
        wrong: "run.json is not valid: id: Field required",
        broken: "run.json is not JSON: Expecting property name enclosed in double quotes",
    }
    for path, message in expected.items():
        with pytest.raises(BadInput) as caught:
            Bundle.open(path)
        assert str(caught.value).startswith(f"{path}: {message}")
        assert "\n" not in str(caught.value)
    with pytest.raises(BadInput, match="no such bundle"):
        verify(tmp_path / "missing")
