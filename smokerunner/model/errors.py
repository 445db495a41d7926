"""The four ways a thing can go wrong, one class each; the engine maps them to outcomes."""

from __future__ import annotations

from collections.abc import Iterable

from smokerunner.model.record import record


@record
class Problem:
    """One complaint about an input: where it stands and what would be right.

    `line` and `column` count from 1; 0 means the place is not known (an option, a missing file).
    """

    path: str
    line: int
    column: int
    message: str

    def __lt__(self, other: Problem) -> bool:
        return self._place < other._place

    @property
    def _place(self) -> tuple[str, int, int, str]:
        return self.path, self.line, self.column, self.message

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}" if place else self.message


class BadInput(Exception):
    """What the user gave is wrong; nothing was run. Exit code 2, one line for each problem."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = (
            (Problem("", 0, 0, problems),) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Failure(Exception):
    """The app is wrong: outcome `failed`."""


class Inconclusive(Exception):
    """It cannot be told whether the app is wrong: outcome `inconclusive`."""


class Unavailable(Exception):
    """We or our machine are wrong (mailbox unreachable, browser gone, disk full): outcome `error`."""


class NotReached(Exception):
    """A step could not be tried because something before it is missing: outcome `skipped`, with this reason."""
