"""A base_url that sends visitors on: the first question to the app says what to write instead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from smokerunner.model.config import Environment
from smokerunner.model.outcome import Outcome
from smokerunner.replay.probing import Probe, Reach
from tests.e2e.outcome_site import Answer, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def reach(site: Site, to: str, *allowed: str) -> Reach:
    site.pages["/"] = Answer(status=301, headers={"Location": to})
    return asyncio.run(Probe(Environment(allow_hosts=allowed), site.base_url).reach())


def test_another_host_is_named_with_what_to_write(site: Site) -> None:
    found = reach(site, "https://www.shop.example/welcome")
    assert found.outcome is Outcome.PASSED, "the app is there"
    assert found.message == (
        f"{site.base_url} sends visitors on to https://www.shop.example, where the flows may not go; "
        "write base_url: https://www.shop.example, or allow_hosts: [www.shop.example] if that is right"
    )


@pytest.mark.parametrize("to", ["/welcome", "//127.0.0.1:9/x", "https://127.0.0.1/"])
def test_the_own_host_is_no_news(site: Site, to: str) -> None:
    assert reach(site, to) == Reach(Outcome.PASSED)


def test_neither_is_one_that_is_allowed(site: Site) -> None:
    assert reach(site, "https://www.shop.example/", "*.shop.example") == Reach(Outcome.PASSED)
