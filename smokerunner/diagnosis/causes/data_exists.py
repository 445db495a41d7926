"""What the flow wanted to make is there already."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case, answered
from smokerunner.diagnosis.cause import CERTAIN, SEEN, Blame, Cause, Finding
from smokerunner.diagnosis.complaint import alerts, complaints, was_sent
from smokerunner.diagnosis.wording import exchange, line, proof

_WORDS = re.compile(
    r"already (?:been )?(?:taken|exists?|registered|in use|used|have|has|a member|there|signed up|given)|"
    r"(?:exists?|registered|taken|in use|used|account\b.{0,40}) already|has (?:already )?been taken|is taken\b|"
    r"\bduplicate\b|must be unique|not unique|bereits (?:vergeben|vorhanden|registriert|verwendet)|schon vergeben|"
    r"déjà (?:utilisé|pris|existant|enregistré)|ya (?:existe|está en uso)|redan|al in gebruik",
    re.IGNORECASE,
)


def _look(case: Case) -> Finding | None:
    sent = was_sent(case)
    if sent is None:
        return None
    loud = next((text for text in alerts(case) if _WORDS.search(text)), None)
    told = loud or next((text for text in complaints(case) if _WORDS.search(text) and not text.endswith("?")), None)
    conflict = sent.status == 409
    if told is None and not conflict:
        return None
    strength = CERTAIN - 3 if loud else CERTAIN - 8 if conflict else SEEN - 3
    return Finding(
        strength,
        line(f"The app says that it is there already: {told or answered(sent)}"),
        "The flow makes something that an earlier run has left behind, or it was sent twice.",
        (*proof("the request", exchange(sent, case)), *proof("the page says", "\n".join(complaints(case)[:5]))),
    )


CAUSE = Cause(
    id="data-exists",
    meaning="What the flow wanted to make exists already: an account, a name, a number.",
    advice="Use ${unique} in the value, and give the flow a cleanup that deletes what it makes.",
    look=_look,
    blame=Blame.FLOW,
)
