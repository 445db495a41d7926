"""A host with several addresses, each of them another server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from smokerunner.checks.http.addresses import Addresses
from smokerunner.checks.http.nodes import has_way
from smokerunner.checks.http.release import ReleaseMarker
from smokerunner.model.check import Answer, Check, Finding, Silence
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving

BASE = "http://shop.test"
NOWHERE = "fe80::1"
"""Local to a link, and nobody says to which: no machine knows the way."""


class Nodes:
    """What each address answers; a silence is raised."""

    sent = 0

    def __init__(self, answers: dict[str, Answer | Silence | list[Answer]]) -> None:
        self._answers = answers

    async def targets(self, _: str) -> Sequence[tuple[str, int]]:
        return [(address, 80) for address in self._answers]

    async def ask(self, _: str, *, address: str | None = None, **__: Any) -> Answer:
        found = self._answers[address or next(iter(self._answers))]
        if isinstance(found, Silence):
            raise found
        return found.pop(0) if isinstance(found, list) else found


def page(status: int = 200, html: str = '<script src="/app-1.js"></script>', at: str = "") -> Answer:
    return Answer("GET", f"{BASE}/", status, (("content-type", "text/html"),), html.encode(), address=at)


def among(check: Check, **answers: Any) -> Finding:
    named = {f"127.0.0.{index}": answer for index, answer in enumerate(answers.values(), 1)}
    return ask(check, BASE, web=Nodes(named))


@pytest.mark.parametrize(
    ("first", "second", "outcome", "said"),
    [
        (page(), page(), Outcome.PASSED, ""),
        (page(302), page(302), Outcome.PASSED, ""),
        (page(), page(500), Outcome.FAILED, "shop.test at 127.0.0.2: 500"),
        (page(), page(404), Outcome.FAILED, "127.0.0.2: 404"),
        (page(502), page(502), Outcome.FAILED, "502"),
        (page(403), page(403), Outcome.INCONCLUSIVE, "403"),
        (page(), Silence("refused", "connection refused"), Outcome.FAILED, "127.0.0.2: connection refused"),
        (page(), page(html='<script src="/app-2.js"></script>'), Outcome.WARNED, "other scripts"),
        (page(), page(html='<script src="/app-1.js?t=9"></script><p>CSRF 7'), Outcome.PASSED, ""),
    ],
)
def test_two_addresses(first: Any, second: Any, outcome: Outcome, said: str) -> None:
    finding = among(Addresses(), first=first, second=second)
    assert finding.outcome is outcome, finding
    assert said in " ".join([finding.message, *finding.warnings])


def test_the_one_that_differs_from_most_is_named() -> None:
    finding = among(Addresses(), first=page(404), second=page(), third=page())
    assert finding.message.startswith("shop.test at 127.0.0.1: 404")


def test_an_address_without_a_way_is_not_the_apps_fault() -> None:
    assert has_way("127.0.0.1")
    assert not has_way(NOWHERE)
    web = Nodes({"127.0.0.1": page(), NOWHERE: Silence("refused", "no way")})
    finding = ask(Addresses(), BASE, web=web)
    assert finding.outcome is Outcome.PASSED
    assert NOWHERE in finding.weak


def test_one_address_is_weak_evidence() -> None:
    with serving({"/": Reply(body="<h1>Shop</h1>")}) as site:
        finding = ask(Addresses(), site.base_url)
    assert finding.outcome is Outcome.PASSED
    assert "one address only" in finding.weak


def test_every_address_must_serve_the_release() -> None:
    check = ReleaseMarker.model_validate({"release": "57"})
    good, old = page(html="57"), page(html="56")
    assert among(check, first=good, second=good).outcome is Outcome.PASSED
    finding = among(check, first=good, second=[good, old])
    assert finding.outcome is Outcome.FAILED
    assert finding.message.count("127.0.0.2") == 1


def test_targets_follow_resolve_port_first() -> None:
    from smokerunner.web.client import Client

    resolve = {"shop.test": "127.0.0.9", "shop.test:443": "127.0.0.1:8443", "shop.test:80": "127.0.0.1:8080"}

    async def run() -> list[Any]:
        client = Client(base_url=BASE, origins=(BASE,), resolve=resolve, per_second=1, at_once=1, agent="x")
        urls = ("https://shop.test/a", "http://shop.test", "http://shop.test:8000")
        return [await client.counted().targets(url) for url in urls]

    assert asyncio.run(run()) == [(("127.0.0.1", 8443),), (("127.0.0.1", 8080),), (("127.0.0.9", 8000),)]
