"""The checks of a run as reports tell them: by family, the worst first, and each with what it looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smokerunner.model.family import FAMILIES, title_of
from smokerunner.model.outcome import Outcome, worst
from smokerunner.model.record import record
from smokerunner.model.result import Reading, Result
from smokerunner.model.run import Run
from smokerunner.reports.wording import ATTENTION, by_attention, history_of, origin_of

_TOLD = "\0"
"""Stands for a reading that was told."""
_MORE = re.compile(r"and \d+ more")
_BEGINS = re.compile(f"{_TOLD}(?:; {_TOLD})*(?:[.;] *(?P<rest>.*))?", re.DOTALL)
_ORDER = tuple(FAMILIES)


@record
class Family:
    """The checks whose ids begin alike, the worst first."""

    key: str
    checks: tuple[Result, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return title_of(self.key)

    @property
    def outcome(self) -> Outcome:
        """The worst of its outcomes."""
        return worst(check.outcome for check in self.checks)

    @property
    def told(self) -> str:
        """How many ended how: `1 failed, 4 passed`."""
        outcomes = [check.outcome for check in self.checks]
        return ", ".join(f"{outcomes.count(one)} {one}" for one in ATTENTION if one in outcomes)


def family_of(check: Result) -> str:
    """The piece of an id before its first dot."""
    return check.name.partition(".")[0]


def words_of(check: Result) -> tuple[str, ...]:
    """What a check can be chosen by beside its id, as on the command line: its tags and its family."""
    return tuple(dict.fromkeys((*check.tags, family_of(check))))


def families_of(checks: Iterable[Result]) -> list[Family]:
    """Checks by family: first the family with the gravest result, those that are alike in their usual order."""
    found: dict[str, list[Result]] = {}
    # As they come, so is the order of the families: the worst check brings its own to the front.
    ranked = by_attention(tuple(checks))
    for check in ranked:
        found.setdefault(family_of(check), []).append(check)
    families = [Family(key, tuple(held)) for key, held in found.items()]
    bad = [family for family in families if not _is_quiet(family)]
    quiet = sorted((family for family in families if _is_quiet(family)), key=_usual)
    return bad + quiet


def _is_quiet(family: Family) -> bool:
    return family.outcome in (Outcome.PASSED, Outcome.SKIPPED)


def _usual(family: Family) -> tuple[bool, int]:
    place = _ORDER.index(family.key) if family.key in _ORDER else len(_ORDER)
    return family.outcome is Outcome.SKIPPED, place


def sent_by(checks: Iterable[Result]) -> int:
    """How many requests they sent together."""
    return sum(check.sent for check in checks)


def bad_readings(check: Result) -> list[Reading]:
    """What was not as it should be, the worst first."""
    found = [reading for reading in check.readings if not _is_fine(reading)]
    return sorted(found, key=lambda reading: ATTENTION.index(reading.outcome))


def good_readings(check: Result) -> list[Reading]:
    """The others, in their order."""
    return [reading for reading in check.readings if _is_fine(reading)]


def _is_fine(reading: Reading) -> bool:
    return reading.outcome in (Outcome.PASSED, Outcome.SKIPPED)


def told_of(check: Result) -> tuple[str, str]:
    """Its message, and what to do about it.

    A message that begins with readings, among which it would stand twice, is only what follows them: what to do.
    """
    left = check.message
    for said in sorted((str(reading) for reading in check.readings), key=len, reverse=True):
        left = left.replace(said, _TOLD)
    found = _BEGINS.fullmatch(_MORE.sub(_TOLD, left))
    return (check.message, "") if found is None else ("", found["rest"] or "")


def since_of(run: Run, check: Result) -> str:
    """Since when it fails and when it last passed; empty as long as nothing is known, for there are many checks."""
    past = run.history.get(check.name)
    known = past is not None and (past.last_passed_run or past.failing_since_run)
    return history_of(check, past) if known else ""


def gist_of(check: Result) -> str:
    """The one number that people want of a good check, where there is one: a grade, or how long an answer took."""
    for reading in check.readings:
        if reading.what == "grade":
            return f"grade {reading.seen}"
        if reading.seen.startswith("median "):
            return reading.seen.partition(";")[0]
    return ""


def within(what: str, base: str) -> str:
    """What was looked at, its address without the app's own host, which nearly all have."""
    origin = origin_of(base)
    return re.sub(rf"(?<!\S){re.escape(origin)}(?=/)", "", what) if origin else what


def own_warnings(check: Result) -> tuple[str, ...]:
    """What it warns of beside its readings and its message."""
    said = {check.message, *(str(reading) for reading in check.readings)}
    return tuple(warning for warning in check.warnings if warning not in said)
