"""Requests of Oscar and Wagtail broken by a proxy: the flows that meet them turn red and say why, all others pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from smokerunner.language.load import load
from smokerunner.model.result import Result
from tests.apps.fault_proxy import FaultProxy, Rule, faulty
from tests.apps.lab.hosting import hosted, place_of
from tests.apps.lab.replaying import ADMIN_PASSWORD, CONFIG, PASSWORD, flow_file
from tests.conftest import Ran, Smoke

pytestmark = [pytest.mark.apps, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Fault:
    """What is broken, the flows that fail with a part of what they say, the cause named, and those not run then."""

    rule: str
    fails: dict[str, str]
    cause: str = ""
    skips: str = ""


OSCAR = (
    Fault("GET /search/ 500", {"browse": "Products matching"}, "server-error"),
    Fault("GET /catalogue/category/** blank", {"sort": "Books"}, "blank-page"),
    Fault("POST /i18n/setlang/ 500", {"language": "Einloggen"}, "server-error"),
    Fault("* /basket/ wrong 52.50 25.50", {"cart": "€52.50"}),
    Fault("POST /basket/add/** 500", {"cart": "added to your cart", "order": "added to your cart"}, "server-error"),
    # The login page knows who asks and sends them back, so the two send visitors to each other for ever.
    Fault(
        "GET /accounts/profile/ lost",
        dict.fromkeys(("register", "reset"), "Thanks for registering"),
        "not-reachable",
        "login mistakes logout addresses wishlist review order closed",
    ),
    Fault(
        "GET /accounts/login/ wrong 'Log In' Enter",
        dict.fromkeys(("language", "login", "mistakes", "logout", "reset"), "Log In"),
        skips="addresses wishlist review order closed",
    ),
    Fault("GET /accounts/logout/ 500", {"logout": "Login or register", "reset": "Login or register"}, "server-error"),
    Fault("POST /password-reset/ 500", {"reset": "resetting your password"}, "server-error"),
    Fault("GET /password-reset/confirm/** 404", {"reset": "404"}),
    Fault("POST /accounts/addresses/add/ 500", {"addresses": "/accounts/addresses/"}, "server-error"),
    Fault("POST /accounts/wishlists/add/** 500", {"wishlist": "wish list"}, "server-error"),
    Fault("POST /catalogue/*/reviews/add/ 500", {"review": "Thank you for reviewing"}, "server-error"),
    Fault("POST /checkout/preview/ blank", {"order": "/checkout/thank-you/"}, "blank-page"),
    Fault("GET /dashboard/orders/ 500", {"order": "500", "closed": "500"}, "server-error"),
    Fault("GET /dashboard/login/ blank", {"staff-login": "Username"}, "blank-page", "review order"),
)
_EDITORS = "editor-login mistakes logout moderation"
WAGTAIL = (
    Fault("GET / 500", {"home": "500"}, "server-error"),
    Fault("GET /admin/ lost", {"login": "/admin/"}, "", f"account reset page {_EDITORS}"),
    Fault(
        "POST /admin/users/new/ 500", {"account": "/admin/users/", "reset": "/admin/users/"}, "server-error", _EDITORS
    ),
    # The first to log in is the administrator; whoever comes after gets the same answer, and the same session.
    Fault(
        "POST /admin/login/ stale",
        {"editor-login": "Edda Tor", "logout": "Edda Tor", "reset": "Edda Tor", "mistakes": "/admin/login/"},
        skips="moderation",
    ),
    Fault("POST /admin/logout/ drop", {"logout": ""}),
    Fault("POST /admin/password_reset/ 500", {"reset": "Check your email"}, "server-error"),
    # The page itself is well; what it asks for in the background is not.
    Fault("GET /admin/images/chooser/ 500", {"page": "dialog"}, "request-failed"),
    Fault("GET /better-news-*/ 404", {"moderation": "404"}),
)
FAULTS = [("oscar", fault) for fault in OSCAR] + [("wagtail", fault) for fault in WAGTAIL]
FLOWS = {app: set(load(flow_file(app)).file.flows) for app in ("oscar", "wagtail")}

Replay = Callable[..., Ran]


@pytest.fixture(scope="module", autouse=True)
def apps() -> Iterator[None]:
    with hosted("oscar", "wagtail"):
        yield


@pytest.fixture
def run(smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> Replay:
    """Replay an app's flow file through a proxy."""
    monkeypatch.setenv("SMOKE_PASSWORD", PASSWORD)
    monkeypatch.setenv("ADMIN_PASSWORD", ADMIN_PASSWORD)
    quickly = ("--workers", 4, "--pictures", "off", "--trace", "off", "--no-history")

    def call(app: str, proxy: FaultProxy, *options: object) -> Ran:
        where = ("--config", CONFIG, "--base-url", proxy.base_url)
        return smoke("run", flow_file(app), *where, *quickly, *options)

    return call


def told(flow: Result) -> str:
    """What a flow says went wrong, and where in it that was."""
    return f"{flow.name}: {flow.outcome} {flow.message} {[found.id for found in flow.diagnoses]} {flow.warnings}"


@pytest.mark.parametrize(("app", "fault"), FAULTS, ids=[f"{app}-{fault.rule}" for app, fault in FAULTS])
def test_a_broken_request_fails_the_flows_that_make_it_and_no_other(app: str, fault: Fault, run: Replay) -> None:
    with faulty(place_of(app).url, fault.rule) as proxy:
        ran = run(app, proxy)
    flows = {flow.name: flow for flow in ran.run.flows}
    left_out = set(fault.skips.split())
    wanted = {
        name: "failed" if name in fault.fails else "skipped" if name in left_out else "passed" for name in FLOWS[app]
    }
    said = "\n".join(told(flow) for flow in flows.values() if str(flow.outcome) != "passed")
    assert proxy.broken, "nothing was broken"
    assert {name: str(flow.outcome) for name, flow in flows.items()} == wanted, said
    for name, part in fault.fails.items():
        assert part in flows[name].message, said
        if fault.cause:
            assert [found.id for found in flows[name].diagnoses][:1] == [fault.cause], said
    assert ran.exit_code == 1


@pytest.mark.parametrize("app", FLOWS)
def test_nothing_fails_when_the_proxy_breaks_nothing(app: str, run: Replay) -> None:
    with faulty(place_of(app).url) as proxy:
        ran = run(app, proxy)
    assert ran.exit_code == 0, "\n".join(told(flow) for flow in ran.run.flows)
    assert not proxy.broken


@pytest.mark.parametrize("app", FLOWS)
def test_every_flow_turns_red_under_some_fault(app: str) -> None:
    assert {name for each, fault in FAULTS if each == app for name in fault.fails} == FLOWS[app]


@pytest.mark.parametrize("line", ["GET /", "GET / 502", "GET / slow 1 2", "GET / wrong only-one"])
def test_a_rule_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is no rule"):
        Rule.read(line)
