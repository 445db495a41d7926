"""JUnit XML parsed back: what a pipeline sees."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest
from sample_run import INVOICE, LOGIN, RUN

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.reports.junit import render
from smokerunner.reports.place import Place

ALLOWED = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "testcase": {"name", "classname", "time"},
    "properties": set(),
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message", "type"},
    "system-out": set(),
    **{tag: {"message", "type"} for tag in ("flakyFailure", "flakyError", "rerunFailure", "rerunError")},
    "stackTrace": set(),
}
VERDICTS = ("failure", "error", "skipped")


@pytest.fixture(scope="module")
def root() -> Xml.Element:
    return Xml.fromstring(render(RUN))


def suite(root: Xml.Element, name: str) -> Xml.Element:
    (found,) = (suite for suite in root if suite.get("name") == name)
    return found


def cases(root: Xml.Element, name: str) -> list[tuple[str | None, str, str | None]]:
    """Name, verdict and message of each test case."""
    return [
        (case.get("name"), "passed", None)
        if not len(case) or case[0].tag not in VERDICTS
        else (case.get("name"), case[0].tag, case[0].get("message"))
        for case in suite(root, name).findall("testcase")
    ]


def properties(root: Xml.Element, name: str) -> dict[str | None, str | None]:
    return {item.get("name"): item.get("value") for item in suite(root, name).iter("property")}


def test_only_what_the_usual_schemas_know_is_written(root: Xml.Element) -> None:
    for element in root.iter():
        assert set(element.keys()) <= ALLOWED[element.tag]
    for found in root:
        tags = [child.tag for child in found]
        assert tags == sorted(tags, key=("properties", "testcase", "system-out").index)


def test_the_sums_are_right(root: Xml.Element) -> None:
    for scope in (root, *root):
        found = list(scope.iter("testcase"))
        assert scope.get("tests") == str(len(found))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if scope.get(key) is not None:
                assert scope.get(key) == str(sum(case.find(tag) is not None for case in found))
    assert (root.get("failures"), root.get("errors"), root.get("time")) == ("1", "2", "41.500")


def test_a_flow_is_a_suite_and_a_step_a_case(root: Xml.Element) -> None:
    assert [found.get("name") for found in root] == [
        "(run)", "search", "login", "register", "export", "reset", "invoice",
    ]  # fmt: skip
    assert cases(root, "login") == [
        ("01 goto /login", "passed", None),
        ("02 fill Password", "passed", None),
        (
            "03 Sign in <with> | `ticks` & Ünïcödé 登录",
            "failure",
            "POST /api/session answered 503 Service Unavailable",
        ),
        ("04 The dashboard is there", "skipped", "step 03 failed"),
    ]


def test_only_the_attempt_that_decided_is_shown(root: Xml.Element) -> None:
    assert properties(root, "login") == {
        "app": "acorn",
        "environment": "production",
        "base_url": "https://shop.acorn.example/",
        "release": "2026.11.2",
        "outcome": "failed",
        "title": "A customer signs in",
        "severity": "critical",
        "attempts": "2",
        "tags": "auth core",
        "diagnosis": "server-error javascript-error",
        "diagnosis_title": (
            "POST /api/session answered 503 Service Unavailable; The page's own script stopped: session is undefined"
        ),
        "history": (
            "Failing since 2026-11-21 20:15:00 UTC (release 2026.11.2); "
            "last passed 2026-11-20 20:15:00 UTC (release 2026.11.1)."
        ),
    }


def test_a_failure_tells_what_was_seen_and_links_its_picture(root: Xml.Element) -> None:
    case = suite(root, "login").findall("testcase")[2]
    failure = case.findtext("failure") or ""
    assert "The page says: <script>alert('x')</script> | Too many attempts" in failure
    assert "request: POST https://shop.acorn.example/api/session 503" in failure
    assert failure.startswith("server-error: POST /api/session answered 503 Service Unavailable\n")
    assert "the page: Too many attempts, try again later." in failure
    assert (case.findtext("system-out") or "").splitlines() == [
        "[[ATTACHMENT|flows/login/03-click-sign-in.png]]",
        "[[ATTACHMENT|flows/login/earlier/03-click-sign-in.png]]",
        "[[ATTACHMENT|flows/login/03-difference.png]]",
    ]


def test_an_attempt_that_did_not_decide_stands_where_it_says_most(root: Xml.Element) -> None:
    failed = suite(root, "login").findall("testcase")[2]
    again = failed.find("rerunError")
    assert again is not None
    assert (again.get("message"), again.get("type")) == ("attempt 1: The browser went away.", "error")
    assert [child.tag for child in failed] == ["failure", "rerunError", "system-out"]
    passed = suite(root, "register").findall("testcase")[0]
    flaky = passed.find("flakyError")
    assert flaky is not None
    assert flaky.get("message") == "attempt 1: A firewall asks whether we are human."
    assert (flaky.findtext("stackTrace") or "").endswith("url: https://shop.acorn.example/register")
    assert [child.tag for child in passed] == ["flakyError", "system-out"]


def test_a_failed_attempt_is_a_flaky_failure() -> None:
    first = LOGIN.children[1]
    good = first.model_copy(update={"id": "flows/login/3", "outcome": Outcome.PASSED, "children": first.children[:2]})
    flow = LOGIN.model_copy(update={"children": (first, good), "outcome": Outcome.WARNED, "diagnoses": ()})
    root = Xml.fromstring(render(RUN.model_copy(update={"results": (flow,)})))
    (flaky,) = root.iter("flakyFailure")
    assert flaky.get("message") == "attempt 2: Expected the page /dashboard, but it is still /login."
    assert root.get("failures") == "0"


def test_a_flow_called_run_has_its_own_suite() -> None:
    flow = LOGIN.model_copy(update={"name": "run"})
    root = Xml.fromstring(render(RUN.model_copy(update={"results": (RUN.results[0], flow)})))
    assert [(found.get("name"), found[1].get("classname")) for found in root] == [
        ("(run)", "acorn.(run)"),
        ("run", "acorn.run"),
    ]


def test_outside_the_bundle_attachments_lead_to_it() -> None:
    text = render(RUN, Place("evidence/acorn-1"))
    assert "[[ATTACHMENT|evidence/acorn-1/flows/login/03-click-sign-in.png]]" in text
    assert "[[ATTACHMENT|flows" not in text


def test_inconclusive_and_error_are_errors_and_skipped_is_skipped(root: Xml.Element) -> None:
    stopped = "POST https://pay.example/charge was stopped: this environment is read-only."
    assert cases(root, "export") == [("Orders as a spreadsheet", "error", stopped)]
    assert cases(root, "reset") == [("01 mail", "error", "The mailbox at 127.0.0.1:1080 cannot be reached.")]
    assert cases(root, "invoice") == [("An invoice", "skipped", "login failed")]


def test_a_warning_passes_and_says_so(root: Xml.Element) -> None:
    (_, warned, *_) = suite(root, "login").findall("testcase")
    assert (warned.findtext("system-out") or "").splitlines() == [
        "warning: label 'Password' was not found; its fallback placeholder 'Your password' was used",
        "[[ATTACHMENT|flows/login/02-fill-password.png]]",
    ]
    assert cases(root, "(run)")[1] == ("release", "passed", None)


def test_cleanup_never_fails_a_case(root: Xml.Element) -> None:
    assert cases(root, "register")[-1] == ("cleanup api DELETE /api/me", "passed", None)
    assert suite(root, "register")[-2].findtext("system-out") == "warning: cleanup failed: Answered 500."
    assert suite(root, "register").get("failures") == "0"


def test_what_is_withheld_is_not_attached_and_what_is_reused_is(root: Xml.Element) -> None:
    text = render(RUN)
    assert "network.har" not in text
    assert "search/02-fill-search.png" not in text
    assert text.count("[[ATTACHMENT|flows/register/02-click-terms.png]]") == 2


def test_a_flow_that_failed_without_a_failed_step_still_fails() -> None:
    attempt = LOGIN.children[1].model_copy(update={"children": LOGIN.children[1].children[:1]})
    flow = LOGIN.model_copy(update={"children": (attempt,)})
    root = Xml.fromstring(render(RUN.model_copy(update={"results": (flow,)})))
    assert cases(root, "login") == [
        ("01 goto /login", "passed", None),
        ("A customer signs in", "failure", LOGIN.diagnoses[0].title),
    ]


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    odd = "\x00\x08\x1b[31m\ufffe\ud800]]>&\"'"
    result: Result = INVOICE.model_copy(
        update={"message": odd, "name": odd, "title": "", "outcome": Outcome.ERROR, "warnings": (odd,)}
    )
    root = Xml.fromstring(render(RUN.model_copy(update={"results": (result,)})))
    assert root[0].get("name") == "]]>&\"'"
