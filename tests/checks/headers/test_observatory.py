"""The Observatory's points and grades, and `hdr.grade` with a whole site."""

from __future__ import annotations

from typing import Any

import pytest
import trustme

from smokerunner.checks.headers.csp import InvalidPolicy, read_policy, weigh
from smokerunner.checks.headers.grade import Grade
from smokerunner.checks.headers.observatory import Score, cookies, grade, integrity
from smokerunner.checks.headers.site import Site
from smokerunner.checks.http.page import read_page
from smokerunner.model.check import Answer
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving
from tests.checks.shop import HSTS, URL, certificate, shop


def site_of(html: str = "", *headers: tuple[str, str], url: str = f"{URL}/") -> Site:
    answer = Answer("GET", url, 200, headers, html.encode())
    return Site((answer,), read_page(html, url))


@pytest.mark.parametrize(
    ("policy", "points"),
    [
        ("default-src 'none'", 10),
        ("default-src 'none'; script-src 'self'", 10),
        ("default-src 'self'", 5),
        ("default-src 'self'; style-src 'self' 'unsafe-inline'", 0),
        ("default-src 'self'; style-src 'nonce-a' 'unsafe-inline'", 5),
        ("default-src 'self'; img-src http:", -10),
        ("default-src 'self'; script-src 'self' 'unsafe-eval'", -10),
        ("default-src 'self'; script-src 'self' 'unsafe-inline'", -20),
        ("default-src 'self'; script-src 'sha256-abc=' 'unsafe-inline'", 5),
        ("default-src 'self'; script-src data:", -20),
        ("default-src https:", -20),
        ("script-src 'self'", -20),
        ("script-src 'self'; object-src 'none'", 0),  # styles from anywhere
        ("default-src 'self'; connect-src http://api.test", -20),
        ("default-src 'self'; script-src 'strict-dynamic'", -25),
        ("default-src 'self'; script-src 'strict-dynamic' 'nonce-a' https: 'unsafe-inline'", 5),
        ("DEFAULT-SRC 'SELF'", 5),
        ("default-src", 10),
        ("default-src 'self';;  ; report-uri /a; report-uri /b", 5),
    ],
)
def test_the_points_of_a_policy(policy: str, points: int) -> None:
    read = read_policy([policy], [])
    assert read is not None
    assert weigh(read, over_https=True).points == points


def test_several_policies_allow_what_all_of_them_allow() -> None:
    for headers in (["script-src 'self' 'unsafe-inline'; object-src 'none'", "script-src 'self'"],):
        for given in (headers, [", ".join(headers)]):
            read = read_policy(given, [])
            assert read is not None
            assert read.sources("script-src") == {"'self'"}
    nothing = read_policy(["script-src https://a.test", "script-src https://b.test"], [])
    assert nothing is not None
    assert nothing.sources("script-src") == {"'none'"}


def test_what_is_no_policy() -> None:
    assert read_policy([], []) is None
    assert read_policy([""], []) is None
    assert read_policy([], ["frame-ancestors 'self'"]) is None
    for text in ("x", "img-src 'self'; IMG-SRC 'none'"):
        with pytest.raises(InvalidPolicy):
            read_policy([text], [])


@pytest.mark.parametrize(
    ("points", "total", "letter"),
    [
        ([], 100, "A+"),
        ([5, 10, 10], 125, "A+"),
        ([-10, 5], 95, "A"),
        ([-10, 10], 100, "A+"),
        ([-15, 50], 85, "A-"),  # no bonus below 90
        ([-20, 5], 80, "B+"),
        ([-25], 75, "B"),
        ([-35], 65, "B-"),
        ([-40], 60, "C+"),
        ([-45], 55, "C"),
        ([-50], 50, "C"),
        ([-55], 45, "C-"),
        ([-60], 40, "D+"),
        ([-65], 35, "D"),
        ([-75], 25, "D-"),
        ([-80], 20, "F"),
        ([-25, -20, -20, -20, -50], 0, "F"),
    ],
)
def test_grades(points: list[int], total: int, letter: str) -> None:
    assert grade(Score("x", one, "", passed=one >= 0) for one in points) == (total, letter)


@pytest.mark.parametrize(
    ("html", "points"),
    [
        ("<h1>none</h1>", 0),
        ('<script src="/a.js"></script>', 0),
        ('<script src="https://static.shop.test/a.js"></script>', 0),
        ('<script src="/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="https://cdn.example/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="https://cdn.example/a.js"></script>', -5),
        ('<script src="//cdn.example/a.js" integrity="sha384-x"></script>', -20),
        ('<script src="http://cdn.example/a.js"></script>', -50),
        ('<!-- <script src="http://cdn.example/a.js"></script> -->', 0),
    ],
)
def test_integrity(html: str, points: int) -> None:
    assert integrity(site_of(html)).points == points


@pytest.mark.parametrize(
    ("cookie", "with_hsts", "points"),
    [
        ("laravel_session=x; Secure; HttpOnly; SameSite=Lax", True, 5),
        ("laravel_session=x; Secure; HttpOnly", True, 0),
        ("laravel_session=x; HttpOnly; SameSite=Lax", False, -40),
        ("laravel_session=x; HttpOnly; SameSite=Lax", True, -10),
        ("laravel_session=x; Secure; SameSite=Lax", True, -30),
        ("XSRF-TOKEN=x; Secure; SameSite=Lax", True, 5),
        ("csrftoken=x; Secure", True, -20),
        ("theme=x; Secure; SameSite=Whatever", True, -20),
        ("theme=x; SameSite=None", True, -20),
        ("theme=x", False, -20),
        ("theme=x", True, -5),
        ("heroku-session-affinity=x", False, 0),
        ("laravel_session=; Max-Age=0", False, 0),
    ],
)
def test_cookies(cookie: str, with_hsts: bool, points: int) -> None:
    assert cookies(site_of("", ("set-cookie", cookie)), with_hsts=with_hsts).points == points


BEST = (
    HSTS,
    ("content-security-policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("set-cookie", "laravel_session=x; Secure; HttpOnly; SameSite=Lax"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
)
PLAIN = (HSTS, ("x-frame-options", "SAMEORIGIN"), ("x-content-type-options", "nosniff"))


def test_the_best_and_a_plain_site() -> None:
    with shop({"/": Reply(body="<h1>Shop</h1>", headers=BEST)}) as site:
        best = site.ask(Grade(least="A+"))
    assert best.outcome is Outcome.PASSED, best
    assert best.readings[0].seen == "A+ (155)"
    with shop({"/": Reply(body="<h1>Shop</h1>", headers=PLAIN)}) as site:
        plain, wanted = site.ask(Grade()), site.ask(Grade(least="A"))
    assert plain.outcome is Outcome.PASSED
    assert plain.readings[0].seen == "B (75)"
    assert wanted.outcome is Outcome.FAILED
    assert wanted.message == "grade B (75 of 100), wanted A or better: content-security-policy -25: absent"


@pytest.mark.parametrize(
    ("plain", "points"),
    [
        ({"/": Reply(body="<h1>Shop</h1>")}, -20),
        ({"/": Reply(301, headers={"location": "https://www.shop.test/"})}, -5),
        ({"/": Reply(301, headers={"location": "/a"}), "/a": Reply(301, headers={"location": URL})}, -10),
        ({"/": Reply(301, headers={"location": "/a"}), "/a": Reply()}, -20),
    ],
)
def test_the_redirection_counts(plain: Any, points: int) -> None:
    with shop({"/": Reply(body="<h1>Shop</h1>", headers=BEST)}, plain) as site:
        finding = site.ask(Grade())
    assert next(one for one in finding.readings if one.what == "redirection").seen.startswith(str(points))


def test_a_page_behind_a_chain_that_nobody_trusts_is_not_read() -> None:
    # Whoever said `insecure_tls` reads on; here nobody did, so the page does not come at all.
    from smokerunner.model.check import Silence

    with shop({"/": Reply(headers=BEST)}, shown=certificate(by=trustme.CA())) as site, pytest.raises(Silence):
        site.ask(Grade())


def test_in_clear_on_this_machine_the_way_there_is_not_scored() -> None:
    with serving({"/": Reply(body="<h1>Shop</h1>", headers=PLAIN)}) as site:
        finding = ask(Grade(), site.base_url)
    assert finding.outcome is Outcome.PASSED
    assert "not scored" in finding.weak
    assert "redirection" not in [one.what for one in finding.readings]
