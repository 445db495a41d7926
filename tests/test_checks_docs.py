"""The examples of docs/checks.md and docs/checks/ are accepted, every family and every check is told of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smokerunner.checks.catalogue import CHECKS
from smokerunner.checks.presets import PRESETS
from smokerunner.language.environment import load_config
from smokerunner.model.family import FAMILIES, family_of

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [DOCS / "checks.md", *sorted((DOCS / "checks").glob("*.md"))]
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))
    if block.startswith("apps:")
]


@pytest.mark.parametrize("block", BLOCKS)
def test_every_environment_is_accepted(home: Path, block: str) -> None:
    path = home / "smokerunner.yaml"
    path.write_text(block)
    load_config(path)


def test_every_family_has_a_page_that_is_there() -> None:
    text = (DOCS / "checks.md").read_text()
    for family in {family_of(id_) for id_ in CHECKS}:
        assert family in FAMILIES, family
        assert f"`{family}.*`" in text, family
    for page in re.findall(r"docs/(checks/[a-z]+\.md)", text):
        assert (DOCS / page).is_file(), page


@pytest.mark.parametrize("id_", CHECKS)
def test_every_check_is_told_of(id_: str) -> None:
    assert any(f"`{id_}`" in page.read_text() for page in PAGES)


def test_every_preset_is_told_of() -> None:
    text = (DOCS / "checks.md").read_text()
    for preset in PRESETS:
        assert re.search(rf"\b{preset}\b", text)
