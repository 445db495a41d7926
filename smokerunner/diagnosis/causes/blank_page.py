"""The page is empty."""

from __future__ import annotations

import re

from smokerunner.diagnosis.case import Case
from smokerunner.diagnosis.cause import CERTAIN, SEEN, Cause, Finding
from smokerunner.diagnosis.wording import exchanges, line


def _look(case: Case) -> Finding | None:
    seen = case.seen
    # Without a viewport the page could not be looked at, which is something else than empty.
    if (
        not seen.viewport
        or not seen.url.startswith("http")
        or seen.text.strip()
        or seen.images
        or _has_content(seen.aria)
    ):
        return None
    if seen.status is not None and seen.status >= 400:
        return None
    thrown = any(message.level == "exception" for message in case.console)
    status = f", though it was answered with {seen.status}" if seen.status else ""
    return Finding(
        # An app that is made by a script is blank because that script threw.
        SEEN if thrown else CERTAIN - 2,
        line(f"{case.page} is an empty page{status}"),
        "Nothing at all is to be seen: the answer was empty, or the script that makes the page did not run.",
        exchanges((*seen.redirects, *seen.answers[-5:]), case),
    )


def _has_content(aria: str) -> bool:
    return re.search(r'"|: \S', aria) is not None


CAUSE = Cause(
    id="blank-page",
    meaning="The page came, but nothing is on it.",
    advice="Look at the page's own code and the app's log: an error while it was made is often swallowed.",
    look=_look,
)
