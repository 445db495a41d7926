"""Each cause on what was recorded of it: the likeliest must be the true one, on apps of any wording."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smokerunner.diagnosis.catalogue import CAUSES
from smokerunner.diagnosis.diagnosing import diagnose
from smokerunner.model.comparison import Comparison
from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.observation import MailSeen
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from tests.diagnosis.recorded_scenes import (
    AT,
    SETTING,
    answer,
    before,
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

DJANGO = """OperationalError at /orders/
no such column: orders.total
Request Method: GET
Request URL: http://books.example/orders/
Django Version: 5.1
Exception Type: OperationalError
You're seeing this error because you have DEBUG = True in your Django settings file."""
LARAVEL = (
    "SQLSTATE[42S02]: Base table or view not found (500 Internal Server Error)\n"
    "Illuminate\\Database\\QueryException\nin /srv/app/vendor/laravel/framework/src/Connection.php line 760"
)
PYTHON = (
    'Traceback (most recent call last):\n  File "/srv/app/views.py", line 12, in show\n'
    "    return 1 / 0\nZeroDivisionError: division by zero"
)
PHP = (
    "Fatal error: Uncaught PDOException: could not find driver in /var/www/db.php:12\nStack trace: #0 {main} "
    "thrown in /var/www/db.php on line 12"
)
AXE = """2 rules of accessibility broken (WCAG 2.1 AA, axe-core 4.10.2)
image-alt (critical, 3 elements): Images must have alternative text: #logo, .hero > img, .foot > img
  https://dequeuniversity.com/rules/axe/4.10/image-alt
link-name (serious, 1 element): Links must have discernible text: a[href="/basket"]
  https://dequeuniversity.com/rules/axe/4.10/link-name"""
MOVED = Comparison(
    against="reference",
    verdict="differs",
    message="9 % of the picture differs, in 4 places, the largest 1072×153 pixels at 104, 101",
    difference="flows/buy/difference/03-goto.png",
    changed=0.09,
)
OTHER = Comparison(
    against="reference",
    verdict="not comparable",
    message="the approved picture was made with chromium 120, this is 140",
)
LOGIN = {"asks_for_password": True, "text": "Sign in\nE-mail\nPassword\nForgot it?"}
HEADING = target('heading "Your orders"', "expect.visible")


def _bad(action: str, message: str, *steps: Result, **more: object) -> Result:
    return flow(*steps, step(action, message, **more))


CASES: dict[str, tuple[str, str, Result]] = {
    "a bare 500 after a form": (
        "server-error",
        "POST /login answered 500 Internal Server Error",
        _bad("expect", "the page is at …", observation=scene(
            "/login", answer("POST /login", 500, "500\nInternal Server Error", during=False), targets=[HEADING],
            text="Internal Server Error", facts=[fact("url", "/home", url("/login"))])),
    ),
    "nginx cannot reach the app": (
        "server-error",
        "GET /orders answered 502 Bad Gateway",
        _bad("goto", "… answered with status 502", observation=scene(
            "/orders", answer("GET /orders", 502, "502 Bad Gateway\nnginx/1.24.0"), text="502 Bad Gateway\nnginx")),
    ),
    "an api request breaks": (
        "server-error",
        "DELETE /api/orders/7 answered 500",
        _bad("api", "DELETE … answered status 500", observation=scene(
            "/", answer("DELETE /api/orders/7", 500, '{"error": "oops"}', kind="api"))),
    ),
    "Django shows its settings": (
        "debug-page",
        "shows a debug page of Django: OperationalError",
        _bad("goto", "… answered with status 500", observation=scene("/orders/", answer("GET /orders/", 500, DJANGO))),
    ),
    "Laravel shows a query": (
        "debug-page",
        "POST /factures answered 500 Internal Server Error and shows a debug page of Laravel",
        _bad("expect", "nothing", observation=scene("/factures", answer("POST /factures", 500, LARAVEL))),
    ),
    "a traceback with status 200": (
        "debug-page",
        "GET /profile shows a debug page of Python: ZeroDivisionError: division by zero",
        _bad("fill", 'label "Name" is not there', observation=scene(
            "/profile", answer("GET /profile", 200), text=PYTHON, targets=[target('label "Name"', "fill")])),
    ),
    "PHP prints a fatal error": (
        "debug-page",
        "PHP: Fatal error: Uncaught PDOException",
        _bad("expect", "nothing", observation=scene("/x.php", answer("GET /x.php", 200), text=PHP)),
    ),
    "a page that is not there": (
        "page-not-found",
        "GET /help answered 404 Not Found",
        _bad("goto", "… answered with status 404", observation=scene("/help", answer("GET /help", 404, "Not Found"))),
    ),
    "a page that is forbidden": (
        "access-denied",
        "GET /admin answered 403 Forbidden",
        _bad("goto", "… answered with status 403", observation=scene("/admin", answer("GET /admin", 403, "No."))),
    ),
    "too many tries": (
        "throttled",
        "POST /login answered 429 Too Many Requests",
        _bad("expect", "…", observation=scene("/login", answer("POST /login", 429, "Slow down"), **LOGIN)),
    ),
    "an empty page": (
        "blank-page",
        "/orders is an empty page, though it was answered with 200",
        _bad("expect", "heading …", observation=scene(
            "/orders", answer("GET /orders", 200), text="", aria="", title="", targets=[HEADING],
            facts=[fact("visible", 'heading "Your orders"')])),
    ),
    "an app of one page that did not start": (
        "javascript-error",
        "A script of the page failed: TypeError: cannot read properties of undefined",
        _bad("expect", "…", console=[said("TypeError: cannot read properties of undefined\n    at boot (app.js:7)")],
             observation=scene("/", answer("GET /", 200), text="", aria="", targets=[HEADING])),
    ),
    "logged in and forgotten": (
        "session-lost",
        "Logged in, but /home leads back to the login form at /login?next=/home",
        _bad("expect", "the page is at …", before(1, "/login?next=/home", "fill"), before(2, "/login?next=/home"),
             observation=scene("/login?next=/home", answer("GET /login?next=/home", 200), **LOGIN, redirects=[
                 answer("POST /login", 303), answer("GET /home", 303), answer("GET /login?next=/home", 200)],
                 targets=[HEADING], facts=[fact("url", "/home", url("/login?next=/home"))])),
    ),
    "sent to the entrance in the middle": (
        "session-lost",
        "/profil/modifier leads to the login form at /connexion: the session is lost",
        _bad("fill", "…", before(1, "/profil"), before(2, "/connexion", "goto"), observation=scene(
            "/connexion", answer("GET /connexion", 200), **LOGIN, targets=[target('label "Nom"', "fill")], redirects=[
                answer("GET /profil/modifier", 302), answer("GET /connexion", 200)])),
    ),
    "the form's token is too old": (
        "session-lost",
        "The app says that the session has expired (419)",
        _bad("expect", "…", observation=scene("/save", answer("POST /save", 419, "Page Expired"))),
    ),
    "the wrong password": (
        "credentials-refused",
        "These credentials do not match our records",
        _bad("expect", "…", observation=scene(
            "/login", answer("POST /login", 302, during=False), answer("GET /login", 200, during=False),
            asks_for_password=True, text="Log in\nThese credentials do not match our records.",
            alerts=["These credentials do not match our records."],
            redirects=[answer("POST /login", 302), answer("GET /login", 200)],
            facts=[fact("url", "/home", url("/login"))])),
    ),
    "an address that is taken": (
        "data-exists",
        "The app says that it is there already: The email has already been taken",
        _bad("expect", "…", observation=scene(
            "/register", answer("POST /register", 422), alerts=["The email has already been taken."],
            text="Register\nThe email has already been taken.", asks_for_password=True,
            facts=[fact("url", "/home", url("/register"))])),
    ),
    "a name that exists, in small print": (
        "data-exists",
        "A project with this name already exists",
        _bad("expect", "…", observation=scene(
            "/projects", answer("POST /projects", 200), text="Projects\nA project with this name already exists",
            targets=[HEADING])),
    ),
    "a field that is new": (
        "form-refused",
        "The app refused POST /orders: Please choose a time of delivery",
        _bad("expect", "…", observation=scene(
            "/orders", answer("POST /orders", 422), alerts=["Please choose a time of delivery"], targets=[HEADING])),
    ),
    "a background request breaks": (
        "request-failed",
        "POST /api/basket answered 500 Internal Server Error",
        _bad("expect", "…", console=[said("Failed to load resource: the server responded with 500", "error"),
                                     said("Error: basket could not be saved")],
             observation=scene("/", answer("GET /", 200, during=False), answer("POST /api/basket", 500, kind="fetch"),
                               facts=[fact("text_of", "1", "0", "test id basket")])),
    ),
    "a script is gone": (
        "request-failed",
        "A script of the page did not load: GET /app.4f3a.js answered 404",
        _bad("expect", "…", observation=scene(
            "/", answer("GET /", 200), answer("GET /app.4f3a.js", 404, kind="script"),
            facts=[fact("text_of", "3", "0", "test id basket")])),
    ),
    "a script throws": (
        "javascript-error",
        "A script of the page failed: ReferenceError: basket is not defined",
        _bad("expect", "…", before(1, "/", "goto", console=[said("ReferenceError: basket is not defined")]),
             observation=scene("/", answer("GET /", 200), facts=[fact("text_of", "1", "0", "test id basket")])),
    ),
    "a form that is never answered": (
        "too-slow",
        "POST /orders has not answered after 5.0 s",
        _bad("click", "the page did not finish loading (waited 5 s)", observation=scene(
            "/checkout", answer("GET /checkout", 200, during=False), answer("POST /orders", seconds=5), waited=5,
            allowed=5, slowest=[answer("POST /orders", seconds=5)], targets=[there('button "Order"')])),
    ),
    "a list that loads and loads": (
        "too-slow",
        "GET /api/list has not answered after 9.1 s",
        _bad("expect", "…", observation=scene(
            "/", answer("GET /", 200), answer("GET /api/list", kind="fetch", seconds=9.1), text="Loading…",
            targets=[target('row "First"', "expect.visible")], facts=[fact("visible", 'row "First"')])),
    ),
    "a page that came late": (
        "too-slow",
        "GET /report took 8.2 s",
        _bad("expect", "…", observation=scene(
            "/report", answer("GET /report", 200, seconds=8.2), slowest=[answer("GET /report", 200, seconds=8.2)],
            targets=[target('row "First"', "expect.visible")], facts=[fact("visible", 'row "First"')])),
    ),
    "an export that is never ready": (
        "still-working",
        'test id "state" stays at "In progress"',
        _bad("repeat", "after 20 times: …", observation=scene(
            "/exports/1", answer("GET /exports/1", 200), text="Export 1\nIn progress",
            targets=[there('test_id "state"', "until.text_of", text="In progress")],
            facts=[fact("text_of", "finished", "In progress", 'test id "state"')])),
    ),
    "no mail at all": (
        "mail-missing",
        "no message to kim@books.example subject",
        _bad("mail", 'no message to kim@books.example subject "Reset" within 10 s; none came for it',
             observation=scene("/forgot", mails=[])),
    ),
    "another mail": (
        "mail-missing",
        "no message to kim@books.example subject",
        _bad("mail", 'no message to kim@books.example subject "Reset" within 10 s; 1 came for this address',
             observation=scene("/forgot", mails=[
                 MailSeen(to="kim@books.example", subject="Welcome", at=AT + timedelta(seconds=3))])),
    ),
    "a button with another name": (
        "element-renamed",
        'button "Place order" is not there on /checkout; it seems to be button "Buy now" now',
        _bad("click", 'button "Place order" is not there', observation=scene(
            "/checkout", answer("GET /checkout", 200, during=False), targets=[
                target('button "Place order"', candidates=[
                    candidate('button "Buy now"', 0.9), candidate('button "Log out"', 0.2)])])),
    ),
    "a button in another frame": (
        "element-in-frame",
        'label "Card number" is in another frame',
        _bad("fill", 'label "Card number" is not there', observation=scene(
            "/pay", targets=[target('label "Card number"', "fill", elsewhere={
                "words": 'label "Card number" in frame title "Pay"', "likeness": 1,
                "target": {"label": "Card number", "frame": {"title": "Pay"}}})])),
    ),
    "a banner over the button": (
        "element-covered",
        'button "Save" is covered by div#cookies "We use cookies"',
        _bad("click", 'it is covered: <div id="cookies"> intercepts pointer events (waited 10 s)', observation=scene(
            "/", targets=[there('button "Save"', covered_by='div#cookies "We use cookies"')])),
    ),
    "a button that stays grey": (
        "element-disabled",
        'button "Save" is disabled on /',
        _bad("click", "it is disabled (waited 10 s)", observation=scene(
            "/", targets=[there('button "Save"', enabled=False)])),
    ),
    "a menu that is closed": (
        "element-hidden",
        'link "Log out" is on the page but not visible',
        _bad("click", "it is there but not visible (waited 10 s)", observation=scene(
            "/", targets=[there('link "Log out"', visible=False, in_window=False)])),
    ),
    "a button beyond the edge": (
        "element-off-screen",
        'button "Save" lies outside the window',
        _bad("click", "it cannot be scrolled into the window (waited 10 s)", observation=scene(
            "/", targets=[there('button "Save"', in_window=False, reachable=False)])),
    ),
    "two buttons": (
        "element-ambiguous",
        'button "Save" fits 2 elements',
        _bad("click", 'button "Save" matches 2 elements', observation=scene(
            "/", targets=[target('button "Save"', count=2, narrowings=[candidate('button "Save draft"', 0.5)])])),
    ),
    "nothing like it": (
        "element-missing",
        'button "Save" is not there on /edit',
        _bad("click", 'button "Save" is not there', observation=scene(
            "/edit", answer("GET /edit", 200), targets=[target('button "Save"', candidates=[
                candidate('button "Log out"', 0.2)])])),
    ),
    "another price": (
        "text-differs",
        'test id "price" shows "€20.00", not "€18.00"',
        _bad("expect", "…", observation=scene(
            "/book", answer("GET /book", 200), targets=[there('test_id "price"', "expect.text_of", text="€20.00")],
            facts=[fact("text_of", "€18.00", "€20.00", 'test id "price"')])),
    ),
    "another headline": (
        "text-differs",
        'heading "Welcome back" is not there on /home; heading "Welcome home" is there instead',
        _bad("expect", "…", observation=scene(
            "/home", answer("GET /home", 200), facts=[fact("visible", 'heading "Welcome back"')], targets=[
                target('heading "Welcome back"', "expect.visible", candidates=[
                    candidate('heading "Welcome home"', 0.75)])])),
    ),
    "another page": (
        "wrong-page",
        "The page is at https://books.example/basket, not at /orders/*",
        _bad("expect", "…", observation=scene(
            "/basket", answer("GET /basket", 200), facts=[
                fact("url", "/orders/*", complaint=f"the page is at {url('/basket')}, not at /orders/*")])),
    ),
    "nobody answers": (
        "not-reachable",
        "The app is not reachable",
        _bad("goto", "https://books.example/: the connection was refused (ERR_CONNECTION_REFUSED)",
             observation=scene("/")),
    ),
    "a certificate that is too old": (
        "tls",
        "No safe connection",
        _bad("goto", "https://books.example/: the certificate is not accepted (ERR_CERT_DATE_INVALID)",
             observation=scene("/")),
    ),
    "a host that nobody knows": (
        "dns",
        "The name of the app is not known",
        _bad("goto", "https://books.example/: there is no such host (ERR_NAME_NOT_RESOLVED)", observation=scene("/")),
    ),
    "this machine is offline": (
        "offline",
        "This machine is offline",
        _bad("goto", "https://books.example/: this machine is offline (ERR_INTERNET_DISCONNECTED)",
             outcome=Outcome.INCONCLUSIVE),
    ),
    "a page that not everybody can use": (
        "accessibility",
        "2 accessibility rules are broken, the worst critical: Images must have alternative text",
        _bad("accessibility", AXE, observation=scene("/", answer("GET /", 200))),
    ),
    "one rule without an impact": (
        "accessibility",
        "1 accessibility rule is broken: Documents must have a title",
        _bad("accessibility", "1 rule of accessibility broken (WCAG 2.1 AA, axe-core 4.10.2)\n"
             "document-title (None, 1 element): Documents must have a title: html\n  https://axe.example/title"),
    ),
    "another look where none is allowed": (
        "looks-different",
        "Step 3 (goto something) does not look as approved: 9 % of the picture differs, in 4 places",
        _bad("goto", MOVED.complaint, comparison=MOVED, observation=scene("/", answer("GET /", 200))),
    ),
    "the approved picture is another browser's": (
        "not-comparable",
        "Step 3 (goto something) cannot be compared: the approved picture was made with chromium 120, this is 140",
        _bad("goto", OTHER.complaint, comparison=OTHER, outcome=Outcome.INCONCLUSIVE),
    ),
    "the browser is gone": (
        "browser-died",
        "The browser is gone while the step ran",
        _bad("click", "the browser or its page is gone: Target page, context or browser has been closed",
             outcome=Outcome.ERROR),
    ),
    "the mailbox is away": (
        "mailbox-unreachable",
        "The mailbox cannot be asked: http://127.0.0.1:1080 does not answer",
        _bad("mail", "http://127.0.0.1:1080 does not answer", outcome=Outcome.ERROR),
    ),
    "a bound stopped it": (
        "stopped-by-bounds",
        "read_only stopped POST https://books.example/orders",
        _bad("click", "stopped: read_only stopped POST https://books.example/orders", outcome=Outcome.INCONCLUSIVE),
    ),
    "a selector that nobody understands": (
        "flow-mistake",
        "The flow asks for something that cannot be done",
        _bad("click", "the flow's selector is not understood: Unexpected token ]", outcome=Outcome.ERROR),
    ),
    "a bug of ours": (
        "internal-error",
        "The step could not be carried out: KeyError: 'x'",
        _bad("click", "KeyError: 'x'", outcome=Outcome.ERROR, observation=scene("/")),
    ),
    "nothing that is known": (
        "not-as-expected",
        "download something: nothing was downloaded",
        _bad("download", "nothing was downloaded (waited 10 s)", observation=scene("/", answer("GET /", 200))),
    ),
}  # fmt: skip


def _why(result: Result) -> tuple[Diagnosis, ...]:
    return diagnose(result, SETTING)


@pytest.mark.parametrize("name", CASES)
def test_the_likeliest_is_the_true_cause(name: str) -> None:
    wanted, title, failed = CASES[name]
    found = _why(failed)
    told = [(one.id, one.title) for one in found]
    assert found[0].id == wanted, told
    assert title in found[0].title, told
    assert (found[0].app, found[0].environment, found[0].flow) == ("books", "staging", "buy")
    assert found[0].step == "flows/buy/1/03"
    assert found[0].explanation.endswith(next(cause.advice for cause in CAUSES if cause.id == wanted))


def test_each_broken_rule_of_accessibility_is_a_line_of_proof() -> None:
    (proof,) = _why(CASES["a page that not everybody can use"][2])[0].proof
    assert [text.partition(" ")[0] for text in proof.text.splitlines()] == ["image-alt", "link-name"]


def test_when_nearly_all_of_a_picture_differs_another_page_may_be_shown() -> None:
    whole = MOVED.model_copy(update={"changed": 0.8})
    (first, *_) = _why(_bad("goto", whole.complaint, comparison=whole))
    assert "another page may be shown" in first.explanation
    assert "another page may be shown" not in _why(CASES["another look where none is allowed"][2])[0].explanation


def test_a_step_that_failed_otherwise_is_not_explained_by_its_look() -> None:
    (first, *_) = _why(_bad("download", "nothing was downloaded", comparison=MOVED))
    assert first.id == "not-as-expected"


def test_every_cause_of_a_step_has_a_case() -> None:
    of_runs = {"wrong-release", "release-unclear"}
    assert {wanted for wanted, _, _ in CASES.values()} | of_runs == {cause.id for cause in CAUSES}


@pytest.mark.parametrize("name", CASES)
def test_what_passed_or_was_skipped_has_no_cause(name: str) -> None:
    failed = CASES[name][2]
    for outcome in (Outcome.PASSED, Outcome.SKIPPED):
        assert _why(failed.model_copy(update={"outcome": outcome})) == ()


@pytest.mark.parametrize("name", CASES)
def test_titles_are_one_plain_line_and_proofs_are_not_empty(name: str) -> None:
    for one in _why(CASES[name][2]):
        assert "\n" not in one.title
        assert 3 < len(one.title) <= 160
        assert not one.title.endswith(".")
        assert all(proof.text.strip() and proof.label for proof in one.proof)


@pytest.mark.parametrize("name", CASES)
def test_a_failure_without_anything_recorded_still_has_a_cause(name: str) -> None:
    failed = CASES[name][2]
    blind = flow(*(item.model_copy(update={"observation": None, "console": ()}) for item in failed.steps))
    assert _why(blind)
