"""Applying the rules to a file: what they find, what comments silence, and what can be fixed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from smokerunner.authoring.lint.catalogue import RULES
from smokerunner.authoring.lint.rule import Finding, Rule
from smokerunner.authoring.sheet import Sheet
from smokerunner.language.complaints import nearest, where
from smokerunner.language.document import decode, read_bytes
from smokerunner.language.load import LoadedFile, load
from smokerunner.language.nodes import Location
from smokerunner.language.vocabulary import vocabulary
from smokerunner.model.errors import BadInput

_SILENCE = re.compile(r"#\s*lint:\s*ignore\s+([a-z, -]+)")


@dataclass(frozen=True)
class Notice:
    """What one rule says about one place."""

    path: str
    line: int
    column: int
    rule: Rule
    says: str
    finding: Finding

    def __str__(self) -> str:
        level = " (info)" if self.rule.level == "info" else ""
        return f"{self.path}:{self.line}:{self.column}: [{self.rule.id}]{level} {self.says}"


def chosen(ignored: Collection[str]) -> tuple[Rule, ...]:
    """The rules without some of them. Raises BadInput for a name that is none."""
    known = [rule.id for rule in RULES]
    for name in ignored:
        if name not in known:
            raise BadInput(f"no rule called '{name}'{nearest(name, known)}")
    return tuple(rule for rule in RULES if rule.id not in ignored)


def lint(path: Path, *, ignored: Collection[str] = (), given: Collection[str] = ()) -> tuple[Notice, ...]:
    """All notices of a file by place. `given` are variables that come from outside. Raises BadInput."""
    rules = chosen(ignored)
    loaded = load(path, given=given)
    lines = decode(read_bytes(path), path).splitlines()
    found = [_notice(loaded, rule, finding) for rule in rules for finding in rule.find(loaded)]
    left = [notice for notice in found if notice.rule.id not in _silenced(loaded, notice, lines)]
    return tuple(sorted(left, key=lambda notice: (notice.line, notice.column, notice.rule.id)))


def fix(path: Path, *, ignored: Collection[str] = (), given: Collection[str] = ()) -> int:
    """Fix what is safe to fix, and say how many there were. Raises BadInput."""
    fixable = [notice for notice in lint(path, ignored=ignored, given=given) if notice.finding.fix is not None]
    if not fixable:
        return 0
    sheet = Sheet.read(path)
    # From the end, so that the places of those before stay what they are.
    for notice in reversed(fixable):
        assert notice.finding.fix is not None
        notice.finding.fix(sheet)
    sheet.save(path, given=given)
    return len(fixable)


def _notice(loaded: LoadedFile, rule: Rule, finding: Finding) -> Notice:
    document = loaded.document
    written = document.written(finding.location)
    # A flow or a variable is known by its name; all else by what stands there.
    is_named = len(written) == 2 or written[-2:-1] in (("variables",), ("people",))
    line, column = (document.key_place if is_named else document.place)(written)
    place = where(written, vocabulary())
    return Notice(document.path, line, column, rule, f"{place}: {finding.says}", finding)


def _silenced(loaded: LoadedFile, notice: Notice, lines: list[str]) -> set[str]:
    """The rules that a comment switches off: on the line or above it, or on that of the step or above it."""
    starts = {notice.line, loaded.document.place(_step(notice.finding.location))[0]}
    found: set[str] = set()
    for start in starts:
        for number in (start, start - 1):
            text = lines[number - 1] if 0 < number <= len(lines) else ""
            silence = _SILENCE.search(text)
            if silence is not None and (number == start or text.lstrip().startswith("#")):
                found.update(re.split(r"[\s,]+", silence[1].strip()))
    return found


def _step(location: Location) -> Location:
    """The innermost step that a place belongs to."""
    indexes = [index for index, part in enumerate(location) if isinstance(part, int) and index > 2]
    steps = [index for index in indexes if location[index - 1] in ("steps", "cleanup", "popup")]
    return location[: steps[-1] + 1] if steps and location[0] == "flows" else location
