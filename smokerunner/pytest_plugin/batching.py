"""Which flows are replayed together: all tests of a file that are to run, in one run and one bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smokerunner.model.errors import BadInput, Unavailable
from smokerunner.pytest_plugin.options import SmokeOptions
from smokerunner.pytest_plugin.replaying import replay
from smokerunner.pytest_plugin.telling import Fate, fate_of

if TYPE_CHECKING:
    from smokerunner.pytest_plugin.collecting import FlowTest

_TOGETHER = ("no", "loadfile", "loadscope", "each")
"""The ways of pytest-xdist (`no`: it is not used) in which one worker gets all tests of a file."""


class Batches:
    """The replays of one session. Each fate is handed out once: a test that runs again is replayed again, alone."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        workerinput: dict[str, str] = getattr(session.config, "workerinput", {})
        self._together = workerinput.get("smoke_dist", "no") in _TOGETHER
        self._kept: dict[str, Fate | BadInput | Unavailable] = {}
        self._begun: set[str] = set()

    def fate_of(self, test: FlowTest, options: SmokeOptions) -> Fate:
        """What came of a flow; replays it, and the others of its file, when that was not done yet.

        Raises BadInput or Unavailable when nothing could be replayed.
        """
        if test.nodeid not in self._kept:
            self._replay(self._with_others(test), options)
        kept = self._kept.pop(test.nodeid)
        if isinstance(kept, Fate):
            return kept
        raise kept

    def _with_others(self, test: FlowTest) -> list[FlowTest]:
        if not self._together or test.nodeid in self._begun:
            return [test]
        # A mark may skip a test when its turn comes; it is not replayed before.
        return [
            other
            for other in self._session.items
            if other is test
            or (
                isinstance(other, type(test))
                and other.parent is test.parent
                and other.nodeid not in self._begun
                and not any(other.get_closest_marker(mark) for mark in ("skip", "skipif"))
            )
        ]

    def _replay(self, tests: list[FlowTest], options: SmokeOptions) -> None:
        self._begun |= {test.nodeid for test in tests}
        names = tuple(dict.fromkeys(test.name for test in tests))
        config = self._session.config
        fail_fast = config.getoption("maxfail", 0) == 1
        try:
            done = replay(tests[0].module_file, names, options, config.rootpath, fail_fast=fail_fast)
        except (BadInput, Unavailable) as wrong:
            self._kept |= {test.nodeid: wrong for test in tests}
            return
        for number, test in enumerate(tests):
            fate = fate_of(done, test.name, names, root=config.rootpath, fail_on_warned=options.fail_on_warned)
            # The whole time passed while the first of them was set up.
            self._kept[test.nodeid] = fate if number == 0 else fate.without_replay()
