"""Which hosts and paths a request may go to: names, ports, wildcards, and what only looks like the right host."""

from __future__ import annotations

import pytest

from smokerunner.browser.guard import Limits
from smokerunner.model.matcher import UrlPattern

HOSTS = ("login.example", "*.pay.example", "localhost:8443", "Big.example", "plain.example:80")


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/",
        "http://shop.example:8000/other/port",
        "https://LOGIN.example/",
        "https://a.b.pay.example/",
        "https://localhost:8443/",
        "https://big.example/",
        "http://plain.example/",
        "http://robin:secret@login.example/",
        "mailto:robin@elsewhere.example",
        "tel:+123",
        "about:blank",
        "blob:https://elsewhere.example/1",
        "data:text/html,x",
    ],
)
def test_may_be_gone_to(url: str) -> None:
    limits = Limits("https://shop.example/base", HOSTS)
    assert limits.objection("GET", url, navigates=True) is None
    assert limits.objection("POST", url, navigates=False) is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://elsewhere.example/", "elsewhere.example"),
        ("https://shop.example.elsewhere.example/", "shop.example.elsewhere.example"),
        ("https://shop.example@elsewhere.example/", "elsewhere.example"),
        ("https://elsewhere.example/?shop.example", "elsewhere.example"),
        ("https://pay.example/", "pay.example"),
        ("https://localhost/", "localhost"),
        ("https://localhost:84430/", "localhost:84430"),
        ("https://plain.example/", "plain.example"),
        ("http://[::1]:8000/", "[::1]:8000"),
    ],
)
def test_may_not_be_gone_to(url: str, host: str) -> None:
    limits = Limits("https://shop.example", HOSTS)
    assert limits.objection("GET", url, navigates=True) == f"allow_hosts does not name {host}: GET {url}"
    assert limits.objection("DELETE", url, navigates=False) == f"allow_hosts does not name {host}: DELETE {url}"
    assert limits.objection("GET", url, navigates=False) is None, "sub-resources are free"


def test_an_app_may_live_on_an_address_of_ipv6() -> None:
    limits = Limits("http://[::1]:8000", ("::1",))
    assert limits.objection("POST", "http://[::1]:8000/x", navigates=True) is None
    assert limits.objection("POST", "http://[::2]:8000/x", navigates=True) is not None


def test_where_only_is_read_a_socket_is_a_write() -> None:
    limits = Limits("https://shop.example", ("pay.example",), read_only=True, allow_post=(UrlPattern("/live"),))
    assert limits.objection_to_socket("wss://shop.example/live") is None
    assert limits.objection_to_socket("wss://shop.example/chat") == (
        "read_only stopped a WebSocket to wss://shop.example/chat"
    )
    assert limits.objection_to_socket("wss://elsewhere.example/live") is not None
    free = Limits("https://shop.example", ())
    assert free.objection_to_socket("wss://elsewhere.example/live") is None
    assert limits.objection("OPTIONS", "https://shop.example/chat", navigates=False) is None
