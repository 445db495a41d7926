"""Which release is served cannot be told."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, proof


def _look(case: Case) -> Finding | None:
    if case.step.kind != "release" or case.failed:
        return None
    return Finding(
        CERTAIN,
        line(case.message[:1].upper() + case.message[1:]),
        "So it cannot be told which release the flows have seen.",
        proof("read from", case.setting.release.read_from),
    )


CAUSE = Cause(
    id="release-unclear",
    meaning="The release could not be read, or it changed during the run.",
    advice="Look at `release:` in smokerunner.yaml, and replay when no deploy is under way.",
    look=_look,
    blame=Blame.FLOW,
)
