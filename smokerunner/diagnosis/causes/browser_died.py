"""The browser, or the page in it, is gone."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.wording import line, said

_SAID = re.compile(r"the browser or its page is gone|the page crashed|browser has disconnected|Target crashed")


def _look(case: Case) -> Finding | None:
    if not _SAID.search(case.message):
        return None
    what = "The page crashed in the browser" if "crashed" in case.message else "The browser is gone"
    return Finding(
        CERTAIN + 7,
        line(f"{what} while the step ran"),
        "That says little about the app: this machine is often short of memory, or the browser was ended.",
        said(case),
    )


CAUSE = Cause(
    id="browser-died",
    meaning="The browser, or the page in it, ended by itself.",
    advice="Replay; if it comes again, give the machine more memory or use fewer workers.",
    look=_look,
    blame=Blame.MACHINE,
)
