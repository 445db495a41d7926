"""The examples of docs/browser.md are accepted, and name every key there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smokerunner.authoring.lint.linting import lint
from smokerunner.language.environment import load_config
from smokerunner.language.load import load
from smokerunner.model.browsing import Browsing

TEXT = (Path(__file__).parents[1] / "docs" / "browser.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
FLOWS = [block for block in BLOCKS if "\nflows:" in block]


@pytest.mark.parametrize("block", FLOWS, ids=lambda block: re.findall(r"(?m)^  ([a-z-]+):$", block)[0])
def test_every_flow_is_accepted_and_wise(home: Path, block: str) -> None:
    path = home / "shop.yaml"
    path.write_text(block)
    load(path)
    assert [str(notice) for notice in lint(path, ignored=("no-expectation",))] == []


def test_the_environment_is_accepted(home: Path) -> None:
    (block,) = [block for block in BLOCKS if block not in FLOWS]
    path = home / "smokerunner.yaml"
    path.write_text(block)
    assert load_config(path).config.apps["shop"].environments["staging"].browser is not None


def test_every_key_is_told() -> None:
    for key in Browsing.model_fields:
        assert f"`{key}`" in TEXT, key
