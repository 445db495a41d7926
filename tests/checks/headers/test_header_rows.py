"""The headers of a page, one by one, and what foreign origins are allowed."""

from __future__ import annotations

from typing import Any

import pytest

from smokerunner.checks.headers.cors import STRANGER, Cors
from smokerunner.checks.headers.single import ContentTypeOptions, Csp, FrameOptions, ReferrerPolicy
from smokerunner.model.check import Check
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving

GOOD, WARNED, BAD = Outcome.PASSED, Outcome.WARNED, Outcome.FAILED
CSP = "content-security-policy"
ROWS: list[tuple[Check, dict[str, str], str, Outcome]] = [
    (Csp(), {CSP: "default-src 'self'"}, "", GOOD),
    (Csp(), {CSP: "default-src 'none'; style-src 'self' 'unsafe-inline'"}, "", GOOD),
    (Csp(), {CSP: "script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'"}, "", GOOD),
    (Csp(), {}, f'<meta http-equiv="{CSP}" content="default-src \'self\'">', GOOD),
    (Csp(), {CSP: "default-src 'self' 'unsafe-inline'"}, "", WARNED),
    (Csp(), {CSP: "default-src 'self'; script-src 'self' 'unsafe-eval'"}, "", WARNED),
    (Csp(), {CSP: "frame-ancestors 'self'"}, "", WARNED),
    (Csp(), {f"{CSP}-report-only": "default-src 'self'"}, "", WARNED),
    (Csp(), {}, "", BAD),
    (Csp(), {CSP: "none"}, "", BAD),
    (Csp(), {CSP: "default-src 'self'; default-src 'none'"}, "", BAD),
    (Csp(), {}, f"<pre>&lt;meta http-equiv='{CSP}' content=\"default-src 'self'\"&gt;</pre>", BAD),
    (FrameOptions(), {"x-frame-options": "SAMEORIGIN"}, "", GOOD),
    (FrameOptions(), {"x-frame-options": "deny"}, "", GOOD),
    (FrameOptions(), {CSP: "frame-ancestors 'none'"}, "", GOOD),
    (FrameOptions(), {}, "", BAD),
    (FrameOptions(), {"x-frame-options": "SAMEORIGIN, SAMEORIGIN"}, "", BAD),
    (FrameOptions(), {"x-frame-options": "ALLOW-FROM https://a.test"}, "", BAD),
    (FrameOptions(), {}, f'<meta http-equiv="{CSP}" content="frame-ancestors \'none\'">', BAD),
    (FrameOptions(), {}, "<h1>X-Frame-Options: DENY</h1>", BAD),
    (ContentTypeOptions(), {"x-content-type-options": "NoSniff"}, "", GOOD),
    (ContentTypeOptions(), {}, "", BAD),
    (ContentTypeOptions(), {"x-content-type-options": "sniff"}, "", BAD),
    (ReferrerPolicy(), {}, "", GOOD),
    (ReferrerPolicy(), {"referrer-policy": "no-referrer, strict-origin-when-cross-origin"}, "", GOOD),
    (ReferrerPolicy(), {"referrer-policy": "no-referrer"}, "<meta http-equiv=Referrer-Policy content=origin>", BAD),
    (ReferrerPolicy(), {"referrer-policy": "unsafe-url"}, "", BAD),
    (ReferrerPolicy(), {"referrer-policy": "what-you-like"}, "", BAD),
]


@pytest.mark.parametrize(
    ("check", "headers", "html", "outcome"), ROWS, ids=lambda value: value.id if isinstance(value, Check) else None
)
def test_a_header(check: Check, headers: dict[str, str], html: str, outcome: Outcome) -> None:
    with serving({"/": Reply(body=f"<title>Shop</title>{html}<h1>Shop</h1>", headers=headers)}) as site:
        finding = ask(check, site.base_url)
    assert finding.outcome is outcome, finding
    assert bool(finding.message) == (outcome is not GOOD)


@pytest.mark.parametrize("check", [Csp(), FrameOptions(), ContentTypeOptions(), ReferrerPolicy()], ids=lambda c: c.id)
@pytest.mark.parametrize("reply", [Reply(403), Reply(503), Reply(302, headers={"location": "https://login.test/"})])
def test_what_is_no_page_of_the_app_tells_nothing(check: Check, reply: Reply) -> None:
    with serving({"/": reply}) as site, pytest.raises(Inconclusive, match="wanted a page of the app"):
        ask(check, site.base_url)


def test_the_page_behind_the_redirect_counts() -> None:
    answers = {
        "/": Reply(302, headers={"location": "/de"}),
        "/de": Reply(body="<h1>Shop</h1>", headers={"x-content-type-options": "nosniff"}),
    }
    with serving(answers) as site:
        assert ask(ContentTypeOptions(), site.base_url).outcome is GOOD


def allowing(origin: str | None, credentials: bool, method: str | None = None, status: int = 200) -> Any:
    def answer(asked: Any) -> Reply:
        headers = {}
        if origin and method in (None, asked.method):
            headers["access-control-allow-origin"] = asked.headers["origin"] if origin == "mirror" else origin
        if credentials:
            headers["access-control-allow-credentials"] = "true"
        return Reply(status, "{}", headers)

    return answer


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (allowing(None, False), GOOD),
        (allowing("*", False), GOOD),
        (allowing("mirror", False), GOOD),
        (allowing("https://app.shop.test", True), GOOD),
        (allowing(None, True, status=404), GOOD),
        (allowing("mirror", True), BAD),
        (allowing("mirror", True, method="GET"), BAD),
        (allowing("mirror", True, method="OPTIONS", status=204), BAD),
        (allowing("*", True), BAD),
        (allowing(None, False, status=403), Outcome.INCONCLUSIVE),
    ],
)
def test_what_a_stranger_is_allowed(answers: Any, outcome: Outcome) -> None:
    with serving(answers) as site:
        finding = ask(Cors(), site.base_url)
    assert finding.outcome is outcome, finding
    assert (STRANGER in finding.message) == (outcome is not GOOD)
