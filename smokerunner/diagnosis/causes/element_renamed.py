"""The element is there under another name."""

from __future__ import annotations

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, LIKELY, SEEN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, listed, place, proof
from smokerunner.model.mending import Mend
from smokerunner.model.observation import Candidate, TargetSeen

NEAR, AHEAD = 0.55, 0.1
"""How like the wanted one a candidate must be, and how much liker than the next, to be taken for it."""
USED = frozenset(
    {"button", "link", "textbox", "checkbox", "radio", "combobox", "searchbox", "switch", "tab", "menuitem", "slider",
     "spinbutton", "option", "listbox"}
)  # fmt: skip
"""Roles of elements that are used; texts and headings are not renamed, they say something else."""


def nearest(target: TargetSeen) -> Candidate | None:
    """The one candidate that must be meant; None when there is none, or two are as near."""
    if not target.candidates:
        return None
    first, *others = target.candidates
    is_ahead = not others or first.likeness - others[0].likeness >= AHEAD
    return first if first.likeness >= NEAR and is_ahead else None


def _look(case: Case) -> Finding | None:
    if case.step.outcome.is_good:
        return _told_by_fallback(case)
    for target in case.missing:
        found = nearest(target)
        if found is None or (target.role not in USED and "." in target.place):
            continue
        strength = SEEN + 8 if found.likeness >= 0.75 else LIKELY + 8
        if "." in target.place:
            strength -= 8
        return Finding(
            strength,
            line(f"{target.words} is not there{place(case)}; it seems to be {found.words} now"),
            "The element has another name, or is of another kind. If that was meant, the flow must follow.",
            (
                *proof("what is there", listed(target.candidates)),
                *proof("the step", case.message),
            ),
            mend=Mend(
                found=target.written or target.words,
                instead=found.target,
                role=found.role,
                name=found.name if found.role == target.role else "",
            ),
        )
    return None


def _told_by_fallback(case: Case) -> Finding | None:
    mend = case.step.mend
    if mend is None:
        return None
    called = f'{mend.role} "{mend.name}"' if mend.name else "what its fallback finds"
    return Finding(
        CERTAIN - 10,
        line(f"{mend.found} is not there{place(case)}; it seems to be {called} now"),
        "A fallback found the element. If the new name was meant, the flow must follow.",
        proof("the step", "\n".join(case.step.warnings)),
        mend=mend,
    )


CAUSE = Cause(
    id="element-renamed",
    meaning="An element has another name or kind than the flow asks for.",
    advice="If that was meant, take over the mend; if not, tell the developers.",
    look=_look,
    blame=Blame.APP,
)
