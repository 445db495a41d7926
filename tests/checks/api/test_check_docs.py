"""Every example in docs/checks of these families is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smokerunner.checks.catalogue import CHECKS
from smokerunner.language.environment import load_config

DOCS = Path(__file__).parents[3] / "docs" / "checks"
NAMES = ("api", "mail", "payment", "queue")
EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name in NAMES
    for number, example in enumerate(re.findall(r"```yaml\n(.*?)```", (DOCS / f"{name}.md").read_text(), re.S))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_pasted(tmp_path: Path, example: str) -> None:
    path = tmp_path / "smokerunner.yaml"
    indented = "".join(f"        {line}\n" for line in example.splitlines())
    path.write_text(
        f"apps:\n  shop:\n    environments:\n      local:\n        base_url: https://shop.example\n{indented}"
    )
    checks = load_config(path).config.apps["shop"].environments["local"].checks
    assert checks is not None
    assert checks.asked


def test_every_check_of_these_families_is_described() -> None:
    text = "".join((DOCS / f"{name}.md").read_text() for name in NAMES)
    families = ("api", "mail", "pay", "queue", "sched", "health")
    assert not [
        id_ for id_ in CHECKS if id_.partition(".")[0] in families and id_ != "api.*" and f"`{id_}`" not in text
    ]
