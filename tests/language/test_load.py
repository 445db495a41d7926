"""Several files, and folders of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from smokerunner.language.load import load_all
from smokerunner.model.errors import BadInput

FLOW = "flows: {a: {steps: [{goto: /}]}}\n"


def refused(*paths: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load_all(paths)
    return [str(problem) for problem in caught.value.problems]


def test_a_folder_without_its_subfolders(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.json", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text(f'{{"app": "{name[0]}", "flows": {{"a": {{"steps": [{{"goto": "/"}}]}}}}}}')
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "upload.json").write_text("[]")
    assert [item.file.app for item in load_all(tmp_path)] == ["a", "b", "c"]


def test_all_problems_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("app: a b\n" + FLOW)
    (tmp_path / "b.yaml").write_text("app: b\nflow: x\n" + FLOW)
    (tmp_path / "c.yaml").write_text("name: package\n")
    assert refused(tmp_path) == [
        f"{tmp_path}/a.yaml:1:6: app: 'a b' is not a name; use letters, digits, - and _, "
        "beginning with a letter or digit",
        f"{tmp_path}/b.yaml:2:1: no key called 'flow' in a flow file, did you mean 'flows'?",
        f"{tmp_path}/c.yaml:1:1: 'app' is missing",
        f"{tmp_path}/c.yaml:1:1: 'flows' is missing",
        f"{tmp_path}/c.yaml:1:1: no key called 'name' in a flow file; there are app, base_url, secrets, variables, "
        "tolerate, dismiss, mask, viewport, browser, timeout, visual, flows",
    ]


def test_one_app_one_file(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("app: acorn\n" + FLOW)
    assert refused(tmp_path / "a.yaml", tmp_path / "b.yaml") == [
        f"{tmp_path}/b.yaml:1:6: app: 'acorn' is already the app of {tmp_path}/a.yaml; "
        "one file holds all flows of an app"
    ]
    assert len(load_all([tmp_path / "a.yaml", tmp_path / "a.yaml"])) == 1


def test_nothing_to_load(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.yaml").write_text("app: a\n" + FLOW)
    assert refused(tmp_path) == [f"{tmp_path}: holds no flow file (*.yaml, *.yml or *.json)"]
    assert refused() == ["no flow file was named"]
    assert refused(tmp_path / "none") == [f"{tmp_path}/none: there is no such file"]
