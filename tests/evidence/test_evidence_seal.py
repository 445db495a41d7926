"""Sealing: what the bundle holds, what the run says about what was left out, and nothing that only looks whole."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from small_run import CONSOLE, PASSWORD, PICTURE, RUN_ID, SUMMARY, TRACE, filled, png, secrets, small_run, zip_of

from smokerunner.evidence.bundle import Bundle
from smokerunner.evidence.folder import Folder, Unwritable
from smokerunner.evidence.schema import is_our_own, mismatches, run_schema, written
from smokerunner.evidence.seal import seal
from smokerunner.evidence.verify import verify
from smokerunner.evidence.withhold import masked_run
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact
from smokerunner.model.run import Run
from smokerunner.model.secret import Secrets

SEALS_WITH_LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from small_run import SUMMARY, filled, small_run
from smokerunner.evidence.folder import Unwritable
from smokerunner.evidence.seal import seal
folder = filled(Path(sys.argv[1]))
folder.write("flows/login/download.bin", bytes(int(sys.argv[2])))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    seal(folder, small_run(), SUMMARY)
except Unwritable as error:
    print(error)
"""


def sums_hold(folder: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def nothing_looks_whole(out: Path) -> None:
    assert [path for path in out.iterdir() if not path.name.startswith(".")] == []
    assert list(out.rglob("SHA256SUMS")) == []
    assert list(out.glob("*.zip*")) == []


def test_a_bundle_is_whole_and_proven(tmp_path: Path) -> None:
    sealed = seal(filled(tmp_path), small_run(), SUMMARY)
    assert (sealed.path, sealed.archive) == (tmp_path / RUN_ID, tmp_path / f"{RUN_ID}.zip")
    assert sealed.problems == ()
    assert sealed.run == small_run()
    assert sorted(path.name for path in tmp_path.iterdir()) == [RUN_ID, f"{RUN_ID}.zip"]
    assert Bundle.open(sealed.path).names() == (
        "SHA256SUMS",
        PICTURE,
        CONSOLE,
        TRACE,
        "run.json",
        "summary.md",
    )
    sums_hold(sealed.path)
    assert verify(sealed.path) == []
    assert sealed.archive is not None
    assert verify(sealed.archive) == []


def test_the_zip_unpacks_to_one_folder_that_sha256sum_proves(tmp_path: Path) -> None:
    sealed = seal(filled(tmp_path), small_run(), SUMMARY)
    assert sealed.archive is not None
    with zipfile.ZipFile(sealed.archive) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert [path.name for path in (tmp_path / "unpacked").iterdir()] == [RUN_ID]
    sums_hold(tmp_path / "unpacked" / RUN_ID)


def test_the_same_run_gives_the_same_zip(tmp_path: Path) -> None:
    (one, two) = (seal(filled_at(tmp_path / name), small_run(), SUMMARY).archive for name in ("one", "two"))
    assert one is not None
    assert two is not None
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(two) as second:
        assert [entry.date_time for entry in first.infolist()] == [entry.date_time for entry in second.infolist()]
    assert one.read_bytes() == two.read_bytes()


def filled_at(out: Path) -> Folder:
    folder = filled(out)
    # The trace is made anew for each folder, with the time of its making inside.
    (folder.root / TRACE).write_bytes(b"PK\x05\x06" + bytes(18))
    return folder


def test_run_json_is_valid_against_the_published_schema(tmp_path: Path) -> None:
    schema = run_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    sealed = seal(filled(tmp_path), small_run(), SUMMARY)
    text = (sealed.path / "run.json").read_text()
    jsonschema.validate(json.loads(text), schema)
    assert mismatches(text) == []
    assert Run.model_validate_json(text) == sealed.run


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"surprise": 1}, "surprise"),
        ({"schema_version": 2}, "schema_version"),
        ({"started": 5}, "started"),
        ({"results": [{}]}, "results.0"),
    ],
)
def test_the_schema_is_strict(change: dict[str, object], place: str) -> None:
    document = json.loads(small_run().model_dump_json()) | change
    assert place in mismatches(json.dumps(document))[0]


@pytest.mark.parametrize(
    "change",
    [{"surprise": 1}, {"schema_version": 2}, {"started": 5}, {"results": [{}]}, {"interrupted": "no"}, {"app": None}],
)
def test_only_what_matches_the_schema_is_taken_for_our_own(change: dict[str, object]) -> None:
    document = written(small_run())
    assert is_our_own(document)
    assert mismatches(document) == []
    other = json.dumps(json.loads(document) | change, indent=2)
    assert not is_our_own(other)
    assert mismatches(other) != []


@pytest.mark.parametrize(
    "text",
    ['"quoted" \\u0041 \\\\', "two\nlines", "Åkarp \x01 and 🎈", "typed {}"],
)
def test_a_run_is_masked_text_by_text_and_stays_as_it_is_without_a_secret(text: str) -> None:
    secret = 'a "secret"\\path\n🎈'
    known = Secrets({"ODD": secret})
    run = small_run(message=text)
    assert masked_run(run, known) is run
    told = masked_run(small_run(message=f"{text} {secret}!"), known)
    assert told.flows[0].steps[0].message == f"{text} ***ODD***!"


def test_what_is_escaped_twice_is_masked_though_the_file_escapes_it_again() -> None:
    twice = "".join(rf"\\u{ord(sign):04x}" for sign in "passwordc0ffee")
    told = masked_run(small_run(message=f"typed {twice}"), Secrets({"PLAIN": "passwordc0ffee"}))
    assert told.flows[0].steps[0].message == "typed ***PLAIN***"


def test_a_run_that_no_schema_allows_is_not_sealed(tmp_path: Path) -> None:
    endless = small_run().model_copy(update={"history": {"login": {"median_seconds": "long"}}})
    with (
        pytest.warns(UserWarning, match="serializer warnings"),
        pytest.raises(Unavailable, match=r"its own schema: run.json: history\.login"),
    ):
        seal(filled(tmp_path), endless, SUMMARY)
    nothing_looks_whole(tmp_path)


def test_secrets_are_nowhere_in_the_bundle(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    folder.path(TRACE).write_bytes(zip_of({"a.zip": zip_of({"body": f"password={PASSWORD}".encode()})}))
    run = small_run(message=f"typed {PASSWORD}")
    sealed = seal(folder, run, {"summary.md": lambda run, _: f"# {run.flows[0].children[0].children[0].message}\n"})
    assert (sealed.path / "summary.md").read_text() == "# typed ***SMOKE_PASSWORD***\n"
    assert sealed.run.flows[0].steps[0].message == "typed ***SMOKE_PASSWORD***"
    assert sealed.run.outcome is Outcome.PASSED
    assert verify(sealed.path) == []
    for name in Bundle.open(sealed.path).names():
        assert not secrets().found_in((sealed.path / name).read_bytes())


def test_a_withheld_file_is_said_and_the_flow_is_warned(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    folder.path(PICTURE).write_bytes(png() + PASSWORD.encode())
    seen: list[Run] = []
    sealed = seal(folder, small_run(), {"summary.md": lambda run, _: seen.append(run) or "done\n"})  # type: ignore[func-returns-value]
    step = sealed.run.flows[0].steps[0]
    assert step.artifacts[0].withheld == "a secret stands in its bytes and it is not text, so it was left out"
    assert step.warnings == (f"{PICTURE} is not in the evidence: {step.artifacts[0].withheld}",)
    assert [result.outcome for result in sealed.run.flows[0].walk()] == [Outcome.WARNED] * 3
    assert seen == [sealed.run]
    assert sealed.problems == (f"{PICTURE}: {step.artifacts[0].withheld}",)
    assert verify(sealed.path) == []
    assert sealed.archive is not None
    assert not (sealed.path / PICTURE).exists()


def test_a_failed_flow_stays_failed_when_its_trace_is_withheld(tmp_path: Path) -> None:
    run = small_run()
    flow = run.flows[0].model_copy(update={"outcome": Outcome.FAILED})
    folder = filled(tmp_path)
    folder.path(TRACE).write_bytes(zip_of({"x.jpeg": b"\0" + PASSWORD.encode()}))
    sealed = seal(folder, run.model_copy(update={"results": (flow,)}), SUMMARY)
    assert sealed.run.outcome is Outcome.FAILED
    assert sealed.run.flows[0].children[0].outcome is Outcome.WARNED


def test_a_file_that_was_never_written_is_said(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    (folder.root / PICTURE).unlink()
    sealed = seal(folder, small_run(), SUMMARY)
    assert sealed.run.flows[0].steps[0].artifacts[0].withheld == "it was never written"
    assert sealed.run.outcome is Outcome.WARNED
    assert verify(sealed.path) == []


def test_a_picture_used_again_is_looked_for_where_it_is(tmp_path: Path) -> None:
    run = small_run()
    again = Artifact(kind="picture", path="flows/login/02-click.png", same_as=PICTURE)
    flow = run.flows[0].model_copy(update={"artifacts": (again,)})
    sealed = seal(filled(tmp_path), run.model_copy(update={"results": (flow,)}), SUMMARY)
    assert sealed.run.outcome is Outcome.PASSED
    assert verify(sealed.path) == []


def test_a_withheld_file_that_no_result_names_is_said_by_the_run(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    folder.write("stray.bin", b"\0" + PASSWORD.encode())
    sealed = seal(folder, small_run(), SUMMARY)
    notice = sealed.run.results[-1]
    assert (notice.kind, notice.outcome) == ("run", Outcome.WARNED)
    assert notice.message == "a secret stood in stray.bin, so that was left out"


def test_a_secret_in_a_file_name_is_not_repeated(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    known = Secrets({"NAME": "password-c0ffee"})
    folder = Folder(tmp_path, RUN_ID, known)
    folder.write("flows/login/02-type-password-c0ffee.png", png())
    run = small_run()
    flow = run.flows[0].model_copy(
        update={"artifacts": (Artifact(kind="picture", path="flows/login/02-type-password-c0ffee.png"),)}
    )
    sealed = seal(folder, run.model_copy(update={"results": (flow,)}), SUMMARY)
    assert sealed.archive is not None
    assert sealed.run.flows[0].artifacts[0].path == "flows/login/02-type-***NAME***.png"
    assert "in its name" in str(sealed.run.flows[0].artifacts[0].withheld)
    assert "c0ffee" not in str(sealed)
    assert verify(sealed.path) == []


def test_a_secret_that_survives_is_an_error_and_there_is_no_archive(tmp_path: Path) -> None:
    # A secret that is its own name stands in every mask.
    folder = Folder(tmp_path, RUN_ID, Secrets({"hunter2hunter2": "hunter2hunter2"}))
    filled(tmp_path)
    folder.write("notes.txt", b"typed hunter2hunter2")
    sealed = seal(folder, small_run(), SUMMARY)
    assert sealed.archive is None
    assert sorted(path.name for path in tmp_path.iterdir()) == [RUN_ID]
    assert (sealed.run.results[-1].kind, sealed.run.outcome) == ("run", Outcome.ERROR)
    assert sealed.problems == ("a secret is still in notes.txt, so no archive was made",)
    assert (sealed.path / "summary.md").read_text() == "# cannot tell\n"
    sums_hold(sealed.path)
    assert verify(sealed.path) == []


def test_a_secret_that_is_a_word_of_ours_does_not_break_run_json(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    folder = Folder(tmp_path, RUN_ID, Secrets({"SMOKE_PASSWORD": "inconclusive"}))
    run = small_run()
    flow = run.flows[0].model_copy(update={"outcome": Outcome.INCONCLUSIVE})
    sealed = seal(folder, run.model_copy(update={"results": (flow,)}), SUMMARY)
    assert sealed.archive is None
    assert sealed.problems == ("a secret is still in run.json, so no archive was made",)
    assert verify(sealed.path) == []


def test_a_taken_name_is_not_overwritten(tmp_path: Path) -> None:
    first = seal(filled(tmp_path), small_run(), SUMMARY)
    before = (first.path / "run.json").read_bytes()
    with pytest.raises(Unwritable, match=f"{RUN_ID}: File exists"):
        seal(filled(tmp_path), small_run(message="second"), SUMMARY)
    assert (first.path / "run.json").read_bytes() == before
    assert verify(first.path) == []
    assert not (tmp_path / f".{RUN_ID}.partial" / "SHA256SUMS").exists()


def test_a_renderer_that_breaks_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    def broken(run: Run, _: object) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(filled(tmp_path), small_run(), {"summary.md": broken})
    nothing_looks_whole(tmp_path)


@pytest.mark.parametrize(
    ("extra", "limit", "named"),
    [(0, 300, r"run\.json|summary\.md"), (40_000, 30_000, rf"{RUN_ID}\.zip")],
    ids=["the reports", "the zip"],
)
def test_a_write_that_fails_leaves_nothing_that_looks_whole(tmp_path: Path, extra: int, limit: int, named: str) -> None:
    # Random bytes do not shrink, so the archive is as large as they are.
    source = SEALS_WITH_LITTLE_ROOM.replace("bytes(int(sys.argv[2]))", "__import__('os').urandom(int(sys.argv[2]))")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", source, str(tmp_path), str(extra), str(limit)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"cannot write evidence to \S*({named}): File too large\n", done.stdout)
    nothing_looks_whole(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_one_clear_error(small_disk: Path) -> None:
    folder = filled(small_disk)
    folder.write("flows/login/download.bin", os.urandom(600_000))
    with pytest.raises(Unwritable) as caught:
        folder.write("flows/login/another.bin", os.urandom(600_000))
    assert str(caught.value).endswith("flows/login/another.bin: No space left on device")
    with pytest.raises(Unwritable) as caught:
        seal(folder, small_run(), SUMMARY)
    assert str(caught.value) == f"cannot write evidence to {small_disk}/{RUN_ID}.zip: No space left on device"
    nothing_looks_whole(small_disk)
