"""Python looks for garbage seldom while the program starts, and as usual once flows run."""

from __future__ import annotations

import subprocess
import sys

LOOKS = """\
import gc
from smokerunner.cli import garbage, program
assert gc.get_threshold() == garbage.USUAL
garbage.look_as_usual()
assert gc.get_freeze_count() == 0, "nothing was held back, so nothing is frozen"
garbage.look_seldom()
assert gc.get_threshold()[0] == garbage.SELDOM > garbage.USUAL[0]
garbage.look_as_usual()
assert gc.get_threshold() == garbage.USUAL
assert gc.get_freeze_count() > 1000
program.run(["--version"])
"""


def test_it_is_held_back_only_for_the_start() -> None:
    done = subprocess.run([sys.executable, "-c", LOOKS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
