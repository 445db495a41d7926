"""docs/payment.md: what it shows is accepted."""

from __future__ import annotations

import re
from pathlib import Path

from smokerunner.demo.faults import FAULTS
from tests.conftest import Smoke

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "payment.md").read_text()


def test_the_examples_are_accepted(smoke: Smoke, home: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    steps = "".join(f"      {line}\n" for block in blocks if block.startswith("-") for line in block.splitlines())
    (settings,) = (block for block in blocks if block.startswith("environments:"))
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(f"app: shop\nflows:\n  pay:\n    steps:\n      - goto: /\n{steps}")
    indented = "".join(f"    {line}\n" for line in settings.splitlines())
    (home / "smokerunner.yaml").write_text(f"apps:\n  shop:\n{indented}")
    ran = smoke("validate")
    assert (ran.exit_code, ran.err) == (0, "")


def test_what_it_names_is_there() -> None:
    assert "webhook-lost" in FAULTS
    assert (ROOT / "tests" / "apps" / "payment" / "shop.py").is_file()
    flows = (ROOT / "flows" / "acorn.yaml").read_text()
    for name in ("order", "declined", "challenged"):
        assert f"  {name}:\n" in flows
