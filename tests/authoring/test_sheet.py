"""Editing a flow file: only what was asked changes, byte by byte, and nothing broken is ever written."""

from __future__ import annotations

import difflib
import json
import random
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smokerunner.authoring.script import Script
from smokerunner.authoring.sheet import Sheet
from smokerunner.authoring.style import spell
from smokerunner.language.load import load
from smokerunner.language.nodes import Location
from smokerunner.model.errors import BadInput

ACORN = Path(__file__).parents[2] / "flows" / "acorn.yaml"

SHOP = """\
# The shop.
app: shop   # its name
base_url: "http://127.0.0.1:9"
secrets: [A, B]

flows:

  # Everybody
  look:
    title: 'A visitor looks'
    steps:
      - goto: /
      # Twice on purpose.
      - click:   {button: Save, nth: 2}   # the second
        timeout: 5s
      - click:
          # The name changes.
          link: More
      - expect:
          url: /more

  buy:
    needs: look
    steps:
    - goto: /buy
    # the end
"""

FLOW = {
    "title": "Someone pays",
    "steps": [
        {"goto": "/pay"},
        {"with": "${secrets.A}", "fill": {"label": "Password"}},
        {"expect": {"url": "/paid", "visible": {"heading": "Thank you"}}},
    ],
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP)
    return path


def changes(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


def test_reading_changes_nothing(shop: Path) -> None:
    sheet = Sheet.read(shop)
    assert (sheet.app, sheet.text) == ("shop", SHOP)
    assert sheet.data["flows"]["look"]["steps"][1]["click"] == {"button": "Save", "nth": "2"}
    before = shop.stat().st_mtime_ns
    sheet.save(shop)
    assert shop.stat().st_mtime_ns == before


def test_one_value(shop: Path) -> None:
    sheet = Sheet.read(shop)
    sheet.put(("flows", "look", "steps", 1, "click", "button"), "Save, please")
    sheet.save(shop)
    assert changes(SHOP, shop.read_text()) == [
        "-       - click:   {button: Save, nth: 2}   # the second\n",
        "+       - click:   {button: 'Save, please', nth: 2}   # the second\n",
    ]


@pytest.mark.parametrize(
    ("location", "value", "expected"),
    [
        (("base_url",), "https://x.test", ['- base_url: "http://127.0.0.1:9"\n', "+ base_url: https://x.test\n"]),
        (
            ("flows", "look", "steps", 2, "click"),
            {"button": "More"},
            [
                "-       - click:\n",
                "-           # The name changes.\n",
                "-           link: More\n",
                "+       - click: {button: More}\n",
            ],
        ),
        (
            ("flows", "look", "steps", 1, "click"),
            {"button": "Save", "fallbacks": [{"test_id": "save"}]},
            [
                "-       - click:   {button: Save, nth: 2}   # the second\n",
                "+       - click:   {button: Save, fallbacks: [{test_id: save}]}   # the second\n",
            ],
        ),
        (
            ("flows", "look", "steps", 0, "goto"),
            "/a\n/b",
            ["-       - goto: /\n", "+       - goto: |-\n", "+           /a\n", "+           /b\n"],
        ),
        (("flows", "look", "steps", 3, "expect", "url"), "/x", ["-           url: /more\n", "+           url: /x\n"]),
        (("app",), "store", ["- app: shop   # its name\n", "+ app: store   # its name\n"]),
    ],
)
def test_put(location: Location, value: Any, expected: list[str]) -> None:
    sheet = Sheet(Script(SHOP, "shop.yaml"))
    sheet.put(location, value)
    assert sorted(changes(SHOP, sheet.text)) == sorted(expected)


def test_a_flow_goes_behind_the_others_in_the_files_own_manner(shop: Path) -> None:
    sheet = Sheet.read(shop)
    sheet.add_flow("pay", FLOW)
    sheet.save(shop)
    assert shop.read_text() == SHOP + (
        "\n"
        "  pay:\n"
        "    title: Someone pays\n"
        "    steps:\n"
        "      - goto: /pay\n"
        "      - fill: {label: Password}\n"
        "        with: ${secrets.A}\n"
        "      - expect:\n"
        "          url: /paid\n"
        "          visible: {heading: Thank you}\n"
    )


def test_dashes_in_line_with_their_key_stay_so() -> None:
    sheet = Sheet(Script("app: a\nflows:\n  x:\n    steps:\n    - goto: /\n", "a.yaml"))
    sheet.add_flow("z", {"steps": [{"goto": "/y"}]})
    assert sheet.text.endswith("  z:\n    steps:\n    - goto: /y\n")


def test_a_taken_name_is_refused_and_replacing_touches_only_that_flow(shop: Path) -> None:
    sheet = Sheet.read(shop)
    with pytest.raises(BadInput, match="there is a flow 'buy' already"):
        sheet.add_flow("buy", FLOW)
    sheet.add_flow("look", {"title": "A visitor looks", "steps": [{"goto": "/"}]}, replace=True)
    before, after = SHOP.splitlines(), sheet.text.splitlines()
    assert before[: before.index("  look:") + 1] == after[: after.index("  look:") + 1]
    assert after[after.index("  look:") + 1 :][:3] == ["    title: A visitor looks", "    steps:", "      - goto: /"]
    assert before[before.index("  buy:") :] == after[after.index("  buy:") :]


def test_what_the_head_declares(shop: Path) -> None:
    sheet = Sheet.read(shop)
    for _ in range(2):
        sheet.declare_secret("A")
        sheet.declare_secret("NEW")
        sheet.declare_variable("email", "smoke+${unique}@example.test")
        sheet.declare_variable("name", "Robin")
        sheet.add_mask({"css": ".clock"})
        sheet.add_mask({"label": "Email"})
    sheet.save(shop)
    assert shop.read_text() == SHOP.replace("[A, B]\n", (
        "[A, B, NEW]\n"
        "\n"
        "variables:\n"
        "  email: smoke+${unique}@example.test\n"
        "  name: Robin\n"
        "\n"
        "mask:\n"
        "  - {css: .clock}\n"
        "  - {label: Email}\n"
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("secrets: A\nmask: {css: .a}\n", "secrets: [A, B]\nmask:\n  - {css: .a}\n  - {css: .b}\n"),
        ("secrets: B\nmask: {css: .b}\n", "secrets: B\nmask: {css: .b}\n"),
        ("secrets:\nmask: []\n", "secrets: [B]\nmask:\n  - {css: .b}\n"),
        (
            "secrets: [{name: B, weak: yes}]\nmask: [{css: .b}]\n",
            "secrets: [{name: B, weak: yes}]\nmask: [{css: .b}]\n",
        ),
    ],
)
def test_what_a_head_may_look_like(head: str, expected: str) -> None:
    rest = "flows:\n  x:\n    steps: [{goto: /}]\n"
    sheet = Sheet(Script(f"app: a\n{head}{rest}", "a.yaml"))
    sheet.declare_secret("B")
    sheet.add_mask({"css": ".b"})
    assert sheet.text == f"app: a\n{expected}{rest}"


def test_a_new_file_is_yaml(tmp_path: Path) -> None:
    sheet = Sheet.new("shop")
    sheet.add_flow("look", {"steps": [{"goto": "/"}]})
    with pytest.raises(BadInput, match=r"name it \.yaml"):
        sheet.save(tmp_path / "shop.json")


def test_a_new_file(tmp_path: Path) -> None:
    sheet = Sheet.new("shop", "http://127.0.0.1:9")
    path = tmp_path / "flows" / "shop.yaml"
    with pytest.raises(BadInput):
        sheet.save(path)
    assert not path.parent.exists()
    sheet.declare_secret("A")
    sheet.add_flow("pay", FLOW)
    sheet.add_flow("again", FLOW)
    sheet.save(path)
    assert load(path).file.flows.keys() == {"pay", "again"}
    assert (
        sheet.text
        == spell(sheet.data, location=()).replace("\nsecrets", "\n\nsecrets").replace("\nflows", "\n\nflows") + "\n"
    )
    assert [item.name for item in path.parent.iterdir()] == ["shop.yaml"]


def test_json_stays_json(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    text = json.dumps({"app": "shop", "flows": {"look": {"steps": [{"goto": "/"}]}}}, indent=4)
    path.write_text(text)
    sheet = Sheet.read(path)
    sheet.declare_secret("A")
    sheet.add_flow("pay", FLOW)
    sheet.put(("flows", "look", "steps", 0, "goto"), "/look")
    sheet.save(path)
    made = json.loads(path.read_text())
    assert made["secrets"] == ["A"]
    assert made["flows"]["pay"]["steps"][1]["with"] == "${secrets.A}"
    assert made["flows"]["look"]["steps"] == [{"goto": "/look"}]
    assert path.read_text() == json.dumps(made, indent=4)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end\n"])
def test_every_other_byte_stays(tmp_path: Path, mark: bytes, newline: str, end: str) -> None:
    path = tmp_path / "shop.yaml"
    before = mark + (SHOP.rstrip("\n") + end).replace("\n", newline).encode()
    path.write_bytes(before)
    sheet = Sheet.read(path)
    sheet.put(("flows", "look", "steps", 1, "timeout"), "7s")
    sheet.save(path)
    assert path.read_bytes() == before.replace(b"timeout: 5s", b"timeout: 7s")
    sheet.add_flow("pay", FLOW)
    sheet.save(path)
    after = path.read_bytes()
    assert after.startswith(mark)
    assert after.count(b"\r\n") == (after.count(b"\n") if newline == "\r\n" else 0)
    assert after.endswith(end.replace("\n", newline).encode())
    assert load(path).file.flows.keys() == {"look", "buy", "pay"}


def places(data: Any, here: Location = ()) -> Iterator[Location]:
    if here:
        yield here
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*here, key))


VALUES = (
    "x", "a: b", "# no", "${email}", "", "it's", "many\nlines", "many\nlines\n", " first", "no", "000123", 3, True, 1.5,
    {"button": "Save"}, {"button": "Save", "fallbacks": [{"test_id": "x"}]}, ["a", "b"], [], {}, [{"a": "b"}, "c"],
    "ünïcode €", "x" * 130, {"k" * 60: "v" * 60, "b": {"c": "d"}},
)  # fmt: skip
DATA = Script(SHOP, "x").document.data


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    ("text", "is_json"),
    [
        (SHOP, False),
        (SHOP.replace("\n", "\r\n"), False),
        (SHOP.rstrip("\n"), False),
        (json.dumps(DATA, indent=2), True),
        (json.dumps(DATA), True),
        (spell(DATA), False),
        ("{app: a, flows: {b: {steps: [{goto: /}, {click: {button: Save},\n  timeout: 5s}]}}}", False),
    ],
    ids=("yaml", "crlf", "no-end", "json", "one-line", "spelled", "braces"),
)
def test_any_change_means_what_was_asked(text: str, is_json: bool, seed: int) -> None:
    chance = random.Random(seed)
    script = Script(text, "x", is_json)
    for number in range(12):
        # Each change compares what it made with what was meant, and raises when they differ.
        everywhere = list(places(script.document.data))
        location = chance.choice([place for place in everywhere if len(place) > 1] or everywhere)
        value = chance.choice(VALUES)
        held = script.document.data
        for part in location:
            held = held[part]
        action = chance.choice(("put", "insert", "remove"))
        if action == "put":
            script = script.put(location, value)
        elif action == "remove" and len(location) > 1:
            script = script.remove(location)
        elif isinstance(held, dict):
            script = script.insert(location, f"new {number}", value, after=list(held)[: chance.randint(0, 3)])
        elif isinstance(held, list):
            script = script.insert(location, chance.randint(0, len(held)), value)


@pytest.mark.parametrize("name", ["browse", "register", "checkout", "profile"])
def test_a_change_in_the_demos_file_stays_in_its_line(name: str, tmp_path: Path) -> None:
    before = ACORN.read_text()
    sheet = Sheet.read(ACORN)
    for index, step in enumerate(sheet.data["flows"][name]["steps"]):
        if "goto" in step:
            sheet.put(("flows", name, "steps", index, "goto"), "/other")
    assert all(line[2:].strip().startswith("- goto: ") for line in changes(before, sheet.text))
    assert changes(before, sheet.text)


def test_new_problems_are_refused_and_old_ones_are_not(shop: Path) -> None:
    shop.write_text(SHOP.replace("needs: look", "needs: lock"))
    sheet = Sheet.read(shop)
    sheet.add_flow("pay", FLOW)
    sheet.save(shop)
    before = shop.read_bytes()
    sheet.add_flow("bad", {"steps": [{"clik": {"button": "x"}}]})
    with pytest.raises(BadInput, match=r"shop.yaml:\d+:9: bad, step 1: no action called 'clik'") as told:
        sheet.save(shop)
    assert len(told.value.problems) == 1
    assert shop.read_bytes() == before


def test_steps_to_do_are_written_only_when_asked(shop: Path) -> None:
    sheet = Sheet.read(shop)
    sheet.add_flow("later", {"steps": [{"goto": "/"}, {"todo": "open | window: 3"}]})
    with pytest.raises(BadInput, match="still to do: open"):
        sheet.save(shop)
    sheet.save(shop, todo_allowed=True)
    assert "    - todo: 'open | window: 3'\n" in shop.read_text()
    assert Sheet.read(shop).data["flows"]["later"]["steps"][1] == {"todo": "open | window: 3"}


def test_a_file_that_someone_else_changed_is_left_alone(shop: Path) -> None:
    sheet = Sheet.read(shop)
    sheet.add_flow("pay", FLOW)
    shop.write_text(SHOP + "# mine\n")
    with pytest.raises(BadInput, match="was changed by someone else meanwhile; nothing was written"):
        sheet.save(shop)
    assert shop.read_text() == SHOP + "# mine\n"
    shop.unlink()
    with pytest.raises(BadInput, match="was removed by someone else"):
        sheet.save(shop)
    fresh = Sheet.new("shop")
    fresh.add_flow("look", {"steps": [{"goto": "/"}]})
    shop.write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        fresh.save(shop)
    assert shop.read_text() == "mine"


def test_mode_and_link_stay(shop: Path, tmp_path: Path) -> None:
    shop.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(shop)
    sheet = Sheet.read(link)
    sheet.put(("app",), "store")
    sheet.save(link)
    assert link.is_symlink()
    assert stat.S_IMODE(shop.stat().st_mode) == 0o640
    assert "app: store" in shop.read_text()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["link.yaml", "shop.yaml"]


def test_what_is_repeated_by_an_alias_is_changed_by_hand() -> None:
    text = "app: a\nflows:\n  x:\n    steps:\n      - click: &save {button: Save}\n      - click: *save\n"
    sheet = Sheet(Script(text, "a.yaml"))
    for location in ((0, "click", "button"), (1, "click", "button"), (0, "click")):
        with pytest.raises(BadInput, match="by hand"):
            sheet.put(("flows", "x", "steps", *location), "Other")
        assert sheet.text == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"app: [", r"never closed|not YAML|:1:"),
        (b"", "is empty"),
        (b"- a\n", "a flow file is a mapping"),
        (b"\xff\xfe", "UTF-16"),
    ],
)
def test_what_is_no_flow_file_at_all(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        Sheet.read(path)
    with pytest.raises(BadInput, match="there is no such file"):
        Sheet.read(tmp_path / "nowhere.yaml")


def test_what_is_not_there() -> None:
    sheet = Sheet(Script(SHOP, "shop.yaml"))
    for change in (
        lambda: sheet.put(("flows", "sell", "title"), "x"),
        lambda: sheet.remove(("flows", "look", "steps", 9)),
        lambda: sheet.insert(("flows", "look"), "title", "x"),
        lambda: sheet.insert(("app",), "x", "y"),
    ):
        with pytest.raises(BadInput):
            change()
    assert sheet.text == SHOP
