"""docs/pytest.md says what is true: its example runs, its options are all there are."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from smokerunner.pytest_plugin.options import SmokeOptions

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "pytest.md").read_text()


@pytest.mark.e2e
def test_the_example_runs(pytester: pytest.Pytester) -> None:
    for name, text in re.findall(r"^```python\n# (\S+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        (pytester.path / name).write_text(text)
    shutil.copytree(ROOT / "flows", pytester.path / "flows")
    ran = pytester.runpytest_subprocess("-k", "api")
    ran.assert_outcomes(passed=2, deselected=ran.parseoutcomes()["deselected"])


def test_every_option_is_named(pytester: pytest.Pytester) -> None:
    said = pytester.runpytest_subprocess("--help").stdout.str()
    options = set(re.findall(r"--smoke-[a-z-]+", said))
    assert options == set(re.findall(r"--smoke-[a-z-]+", TEXT))
    for field in fields(SmokeOptions):
        assert f"`{field.name}`" in TEXT
