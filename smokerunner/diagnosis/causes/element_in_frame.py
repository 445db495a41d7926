"""The element is there, in another frame."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, place, proof
from smokerunner.model.mending import Mend


def _look(case: Case) -> Finding | None:
    for target in case.missing:
        found = target.elsewhere
        if found is not None:
            return Finding(
                CERTAIN - 3,
                line(f"{target.words} is in another frame{place(case)}: {found.words}"),
                "The element is there, but the page shows it in another frame than the flow says.",
                (
                    *proof("where it is", found.words),
                    *proof("the frames", "\n".join(f"{frame.name or '-'}  {frame.url}" for frame in case.seen.frames)),
                ),
                mend=Mend(found=target.written or target.words, instead=found.target),
            )
    return None


CAUSE = Cause(
    id="element-in-frame",
    meaning="The element is in another frame than the flow says.",
    advice="Take over the mend, which names the frame.",
    look=_look,
    blame=Blame.FLOW,
)
