"""One style for whole files: nothing is lost, nothing changes its meaning, and a second time changes nothing."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from smokerunner.authoring.formatting import formatted
from smokerunner.language.document import parse
from smokerunner.model.errors import BadInput
from tests.conftest import Smoke
from tests.language.good_files import GOOD

ACORN = Path(__file__).parents[2] / "flows" / "acorn.yaml"
TEXT = ACORN.read_text()

WILD = """\
# First of all.


secrets:   # names only
- A     # one
# above B
- B
app:    "shop"


# to the flows
flows:
    # Everybody
    look:

        # what it does
        steps:
        -   goto: /        # the start
            # a pause
            timeout: "5s"


        # the second step
        -   with: 'a'
            # which field
            fill:
              # by its label
              label: Email
        - # odd
          click: {button: Save, within: {region: A},
            # the second
            nth: 2}   # and done
        - expect: {url: /a, visible: {heading: B}}
        - mask: [ {css: .a}, {css: .b} ]
          press: Enter
          # at the end of the steps
        title: "It's fine"
    # before buy
    buy: {steps: [{goto: /buy}]}  # short
# after all
base_url: http://x.test
"""


def test_the_demos_file_is_formatted() -> None:
    assert formatted(TEXT, "acorn.yaml") == TEXT


def test_a_wild_file() -> None:
    assert formatted(WILD, "x.yaml") == (
        "# First of all.\n"
        "\n"
        "app: shop\n"
        "# after all\n"
        "base_url: http://x.test\n"
        "\n"
        "secrets:  # names only\n"
        "  - A  # one\n"
        "  # above B\n"
        "  - B\n"
        "\n"
        "# to the flows\n"
        "flows:\n"
        "  # Everybody\n"
        "  look:\n"
        "    title: It's fine\n"
        "\n"
        "    # what it does\n"
        "    steps:\n"
        "      - goto: /  # the start\n"
        "        # a pause\n"
        "        timeout: 5s\n"
        "\n"
        "      # the second step\n"
        "      # which field\n"
        "      - fill:\n"
        "          # by its label\n"
        "          label: Email\n"
        "        with: a\n"
        "      # odd\n"
        "      - click:  # and done\n"
        "          button: Save\n"
        "          within: {region: A}\n"
        "          # the second\n"
        "          nth: 2\n"
        "      - expect:\n"
        "          url: /a\n"
        "          visible: {heading: B}\n"
        "      - press: Enter\n"
        "        mask: [{css: .a}, {css: .b}]\n"
        "        # at the end of the steps\n"
        "\n"
        "  # before buy\n"
        "  buy:  # short\n"
        "    steps:\n"
        "      - goto: /buy\n"
    )


def check(text: str, *, is_json: bool = False) -> str:
    """Format it, hold what must hold, and give it back."""
    once = formatted(text, "x", is_json=is_json)
    assert formatted(once, "x", is_json=is_json) == once
    assert parse(once, "x", is_json=is_json).data == parse(text, "x", is_json=is_json).data
    newline = "\r\n" if "\r\n" in text else "\n"
    assert not [line for line in once.split(newline) if line != line.rstrip() and "#" not in line]
    assert once.endswith(newline)
    assert not once.endswith(newline * 2)
    return once


@pytest.mark.parametrize("name", GOOD)
def test_all_that_the_language_allows(name: str) -> None:
    check(GOOD[name])


REMARK = re.compile(r"# \w+\d+")


@pytest.mark.parametrize("seed", range(30))
def test_no_comment_is_lost_wherever_it_stands(seed: int) -> None:
    chance = random.Random(seed)
    source = chance.choice((TEXT, WILD))
    lines: list[str] = []
    number = 0
    for line in source.splitlines():
        while chance.random() < 0.06:
            number += 1
            lines.append(f"{' ' * chance.randint(0, 12)}# above{number}")
        if chance.random() < 0.05:
            lines += [""] * chance.randint(1, 3)
        if line.strip() and "#" not in line and chance.random() < 0.06:
            number += 1
            line += f"{' ' * chance.randint(1, 4)}# beside{number}"
        lines.append(line)
    if seed % 3 == 0:
        lines.append("# the end")
    newline = chance.choice(("\n", "\n", "\r\n"))
    text = newline.join(lines) + chance.choice(("", newline, newline * 3))
    made = check(text)
    assert sorted(REMARK.findall(made)) == sorted(REMARK.findall(text))
    assert "\n\n\n" not in made
    # What is commented is still there on its line, or right below it.
    if source is TEXT:
        order = [found for found in REMARK.findall(text) if found.startswith("# above")]
        assert len([found for found in REMARK.findall(made) if found.startswith("# above")]) == len(order)


@pytest.mark.parametrize("seed", range(10))
def test_other_spellings_come_to_the_same(seed: int) -> None:
    chance = random.Random(seed)

    def changed(line: str) -> str:
        if line.startswith("#") or not line.strip():
            return line
        line = re.sub(r": ", lambda _: ":" + " " * chance.choice((1, 1, 2, 4)), line, count=1)
        line = re.sub(r"(?<!\$)\{", lambda _: "{" + " " * chance.choice((0, 1)), line) if "'" not in line else line
        if chance.random() < 0.3:
            line = re.sub(r"(goto: +)(/\S*)$", r'\1"\2"', line)
        return line + " " * chance.choice((0, 0, 3))

    text = "\n".join(changed(line) for line in TEXT.splitlines())
    text = text.replace("{ {", "{{")
    assert check(text) == TEXT


def test_json_gets_two_blanks_and_keeps_its_order() -> None:
    steps = '[{"goto": "/"}, {"api": {"post": "/x", "json": [1.0, 1e3, "é", {}, []]}}]'
    text = f'{{"flows": {{"x": {{"steps": {steps}}}}}, "app": "a"}}'
    made = check(text, is_json=True)
    assert json.loads(made) == json.loads(text)
    assert list(json.loads(made)) == ["flows", "app"]
    assert made.startswith('{\n  "flows": {\n    "x": {\n')
    assert "1.0," in made
    assert "1e3," in made


def test_what_a_person_repeats_stays_repeated() -> None:
    text = "app: a\nflows:\n  x:\n    steps:\n      - click:   &save {button: Save}\n      - click: *save\n"
    assert check(text) == text.replace("   &", " &")
    with pytest.raises(BadInput, match="names several lines"):
        formatted("app: a\nflows:\n  x: &x\n    steps: [{goto: /}]\n  y: *x\n", "x.yaml")


def test_an_empty_line_above_a_list_in_brackets_is_not_put_into_it() -> None:
    text = "app: a\n\nsecrets: [A, B]\n\nflows:\n  x:\n    steps:\n      - goto: /\n"
    assert formatted(text, "a.yaml") == text


def test_files_with_steps_to_do_are_formatted() -> None:
    made = check("app: a\nflows: {x: {steps: [{todo: 'open | window: 3'}]}}\n")
    assert made == "app: a\nflows:\n  x:\n    steps:\n      - todo: 'open | window: 3'\n"


@pytest.mark.parametrize("text", ["app: a\napp: b\n", "- a\n", "app: [", "app:\nflows: {}\n"])
def test_what_is_wrong_stays_as_it_is(text: str, smoke: Smoke, home: Path) -> None:
    path = home / "x.yaml"
    path.write_text(text)
    ran = smoke("format", path)
    assert ran.exit_code == 2
    assert ran.err.startswith(f"{path}:")
    assert path.read_text() == text


def test_the_command(smoke: Smoke, home: Path) -> None:
    (home / "flows").mkdir()
    wild, tame = home / "flows" / "wild.yaml", home / "flows" / "tame.yaml"
    wild.write_bytes(b"\xef\xbb\xbf" + WILD.replace("\n", "\r\n").encode())
    wild.chmod(0o640)
    tame.write_text(TEXT)
    before = wild.read_bytes()
    checked = smoke("format", "--check")
    assert (checked.exit_code, checked.out) == (2, "")
    assert checked.err == "flows/wild.yaml: is not formatted; `smokerunner format` does it\n"
    assert wild.read_bytes() == before
    done = smoke("format")
    assert (done.exit_code, done.out, done.err) == (0, "flows/wild.yaml: formatted\n", "")
    after = wild.read_bytes()
    assert after == b"\xef\xbb\xbf" + formatted(WILD, "x").replace("\n", "\r\n").encode()
    assert wild.stat().st_mode & 0o777 == 0o640
    assert smoke("format").out == "2 files are formatted\n"
    assert smoke("format", "--check", "wild").exit_code == 0
    assert wild.read_bytes() == after
