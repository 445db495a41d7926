"""Every action stands where the catalogue says, and none is imported before it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from smokerunner.model.catalogue import Catalogue
from smokerunner.steps import VOCABULARY


def test_every_action_is_called_like_its_key() -> None:
    assert [step.action for step in VOCABULARY.values()] == list(VOCABULARY)
    assert len(VOCABULARY) == len(set(VOCABULARY.values()))


def test_the_names_are_known_without_the_classes() -> None:
    code = (
        "import sys; from smokerunner.steps import VOCABULARY; assert 'click' in VOCABULARY;"
        "assert 'clik' not in VOCABULARY;"
        "assert list(VOCABULARY)[0] == 'goto' and not [m for m in sys.modules if m.startswith('smokerunner.steps.')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        Catalogue[type]({"one": "builtins:int"})["two"]
    assert Catalogue[type]({"one": "builtins:int"})["one"] is int
