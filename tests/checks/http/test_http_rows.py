"""Whether the app answers as an app should."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from smokerunner.checks.http.assets import Assets
from smokerunner.checks.http.error_page import ErrorPage
from smokerunner.checks.http.health import HealthUp
from smokerunner.checks.http.home import HomeUp
from smokerunner.checks.http.maintenance import Maintenance
from smokerunner.checks.http.page import read_page
from smokerunner.checks.http.release import ReleaseMarker
from smokerunner.model.check import Check
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Asked, Reply, ask, serving

GOOD, WARNED, BAD, UNCLEAR = Outcome.PASSED, Outcome.WARNED, Outcome.FAILED, Outcome.INCONCLUSIVE
PAGE = "<title>Shop</title><h1>Quiet things</h1>"
HOME = {"/": Reply(body=PAGE)}

NGINX = "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is"
APACHE = "<html><body><h1>It works!</h1></body></html>"


def outcome_of(check: Check, answers: Any, **more: Any) -> tuple[Outcome, str]:
    """What becomes of a check as the engine would have it: what it raises is an outcome, too."""
    from smokerunner.model.errors import Failure, Inconclusive

    with serving(answers) as site:
        try:
            finding = ask(check, site.base_url, **more)
        except NotReached as wrong:
            return Outcome.SKIPPED, str(wrong)
        except Inconclusive as wrong:
            return Outcome.INCONCLUSIVE, str(wrong)
        except Failure as wrong:
            return Outcome.FAILED, str(wrong)
    return finding.outcome, finding.message or "; ".join(finding.warnings)


@pytest.mark.parametrize(
    ("answers", "outcome", "said"),
    [
        (HOME, GOOD, ""),
        ({"/": Reply(302, headers={"location": "/login"}), "/login": Reply(body=PAGE)}, GOOD, ""),
        ({"/": Reply(body="<title>My notes: Welcome to nginx!</title><h1>Welcome to nginx!</h1>")}, GOOD, ""),
        ({"/": Reply(body="<title>Notes</title><h1>It works!</h1>")}, GOOD, ""),
        ({"/": Reply(body=NGINX)}, BAD, "the server's own page (Welcome to nginx!)"),
        ({"/": Reply(body=APACHE)}, BAD, "the server's own page (It works!)"),
        ({"/": Reply(body="<title>Index of /</title><h1>Index of /</h1>")}, BAD, "the server's own page"),
        ({"/": Reply(body=" \n ")}, BAD, "an empty page"),
        ({"/": Reply(500, PAGE)}, BAD, "500 text/html"),
        ({"/": Reply(body="{}", type="application/json")}, BAD, "200 application/json"),
        ({"/": Reply(302, headers={"location": "https://other.test/"})}, BAD, "to https://other.test/"),
        ({"/": Reply(302, headers={"location": "/"})}, BAD, "302"),
        ({"/": Reply(403)}, BAD, "403"),  # the app is there, as what is missing is 404
        (lambda _: Reply(403, "no"), UNCLEAR, "answers 403 to everything"),
        (lambda _: Reply(401, "no"), UNCLEAR, "give http_credentials"),
        ({"/": Reply(429)}, UNCLEAR, "guarded"),
        ({"/": Reply(403, "<script src=/cdn-cgi/x>cf-chl</script>")}, UNCLEAR, "guarded by something in front"),
    ],
)
def test_the_home_page(answers: Any, outcome: Outcome, said: str) -> None:
    seen, message = outcome_of(HomeUp(), answers)
    assert seen is outcome, message
    assert said in message


def up(body: str, status: int = 200, type: str = "application/json") -> dict[str, Reply]:
    return {"/": Reply(body=PAGE), "/up": Reply(status, body, type=type), "/health": Reply(status, body, type=type)}


RAILS = '<!DOCTYPE html><html><body style="background-color: green"></body></html>'


@pytest.mark.parametrize(
    ("answers", "settings", "outcome", "said"),
    [
        # laravel/framework, Foundation/Configuration/ApplicationBuilder.php and resources/health-up.blade.php
        (up('{"status":"up"}'), {}, GOOD, ""),
        (up("<h2>Application up</h2>", type="text/html"), {}, GOOD, ""),
        # rails/rails, railties/lib/rails/health_controller.rb
        (up(RAILS, type="text/html"), {}, GOOD, ""),
        (up("all is well", type="text/plain"), {"path": "/health", "text": "all is well"}, GOOD, ""),
        (up('{"status":"down"}', 500), {}, BAD, "status 'down'"),
        (up('{"status":"down"}'), {}, BAD, "status 'down'"),
        (up("[1]"), {}, BAD, "200 application/json"),
        (up("all is well", type="text/plain"), {"path": "/health", "text": "fine"}, BAD, 'saying "fine"'),
        (HOME, {"path": "/health"}, BAD, "404"),
        (HOME, {}, Outcome.SKIPPED, "there is no /up"),
        (lambda _: Reply(body=PAGE), {}, Outcome.SKIPPED, "there is no /up"),  # 200 for everything
        (lambda _: Reply(body=PAGE), {"path": "/up"}, BAD, "200 text/html"),
        (lambda _: Reply(302, headers={"location": "/login"}), {}, Outcome.SKIPPED, "there is no /up"),
        (lambda _: Reply(403), {}, UNCLEAR, "answers 403 to everything"),
    ],
)
def test_the_health_address(answers: Any, settings: dict[str, Any], outcome: Outcome, said: str) -> None:
    seen, message = outcome_of(HealthUp.model_validate(settings), answers)
    assert seen is outcome, message
    assert said in message


DOWN = Reply(503, "<title>Service Unavailable</title>", {"retry-after": "60"})


@pytest.mark.parametrize(
    ("answers", "outcome", "said"),
    [
        (HOME, GOOD, ""),
        ({"/": Reply(body="<title>Blog</title><h1>Down for maintenance</h1><pre>php artisan down</pre>")}, GOOD, ""),
        ({"/": DOWN, "/up": Reply(body='{"status":"up"}')}, BAD, "while /up answers 200: maintenance mode"),
        ({"/": DOWN}, BAD, "503, Retry-After: 60, and /up answers 404"),
        ({"/": Reply(503)}, BAD, "503, and /up"),
        ({"/": Reply(body="<title>Under Maintenance</title>")}, BAD, "called 'Under Maintenance'"),
        ({"/": Reply(body=PAGE, headers={"retry-after": "60"})}, WARNED, "Retry-After: 60"),
        ({"/": Reply(500)}, UNCLEAR, "http.home-up judges it"),
        ({"/": Reply(503, "cf-chl")}, UNCLEAR, "guarded"),
    ],
)
def test_maintenance(answers: Any, outcome: Outcome, said: str) -> None:
    seen, message = outcome_of(Maintenance(), answers)
    assert seen is outcome, message
    assert said in message


def other(status: int, body: str = "<h1>Not found</h1>", **headers: str) -> Any:
    return lambda asked: Reply(body=PAGE) if asked.path == "/" else Reply(status, body, headers)


@pytest.mark.parametrize(
    ("answers", "outcome", "said"),
    [
        (HOME, GOOD, ""),
        (other(410), GOOD, ""),
        (other(302, location="/login"), WARNED, "/login"),
        (other(302, location="https://other.test/"), BAD, "other.test"),
        (other(200), BAD, "search engines"),
        (other(500), BAD, "500"),
        (lambda _: DOWN, UNCLEAR, "503"),
        (other(404, "<pre>#0 /app/vendor/laravel/framework/src/Illuminate/</pre>"), BAD, "turn debug off"),
        (other(404, "Traceback (most recent call last):"), BAD, "turn debug off"),
        (lambda _: Reply(403), UNCLEAR, "403 to everything"),
    ],
)
def test_a_page_that_does_not_exist(answers: Any, outcome: Outcome, said: str) -> None:
    seen, message = outcome_of(ErrorPage(), answers)
    assert seen is outcome, message
    assert said in message


CSS, JS = Reply(body="a{}", type="text/css"), Reply(body="1", type="text/javascript; charset=utf-8")
STYLED = {"/": Reply(body=f'{PAGE}<link rel=stylesheet href="/a.css"><script src="/a.js?v=2"></script>')}


@pytest.mark.parametrize(
    ("answers", "outcome", "said"),
    [
        ({**STYLED, "/a.css": CSS, "/a.js?v=2": JS}, GOOD, ""),
        ({**STYLED, "/a.css": CSS, "/a.js?v=2": Reply(302, headers={"location": "/b.js"}), "/b.js": JS}, GOOD, ""),
        ({**STYLED, "/a.css": CSS}, BAD, "/a.js?v=2: 404 text/html"),
        ({**STYLED, "/a.css": Reply(body="a{}", type="text/plain"), "/a.js?v=2": JS}, BAD, "200 text/plain"),
        ({**STYLED, "/a.css": Reply(body=PAGE), "/a.js?v=2": JS}, BAD, "200 text/html"),  # a soft 404
        ({**STYLED, "/a.css": CSS, "/a.js?v=2": Reply(500)}, BAD, "500"),
        ({**STYLED, "/a.css": Reply(body="", type="text/css"), "/a.js?v=2": JS}, WARNED, "not empty"),
        (HOME, Outcome.SKIPPED, "names no scripts or styles"),
        ({"/": Reply(body='<script src="https://cdn.test/a.js">')}, Outcome.SKIPPED, "1 come from other hosts"),
        ({"/": Reply(body=f"{PAGE}<pre>&lt;script src='/gone.js'&gt;</pre>")}, Outcome.SKIPPED, "names no scripts"),
        ({"/": Reply(500)}, UNCLEAR, "wanted 200"),
    ],
)
def test_scripts_and_styles(answers: Any, outcome: Outcome, said: str) -> None:
    seen, message = outcome_of(Assets(), answers)
    assert seen is outcome, message
    assert said in message


def test_what_the_build_manifest_lists_is_asked_for_too() -> None:
    manifest = {"resources/js/app.js": {"file": "assets/app-1.js", "css": ["assets/app-1.css"]}, "x": ["odd"], "y": {}}
    answers = {
        "/": Reply(body=f'{PAGE}<script type=module src="/build/assets/app-1.js"></script>'),
        "/build/manifest.json": Reply(body=json.dumps(manifest), type="application/json"),
        "/build/assets/app-1.js": JS,
    }
    assert outcome_of(Assets(), answers)[1].count("404") == 1
    assert outcome_of(Assets(), {**answers, "/build/assets/app-1.css": CSS})[0] is GOOD


def test_what_a_developers_machine_serves() -> None:
    hot = Reply(body=f'{PAGE}<script type=module src="http://localhost:5173/@vite/client"></script>')
    with serving({"/": hot}) as site:
        resolve = {"shop.test:80": f"127.0.0.1:{site.port}"}
        finding = ask(Assets(), "http://shop.test", resolve=resolve)
        # On a developer's own machine it belongs there.
        with pytest.raises(NotReached):
            ask(Assets(), site.base_url)
    assert finding.outcome is BAD
    assert "remove public/hot" in finding.message


@pytest.mark.parametrize(
    ("settings", "reply", "outcome", "said"),
    [
        ({"path": "/REVISION"}, Reply(body="57\n", type="text/plain"), GOOD, ""),
        ({"path": "/REVISION", "header": "x-release"}, Reply(headers={"X-Release": "57"}), GOOD, ""),
        ({"path": "/REVISION", "json": "$.app.release"}, Reply(body='{"app": {"release": 57}}'), GOOD, ""),
        ({"path": "/REVISION", "page": 'release="(\\d+)"'}, Reply(body='<b release="57">'), GOOD, ""),
        ({"path": "/REVISION"}, Reply(body="56"), BAD, "56, wanted 57"),
        ({"path": "/REVISION", "json": "$.app"}, Reply(body="no json"), BAD, "none in 200"),
        ({"path": "/REVISION", "header": "x-release"}, Reply(), BAD, "none in 200"),
        ({"path": "/REVISION"}, Reply(404), BAD, "404"),
    ],
)
def test_the_release(settings: dict[str, str], reply: Reply, outcome: Outcome, said: str) -> None:
    check = ReleaseMarker.model_validate(settings)
    seen, message = outcome_of(check, {"/REVISION": reply}, expected_release="57")
    assert seen is outcome, message
    assert said in message


def test_a_worker_that_still_has_the_old_release() -> None:
    served = iter(["57", "56"])
    check = ReleaseMarker.model_validate({"path": "/REVISION", "release": "57"})
    assert outcome_of(check, lambda _: Reply(body=next(served)))[0] is BAD


def test_which_release() -> None:
    assert outcome_of(ReleaseMarker(), HOME)[0] is Outcome.SKIPPED
    with pytest.raises(ValidationError, match="one of header, json or page"):
        ReleaseMarker.model_validate({"header": "a", "json": "$.b"})


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = read_page(
        '<title>A &amp; B</title><base href="/x/"><img src=a.png><template><img src=no.png></template>'
        '<link rel="preload stylesheet" href=s.css><script src="//cdn.test/a.js" integrity=sha384-x></script>'
        '<h1>First</h1><h1>Second</h1><img src="http://["><![odd[<img src=late.png>',
        "https://shop.test/de/",
    )
    assert (page.title, page.heading) == ("A & B", "First")
    assert [(one.kind, one.url, one.integrity) for one in page.loads] == [
        ("img", "https://shop.test/x/a.png", False),
        ("stylesheet", "https://shop.test/x/s.css", False),
        ("script", "https://cdn.test/a.js", True),
    ]


def test_every_request_is_a_get() -> None:
    asked: list[Asked] = []

    def answer(request: Asked) -> Reply:
        asked.append(request)
        return Reply(body=PAGE)

    for check in (HomeUp(), HealthUp(), Maintenance(), ErrorPage(), Assets()):
        outcome_of(check, answer)
    assert {one.method for one in asked} == {"GET"}
