"""The cookies of a login page: as they are sent, and as a browser keeps them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from smokerunner.checks.cookies.flags import CookieDomain, SessionCookie, TokenCookie
from smokerunner.checks.cookies.setting import is_session, read_cookies
from smokerunner.model.check import Cookie, Visit
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving
from tests.checks.shop import HSTS, shop

GOOD, WARNED, BAD = Outcome.PASSED, Outcome.WARNED, Outcome.FAILED


def browser(*cookies: Cookie) -> Callable[[str], Awaitable[Visit]]:
    async def visit(url: str) -> Visit:
        return Visit(url, 200, "", cookies, ())

    return visit


def kept(name: str, domain: str = "shop.test", *, http_only: bool = True) -> Cookie:
    return Cookie(name, domain, "/", secure=True, http_only=http_only, same_site="Lax")


def login(*cookies: str, hsts: bool = False) -> dict[str, Reply]:
    headers = tuple(("set-cookie", cookie) for cookie in cookies) + ((HSTS,) if hsts else ())
    return {"/login": Reply(body="<h1>Log in</h1>", headers=headers), "/": Reply(body="<h1>Shop</h1>")}


@pytest.mark.parametrize(
    ("cookie", "outcome", "said"),
    [
        ("laravel_session=x; path=/; secure; httponly; samesite=lax", GOOD, ""),
        ("connect.sid=x; Secure; HttpOnly; SameSite=Strict", GOOD, ""),
        ("PHPSESSID=x; Secure; HttpOnly; SameSite=None", GOOD, ""),
        ("sessionid=x; Secure; HttpOnly", WARNED, ""),
        ("laravel_session=x; HttpOnly; SameSite=Lax", BAD, "without Secure,"),
        ("laravel_session=x; Secure; SameSite=Lax", BAD, "without HttpOnly,"),
        ("laravel_session=x; SameSite=None", BAD, "without Secure, HttpOnly, a valid SameSite"),
        ("laravel_session=x; Secure; HttpOnly; SameSite=Loose", BAD, "it says Loose"),
        # A value that looks like the flags has none.
        ("laravel_session=secure-httponly-samesite", BAD, "without Secure, HttpOnly"),
    ],
)
def test_the_session_cookie(cookie: str, outcome: Outcome, said: str) -> None:
    with shop(login(cookie)) as site:
        finding = site.ask(SessionCookie(), visit=browser(kept(cookie.partition("=")[0])))
    assert finding.outcome is outcome, finding
    assert said in finding.message
    assert "=x" not in finding.message


def test_what_hsts_does_for_a_cookie_that_is_not_secure_is_said() -> None:
    cookie = "laravel_session=x; HttpOnly; SameSite=Lax"
    with shop(login(cookie, hsts=True)) as site:
        finding = site.ask(SessionCookie(), visit=browser())
    assert (finding.outcome, finding.severity) == (BAD, None)
    assert "HSTS protects it" in finding.message
    with shop(login(cookie)) as site:
        assert "HSTS" not in site.ask(SessionCookie(), visit=browser()).message


def test_a_cookie_that_only_the_browser_has() -> None:
    with shop(login()) as site:
        good = site.ask(SessionCookie(), visit=browser(kept("app_session")))
        bad = site.ask(SessionCookie(), visit=browser(kept("app_session", http_only=False)))
        foreign = browser(kept("app_session", "tracker.test", http_only=False))
        with pytest.raises(NotReached, match="sets no session cookie"):
            site.ask(SessionCookie(), visit=foreign)
    assert (good.outcome, bad.outcome) == (GOOD, BAD)


def test_where_it_is_looked_for() -> None:
    home = {"/": Reply(body="<h1>Shop</h1>", headers={"set-cookie": "sess=x; Secure; HttpOnly; SameSite=Lax"})}
    with shop(home) as site:
        assert site.ask(SessionCookie(), visit=browser()).outcome is GOOD
        with pytest.raises(Inconclusive, match="404"):
            site.ask(SessionCookie(path="/login"), visit=browser())
        with pytest.raises(Inconclusive, match=r"sets no cookie shop_id; it sets sess"):
            site.ask(SessionCookie(name="shop_id"), visit=browser())
    with shop({"/login": Reply(403), "/": Reply(403)}) as site, pytest.raises(Inconclusive, match="403"):
        site.ask(SessionCookie(), visit=browser())


def test_a_cookie_on_the_way_counts() -> None:
    answers = {
        "/login": Reply(302, headers={"location": "/de/login", "set-cookie": "laravel_session=x"}),
        "/de/login": Reply(body="<h1>Log in</h1>"),
    }
    with shop(answers) as site:
        assert site.ask(SessionCookie(), visit=browser()).outcome is BAD


def test_in_clear_only_production_asks_for_secure() -> None:
    with serving(login("laravel_session=x; HttpOnly; SameSite=Lax")) as site:
        bench = ask(SessionCookie(), site.base_url, visit=browser())
        live = ask(SessionCookie(), site.base_url, visit=browser(), production=True)
    assert (bench.outcome, live.outcome) == (GOOD, BAD)
    assert "in clear" in bench.weak


@pytest.mark.parametrize(
    ("cookie", "outcome"),
    [
        ("XSRF-TOKEN=x; path=/; secure; samesite=lax", GOOD),
        ("csrftoken=x; Secure; SameSite=Strict", GOOD),
        ("XSRF-TOKEN=x; samesite=lax", BAD),
        ("XSRF-TOKEN=x; secure", BAD),
        ("XSRF-TOKEN=x; samesite=none", BAD),
    ],
)
def test_the_cookie_that_guards_forms(cookie: str, outcome: Outcome) -> None:
    with shop(login(cookie, "laravel_session=x")) as site:
        finding = site.ask(TokenCookie(), visit=browser())
    assert finding.outcome is outcome, finding
    assert "laravel_session" not in str(finding.readings)


def test_without_cookies_there_is_nothing_to_judge() -> None:
    with shop(login()) as site:
        for check in (SessionCookie(), TokenCookie(), CookieDomain()):
            with pytest.raises(NotReached):
                site.ask(check, visit=browser())


@pytest.mark.parametrize(
    ("cookie", "in_browser", "outcome", "said"),
    [
        ("laravel_session=x", kept("laravel_session"), GOOD, ""),
        ("laravel_session=x; Domain=.shop.test", kept("laravel_session", ".shop.test"), GOOD, ""),
        ("laravel_session=x; domain=other.test", None, BAD, "Domain=other.test, so browsers refuse it"),
        ("laravel_session=x; domain=hop.test", None, BAD, "refuse"),
        ("laravel_session=x; domain=test", None, BAD, "did not keep it"),
        ("theme=x", None, WARNED, ""),
        ("theme=; Max-Age=0", None, None, ""),
    ],
)
def test_whether_a_browser_keeps_it(cookie: str, in_browser: Cookie | None, outcome: Outcome, said: str) -> None:
    visit = browser(*([in_browser] if in_browser else []))
    with shop(login(cookie)) as site:
        if outcome is None:
            with pytest.raises(NotReached):
                site.ask(CookieDomain(), visit=visit)
            return
        finding = site.ask(CookieDomain(), visit=visit)
    assert finding.outcome is outcome, finding
    assert said in finding.message


def test_names_of_sessions() -> None:
    yes = ["laravel_session", "PHPSESSID", "JSESSIONID", "sessionid", "connect.sid", "shop_login", "SID", "a_sid"]
    no = ["XSRF-TOKEN", "session_csrf", "theme", "residence", "inside", "_ga", "consider"]
    assert [name for name in yes + no if is_session(name)] == yes


def test_odd_headers_are_read() -> None:
    read = read_cookies(["=x", "", "a", "b=1;;; SECURE ;SameSite", "b=2; HttpOnly", "c=; expires=Thu, 01 Jan 1970"])
    assert [(one.name, one.secure, one.http_only) for one in read] == [("b", False, True), ("c", False, False)]
    assert read[1].deletes
