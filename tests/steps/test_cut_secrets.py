"""Texts are masked before they are cut: no half of a secret stays where the cut happens to fall."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smokerunner.model.context import Answer
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import ConsoleMessage, Result
from smokerunner.model.secret import Secrets
from smokerunner.replay.scrubbing import scrubbed
from smokerunner.steps.api import judge

SECRET = "0123456789-Secret-abcdefghij"
SECRETS = Secrets({"S": SECRET})
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def holds_a_part(text: str) -> bool:
    return any(SECRET[:length] in text for length in range(4, len(SECRET) + 1))


@pytest.mark.parametrize("before", range(170, 202, 3))
def test_an_answer_that_is_shown_in_part(before: int) -> None:
    answer = Answer("GET", "http://127.0.0.1/", 500, {}, ("x" * before + SECRET + "y" * 400).encode())
    (said,) = judge(None, answer, SECRETS.scrub)
    assert not holds_a_part(said)


@pytest.mark.parametrize("before", range(1970, 2002, 3))
def test_a_console_message_that_is_kept_in_part(before: int) -> None:
    text = "x" * before + SECRET + "y" * 400
    message = ConsoleMessage(level="error", text=text, url="", line=0, counts=True, at=NOW)
    result = Result(id="a", kind="step", name="a", title="a", outcome=Outcome.PASSED, started=NOW, console=(message,))
    kept = scrubbed(result, SECRETS).console[0].text
    assert not holds_a_part(kept)
    assert len(kept) <= 2000
