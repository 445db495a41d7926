"""Another release is served than the one that was deployed."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, proof


def _look(case: Case) -> Finding | None:
    if case.step.kind != "release" or not case.failed:
        return None
    release = case.setting.release
    title = (
        f"Release {release.before} is served, not {release.expected}"
        if release.before and release.expected
        else case.message
    )
    return Finding(
        CERTAIN + 9,
        line(title),
        "The deploy did not reach this address: it was not finished, an old machine is still behind the load "
        "balancer, or a cache answers. All that the flows have seen belongs to that other release.",
        (*proof("read from", release.read_from), *proof("the check", case.message)),
    )


CAUSE = Cause(
    id="wrong-release",
    meaning="Another release is served than was expected.",
    advice="Look whether the deploy went through everywhere, then replay with --wait-release.",
    look=_look,
    blame=Blame.OUTAGE,
)
