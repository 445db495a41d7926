"""Certificates and protocols, with real handshakes."""

from __future__ import annotations

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from smokerunner.checks.tls.certificate import read_validity
from smokerunner.checks.tls.chain import Expiry, Https, Protocols
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Reply, ask, serving
from tests.checks.shop import certificate, shop

HOME = {"/": Reply(body="<h1>Shop</h1>")}
NOW = datetime.now(UTC)


def days(number: float) -> datetime:
    return NOW + timedelta(days=number)


def test_a_trusted_certificate() -> None:
    with shop(HOME) as site:
        finding = site.ask(Https())
    assert finding.outcome is Outcome.PASSED, finding
    assert "verified, TLS 1.3" in str(finding.readings[0])


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (lambda: certificate(by=trustme.CA()), "unable to get local issuer certificate"),
        (lambda: certificate("other.test"), "Hostname mismatch"),
        (lambda: certificate(not_before=days(-90), not_after=days(-1)), "certificate has expired"),
    ],
)
def test_a_certificate_that_nobody_vouches_for(shown: Any, said: str) -> None:
    with shop(HOME, shown=shown()) as site:
        finding = site.ask(Https())
    assert finding.outcome is Outcome.FAILED
    assert said in finding.message


def test_nothing_listens_for_https() -> None:
    with shop(None) as site:
        finding = site.ask(Https())
    assert finding.outcome is Outcome.FAILED
    assert "refuses the connection" in finding.message


def test_https_that_speaks_in_clear() -> None:
    with serving(HOME) as site:
        finding = ask(Https(), "https://shop.test", resolve={"shop.test:443": f"127.0.0.1:{site.port}"})
    assert finding.outcome is Outcome.FAILED
    assert "no TLS connection" in finding.message


def test_every_host_is_looked_at() -> None:
    with shop(HOME) as site:
        resolve = {**site.resolve, "www.shop.test:443": site.resolve["shop.test:443"]}
        finding = ask(Https(), "https://shop.test", hosts=("www.shop.test",), resolve=resolve)
    assert finding.outcome is Outcome.FAILED
    assert finding.message.startswith("https://www.shop.test")
    assert "shop.test at" in finding.message


def test_a_bench_in_clear_is_left_alone_but_production_is_not() -> None:
    from smokerunner.model.errors import Failure, NotReached

    with serving(HOME) as site:
        with pytest.raises(NotReached, match="served in clear"):
            ask(Https(), site.base_url)
        with pytest.raises(Failure, match="wanted https"):
            ask(Https(), site.base_url, production=True)


@pytest.mark.parametrize(
    ("begins", "ends", "outcome", "said"),
    [
        (-1, 364, Outcome.PASSED, ""),
        (-340, 25, Outcome.WARNED, ""),
        (-360, 5, Outcome.FAILED, "5 days left"),
        (-70, 20, Outcome.PASSED, ""),  # made for 90 days: warned from 15 on
        (-80, 10, Outcome.WARNED, ""),
        (-85, 5, Outcome.FAILED, "5 days left"),
        (-2, 4, Outcome.PASSED, ""),  # made for six days
        (-5.5, 0.5, Outcome.FAILED, "12 hours left"),
        (-90, -1, Outcome.FAILED, "expired since"),
        (1, 90, Outcome.FAILED, "not good before"),
    ],
)
def test_how_long_a_certificate_is_good(begins: float, ends: float, outcome: Outcome, said: str) -> None:
    # A minute more, so that it is not the time which the test takes that decides.
    minute = timedelta(minutes=1)
    with shop(HOME, shown=certificate(not_before=days(begins), not_after=days(ends) + minute)) as site:
        finding = site.ask(Expiry())
    assert finding.outcome is outcome, finding
    assert said in finding.message
    assert finding.severity is (Severity.CRITICAL if "expired" in finding.message else None)


def test_the_days_can_be_set() -> None:
    with shop(HOME, shown=certificate(not_before=days(-1), not_after=days(40))) as site:
        assert site.ask(Expiry(warn_days=50)).outcome is Outcome.WARNED
        assert site.ask(Expiry(fail_days=45)).outcome is Outcome.FAILED


def test_the_end_of_a_certificate_that_nobody_vouches_for_is_read_too() -> None:
    with shop(HOME, shown=certificate(by=trustme.CA(), not_before=days(-360), not_after=days(3))) as site:
        assert site.ask(Expiry()).outcome is Outcome.FAILED


def limited(least: ssl.TLSVersion, most: ssl.TLSVersion) -> ssl.SSLContext:
    context = certificate()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = least, most
    return context


@pytest.mark.parametrize(
    ("least", "most", "outcome", "said"),
    [
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, Outcome.PASSED, ""),
        (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3, Outcome.PASSED, ""),
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, Outcome.PASSED, ""),
        (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_3, Outcome.FAILED, "TLS 1.1 at https://shop.test: spoken"),
        (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1, Outcome.FAILED, "speaks neither"),
    ],
)
def test_protocols(least: ssl.TLSVersion, most: ssl.TLSVersion, outcome: Outcome, said: str) -> None:
    with shop(HOME, shown=limited(least, most)) as site:
        finding = site.ask(Protocols())
    assert finding.outcome is outcome, finding
    assert said in finding.message
    assert finding.weak == ""


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30\x03\x30\x01\x02", b"\x30\x84\xff\xff\xff\xff", b"\x00" * 40])
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    with pytest.raises(ValueError):
        read_validity(der)
