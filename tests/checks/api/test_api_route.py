"""`api.*` against a site that answers as it is told.

The JSON of errors is that of laravel/framework, `Handler::convertExceptionToArray`, with debug off.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from smokerunner.checks.api.route import Route
from smokerunner.model.check import Finding
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from smokerunner.web.client import Client, Counted
from tests.checks.bench import Asked, Reply, SmallSite, ask, serving

JSON = "application/json"
ORDERS = Reply(body=json.dumps({"total": 12, "open": True, "orders": [{"id": "A-1", "sum": 12.5}]}), type=JSON)
LOGIN_PAGE = Reply(body="<h1>Log in</h1>")
UNAUTHENTICATED = Reply(401, '{"message": "Unauthenticated."}', type=JSON)


def route(**settings: Any) -> Route:
    return Route.model_validate(settings)


def site_with_login(asked: Asked) -> Reply | None:
    if asked.path == "/api/orders":
        return ORDERS if asked.headers.get("authorization") == "Bearer right" else UNAUTHENTICATED
    return None


def answered(reply: Reply, **settings: Any) -> Finding:
    with serving({"/api/orders": reply}) as site:
        return ask(route(get="/api/orders", **settings), site.base_url)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"status": "200"}, ""),
        ({"status": ["404", "2xx"]}, ""),
        ({"status": "404"}, "wanted 404"),
        ({"json": {"$.total": 12}}, ""),
        ({"json": {"$.total": 10}}, "$.total: 12, wanted 10"),
        ({"json": {"$.total": "12"}}, ""),
        ({"json": {"$.total": True}}, "$.total: 12, wanted true"),
        ({"json": {"$.open": 1}}, "$.open: true, wanted 1"),
        ({"json": {"$.orders[0].id": {"is": "A-1"}}}, ""),
        ({"json": {"$.orders[0].id": {"matches": "^B"}}}, '$.orders[0].id: "A-1", wanted /^B/'),
        ({"json": {"$.orders": []}}, "wanted []"),
        ({"json": {"$.missing": "x"}}, "$.missing: nothing there"),
        ({"type": "application/xml"}, "application/json, wanted application/xml"),
        ({"type": "any"}, ""),
        ({"header": {"content-type": "json"}}, ""),
        ({"header": {"X-Release": "57"}}, "header X-Release: missing"),
        ({"within": "30s"}, ""),
        ({"within": "0.001ms"}, "wanted within 0 ms"),
    ],
)
def test_each_condition_tells_what_was_seen(settings: dict[str, Any], told: str) -> None:
    finding = answered(ORDERS, **settings)
    assert finding.outcome is (Outcome.FAILED if told else Outcome.PASSED), finding.message
    assert told in finding.message


@pytest.mark.parametrize(
    ("reply", "settings", "told"),
    [
        (LOGIN_PAGE, {}, "text/html (a page where the API should answer), wanted application/json"),
        (Reply(500, '{"message": "Server Error"}', type=JSON), {}, 'message "Server Error", wanted 2xx'),
        (Reply(302, headers={"location": "/login"}), {}, "/login, wanted 2xx"),
        (Reply(body="", type=JSON), {"json": {"$.total": 12}}, "an empty body"),
        (Reply(body="<p>1</p>", type=JSON), {"json": {"$.total": 12}}, "no JSON but 8 bytes"),
    ],
)
def test_what_is_no_answer_of_an_api(reply: Reply, settings: dict[str, Any], told: str) -> None:
    finding = answered(reply, **settings)
    assert finding.outcome is Outcome.FAILED
    assert told in finding.message


def test_half_a_character_can_be_told_and_written() -> None:
    finding = answered(Reply(body='{"name": "\\ud83d"}', type=JSON), json={"$.name": "x"})
    assert 'name: "?"' in finding.message.encode("utf-8").decode()


def test_a_body_that_is_nested_without_end() -> None:
    finding = answered(Reply(body="[" * 200_000, type=JSON), json={"$[0]": 1})
    assert finding.outcome is Outcome.FAILED
    assert "no JSON but 200000 bytes" in finding.message


def test_nothing_is_wanted_of_the_body_of_an_answer_without_one() -> None:
    assert answered(Reply(204, type="")).outcome is Outcome.PASSED


def test_a_body_that_does_not_end_cannot_be_judged() -> None:
    finding = answered(Reply(body="[" + "1," * 600_000, type=JSON), json={"$[0]": 1})
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "no more were read" in finding.message


def test_no_answer_is_a_failure() -> None:
    with serving({}) as site:
        gone = site.base_url
    finding = ask(route(get="/api/orders"), gone)
    assert finding.outcome is Outcome.FAILED
    assert "connection refused" in finding.message


def test_an_answer_that_is_good_at_last_is_a_warning() -> None:
    replies = [Reply(500, '{"message": "Server Error"}', type=JSON), ORDERS]
    with serving(lambda asked: replies.pop(0)) as site:
        finding = ask(route(get="/api/orders", attempts=2), site.base_url)
    assert finding.outcome is Outcome.WARNED
    assert "attempt 2" in finding.message


def test_it_is_asked_at_every_address() -> None:
    class TwoAddresses(Counted):
        async def targets(self, url: str) -> tuple[tuple[str, int], ...]:
            port = urlsplit(url).port or 80
            return (("127.0.0.1", port), ("127.0.0.2", port))

    with serving({"/api/orders": ORDERS}) as site:
        client = Client(
            base_url=site.base_url, origins=(site.base_url,), resolve={}, per_second=1000, at_once=8, agent="test"
        )
        finding = ask(route(get="/api/orders", addresses="all"), site.base_url, web=TwoAddresses(client))
    assert finding.outcome is Outcome.FAILED
    assert f"GET {site.base_url}/api/orders at 127.0.0.2: connection refused" in finding.message
    assert "at 127.0.0.1" not in finding.message


SCHEMA = {
    "type": "object",
    "required": ["total", "secret"],
    "properties": {"total": {"type": "integer", "nullable": True}, "secret": {"type": "string", "writeOnly": True}},
}


@pytest.mark.parametrize(
    ("total", "good"), [(12, True), (None, True), ("12", False)], ids=["right", "null", "of another type"]
)
def test_an_answer_is_held_against_a_schema_of_openapi(tmp_path: Path, total: Any, good: bool) -> None:
    (tmp_path / "shop.json").write_text(json.dumps({"openapi": "3.0.3", "components": {"schemas": {"Page": SCHEMA}}}))
    check = Route.model_validate(
        {"get": "/api/orders", "schema": "shop.json#/components/schemas/Page"}, context={"folder": tmp_path}
    )
    with serving({"/api/orders": Reply(body=json.dumps({"total": total}), type=JSON)}) as site:
        finding = ask(check, site.base_url)
    assert (finding.outcome is Outcome.PASSED) is good, finding.message
    if not good:
        assert "$.total" in finding.message
        assert "wanted the schema shop.json" in finding.message


def test_a_schema_may_refer_to_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text("properties: {orders: {items: {$ref: 'order.yaml'}}}\n")
    (tmp_path / "order.yaml").write_text("properties: {sum: {type: integer}}\n")
    check = Route.model_validate({"get": "/api/orders", "schema": "page.yaml"}, context={"folder": tmp_path})
    with serving({"/api/orders": ORDERS}) as site:
        finding = ask(check, site.base_url)
    assert "$.orders[0].sum: 12.5 is not of type 'integer'" in finding.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot be read"),
        ("type: [", "neither JSON nor YAML"),
        ("type: nonsense", "no JSON Schema"),
        ("- 1", "no JSON Schema but list"),
    ],
)
def test_a_schema_that_is_none_is_refused_when_the_file_is_read(tmp_path: Path, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / "page.yaml").write_text(text)
    with pytest.raises(ValidationError, match=told):
        Route.model_validate({"get": "/api", "schema": "page.yaml"}, context={"folder": tmp_path})


@pytest.mark.parametrize(
    ("stranger", "outcome", "severity"),
    [
        (UNAUTHENTICATED, Outcome.PASSED, None),
        (Reply(403, '{"message": "This action is unauthorized."}', type=JSON), Outcome.PASSED, None),
        (ORDERS, Outcome.FAILED, Severity.CRITICAL),
        (LOGIN_PAGE, Outcome.FAILED, Severity.CRITICAL),
        (Reply(401, "<h1>401</h1>"), Outcome.FAILED, Severity.CRITICAL),
        (Reply(302, headers={"location": "/login"}), Outcome.FAILED, Severity.CRITICAL),
        (Reply(503, "down"), Outcome.INCONCLUSIVE, None),
    ],
    ids=["401", "403", "let in", "a login page", "401 as a page", "redirect", "down"],
)
def test_a_stranger_is_refused(stranger: Reply, outcome: Outcome, severity: Severity | None) -> None:
    finding = answered(stranger, requires_login=True)
    assert (finding.outcome, finding.severity) == (outcome, severity)
    assert "as a stranger only" in finding.weak


def test_a_wall_in_front_of_everything_tells_nothing_of_the_route() -> None:
    with serving(lambda asked: Reply(403, "<h1>Request blocked</h1>")) as site:
        finding = ask(route(get="/api/orders", requires_login=True), site.base_url)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "something in front refuses everything" in finding.message


def test_with_credentials_it_is_asked_twice() -> None:
    check = route(
        get="/api/orders", headers={"Authorization": "Bearer right"}, requires_login=True, json={"$.total": 12}
    )
    with serving(site_with_login) as site:
        finding = ask(check, site.base_url)
        assert [asked.headers.get("authorization") for asked in site.asked] == ["Bearer right", None]
    assert finding.outcome is Outcome.PASSED, finding.message


def sent_on_production(site: SmallSite, **settings: Any) -> Finding:
    return ask(route(post="/api/orders", body={"json": {"n": 1}}, **settings), site.base_url, production=True)


def test_nothing_is_written_to_production_unless_someone_said_that_it_does_no_harm() -> None:
    with serving({"/api/orders": ORDERS}) as site:
        with pytest.raises(Inconclusive, match=r"POST /api/orders was not sent on production; add `effects: none`"):
            sent_on_production(site)
        assert not site.asked
        assert sent_on_production(site, effects="none").outcome is Outcome.PASSED
        assert (site.asked[0].headers["content-type"], site.asked[0].body) == (JSON, b'{"n": 1}')


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "needs one of get"),
        ({"get": "/a", "post": "/b"}, "'post' stands beside 'get'"),
        ({"get": "/a", "json": {"$[": 1}}, "is not a JSONPath"),
        ({"get": "/a", "status": "2000"}, "is no status"),
        ({"post": "/a", "attempts": 2}, "is not sent twice"),
        ({"get": "/a", "requires_login": True, "status": "200"}, "add credentials under headers"),
        ({"get": "/a", "body": {"json": 1, "form": {}}}, "a body is text"),
    ],
)
def test_what_makes_no_sense_is_refused(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        route(**settings)
    assert told in str(wrong.value)
