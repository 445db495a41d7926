"""The flow file is to blame, not the app."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, SEEN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, said
from smokerunner.model.outcome import Outcome

_ERRORS = re.compile(
    r"selector is not understood|there is no key called|no address a browser|takes no such cookie|"
    r"does not take such a cookie|is not a JSONPath|aria snapshot is not understood|No such file|is not a valid|"
    r"there is no (?:file|secret|variable)"
)
_FAILURES = re.compile(
    r"it is no field that|use check, select or upload|this field takes only|it is no checkbox|is no checkbox|"
    r"is no form field|what `frame` names is not an iframe|a file that is downloaded, not a page|"
    r"a radio button goes off only"
)


def _look(case: Case) -> Finding | None:
    wrong = case.step.outcome is Outcome.ERROR and _ERRORS.search(case.message)
    unfit = case.failed and _FAILURES.search(case.message)
    if not (wrong or unfit):
        return None
    return Finding(
        CERTAIN + 4 if wrong else SEEN,
        line(f"The flow asks for something that cannot be done: {case.message}"),
        "The step would not work on any version of the app.",
        said(case),
    )


CAUSE = Cause(
    id="flow-mistake",
    meaning="The flow file asks for something that cannot be done.",
    advice="Mend the step; `smokerunner try` helps.",
    look=_look,
    blame=Blame.FLOW,
)
