"""README.md beside this file has a row for each check, with what a failure means."""

from __future__ import annotations

import re
from pathlib import Path

from smokerunner.checks.catalogue import CHECKS

ROWS = dict(re.findall(r"^\| `([^`]+)` \| (\w+) \|", (Path(__file__).parent / "README.md").read_text(), re.MULTILINE))


def test_every_check_has_its_row() -> None:
    assert {id_: str(kind.means) for id_, kind in CHECKS.items()} == ROWS
