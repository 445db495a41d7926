"""The summary for a pull request."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from sample_run import AT, LOGIN, RUN

from smokerunner.model.diagnosis import Proof
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.reports.markdown import LONGEST, MOST, PROOF, escape, render
from smokerunner.reports.place import Place


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
    assert "[![step 03](<flows/login/03-thumbnail.webp>)](<flows/login/03-click-sign-in.png>)" in text
    assert "[all steps on one sheet](<flows/login/sheet.jpg>) · [all steps in motion](<flows/login/flow.webp>)" in text


def test_the_diagnosis_comes_first_with_its_proof_and_since_when() -> None:
    section = render(RUN).split("## Failed: ")[1].split("\n## ")[0]
    lines = section.splitlines()
    assert lines[2].startswith("**POST /api/session answered 503 Service Unavailable.** The server could not answer.")
    assert lines[2].endswith("(server-error, critical)")
    assert lines[4:9] == [
        "the answer:", "", "```text", '{"error": "Too many attempts <b>at</b> once"}', "Retry-After: 30",
    ]  # fmt: skip
    order = [section.index(word) for word in ("**POST", "Step 03", "Perhaps also: The page's own", "Failing since")]
    assert order == sorted(order)
    assert "| failed | login | critical | 17.5&nbsp;s | POST /api/session answered 503" in render(RUN)


def test_where_the_bundle_is_not_there_are_paths_instead_of_dead_links() -> None:
    text = render(RUN, Place("evidence/acorn-1"))
    assert "](" not in text
    assert "Picture: `evidence/acorn-1/flows/login/03-click-sign-in.png`" in text
    assert "- Report: `evidence/acorn-1/report.html`" in text


def test_where_the_bundle_can_be_seen_links_lead_there() -> None:
    text = render(RUN, Place("evidence/acorn-1", "https://ci.example/job/7/evidence/acorn-1"))
    assert "- Report: [report.html](<https://ci.example/job/7/evidence/acorn-1/report.html>)" in text
    assert "![step 03](<https://ci.example/job/7/evidence/acorn-1/flows/login/03-thumbnail.webp>)" in text


def test_a_flow_that_only_looks_different_shows_the_difference() -> None:
    step = LOGIN.children[1].children[2]
    assert step.comparison is not None
    comparison = step.comparison.model_copy(update={"against": "reference"})
    step = step.model_copy(update={"outcome": Outcome.WARNED, "comparison": comparison})
    attempt = LOGIN.children[1].model_copy(update={"outcome": Outcome.WARNED, "children": (step,)})
    flow = LOGIN.model_copy(update={"outcome": Outcome.WARNED, "children": (attempt,), "diagnoses": ()})
    text = render(RUN.model_copy(update={"results": (flow,)}))
    assert "## Look: A customer signs in" in text
    assert "A line of text came below the button." in text
    assert "[![step 03](<flows/login/03-difference.png>)](<flows/login/03-click-sign-in.png>)" in text


def test_nothing_in_a_proof_ends_its_fence() -> None:
    proof = Proof(label="the page", text="```\n````\n# A heading of theirs\n" + "x" * 500 + "\nline" * 20)
    finding = LOGIN.diagnoses[0].model_copy(update={"proof": (proof,)})
    text = render(RUN.model_copy(update={"results": (LOGIN.model_copy(update={"diagnoses": (finding,)}),)}))
    html = MarkdownIt().render(text)
    assert "A heading of theirs</h1>" not in html
    assert "# A heading of theirs\n" + "x" * PROOF[1] + "…\n" in html
    assert html.count("line\n") == PROOF[0] - 4


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
        ("@everybody, mail@example.test", "@\u200beverybody, mail@example.test"),
        ("::set-output name=x::y", ": :set-output name=x::y"),
        ("\n##[command]", "\\#\\#\\[command\\]"),
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
