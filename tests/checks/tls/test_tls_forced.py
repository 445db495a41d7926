"""The way to https: redirect, HSTS, mixed content."""

from __future__ import annotations

from typing import Any

import pytest
import trustme

from smokerunner.checks.tls.hsts import Hsts, HstsEverywhere, StrictTransport
from smokerunner.checks.tls.mixed import Mixed
from smokerunner.checks.tls.redirect import Redirect
from smokerunner.model.errors import Inconclusive, NotReached
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving
from tests.checks.shop import HSTS, URL, certificate, shop

HOME = {"/": Reply(body="<h1>Shop</h1>")}


def sent_to(location: str, status: int = 301) -> dict[str, Reply]:
    return {"/": Reply(status, headers={"location": location})}


@pytest.mark.parametrize(
    ("plain", "outcome", "said"),
    [
        (sent_to(f"{URL}/"), Outcome.PASSED, ""),
        (sent_to(f"{URL}/de/", 308), Outcome.PASSED, ""),
        (None, Outcome.PASSED, ""),
        (sent_to(f"{URL}/", 302), Outcome.WARNED, ""),
        (sent_to("https://www.shop.test/"), Outcome.WARNED, ""),
        (sent_to("/start"), Outcome.FAILED, "to http://shop.test/start"),
        (sent_to("http://www.shop.test/"), Outcome.FAILED, "to http://www.shop.test/"),
        (HOME, Outcome.FAILED, "200 text/html"),
        ({"/": Reply(500)}, Outcome.FAILED, "500"),
        ({"/": Reply(403)}, Outcome.INCONCLUSIVE, "403"),
        # A page about redirects, which itself does not redirect.
        ({"/": Reply(body=f'<meta http-equiv="refresh" content="0; url={URL}/">')}, Outcome.FAILED, "200"),
        ({"/": Reply(301, headers={"location": "http://["})}, Outcome.FAILED, "301"),
    ],
)
def test_the_first_hop(plain: Any, outcome: Outcome, said: str) -> None:
    with shop(HOME, plain) as site:
        finding = site.ask(Redirect())
    assert finding.outcome is outcome, finding
    assert said in finding.message


def test_without_a_known_http_port_nothing_is_asked() -> None:
    with serving(HOME) as site, pytest.raises(NotReached):
        ask(Redirect(), site.base_url)


@pytest.mark.parametrize(
    ("headers", "outcome", "said"),
    [
        ((HSTS,), Outcome.PASSED, ""),
        ((("strict-transport-security", 'max-age="15552000"; includeSubDomains; preload'),), Outcome.PASSED, ""),
        ((("Strict-Transport-Security", "includeSubDomains; MAX-AGE=16000000"),), Outcome.PASSED, ""),
        ((("strict-transport-security", "max-age=3600"),), Outcome.WARNED, ""),
        ((), Outcome.FAILED, "no such header"),
        ((("strict-transport-security", "max-age=0"),), Outcome.FAILED, "max-age=0"),
        ((("strict-transport-security", "includeSubDomains"),), Outcome.FAILED, "no max-age"),
        ((("strict-transport-security", "max-age=ages"),), Outcome.FAILED, "no max-age"),
        ((HSTS, HSTS), Outcome.FAILED, "2 times"),
        ((("strict-transport-security", "max-age=31536000, max-age=1"),), Outcome.FAILED, "2 times"),
    ],
)
def test_hsts(headers: Any, outcome: Outcome, said: str) -> None:
    with shop({"/": Reply(body="<h1>Strict-Transport-Security: max-age=31536000</h1>", headers=headers)}) as site:
        finding = site.ask(StrictTransport())
    assert finding.outcome is outcome, finding
    assert said in finding.message


def test_hsts_counts_on_the_first_answer_and_over_a_trusted_chain_only() -> None:
    answers = {"/": Reply(302, headers={"location": "/de"}), "/de": Reply(body="<h1>Shop</h1>", headers=(HSTS,))}
    with shop(answers) as site:
        assert site.ask(StrictTransport()).outcome is Outcome.FAILED
    with shop({"/": Reply(headers=(HSTS,))}, shown=certificate(by=trustme.CA())) as site:
        finding = site.ask(StrictTransport())
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "not trusted" in finding.message


def test_hsts_of_an_error_page_tells_nothing_by_its_absence() -> None:
    with shop({"/": Reply(403)}) as site:
        assert site.ask(StrictTransport()).outcome is Outcome.INCONCLUSIVE


def test_hsts_reads_what_is_no_header_at_all() -> None:
    assert Hsts.read(["max-age=99999999999999999999999"]).outcome is Outcome.PASSED
    assert Hsts.read([""]).outcome is Outcome.FAILED


@pytest.mark.parametrize("missing_on", ["nothing", "error", "file"])
def test_hsts_everywhere(missing_on: str) -> None:
    def answers(asked: Any) -> Reply:
        kinds = {"/": ("page", 200), "/login": ("page", 200), "/app.css": ("file", 200)}
        kind, status = kinds.get(asked.path, ("error", 404))
        body = '<link rel="stylesheet" href="/app.css"><h1>Shop</h1>'
        return Reply(status, body, headers=() if kind == missing_on else (HSTS,))

    with shop(answers) as site:
        finding = site.ask(HstsEverywhere())
    if missing_on == "nothing":
        assert finding.outcome is Outcome.PASSED
        assert len(finding.readings) == 4
    else:
        assert finding.outcome is Outcome.FAILED
        assert ("(404)" if missing_on == "error" else "/app.css (200)") in finding.message


def test_hsts_that_is_nowhere_is_told_once() -> None:
    with shop({"/": Reply()}) as site, pytest.raises(NotReached, match=r"tls\.hsts tells of that"):
        site.ask(HstsEverywhere())


MIXED = [
    ('<img src="http://cdn.test/a.png">', "img"),
    ('<script src="http://shop.test/app.js"></script>', "script"),
    ('<link rel="stylesheet" href="http://cdn.test/a.css">', "stylesheet"),
    ('<iframe src="http://maps.test/"></iframe>', "iframe"),
    ('<img srcset="/a.png 1x, http://cdn.test/b.png 2x">', "img"),
    ('<base href="http://shop.test/"><img src="a.png">', "img"),
]
HARMLESS = [
    '<a href="http://other.test/">a link</a>',
    '<pre>&lt;script src="http://cdn.test/a.js"&gt;</pre>',
    '<!-- <script src="http://cdn.test/a.js"></script> -->',
    "<script>const example = '<img src=\"http://cdn.test/a.png\">';</script>",
    '<textarea><img src="http://cdn.test/a.png"></textarea>',
    '<link rel="canonical" href="http://shop.test/">',
    '<img src="//cdn.test/a.png"><img src="/a.png"><img src="data:image/png;base64,AAAA">',
    "<p>We moved to https: no http://shop.test/app.js any more",
]


@pytest.mark.parametrize(("html", "kind"), MIXED)
def test_what_comes_in_clear(html: str, kind: str) -> None:
    with shop({"/": Reply(body=f"<h1>Shop</h1>{html}")}) as site:
        finding = site.ask(Mixed())
    assert finding.outcome is Outcome.FAILED
    assert finding.message.startswith(f"{kind} in https://shop.test/: http://")


@pytest.mark.parametrize("html", HARMLESS)
def test_what_is_only_said_about_clear(html: str) -> None:
    with shop({"/": Reply(body=f"<h1>Shop</h1>{html}")}) as site:
        assert site.ask(Mixed()).outcome is Outcome.PASSED


def test_a_policy_mends_it_and_other_pages_tell_nothing() -> None:
    policy = {"content-security-policy": "upgrade-insecure-requests"}
    with shop({"/": Reply(body=MIXED[0][0], headers=policy), "/broken": Reply(500, MIXED[0][0])}) as site:
        assert site.ask(Mixed()).outcome is Outcome.PASSED
        assert site.ask(Mixed(path="/broken")).outcome is Outcome.INCONCLUSIVE
    with serving(HOME) as site, pytest.raises(NotReached):
        ask(Mixed(), site.base_url)


def test_who_refuses_tells_why() -> None:
    with shop(None) as site, pytest.raises(Inconclusive):
        site.ask(HstsEverywhere())
