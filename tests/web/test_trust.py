"""Whose certificates the checks' client believes, and where it lets itself be led."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import trustme

from smokerunner.model.check import Refused, Silence
from smokerunner.web.client import Client
from smokerunner.web.trust import trusted
from tests.checks.bench import Reply, SmallSite, serving
from tests.checks.shop import authority, certificate, trusting

A, B = "https://a.test", "https://b.test"


def asked(port: int, *urls: str, **how: Any) -> list[Any]:
    """What comes of each URL, one after the other with one client."""

    async def run() -> list[Any]:
        resolve = dict.fromkeys(("a.test", "b.test"), f"127.0.0.1:{port}")
        client = Client(base_url=A, origins=(A, B), resolve=resolve, per_second=1000, at_once=1, agent="x")
        found: list[Any] = []
        try:
            for url in urls:
                try:
                    found.append((await client.counted().ask(url, **how)).status)
                except (Silence, Refused) as wrong:
                    found.append(getattr(wrong, "kind", "refused to ask"))
        finally:
            await client.close()
        return found

    return asyncio.run(run())


@pytest.fixture
def only_a() -> Iterator[SmallSite]:
    with trusting(authority()), serving({"/": Reply()}, certificate("a.test")) as site:
        yield site


def test_a_connection_of_one_host_is_not_used_for_another(only_a: SmallSite) -> None:
    assert asked(only_a.port, f"{A}/", f"{B}/") == [200, "tls"]


def test_an_authority_that_is_not_trusted_any_more(only_a: SmallSite) -> None:
    before = trusted()
    assert trusted() is before
    with trusting(trustme.CA()):
        assert trusted() is not before
        assert asked(only_a.port, f"{A}/") == ["tls"]


@pytest.mark.parametrize("location", ["ftp://b.test/", "https://b.test:99999/", "http://[", "https://[b.test/", "//"])
def test_a_redirect_to_no_address_is_not_followed(location: str) -> None:
    reply = Reply(302, headers={"location": location})
    with trusting(authority()), serving({"/": reply}, certificate("a.test", "b.test")) as site:
        assert asked(site.port, f"{A}/", follow=3) == [302]
        assert len(site.asked) == 1


def test_what_is_no_web_address_is_not_asked() -> None:
    assert asked(9, "ftp://a.test/", "https://a.test:99999/", "https://c.test/") == ["refused to ask"] * 3
