"""What earlier runs said, asked so that no trouble with the history keeps a run from being replayed or sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from smokerunner.model.errors import Unavailable
from smokerunner.model.run import Past, Run

if TYPE_CHECKING:
    from smokerunner.history.history import History

Value = TypeVar("Value")


def _opened(path: Path) -> History:
    # A run without a history need not load a database.
    from smokerunner.history.history import History

    return History.open(path)


class Memory:
    """The history of one app in one environment; without a path there is none. What is wrong with it is noted."""

    def __init__(self, path: Path | None, app: str, environment: str) -> None:
        self._app = app
        self._environment = environment
        self.notes: list[str] = []
        self._history = None if path is None else self._asked(lambda: _opened(path), None)

    def known_console(self, flows: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """By flow: the normalised console errors of its last passed run."""
        history = self._history
        if history is None:
            return {}

        def known() -> dict[str, frozenset[str]]:
            return {name: frozenset(history.console_errors(self._app, self._environment, name)) for name in flows}

        return self._asked(known, {})

    def usual_seconds(self) -> Mapping[str, float]:
        """By flow: how long it took of late."""
        history = self._history
        if history is None:
            return {}
        return self._asked(lambda: history.usual_seconds(self._app, self._environment), {})

    def past(self, flows: Sequence[str], checks: Sequence[str] = ()) -> Mapping[str, Past]:
        """By flow, and by the id of each check: when it passed last, and since when it fails."""
        history = self._history
        if history is None:
            return {}
        return self._asked(lambda: history.past(self._app, self._environment, flows, checks), {})

    def record(self, run: Run) -> None:
        """Remember a run, masked as it is in run.json."""
        history = self._history
        if history is not None:
            self._asked(lambda: history.record(run), None)

    def take_notes(self) -> list[str]:
        """What was noted since this was last asked, each thing once."""
        taken, self.notes = list(dict.fromkeys(self.notes)), []
        return taken

    def _asked(self, ask: Callable[[], Value], otherwise: Value) -> Value:
        try:
            return ask()
        except Unavailable as wrong:
            self.notes.append(str(wrong))
            return otherwise
