"""The app did not take the name or the password."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, Blame, Cause, Finding
from smokerunner.diagnosis.complaint import complaints, was_sent
from smokerunner.diagnosis.wording import exchange, line, proof

_WORDS = re.compile(
    r"(?:wrong|invalid|incorrect|not correct|unknown|do(?:es)? not match|don.t match|not recogni[sz]ed|no such|"
    r"could not (?:log|sign) you in|unable to (?:log|sign) in|falsch|ungültig|stimm\w* nicht|incorrect\w*|invalide|"
    r"fel\b|onjuist)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"password|passphrase|credential|e-?mail|user ?name|log ?-?in|sign ?-?in|account|records|passwort|kennwort|"
    r"zugangsdaten|mot de passe|contraseña|lösenord|wachtwoord",
    re.IGNORECASE,
)


def _look(case: Case) -> Finding | None:
    seen, sent = case.seen, was_sent(case)
    if not seen.asks_for_password or sent is None:
        return None
    told = next((text for text in complaints(case) if _WORDS.search(text) and _ABOUT.search(text)), None)
    refused = sent.status in (401, 403) and sent.method != "GET"
    if told is None and not refused:
        return None
    title = f"The app refused the credentials: {told}" if told else f"The app refused the credentials ({sent.status})"
    return Finding(
        CERTAIN - 2 if told else CERTAIN - 5,
        line(title),
        "The form was understood, but this name with this password was not accepted: the test account is not there, "
        "its password has changed, or checking passwords is broken.",
        (*proof("the request", exchange(sent, case)), *proof("the page says", "\n".join(complaints(case)[:5]))),
    )


CAUSE = Cause(
    id="credentials-refused",
    meaning="The app did not accept the name or the password.",
    advice="Try the test account by hand, and look whether it is still there with this password.",
    look=_look,
    blame=Blame.APP,
)
