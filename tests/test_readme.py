"""README says what is true: its commands exist, its examples are accepted, its list of commands is the program's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from smokerunner.cli.program import COMMANDS, program
from tests.conftest import Smoke

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """Every smokerunner command line that README shows, without its comment."""
    lines = [line.strip() for block in blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("smokerunner ")]


def test_the_list_of_commands_is_the_programs() -> None:
    said = "\n".join(f"{name:<10}  {about}" for name, (_, about) in COMMANDS.items())
    assert said in README


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_understood(words: list[str]) -> None:
    group = program
    context = program.make_context("smokerunner", list(words), resilient_parsing=False)
    command = group.get_command(context, words[0])
    assert command is not None
    # Parsing checks every option and argument; nothing is invoked.
    if words[0] == "evidence":
        command = command.get_command(context, words[1])  # type: ignore[attr-defined]
        words = words[1:]
    command.make_context(words[0], words[1:])


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for block in blocks("sh"):
        for target in re.findall(r"^make ([a-z-]+)", block, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_example_flow_is_accepted(smoke: Smoke, home: Path) -> None:
    flow, environments = blocks("yaml")
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(flow)
    (home / "smokerunner.yaml").write_text(environments)
    ran = smoke("validate")
    assert (ran.exit_code, ran.err) == (0, "")
    assert "1 flow, 5 steps" in ran.out


def test_every_action_and_fact_is_named() -> None:
    from smokerunner.model.fact import Facts
    from smokerunner.steps import VOCABULARY

    actions = re.search(r"\*\*Actions\*\*: (.*?)\.\n", README, re.DOTALL)
    facts = re.search(r"\*\*Facts of `expect`\*\*: (.*?)\.", README, re.DOTALL)
    assert actions is not None
    assert facts is not None
    assert set(re.split(r",\s+", actions[1])) == set(VOCABULARY)
    assert set(re.split(r",\s+", facts[1])) == set(Facts.model_fields)


def test_every_mailbox_is_named() -> None:
    from smokerunner.mail.catalogue import MAILBOXES

    for kind in MAILBOXES:
        assert f"`{kind}`" in README


def test_the_exit_codes_are_the_programs() -> None:
    from smokerunner.model.outcome import ExitCode

    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode} - {ExitCode.ROLLBACK_INCOMPLETE}
