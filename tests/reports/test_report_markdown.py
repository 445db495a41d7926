"""The summary for a pull request."""

from __future__ import annotations

import pytest
from sample_run import AT, RUN

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.reports.markdown import LONGEST, MOST, escape, render


def test_the_verdict_stands_first() -> None:
    assert render(RUN).splitlines()[:3] == [
        "# ❌ Roll back: acorn on production",
        "",
        "**6 flows: 1 failed, 1 error, 1 inconclusive, 1 warned, 1 skipped, 1 passed** in 41.5 s.",
    ]


def test_every_flow_has_a_row_worst_first() -> None:
    rows = [line for line in render(RUN).splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[1] for row in rows[1:]] == ["login", "reset", "export", "register", "invoice", "search"]
    assert all(row.count(" | ") == 4 for row in rows)


def test_a_failure_has_its_step_its_message_and_its_picture() -> None:
    text = render(RUN)
    assert "Step 03, Sign in &lt;with&gt; \\| \\`ticks\\` &amp; Ünïcödé 登录: Expected the page /dashboard" in text
    assert "![step 03](<flows/login/03-click-sign-in.png>)" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", "a\\|b"),
        ("`code`", "\\`code\\`"),
        ("<script>", "&lt;script&gt;"),
        ("a\nb\r\n\x00c", "a b c"),
        ("[x](javascript:y)", "\\[x\\](javascript:y)"),
        ("***NAME***", "\\*\\*\\*NAME\\*\\*\\*"),
        ("\\|", "\\\\\\|"),
        ("![x]", "\\!\\[x\\]"),
    ],
)
def test_text_of_the_app_is_only_text(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_it_stays_short_enough_for_a_comment() -> None:
    flows = tuple(
        Result(
            id=f"flows/{number}",
            kind="flow",
            name=f"flow{number}",
            outcome=Outcome.FAILED,
            message="|" * 5000,
            started=AT,
        )
        for number in range(300)
    )
    text = render(RUN.model_copy(update={"results": flows}))
    assert len(text) < 65_536
    assert f"{300 - MOST} more in report.html" in text
    assert "\\|" * LONGEST + "…" in text
