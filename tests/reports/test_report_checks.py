"""How reports tell checks: by family, the worst first, nothing twice, and beside the flows."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from checked_runs import (
    CHECKED_RUN,
    CHECKS,
    CRITICAL,
    DEBUG,
    ENV,
    EXPIRY,
    GRADE,
    HIGH,
    HOME,
    HOME_UP,
    HSTS,
    LOG,
    LOW,
    MIXED_RUN,
    ODD,
    QUEUE,
    UNASKED,
    F,
    I,
    P,
    S,
    check,
    only,
    reading,
)
from hostile_run import HOSTILE, hostile
from sample_run import RUN

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run
from smokerunner.reports import ctrf, github, html, junit, markdown, text
from smokerunner.reports.catalogue import CATALOGUE
from smokerunner.reports.checks import (
    bad_readings,
    families_of,
    gist_of,
    good_readings,
    own_warnings,
    sent_by,
    since_of,
    told_of,
    within,
)
from smokerunner.reports.place import WITHIN, Place
from smokerunner.reports.wording import blocked_by, counted, others_of, reason_of

REACH = Result(
    id="reach",
    kind="reach",
    name="reach",
    title="app reachable",
    outcome=F,
    message="connection refused",
    started=RUN.started,
)


def read(_: str) -> None:
    return None


def render(name: str, run: Run) -> str:
    return CATALOGUE[name].render(run, read, WITHIN)


def test_families_with_the_gravest_stand_first_and_the_quiet_in_their_usual_order() -> None:
    quiet = (check("srv.clock", "", P, LOW), check("tls.https", "", P, HIGH))
    found = families_of((*quiet, HOME_UP, EXPIRY, HOME, UNASKED, GRADE, DEBUG, ENV, check("own.x", "", P, LOW)))
    assert [family.key for family in found] == ["sec", "hdr", "tls", "http", "perf", "srv", "own"]
    sec = found[0]
    assert [one.name for one in sec.checks] == ["sec.env", "sec.debug-html"]
    assert (sec.title, sec.told, sec.outcome) == ("Exposure and debug", "1 failed, 1 passed", F)
    assert found[-1].title == "own"
    assert families_of((UNASKED, HOME_UP))[-1].key == "srv"


def test_readings_that_are_bad_come_apart_from_the_good_ones() -> None:
    mixed = check("sec.x", "", F, LOW, reading("a"), reading("b", I), reading("c", F), reading("d", S))
    assert [one.what for one in bad_readings(mixed)] == ["c", "b"]
    assert [one.what for one in good_readings(mixed)] == ["a", "d"]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (ENV, ("", "")),
        (LOG, ("", "Let the web server's root be `public`")),
        (GRADE, (GRADE.message, "")),
        (ODD, (ODD.message, "")),
        (check("a.b", "", F, LOW, *(reading(f"p{n}", F, "no") for n in range(5))), ("", "")),
        (check("a.b", "", F, LOW, reading("x", F, "y"), message="10 of 12: x: y"), ("10 of 12: x: y", "")),
    ],
    ids=["readings", "readings and advice", "its own", "no readings", "many", "within a sentence"],
)
def test_a_message_is_told_without_the_readings_that_stand_beside_it(one: Result, told: tuple[str, str]) -> None:
    assert told_of(one) == told


def test_warnings_that_are_readings_are_not_told_twice() -> None:
    assert EXPIRY.warnings
    assert own_warnings(EXPIRY) == ()
    assert own_warnings(EXPIRY.model_copy(update={"warnings": (*EXPIRY.warnings, "look")})) == ("look",)


@pytest.mark.parametrize(
    ("one", "gist"),
    [
        (check("hdr.grade", "", P, LOW, reading("grade", P, "B+ (80)")), "grade B+ (80)"),
        (
            check("perf.home", "", P, LOW, reading("GET /", P, "median 12 ms of 10 samples; DNS 1 ms")),
            "median 12 ms of 10 samples",
        ),
        (HOME_UP, ""),
    ],
)
def test_a_good_check_says_the_one_number_that_people_want(one: Result, gist: str) -> None:
    assert gist_of(one) == gist


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("GET https://shop.acorn.example/.env", "GET /.env"),
        ("x-frame-options of https://shop.acorn.example/", "x-frame-options of /"),
        ("GET http://shop.acorn.example/.env", "GET http://shop.acorn.example/.env"),
        ("GET https://shop.acorn.example.evil.test/", "GET https://shop.acorn.example.evil.test/"),
    ],
)
def test_the_apps_own_host_goes_without_saying(what: str, said: str) -> None:
    assert within(what, RUN.base_url) == said


def test_since_when_is_said_only_of_what_was_asked_before() -> None:
    assert since_of(MIXED_RUN, HSTS).startswith(
        "Failing since 2026-11-02 20:15:00 UTC (release 2026.11.0); last passed"
    )
    assert since_of(MIXED_RUN, ENV) == "New: last passed 2026-11-21 20:15:00 UTC (release 2026.11.1)."
    assert since_of(MIXED_RUN, QUEUE) == ""


def test_checks_are_counted_beside_flows_and_are_nothing_else() -> None:
    assert not [result for result in others_of(MIXED_RUN) if result.kind == "check"]
    assert counted(MIXED_RUN).startswith("6 flows, 11 checks: 5 failed, 2 error, 2 inconclusive, 2 warned, 2 skipped")
    assert counted(only(HOME_UP)).startswith("1 check: 0 failed")
    assert counted(RUN).startswith("6 flows: ")
    assert sent_by(CHECKS) == sum(one.sent for one in CHECKS) == 30


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (only(HSTS, ENV, HOME_UP), "2 of 3 checks failed: sec.env (critical), tls.hsts (medium)."),
        (
            MIXED_RUN,
            "1 of 6 flows and 4 of 11 checks failed: login, sec.env (critical), sec.logs (high) and 2 more.",
        ),
        (only(EXPIRY, HOME_UP), "Everything that ran passed, but look at tls.expiry."),
        (only(QUEUE, HOME_UP), "Nothing failed, but it cannot be told for queue.depth."),
        (only(ODD, QUEUE), "Nothing failed, but something went wrong on our side: own.stock."),
        (only(UNASKED), "Nothing ran."),
        (only(REACH, UNASKED.model_copy(update={"root": "reach"})), "Connection refused."),
    ],
)
def test_reasons_name_the_worst_check_and_what_it_means(run: Run, words: str) -> None:
    assert reason_of(run) == words


def test_what_was_skipped_because_of_the_reach_is_counted() -> None:
    skipped = tuple(one.model_copy(update={"outcome": S, "root": "reach"}) for one in CHECKS[:3])
    run = only(REACH, *skipped)
    assert blocked_by(run, REACH) == "3 checks were skipped because of it."
    flow = RUN.flows[0].model_copy(update={"outcome": S, "root": "reach"})
    assert blocked_by(only(REACH, flow, *skipped), REACH) == "1 flow and 3 checks were skipped because of it."
    assert blocked_by(only(REACH, skipped[0]), REACH) == "1 check was skipped because of it."
    page = html.render(run, read)
    assert "3 checks were skipped because of it" in page
    assert 'href="#reach">the run</a>' in page


@pytest.mark.parametrize("run", [MIXED_RUN, CHECKED_RUN], ids=["beside flows", "alone"])
@pytest.mark.parametrize("name", CATALOGUE)
def test_every_report_tells_every_check_that_is_not_good(name: str, run: Run) -> None:
    told = render(name, run)
    for one in run.checks:
        if one.outcome is not P:
            assert one.name in told


@pytest.mark.parametrize("name", CATALOGUE)
def test_whatever_a_check_says_stays_text(name: str) -> None:
    run = Run.model_validate(hostile(CHECKED_RUN.model_dump(mode="json", by_alias=True)))
    told = render(name, run)
    if name in ("html", "junit", "markdown"):
        assert "<script>alert" not in told
        assert "<img" not in told
    if name == "github":
        assert all(line.startswith("::") for line in told.splitlines())
    if name == "ctrf":
        assert HOSTILE in json.loads(told)["results"]["tests"][0]["name"]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_hundred_checks_that_fail_everywhere_stay_within_reason(name: str) -> None:
    bad = [reading(f"GET /{number}", F, "there " * 20, "not there") for number in range(60)]
    run = only(*(check(f"sec.x{number}", "Is it?", F, HIGH, *bad) for number in range(100)))
    told = render(name, run)
    assert len(told) < {"markdown": 65_000, "github": 40_000, "html": 6_000_000}.get(name, 4_000_000)
    if name == "markdown":
        assert "more checks to look at are told in report.html." in told
        assert "more in report.html" in told


def test_text_says_what_was_seen_what_to_do_and_where_it_was_asked() -> None:
    told = text.render(CHECKED_RUN)
    lines = told.splitlines()
    start = next(index for index, line in enumerate(lines) if "sec.logs" in line and line.startswith("FAILED"))
    assert lines[start] == "FAILED        sec.logs · Are log files out of reach? · high · 0.21 s"
    assert "what to do    Let the web server's root be `public`" in lines
    assert "asked by      smokerunner.yaml:14" in lines
    assert "since         New: last passed 2026-11-21 20:15:00 UTC (release 2026.11.1)." in lines
    assert "requests      30 sent by checks" in lines
    assert max(map(len, lines)) <= text.WIDTH
    # Readings that were as they should be are not told.
    assert ".env.bak" not in told
    assert told.index("sec.env ·") < told.index("tls.hsts ·") < told.index("own.stock ·") < told.index("tls.expiry")
    assert "file          bundle/checks/sec.env/answers.txt" in text.render(CHECKED_RUN, Place("bundle")).splitlines()


def test_markdown_has_a_table_of_what_did_not_pass_and_counts_the_rest() -> None:
    told = markdown.render(CHECKED_RUN)
    assert "Checks passed: Exposure and debug 1 of 3, The app 1 of 1, Response times 1 of 1. 30 requests sent." in told
    rows = [line for line in told.splitlines() if line.startswith("| failed |")]
    assert [row.split(" | ")[1] for row in rows] == ["sec.env", "sec.logs", "tls.hsts", "hdr.grade"]
    assert "## Failed: Is the .env file out of reach? (sec.env)" in told
    assert "What to do: Let the web server's root be \\`public\\`" in told
    assert "| http.home-up" not in told
    assert "No flow" not in told
    assert markdown.render(only(UNASKED)).count("Checks passed: none.") == 1


def test_an_annotation_stands_where_the_check_is_written() -> None:
    first = github.render(CHECKED_RUN).splitlines()[0]
    assert first.startswith(
        "::error file=smokerunner.yaml,line=14,title=sec.env failed%3A Is the .env file out of reach?::"
    )
    assert "To pass: Every address answers 403 or 404" in first
    mixed = github.render(MIXED_RUN)
    assert mixed.index("title=login failed") < mixed.index("title=sec.env failed") < mixed.index("tls.hsts failed")


def suites(run: Run) -> dict[str | None, Xml.Element]:
    return {suite.get("name"): suite for suite in Xml.fromstring(junit.render(run))}


def test_a_family_is_a_suite_and_a_check_a_case() -> None:
    found = suites(MIXED_RUN)
    assert list(found)[:2] == ["(run)", "search"]
    sec = found["checks.sec"]
    assert (sec.get("tests"), sec.get("failures")) == ("3", "2")
    held = {item.get("name"): item.get("value") for item in sec.iter("property")}
    assert (held["title"], held["outcome"], held["requests"]) == ("Exposure and debug", "failed", "13")
    case = sec[1]
    assert (case.get("name"), case.get("classname")) == (
        "sec.env Is the .env file out of reach?",
        "acorn.checks.sec",
    )
    said = (case[0].text or "").splitlines()
    assert "severity: critical" in said
    assert "history: New: last passed 2026-11-21 20:15:00 UTC (release 2026.11.1)." in said
    assert sum(line.startswith("failed: GET") for line in said) == 2
    assert "[[ATTACHMENT|checks/sec.env/answers.txt]]" in (case[1].text or "")
    assert "weak evidence: An app that fails" in (sec[3][0].text or "")
    assert [found[f"checks.{key}"].get("errors") for key in ("queue", "own", "tls")] == ["1", "1", "0"]
    assert found["checks.srv"].get("skipped") == "1"
    root = Xml.fromstring(junit.render(MIXED_RUN))
    assert root.get("failures") == str(sum(int(suite.get("failures") or 0) for suite in root))


def test_a_check_is_a_test_of_its_own_type() -> None:
    document: dict[str, Any] = json.loads(ctrf.render(MIXED_RUN))
    tests = {test["suite"][-1] + test["name"]: test for test in document["results"]["tests"]}
    env = tests["checks.secIs the .env file out of reach?"]
    assert (env["type"], env["status"], env["labels"], env["tags"]) == (
        "check", "failed", {"severity": "critical"}, ["deploy"],
    )  # fmt: skip
    assert (env["filePath"], env["line"]) == ("smokerunner.yaml", 14)
    assert env["extra"]["check"] == "sec.env"
    assert env["extra"]["requests"] == 11
    assert len(env["extra"]["readings"]) == 10
    assert env["attachments"][0]["path"] == "checks/sec.env/answers.txt"
    assert document["results"]["summary"]["tests"] == len(MIXED_RUN.results)


def test_a_page_of_checks_alone_has_nothing_of_flows() -> None:
    page = html.render(CHECKED_RUN, read)
    for part in (
        'id="viewer"',
        'id="timeline"',
        "No flow was run",
        "next, previous flow<",
        "Flow file",
        "pictures, traces",
    ):
        assert part not in page
    assert "Skip to the checks" in page
    assert "11 · 30 requests sent" in page
    mixed = html.render(MIXED_RUN, read)
    assert 'id="viewer"' in mixed
    assert "Skip to the flows and checks" in mixed


def test_checks_stand_before_flows_only_when_they_alone_are_bad() -> None:
    def places(run: Run) -> list[int]:
        page = html.render(run, read)
        return [page.index(f'<h2 id="{key}">') for key in ("broke", "checks") if f'<h2 id="{key}">' in page]

    whole = places(MIXED_RUN)
    assert whole == sorted(whole)
    good = tuple(flow for flow in RUN.flows if flow.outcome is Outcome.PASSED)
    page = html.render(only(*good, *CHECKS), read)
    assert page.index('<h2 id="checks">') < page.index('<h2 id="passed">')
    page = html.render(only(*good, HOME_UP), read)
    assert page.index('<h2 id="passed">') < page.index('<h2 id="checks">')


def test_what_broke_names_the_checks_too() -> None:
    page = html.render(MIXED_RUN, read)
    hero = page[: page.index("<main")]
    assert "GET /.env: 200 text/plain, 812 bytes, keys APP_KEY, DB_PASSWORD &lt;b&gt;, and 1 more" in hero
    assert 'href="#checks/sec.env">sec.env</a> · critical · new in this run' in hero
    broke = page[page.index('<h2 id="broke">') : page.index('<h2 id="look">')]
    assert broke.count('<a href="#checks/') == 6
    assert CRITICAL in broke
