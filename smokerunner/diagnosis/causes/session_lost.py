"""The app asks for the password although the visitor was, or has just, logged in."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case, path_of
from smokerunner.diagnosis.cause import CERTAIN, LIKELY, POSSIBLE, Cause, Finding
from smokerunner.diagnosis.wording import exchanges, line, shown_page

_ENTRANCE = re.compile(
    r"log[-_ ]?in|sign[-_ ]?in|logon|/auth\b|/sessions?\b|/session/new|authenticate|anmeld|connexion|iniciar|inloggen",
    re.IGNORECASE,
)
_EXPIRED = (419, 440)


def _is_entrance(url: str) -> bool:
    # Only the path: a query such as ?next=/login belongs to the page that was wanted.
    return _ENTRANCE.search(path_of(url).partition("?")[0]) is not None


def _look(case: Case) -> Finding | None:
    seen, answer = case.seen, case.document
    if answer is not None and answer.status in _EXPIRED:
        return _finding(case, CERTAIN, f"The app says that the session has expired ({answer.status})")
    if not seen.asks_for_password:
        return _refused_data(case)
    way = [hop for hop in seen.redirects if not _is_entrance(hop.url)]
    at_entrance = _is_entrance(seen.url) or (answer is not None and answer.status == 401)
    sent = seen.redirects[0].method not in ("GET", "HEAD") if seen.redirects else False
    if len(seen.redirects) > 1 and way and _is_entrance(seen.url):
        asked = path_of(way[-1].url)
        if sent and _is_entrance(seen.redirects[0].url):
            return _finding(case, CERTAIN - 1, f"Logged in, but {asked} leads back to the login form at {case.page}")
        title = f"{asked} leads to the login form at {case.page}: the session is lost"
        return _finding(case, POSSIBLE + 8 if _is_meant(case) else CERTAIN - 1, title)
    if sent and at_entrance:
        return None if seen.alerts else _finding(case, LIKELY - 2, f"The login form at {case.page} comes again")
    if at_entrance and _wanted_elsewhere(case) and not _is_meant(case):
        return _finding(case, CERTAIN - 4, f"The login form at {case.page} is shown: the session is lost")
    return None


def _refused_data(case: Case) -> Finding | None:
    refused = next((answer for answer in case.data_answers if answer.status in (401, *_EXPIRED)), None)
    if refused is None or case.step.action == "api" or not refused.during:
        return None
    title = f"{refused.method} {path_of(refused.url)} was answered with {refused.status}: the session is lost"
    return _finding(case, LIKELY + 4, title)


def _wanted_elsewhere(case: Case) -> bool:
    urls = [fact for fact in case.unmet if fact.key == "url"]
    return bool(case.missing) or any(not _ENTRANCE.search(fact.wanted) for fact in urls)


def _is_meant(case: Case) -> bool:
    """Whether the flow has worked on this very page already: then it wanted to be there."""
    stay = 0
    for step in reversed(case.earlier):
        if path_of(step.url) != case.page:
            break
        stay += 1
    # The first of them is the one that came here.
    return stay > 1


def _finding(case: Case, strength: int, title: str) -> Finding:
    return Finding(
        strength,
        line(title),
        "The app does not know the visitor any more: its cookie was not kept or not sent (name, domain, Secure, "
        "SameSite), the store of the sessions is empty or away, or the key that signs them has changed.",
        (*exchanges(case.seen.redirects, case, "how it came there"), *shown_page(case)),
    )


CAUSE = Cause(
    id="session-lost",
    meaning="The login form, or “session expired”, is shown instead of the page.",
    advice="Look at the session store and the cookie settings of this deploy.",
    look=_look,
)
