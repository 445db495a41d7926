"""What is right is accepted by the loader and the schema alike, and means the same in every notation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from editor import complains, typed
from good_files import GOOD, steps
from ruamel.yaml.error import MarkedYAMLError

from smokerunner.language.document import parse
from smokerunner.language.load import load
from smokerunner.language.nodes import Node
from smokerunner.language.notation import feed
from smokerunner.language.vocabulary import vocabulary
from smokerunner.model.flow import FlowFile


def save(folder: Path, text: str, name: str = "acorn.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", GOOD)
def test_loader_and_schema_accept(name: str, tmp_path: Path) -> None:
    load(save(tmp_path, GOOD[name]))
    assert complains(GOOD[name]) == []


@pytest.mark.parametrize("name", GOOD)
def test_what_is_written_out_reads_back_the_same(name: str, tmp_path: Path) -> None:
    file = load(save(tmp_path, GOOD[name])).file
    dumped = file.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    assert FlowFile.model_validate(dumped, context={"vocabulary": vocabulary()}) == file


@pytest.mark.parametrize("name", GOOD)
def test_the_json_twin_means_the_same(name: str, tmp_path: Path) -> None:
    first = load(save(tmp_path, GOOD[name])).file
    twin = json.dumps(parse(GOOD[name], "x").data, indent=2)
    assert load(save(tmp_path, twin, "acorn.json")).file == first


@pytest.mark.parametrize("name", GOOD)
def test_both_yaml_parsers_say_the_same(name: str) -> None:
    assert feed(GOOD[name], pure=True).root == second_best(GOOD[name])


def second_best(text: str) -> Node | None:
    """What the C parser says, where it can read the file at all."""
    try:
        return feed(text, pure=False).root
    except MarkedYAMLError:
        return feed(text, pure=True).root


def test_question_marks_inside_braces_are_only_text() -> None:
    assert parse("a: {b: /c?d=e, f: [g?]}", "x").data == {"a": {"b": "/c?d=e", "f": ["g?"]}}


def test_scalars_stay_what_was_typed() -> None:
    words = ["000123", "12.50", "2027-02-03", "no", "1e3", "0x1F", "1_000", "0o17", ".inf", "12:30:45", "=", "TRUE"]
    text = "".join(f"k{index}: {word}\n" for index, word in enumerate(words))
    assert list(parse(text, "x").data.values()) == words
    as_json = '{"a": 12.50, "b": true, "c": 1E3, "d": -0}'
    assert parse(as_json, "x", is_json=True).data == {"a": "12.50", "b": "true", "c": "1E3", "d": "-0"}


def test_only_below_json_values_have_a_type() -> None:
    text = (
        "api: {json: {a: 12, b: '12', c: 1.5, d: true, e: null, f: no, g: 2027-02-03, h: [0x1F, 1e3, .inf, ~]}, n: 1}"
    )
    assert parse(text, "x").data["api"] == {
        "json": {
            "a": 12, "b": "12", "c": 1.5, "d": True, "e": None, "f": "no", "g": "2027-02-03",
            "h": [31, 1000.0, ".inf", None],
        },
        "n": "1",
    }  # fmt: skip


def test_json_as_a_name_is_only_a_name() -> None:
    for key in ("flows", "variables", "with", "save", "headers", "form", "set"):
        assert parse(f"{key}: {{json: 12}}", "x").data == {key: {"json": "12"}}


def test_json_files_are_read_as_json() -> None:
    text = '{"a":\t"\\ud83d\\ude00 \\/ \\u2028 \u2028",\r\n\t"b": [1, {"c": "\\\\\\"]}"}]}'
    document = parse(text, "x", is_json=True)
    assert document.data == {"a": "😀 / \u2028 \u2028", "b": ["1", {"c": '\\"]}'}]}
    assert document.key_place(("b",)) == (2, 2)
    assert document.place(("b", 1, "c")) == (2, 17)


def test_json_without_its_ending_and_yaml_in_braces() -> None:
    assert parse('{"a": "\\ud83d\\ude00"}', "x").data == {"a": "😀"}
    assert parse("{a: b, c: [d]}", "x").data == {"a": "b", "c": ["d"]}


def test_a_file_is_read_the_same_with_any_line_ends(tmp_path: Path) -> None:
    plain = load(save(tmp_path, GOOD["forms"])).file
    for text in ("\ufeff" + GOOD["forms"], GOOD["forms"].replace("\n", "\r\n")):
        path = tmp_path / "other.yaml"
        path.write_bytes(text.encode())
        assert load(path).file == plain


def test_places_are_those_of_the_file() -> None:
    document = parse("a:\n  - b: c\n    d: [e, {f: 'g'}]\n", "x")
    assert document.place(()) == (1, 1)
    assert document.place(("a", 0, "b")) == (2, 8)
    assert document.key_place(("a", 0, "d")) == (3, 5)
    assert document.place(("a", 0, "d", 1, "f")) == (3, 16)
    assert document.place(("a", 0, "b", 0, "Target")) == (2, 8)
    assert document.key_place(("a", 0, "d", 1)) == (3, 12)


def test_an_alias_is_reported_where_it_stands(tmp_path: Path) -> None:
    document = parse("a: &x {b: c}\nd: *x\n", "x")
    assert document.place(("d",)) == (2, 4)
    assert document.place(("d", "b")) == (1, 11)


def test_the_demo_file_is_right() -> None:
    path = Path(__file__).parents[2] / "flows" / "acorn.yaml"
    load(path)
    assert complains(path.read_text(encoding="utf-8")) == []
    assert typed(steps("- goto: 2027-02-03"))["flows"]["login"]["steps"] == [{"goto": "2027-02-03"}]
