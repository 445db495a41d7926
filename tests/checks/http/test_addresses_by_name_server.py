"""A host with an IPv4 and an IPv6 address, told by a name server on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from smokerunner.checks.http.addresses import Addresses
from smokerunner.checks.http.home import HomeUp
from smokerunner.model.check import Finding, Silence
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving
from tests.checks.name_server import name_server

PAGE = Reply(body="<h1>Quiet things</h1>")


def has_six() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_six = pytest.mark.skipif(not has_six(), reason="this machine has no IPv6 on loopback")


@contextmanager
def both(four: Reply, six: Reply) -> Iterator[tuple[str, str]]:
    """Address of the site and of the name server."""
    with (
        serving({"/": four}) as first,
        serving({"/": six}, place=("::1", first.port)),
        name_server({"shop.test": ["127.0.0.1", "::1"]}) as server,
    ):
        yield f"http://shop.test:{first.port}", server


def found(four: Reply, six: Reply) -> Finding:
    with both(four, six) as (url, server):
        return ask(Addresses(), url, resolvers=(server,))


@needs_six
def test_both_answer_alike() -> None:
    finding = found(PAGE, PAGE)
    assert finding.outcome is Outcome.PASSED
    assert [reading.what for reading in finding.readings] == ["shop.test at 127.0.0.1", "shop.test at ::1"]
    assert not finding.weak


@needs_six
def test_visitors_over_ipv6_get_something_else() -> None:
    finding = found(PAGE, Reply(502, "<h1>Bad gateway</h1>"))
    assert finding.outcome is Outcome.FAILED
    assert "shop.test at ::1: 502" in finding.message


@needs_six
def test_nobody_listens_over_ipv6() -> None:
    with serving({"/": PAGE}) as site, name_server({"shop.test": ["127.0.0.1", "::1"]}) as server:
        finding = ask(Addresses(), f"http://shop.test:{site.port}", resolvers=(server,))
    assert finding.outcome is Outcome.FAILED
    assert "shop.test at ::1: connection refused" in finding.message


def test_a_name_that_only_this_server_knows() -> None:
    with serving({"/": PAGE}) as site, name_server({"shop.test": ["127.0.0.1"]}) as server:
        assert ask(HomeUp(), f"http://shop.test:{site.port}", resolvers=(server,)).outcome is Outcome.PASSED
        with pytest.raises(Silence, match=r"name servers know no A or AAAA record"):
            ask(Addresses(), f"http://other.test:{site.port}", resolvers=(server,))
