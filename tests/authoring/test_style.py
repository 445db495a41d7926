"""The canonical spelling: whatever is spelled is read as what it was, and looks as the demo's file looks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from smokerunner.authoring.scalars import spell_text
from smokerunner.authoring.script import as_read
from smokerunner.authoring.style import guess, kind_of, spell
from smokerunner.language.document import parse
from smokerunner.language.notation import feed

ACORN = Path(__file__).parents[2] / "flows" / "acorn.yaml"

HARD = (
    "", " ", "  lead", "trail ", "\ttab", "a\tb", "# no", "a # b", "a #b", "a#b", "a: b", "a:b", "a:", ":a", "- a",
    "-a", "-", "--", "---", "...", "? a", "?", "?a", "| a", "|", "> a", "!tag", "&anchor", "*alias", "@at", "`tick",
    "%percent", "'", '"', "it's", '"quoted"', "'single'", "a\\b", "C:\\x", "{", "}", "{a: b}", "[", "]", "[a]", "a, b",
    ",", "${email}", "${secrets.A}-new", "$${", "no", "No", "NO", "yes", "on", "off", "y", "n", "true", "True", "false",
    "null", "Null", "~", "000123", "0", "12", "-12", "12.50", "1e3", "1_000", "0x1F", "0o17", "12:30", "12:30:45",
    "2027-02-03", "2027-02-03 10:00:00", ".5", ".inf", "-.INF", ".NaN", "+1", "<<", "=", "many\nlines", "many\nlines\n",
    "\n", "a\n\nb", "a\n\n", "\na", " a\nb", "a \nb", "a\n b", "a\n# b", "a\r\nb", "\r", "ünïcode €", "日本語", "😀",
    "\u00a0", "\u0085", "\u2028", "\ufeff", "\x00", "\x7f", "\x1b[1m", "x" * 500, "a" + " b" * 200, "/a?b=c&d=e#f",
    "https://x.test:8080/**", "^\\d+\\.(a|b)$", "$.a[0].b", "a ,b", "a{b", "a}b", "#", "##", "e\u0301", "- - -", ": ",
    "[x] done", "100%", "=1+1", "€18.00", "smoke+${unique}@example.test", "\\n", "a\\", "key: |", "<b>", "a\n---\nb",
)  # fmt: skip


def texts(chance: random.Random) -> Iterator[str]:
    letters = " \n\t#:-?,[]{}&*!|>'\"%@`~=<ab01.${}\\éß€😀\u2028\r"
    while True:
        yield "".join(chance.choice(letters) for _ in range(chance.randint(0, 12)))


def read(text: str) -> Any:
    return parse(text, "x").data


@pytest.mark.parametrize("text", HARD, ids=[ascii(text)[:24] for text in HARD])
def test_a_text_is_read_as_it_was(text: str) -> None:
    for value in (text, [text], {"a": text}, {"a": [text, {"b": text}]}, {text: "a"}, {"a": {text: [text]}}):
        assert read(f"x:\n  {spell({'in': value}, 2)}\n") == {"x": {"in": value}}
        assert read(f"x:\n  {spell([value, value], 2)}\ny: z") == {"x": [value, value], "y": "z"}


@pytest.mark.parametrize("text", HARD, ids=[ascii(text)[:24] for text in HARD])
def test_both_parsers_and_other_readers_agree(text: str) -> None:
    made = f"x: {spell_text(text)}\ny: {{z: {spell_text(text, braces=True)}}}\n"
    for pure in (True, False):
        root = feed(made, pure=pure).root
        assert root is not None
        assert root.child("x").text == root.child("y").child("z").text == text  # type: ignore[union-attr]
        other = YAML(typ="safe", pure=pure).load(made)
        # A number that is written the one way everybody writes it, and true and false, need no quotes.
        expected = json.loads(text) if text in ("0", "12", "-12", "true", "false") else text
        assert other == {"x": expected, "y": {"z": expected}}


@pytest.mark.parametrize("seed", range(20))
def test_random_texts_are_read_as_they_were(seed: int) -> None:
    chance = random.Random(seed)
    source = texts(chance)

    def value(depth: int) -> Any:
        kind = chance.randint(0, 4) if depth < 4 else 4
        if kind <= 1:
            return {next(source): value(depth + 1) for _ in range(chance.randint(0, 4))}
        if kind == 2:
            return [value(depth + 1) for _ in range(chance.randint(0, 4))]
        return next(source)

    for _ in range(25):
        made = {"a": value(0), "b": value(0)}
        indent = chance.choice((0, 2, 5))
        assert read(" " * indent + spell(made, indent) + "\n") == made


@pytest.mark.parametrize(
    "body",
    [
        {"a": 12, "b": "12", "c": None, "d": "null", "e": True, "f": "true", "g": [1.5, "1.5", 1e30, -3], "h": "0x1F"},
        {"a": {"json": "12"}, "l": "many\nlines", "m": "x" * 120, "n": ["", "~", {"o": "no", "p": "yes"}]},
        [], {}, "text", 5, None, "5",
    ],
)  # fmt: skip
def test_values_below_json_keep_their_type(body: Any) -> None:
    flow = {"app": "a", "flows": {"x": {"steps": [{"api": {"post": "/x", "json": body}}]}}}
    assert read(spell(flow)) == flow


def test_the_demos_file_is_spelled_as_it_stands() -> None:
    text = ACORN.read_text()
    data = read(text)
    spelled = spell(data)
    assert read(spelled) == data
    lines = (line.partition("  #")[0] for line in text.splitlines())
    bare = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    made = [line for line in spelled.splitlines() if line.strip()]
    assert made == bare


STEPS = {
    "the action comes first, what goes with it next, save last": (
        {
            "save": {"code": "value"},
            "timeout": "5s",
            "name": "Type",
            "with": "${email}",
            "fill": {"label": "Email"},
        },
        "fill: {label: Email}\nwith: ${email}\nname: Type\ntimeout: 5s\nsave: {code: value}",
    ),
    "fallbacks stand below": (
        {"click": {"button": "Save", "fallbacks": [{"test_id": "save"}]}},
        "click:\n  button: Save\n  fallbacks: [{test_id: save}]",
    ),
    "one simple fact stays beside": ({"expect": {"url": "/x"}}, "expect: {url: /x}"),
    "several facts stand below": (
        {"expect": {"url": "/x", "visible": [{"heading": "A"}, {"text": "B"}]}},
        "expect:\n  url: /x\n  visible: [{heading: A}, {text: B}]",
    ),
    "steps in a popup are steps": (
        {"popup": [{"expect": {"visible": {"heading": "A"}}}], "click": {"link": "A"}},
        "click: {link: A}\npopup:\n  - expect: {visible: {heading: A}}",
    ),
    "what is long stands below": (
        {"click": {"button": "x" * 60, "within": {"region": "y" * 60}}},
        f"click:\n  button: {'x' * 60}\n  within: {{region: {'y' * 60}}}",
    ),
    "lines stay lines": ({"expect": {"aria": "- list\n- link"}}, "expect:\n  aria: |-\n    - list\n    - link"),
    "a dialog": ({"dialog": "accept", "click": {"button": "A"}}, "click: {button: A}\ndialog: accept"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step(name: str) -> None:
    step, expected = STEPS[name]
    assert spell(step) == expected
    assert read(f"x:\n    {spell(step, 4)}\n") == {"x": as_read(step, ())}


def test_where_is_what() -> None:
    assert kind_of(()) == "file"
    assert kind_of(("flows", "steps")) == "flow"
    assert kind_of(("flows", "a", "steps", 0, "popup", 1)) == "step"
    assert kind_of(("flows", "a", "steps", 0, "repeat")) == "step"
    assert kind_of(("flows", "a", "steps", 0, "with", "steps", 0)) == "value"
    parts = ({"flows": {}}, {"steps": []}, {"goto": "/"}, [{"goto": "/"}], {"button": "A"})
    assert [guess(part) for part in parts] == ["file", "flow", "step", "steps", "value"]


@pytest.mark.parametrize("value", [None, {"a": None}, [None], {"a": "\ud800"}, float("nan"), object()])
def test_what_no_flow_file_can_hold(value: Any) -> None:
    with pytest.raises(ValueError):
        spell(value)
