"""A recording goes into its file; all else in that file stays as it was, byte for byte."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from smokerunner.authoring.tidy import Tidied
from smokerunner.language.load import load
from smokerunner.model.errors import BadInput
from smokerunner.recording.journal import Recording
from smokerunner.recording.keeping import keep

STEPS: list[dict[str, Any]] = [
    {"goto": "/login"},
    {"fill": {"label": "Password"}, "with": "${secrets.ACORN_PASSWORD}"},
    {"click": {"button": "Log in"}},
    {"expect": {"url": "/home"}},
]
FILE = """\
# The shop's flows.
app:   acorn      # its name
base_url: 'http://127.0.0.1:9'
secrets: [ACORN_PASSWORD]

flows:
  # First of all.
  look:
    steps:
      - goto:   /          # the front page
      - {expect: {title: Acorn}}

  # And then.
  buy:
    needs: look
    steps:
      - goto: "/buy"
      - expect: {heading: {is: Buy}, url: /buy}
""".replace("heading: {is: Buy}, ", "")


def recording(name: str = "login", steps: list[dict[str, Any]] | None = None, **more: Any) -> Recording:
    tidied = Tidied(name, {"title": "In", "steps": steps or STEPS}, ("ACORN_PASSWORD",), "http://h:1")
    return Recording(tidied, **more)


def uploading(name: str, data: bytes, *, popup: bool = False) -> Recording:
    step: dict[str, Any] = {"upload": {"label": "Avatar"}, "with": name}
    if popup:
        step = {"click": {"button": "More"}, "popup": [step]}
    return recording(steps=[{"goto": "/"}, step, {"expect": {"url": "/"}}], files={name: data})


def test_a_new_file_is_made_with_all_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "flows" / "acorn.yaml"
    kept = keep(recording(masks=({"css": ".clock"},)), path, "acorn")
    assert (kept.path, kept.is_new, kept.steps, kept.expectations, kept.todos) == (path, True, 4, 1, 0)
    file = load(path).file
    assert (file.app, file.base_url) == ("acorn", "http://h:1")
    assert [secret.name for secret in file.secrets] == ["ACORN_PASSWORD"]
    assert len(file.mask) == 1
    assert len(file.flows["login"].steps) == 4
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


def test_in_a_file_that_is_there_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / "acorn.yaml"
    path.write_text(FILE)
    kept = keep(recording(), path, "acorn")
    assert not kept.is_new
    text = path.read_text()
    assert text.startswith(FILE)
    assert "  login:\n" in text.removeprefix(FILE)
    assert list(load(path).file.flows) == ["look", "buy", "login"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_stay_as_they_are(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "acorn.yaml"
    before = FILE.replace("\n", ending).encode()
    path.write_bytes(before)
    keep(recording(), path, "acorn")
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") == (after.count(b"\n") if ending == "\r\n" else 0)


def test_a_json_file_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "acorn.json"
    path.write_text('{"app": "acorn", "flows": {"look": {"steps": [{"goto": "/"}]}}}')
    keep(recording(), path, "acorn")
    assert list(load(path).file.flows) == ["look", "login"]


def test_secrets_and_masks_are_declared_once(tmp_path: Path) -> None:
    path = tmp_path / "acorn.yaml"
    masks = ({"css": ".clock"},)
    keep(recording(masks=masks), path, "acorn")
    keep(recording("again", masks=masks), path, "acorn")
    file = load(path).file
    assert len(file.secrets) == len(file.mask) == 1


def test_a_flow_of_that_name_is_only_replaced_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "acorn.yaml"
    path.write_text(FILE)
    with pytest.raises(BadInput, match="there is a flow 'look' already"):
        keep(recording("look"), path, "acorn")
    assert path.read_text() == FILE
    keep(recording("look"), path, "acorn", replace=True)
    text = path.read_text()
    assert len(load(path).file.flows["look"].steps) == 4
    assert text[text.index("  # And then.") :] == FILE[FILE.index("  # And then.") :]
    assert text[: text.index("  look:")] == FILE[: FILE.index("  look:")]


def test_a_flow_with_something_to_do_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "acorn.yaml"
    kept = keep(recording(steps=[*STEPS, {"todo": "forward in the history"}]), path, "acorn")
    assert kept.todos == 1
    with pytest.raises(BadInput, match="forward in the history"):
        load(path)


class TestFiles:
    @pytest.mark.parametrize("popup", [False, True])
    def test_what_was_uploaded_stands_beside_the_flow_file(self, tmp_path: Path, popup: bool) -> None:
        kept = keep(uploading("acorn/a.png", b"one", popup=popup), tmp_path / "acorn.yaml", "acorn")
        assert kept.files == (tmp_path / "acorn" / "a.png",)
        assert kept.files[0].read_bytes() == b"one"
        load(kept.path)

    def test_the_same_file_is_there_once(self, tmp_path: Path) -> None:
        path = tmp_path / "acorn.yaml"
        keep(uploading("acorn/a.png", b"one"), path, "acorn")
        kept = keep(uploading("acorn/a.png", b"one"), path, "acorn", replace=True)
        assert kept.files == ()
        assert [file.name for file in (tmp_path / "acorn").iterdir()] == ["a.png"]

    @pytest.mark.parametrize("popup", [False, True])
    def test_another_of_that_name_gets_a_number(self, tmp_path: Path, popup: bool) -> None:
        path = tmp_path / "acorn.yaml"
        (tmp_path / "acorn").mkdir()
        (tmp_path / "acorn" / "a.png").write_bytes(b"other")
        (tmp_path / "acorn" / "a-2.png").write_bytes(b"yet another")
        kept = keep(uploading("acorn/a.png", b"one", popup=popup), path, "acorn")
        assert [file.name for file in kept.files] == ["a-3.png"]
        assert (tmp_path / "acorn" / "a.png").read_bytes() == b"other"
        assert "acorn/a-3.png" in path.read_text()
        load(path)

    def test_a_list_of_files(self, tmp_path: Path) -> None:
        steps = [{"upload": {"label": "Photos"}, "with": ["acorn/a.png", "acorn/b.png"]}, {"expect": {"url": "/"}}]
        files = {"acorn/a.png": b"1", "acorn/b.png": b"2"}
        (tmp_path / "acorn").mkdir()
        (tmp_path / "acorn" / "b.png").write_bytes(b"other")
        kept = keep(recording(steps=steps, files=files), tmp_path / "acorn.yaml", "acorn")
        assert sorted(file.name for file in kept.files) == ["a.png", "b-2.png"]
        load(kept.path)


BROKEN = {
    "no YAML": "app: [",
    "no mapping": "- app\n",
    "empty": "",
    "bytes": "app: acorn\nflows: {}\n\x00",
}


class TestRefusal:
    @pytest.mark.parametrize("name", BROKEN)
    def test_a_broken_file_is_not_touched(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "acorn.yaml"
        path.write_text(BROKEN[name])
        with pytest.raises(BadInput):
            keep(uploading("acorn/a.png", b"one"), path, "acorn")
        assert path.read_text() == BROKEN[name]
        assert not (tmp_path / "acorn" / "a.png").exists()

    def test_nothing_is_written_for_a_flow_that_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "acorn.yaml"
        path.write_text(FILE)
        bad = uploading("acorn/a.png", b"one")
        bad.tidied.flow["steps"].append({"fill": {"label": "x"}, "with": "${nobody}"})
        with pytest.raises(BadInput, match="nobody"):
            keep(bad, path, "acorn")
        assert path.read_text() == FILE
        assert not (tmp_path / "acorn" / "a.png").exists()

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "acorn.yaml").mkdir()
        with pytest.raises(BadInput):
            keep(recording(), tmp_path / "acorn.yaml", "acorn")
