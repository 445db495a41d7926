"""docs/obstacles.md says what is accepted: each of its blocks is validated, and each flow of the site has its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Smoke

TEXT = (Path(__file__).parents[1] / "docs" / "obstacles.md").read_text()
BLOCKS = re.findall(r"^```yaml(?: (\w+))?\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def as_file(kind: str, block: str) -> str:
    """A block of steps as a whole flow file."""
    if kind == "file":
        return block
    steps = "".join(f"      {line}\n" if line else "\n" for line in block.splitlines())
    return f"app: shop\nflows:\n  here:\n    steps:\n      - goto: /\n{steps}"


@pytest.mark.parametrize("number", [n for n, (kind, _) in enumerate(BLOCKS) if kind != "environment"])
def test_every_flow_is_accepted(number: int, smoke: Smoke, home: Path) -> None:
    kind, block = BLOCKS[number]
    (home / "flows" / "files").mkdir(parents=True)
    for name in re.findall(r"files/[\w.]+", block):
        (home / "flows" / name).write_text("a file")
    (home / "flows" / "shop.yaml").write_text(as_file(kind, block))
    ran = smoke("validate", "flows/shop.yaml")
    assert (ran.exit_code, ran.err) == (0, ""), ran.out + ran.err


def test_every_environment_is_accepted(smoke: Smoke, home: Path) -> None:
    (block,) = [block for kind, block in BLOCKS if kind == "environment"]
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(
        "app: shop\nsecrets: [STAGING_PASSWORD]\nflows: {start: {steps: [{goto: /}]}}\n"
    )
    (home / "smokerunner.yaml").write_text(block)
    ran = smoke("validate")
    assert (ran.exit_code, ran.err) == (0, ""), ran.out + ran.err


def test_there_are_recipes() -> None:
    assert len(BLOCKS) >= 22
