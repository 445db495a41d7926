"""Which step is explained, in which order, how severe it is; the documentation; and that no app is known by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smokerunner.diagnosis.catalogue import CAUSES
from smokerunner.diagnosis.diagnosing import diagnose, diagnosed
from smokerunner.diagnosis.framework import error_named, recognise
from smokerunner.model.flow import Severity
from smokerunner.model.mending import Mend
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Release, Run, Tool
from tests.diagnosis.recorded_scenes import (
    AT,
    SETTING,
    answer,
    before,
    beside,
    candidate,
    fact,
    flow,
    said,
    scene,
    step,
    target,
    there,
    url,
)

PACKAGE = Path(__file__).parents[2] / "smokerunner"
DOCS = Path(__file__).parents[2] / "docs" / "diagnosis.md"
DEMO = Path(__file__).parents[2] / "flows" / "acorn.yaml"


def _ids(result: Result) -> list[str]:
    return [one.id for one in diagnose(result, SETTING)]


def _run(*results: Result, release: Release | None = None) -> Run:
    tool = Tool(smokerunner="1", playwright="1", python="3", platform="Linux")
    return Run(
        id="books-staging-20261122T201500Z-7f3a9c",
        app="books",
        environment="staging",
        base_url="https://books.example",
        started=AT,
        ended=AT,
        tool=tool,
        release=release or Release(),
        results=results,
    )


def test_every_cause_is_documented_as_it_stands_in_the_code() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (.+) \|$", DOCS.read_text(), re.MULTILINE)
    assert rows == [(cause.id, cause.meaning, cause.advice) for cause in CAUSES]
    assert len({cause.id for cause in CAUSES}) == len(CAUSES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", cause.id) for cause in CAUSES)


def test_every_file_of_a_cause_is_listed_and_named_like_it() -> None:
    files = {
        path.stem.replace("_", "-")
        for path in (PACKAGE / "diagnosis" / "causes").glob("*.py")
        if "CAUSE = " in path.read_text()
    }
    assert files == {cause.id for cause in CAUSES}


def test_no_app_is_known_by_name() -> None:
    flows = DEMO.read_text()
    words = {"acorn", *re.findall(r"test_id: ([a-z-]+)", flows), *re.findall(r"goto: /shop/([a-z-]+)", flows)}
    words |= {"watering can", "brass pencil", "robin", "ekgatan", "malmö"}
    for path in (PACKAGE / "diagnosis").rglob("*.py"):
        text = path.read_text().casefold()
        assert [word for word in words if word in text] == [], path.name


def test_the_innermost_bad_step_is_explained() -> None:
    inner = step("click", "it is disabled", id="flows/buy/1/02/01", observation=scene(
        "/", targets=[there('button "Save"', enabled=False)]))  # fmt: skip
    outer = step("use", "step 2.1: it is disabled", id="flows/buy/1/02", children=(inner,))
    (first, *_) = diagnose(flow(before(1, "/"), outer), SETTING)
    assert (first.id, first.step) == ("element-disabled", "flows/buy/1/02/01")


def test_a_flow_that_did_not_begin_is_explained_by_its_attempt() -> None:
    attempt = Result(
        id="flows/buy/1", kind="attempt", name="1", outcome=Outcome.ERROR, started=AT,
        message="the browser or its page is gone: Target closed",
    )  # fmt: skip
    failed = Result(id="flows/buy", kind="flow", name="buy", outcome=Outcome.ERROR, started=AT, children=(attempt,))
    assert _ids(failed) == ["browser-died", "internal-error"]


def test_a_login_form_that_the_flow_works_on_is_no_lost_session() -> None:
    seen = scene(
        "/login?next=/home", answer("GET /login?next=/home", 200), asks_for_password=True,
        redirects=[answer("GET /home", 303), answer("GET /login?next=/home", 200)],
        targets=[target('label "Email"', "fill", candidates=[candidate('textbox "E-mail address"', 0.8)])],
    )  # fmt: skip
    worked = (before(1, "/login?next=/home", "goto"), before(2, "/login?next=/home", "expect"))
    assert _ids(flow(*worked, step("fill", "…", observation=seen)))[0] == "element-renamed"
    assert _ids(flow(worked[0], step("fill", "…", observation=seen)))[0] == "session-lost"


def test_what_was_expected_is_no_complaint() -> None:
    expected = 'text "There is an account with this email already"'
    seen = scene(
        "/register", answer("POST /register", 200), text="There is an account with this email already",
        alerts=["There is an account with this email already"],
        facts=[fact("visible", expected), fact("url", "/home", url("/register"))],
    )  # fmt: skip
    assert _ids(flow(step(observation=seen)))[0] == "wrong-page"


def test_a_state_that_is_expected_is_not_still_working() -> None:
    seen = scene("/", facts=[fact("text_of", "pending approval", "In progress", 'test id "state"')])
    assert _ids(flow(step(observation=seen)))[0] == "text-differs"


def test_two_candidates_that_are_as_near_are_no_mend() -> None:
    pair = [candidate('button "Save draft"', 0.8), candidate('button "Save all"', 0.8)]
    seen = scene("/", targets=[target('button "Save"', candidates=pair)])
    (first, *_) = diagnose(flow(step("click", observation=seen)), SETTING)
    assert (first.id, first.mend) == ("element-missing", None)


def test_a_renamed_button_beats_an_unrelated_script_error_only_when_it_is_surely_meant() -> None:
    def told(likeness: float) -> str:
        near = [candidate('button "Buy now"', likeness)]
        seen = scene("/", targets=[target('button "Order"', candidates=near)])
        return _ids(flow(step("click", observation=seen, console=[said("TypeError: x is undefined")])))[0]

    assert told(0.9) == "element-renamed"
    assert told(0.6) == "javascript-error"


def test_a_mend_is_ready() -> None:
    near = [candidate('button "Buy now"', 0.9)]
    seen = scene("/", targets=[target('button "Order"', written='button "${word}"', candidates=near)])
    (first, *_) = diagnose(flow(step("click", observation=seen)), SETTING)
    assert first.mend == Mend(found='button "${word}"', instead={"button": "Buy now"}, role="button", name="Buy now")


def test_warned_flows_say_what_a_person_should_look_at() -> None:
    mend = Mend(found='button "Save"', instead={"test_id": "save"}, role="button", name="Update")
    renamed = before(2, "/profile", mend=mend, warnings=["its fallback was used"]).model_copy(
        update={"outcome": Outcome.WARNED}
    )
    slow = before(3, "/list", "goto", warnings=["took 2.5 s, over its time target of 2 s"]).model_copy(
        update={"outcome": Outcome.WARNED}
    )
    noted = before(4, "/", warnings=["a dialog came"]).model_copy(update={"outcome": Outcome.WARNED})
    found = diagnose(flow(renamed, slow, noted, severity=Severity.CRITICAL), SETTING)
    assert [(one.id, one.severity) for one in found] == [
        ("element-renamed", Severity.MEDIUM),
        ("too-slow", Severity.MEDIUM),
    ]
    assert found[0].title == 'button "Save" is not there on /profile; it seems to be button "Update" now'
    assert found[1].title == "/list took 2.5 s, over its time target of 2 s"


def test_a_retry_that_passed_still_tells_why_it_was_needed() -> None:
    bad = flow(step("click", observation=scene("/", answer("POST /login", 500)))).attempts[0]
    good = bad.model_copy(update={"id": "flows/buy/2", "outcome": Outcome.PASSED, "children": (before(1, "/"),)})
    both = flow(before(1, "/")).model_copy(update={"outcome": Outcome.WARNED, "children": (bad, good)})
    found = diagnose(both, SETTING)
    assert [(one.id, one.severity) for one in found] == [("server-error", Severity.MEDIUM)]


@pytest.mark.parametrize(
    ("severity", "seen", "proposed"),
    [
        (Severity.LOW, scene("/", answer("GET /", 500)), Severity.LOW),
        (Severity.CRITICAL, scene("/", answer("GET /", 500)), Severity.CRITICAL),
        (Severity.LOW, scene("/", answer("GET /", 500, "Traceback (most recent call last):")), Severity.HIGH),
        (Severity.CRITICAL, scene("/", targets=[target('button "Save"', count=2)]), Severity.MEDIUM),
    ],
)  # fmt: skip
def test_severity_is_the_flow_s_own_and_the_kind_of_cause(severity: Severity, seen: object, proposed: Severity) -> None:
    assert diagnose(flow(step("click", observation=seen), severity=severity), SETTING)[0].severity is proposed


@pytest.mark.parametrize(
    ("kind", "outcome", "message", "wanted"),
    [
        ("reach", Outcome.FAILED, "https://books.example is not reachable: connection refused", "not-reachable"),
        ("reach", Outcome.FAILED, "https://books.example is not reachable: [SSL: CERTIFICATE_VERIFY_FAILED]", "tls"),
        ("reach", Outcome.FAILED, "it is not reachable: [Errno -2] Name or service not known", "dns"),
        ("reach", Outcome.INCONCLUSIVE, "this machine is offline, so nothing can be told (no route)", "offline"),
        ("reach", Outcome.INCONCLUSIVE, "the name service does not answer for books.example", "dns"),
        ("release", Outcome.FAILED, "wrong release served: 1.2, expected 1.3 (/version)", "wrong-release"),
        ("release", Outcome.INCONCLUSIVE, "the release changed: 1.2 before, 1.3 after", "release-unclear"),
    ],
)  # fmt: skip
def test_results_beside_the_flows_are_explained(kind: str, outcome: Outcome, message: str, wanted: str) -> None:
    run = diagnosed(_run(beside(kind, outcome, message), release=Release(before="1.2", expected="1.3")))
    (first, *_) = run.results[0].diagnoses
    assert first.id == wanted
    assert first.flow == ""
    if kind == "release" and outcome is Outcome.FAILED:
        assert (first.title, first.severity) == ("Release 1.2 is served, not 1.3", Severity.CRITICAL)


def test_a_run_is_diagnosed_anew_from_what_was_recorded() -> None:
    failed = flow(step("click", observation=scene("/", answer("POST /login", 500))))
    once = diagnosed(_run(failed, flow(before(1, "/")), beside("run", Outcome.ERROR, "a secret remains")))
    assert [[one.id for one in result.diagnoses] for result in once.results] == [["server-error"], [], []]
    again = Run.model_validate_json(once.model_dump_json())
    assert diagnosed(again) == once


PAGES = {
    "Laravel": "Illuminate\\Database\\QueryException: SQLSTATE[HY000]",
    "Django": "TemplateDoesNotExist at /\nDjango Version: 5.1\nException Type: TemplateDoesNotExist",
    "Werkzeug": "jinja2.exceptions.UndefinedError\nTraceback (most recent call last)\nWerkzeug Debugger",
    "Rails": "ActiveRecord::StatementInvalid in BooksController#index\nRails.root: /srv/books",
    "Symfony": "Symfony Exception\nNotFoundHttpException\nHTTP 404 Not Found",
    "Whoops": "Whoops! There was an error.\nErrorException (E_NOTICE)\nStack frames (12)",
    "ASP.NET Core": "An unhandled exception occurred while processing the request.\nStack Query Cookies Headers",
    "ASP.NET": "Server Error in '/' Application.\nObject reference not set to an instance of an object.",
    "Spring": "java.lang.IllegalStateException\n\tat org.springframework.web.servlet.DispatcherServlet.doGet",
    "Express": "TypeError: x is not a function\n    at Layer.handle (/srv/node_modules/express/lib/layer.js:95:5)",
    "Next.js": "Unhandled Runtime Error\nError: boom",
    "PHP": "Warning: x\nFatal error: Uncaught Error: Call to undefined function in /srv/a.php on line 3",
    "Python": "Traceback (most recent call last):\n  File 'a.py', line 1\nKeyError: 'x'",
    "Starlette": "Starlette Debugger\n500 Server Error\nKeyError: 'x'\nTraceback\nFile /srv/a.py, line 8, in show",
    "an unknown framework": "Ouch\n/srv/app/orders.pl line 12\n/srv/app/main.pl line 3",
    "Go": "http: panic serving\ngoroutine 12 [running]:\nmain.handler",
    "the database": "You have an error in your SQL syntax; check the manual",
}


@pytest.mark.parametrize("framework", PAGES)
def test_debug_pages_are_recognised(framework: str) -> None:
    found = recognise(PAGES[framework])
    assert found is not None
    assert (found.framework, found.is_debug) == (framework, True)


@pytest.mark.parametrize(
    "text",
    ["Internal Server Error", "Whitelabel Error Page", "502 Bad Gateway\nnginx/1.24", "Welcome back", ""],
)  # fmt: skip
def test_plain_pages_are_no_debug_pages(text: str) -> None:
    found = recognise(text)
    assert found is None or not found.is_debug


def test_an_error_page_is_read_down_to_the_error_itself() -> None:
    assert error_named(PAGES["Python"]) == "KeyError: 'x'"
    assert error_named(PAGES["Laravel"]).startswith("Illuminate\\Database\\QueryException: SQLSTATE")
    assert error_named("Internal Server Error") == ""
