"""docs/ci.md says what is true: its commands are understood, its blocks are YAML, its reports are those there are."""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from smokerunner.cli.program import program
from smokerunner.reports.catalogue import CATALOGUE

TEXT = (Path(__file__).parents[1] / "docs" / "ci.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    lines = [line for language in ("sh", "yaml") for block in blocks(language) for line in block.splitlines()]
    found = [re.search(r"(?:^|- |run: )smokerunner (.*)", line) for line in lines]
    return [shlex.split(match[1], comments=True) for match in found if match]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_understood(words: list[str]) -> None:
    command = program.get_command(click.Context(program), words[0])
    assert command is not None
    command.make_context(words[0], words[1:])


def test_there_are_commands_of_each_kind() -> None:
    assert {words[0] for words in commands()} == {"run", "report", "compare", "browser"}
    assert len(commands()) == 10


def test_the_recipes_are_yaml() -> None:
    github, gitlab = (YAML(typ="safe").load(block) for block in blocks("yaml"))
    assert [step for step in github["jobs"]["smoke"]["steps"] if "smokerunner run" in str(step.get("run", ""))]
    assert gitlab["smoke"]["artifacts"]["reports"] == {"junit": "junit.xml"}


def test_every_report_is_named_with_its_file() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (?:`(.*)` )?\|$", TEXT, re.MULTILINE)
    assert rows == [(report.name, report.filename if report.bundled else "") for report in CATALOGUE.values()]


def test_every_report_that_the_commands_ask_for_exists() -> None:
    asked = [word.partition("=")[0] for words in commands() for option, word in itertools.pairwise(words)
             if option == "--report"]  # fmt: skip
    assert len(asked) >= 9
    assert set(asked) <= set(CATALOGUE)
