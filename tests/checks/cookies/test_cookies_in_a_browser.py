"""The cookies of a login page in a real browser, which finds the shop as all other requests do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.browser.launch import Engine
from smokerunner.browser.visit import visit
from smokerunner.checks.cookies.flags import CookieDomain, SessionCookie, TokenCookie
from smokerunner.model.check import Visit
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply
from tests.checks.shop import URL, Shop, shop

pytestmark = pytest.mark.e2e


def visited(site: Shop, binary: Binary) -> Visit:
    async def run() -> Visit:
        # The name alone leads nowhere; with its port it leads to the shop.
        async with Engine(binary, resolve=dict(site.resolve)) as engine:
            return await visit(await engine.browser(), f"{URL}/login", {"ignore_https_errors": True})

    return asyncio.run(run())


def test_what_the_browser_keeps_and_what_it_refuses(binary: Binary) -> None:
    script = "<script>document.cookie = 'from_session=1; Secure'</script>"
    headers = (
        ("set-cookie", "laravel_session=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
        ("set-cookie", "XSRF-TOKEN=abc; Path=/; Secure; SameSite=Lax; Domain=other.test"),
        ("set-cookie", "wide_session=abc; Secure; HttpOnly; SameSite=Lax; Domain=test"),
    )
    with shop({"/login": Reply(body=f"<h1>Log in</h1>{script}", headers=headers)}) as site:
        seen = visited(site, binary)

        async def again(_: str) -> Visit:
            return seen

        def judge(check: Any) -> Any:
            return site.ask(check, visit=again)

        session, token, domain = judge(SessionCookie()), judge(TokenCookie()), judge(CookieDomain())
    assert {cookie.name for cookie in seen.cookies} == {"laravel_session", "from_session"}
    # A cookie that a script made can be read by scripts.
    assert session.outcome is Outcome.FAILED
    assert session.message.startswith("cookie from_session: without HttpOnly")
    assert token.outcome is Outcome.PASSED
    assert domain.outcome is Outcome.FAILED
    assert "XSRF-TOKEN of shop.test: Domain=other.test, so browsers refuse it" in domain.message
    assert "wide_session of shop.test: Domain=test, and the browser did not keep it" in domain.message
    assert "laravel_session" not in domain.message
