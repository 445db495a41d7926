"""What counts as real, also by way of other flows, and what production says to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smokerunner.language.load import load_all
from smokerunner.model.config import Environment
from smokerunner.model.flow import Effects
from smokerunner.replay.effects import refused
from smokerunner.replay.plan import Planned, Selection, plan

FLOWS = """
app: shop
flows:
  charge:
    effects: real
    steps:
      - goto: /pay
  by-use:
    steps:
      - use: between
  between:
    steps:
      - click: {button: Pay}
        popup:
          - use: charge
  in-cleanup:
    effects: none
    steps:
      - goto: /
    cleanup:
      - use: charge
  twice:
    repeatable: true
    steps:
      - use: charge
  harmless:
    steps:
      - goto: /
"""


@pytest.fixture
def flows(home: Path) -> dict[str, Planned]:
    path = home / "shop.yaml"
    path.write_text(FLOWS)
    return {planned.name: planned for planned in plan(load_all([path])[0].file, Selection())}


def test_who_uses_what_is_real_is_real(flows: dict[str, Planned]) -> None:
    real = {name for name, planned in flows.items() if planned.flow.effects is Effects.REAL}
    assert real == {"charge", "by-use", "between", "in-cleanup", "twice"}


def test_what_is_real_is_not_done_twice_unless_it_says_so(flows: dict[str, Planned]) -> None:
    assert {name for name, planned in flows.items() if planned.flow.may_repeat} == {"twice", "harmless"}


def test_production_refuses_what_is_real(flows: dict[str, Planned]) -> None:
    production, staging = Environment(production=True), Environment()
    used = flows["by-use"].flow
    assert "--allow-real" in (refused(used, production, allow_real=False) or "")
    assert refused(used, production, allow_real=True) is None
    assert refused(used, staging, allow_real=False) is None
    assert refused(flows["harmless"].flow, production, allow_real=False) is None
