"""docs/production.md says what is true: its commands are understood, its environment file is accepted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from smokerunner.cli.program import program
from tests.conftest import Smoke

TEXT = (Path(__file__).parents[2] / "docs" / "production.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_every_command_is_understood() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("smokerunner ")]
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        context = program.make_context("smokerunner", list(words), resilient_parsing=False)
        command = program.get_command(context, words[0])
        assert command is not None
        command.make_context(words[0], words[1:])


def test_the_environment_file_is_accepted(smoke: Smoke, home: Path) -> None:
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text("app: shop\nflows:\n  look:\n    steps:\n      - goto: /\n")
    (home / "smokerunner.yaml").write_text(*blocks("yaml"))
    ran = smoke("validate")
    assert (ran.exit_code, ran.err) == (0, "")
