"""Checks proposed from OpenAPI documents (https://spec.openapis.org/oas/v3.0.3 and v3.1.0)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smokerunner.checks.choosing import asked_of
from smokerunner.importers.openapi import propose
from smokerunner.importers.openapi.writing import block
from smokerunner.language.environment import load_config
from smokerunner.model.errors import BadInput
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: "1.2"}
servers: [{url: "https://shop.example/api/{v}", variables: {v: {default: v1}}}]
security: [{bearer: []}]
paths:
  /products:
    get:
      operationId: listProducts
      summary: All products
      security: []
      responses:
        200:
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}
    post: {responses: {201: {description: made}}}
  /products/{id}:
    parameters: [{$ref: '#/components/parameters/Id'}]
    get: {responses: {200: {description: ok}}}
  /orders:
    get: {summary: My orders, responses: {200: {description: ok}}}
  /search:
    get:
      parameters: [{in: query, name: q, required: true}]
      responses: {200: {description: ok}}
  /export.csv:
    get: {security: [{}], responses: {'200': {description: ok, content: {text/csv: {}}}}}
  /status:
    get:
      operationId: list_products
      security: []
      parameters: [{in: query, name: page}]
      responses: {2XX: {$ref: '#/components/responses/Told'}}
  /elsewhere:
    servers: [{url: 'https://files.example'}]
    get: {responses: {200: {description: ok}}}
components:
  parameters: {Id: {in: path, name: id, required: true, schema: {type: string}}}
  responses: {Told: {description: ok, content: {application/json: {schema: {type: object, required: [up]}}}}}
  schemas:
    Page: {type: object, required: [data], properties: {data: {type: array, items: {$ref: '#/components/schemas/One'}}}}
    One: {type: object, required: [id], properties: {id: {type: integer}, was: {type: number, nullable: true}}}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(SHOP)
    return Path("shop.yaml")


def test_routes_that_can_be_asked_become_checks(shop: Path) -> None:
    proposal = propose(shop)
    assert {route.id: dict(route.settings) for route in proposal.routes} == {
        "api.list-products": {
            "get": "/api/v1/products",
            "status": 200,
            "schema": "shop.yaml#/components/schemas/Page",
        },
        "api.orders": {"get": "/api/v1/orders", "requires_login": True},
        "api.export-csv": {"get": "/api/v1/export.csv", "status": 200, "type": "text/csv"},
        "api.list-products-2": {
            "get": "/api/v1/status",
            "status": "2xx",
            "schema": "shop.yaml#/components/responses/Told/content/application~1json/schema",
        },
    }


def test_what_is_left_out_is_said_with_its_reason(shop: Path) -> None:
    assert {one.what: one.why for one in propose(shop).left_out} == {
        "POST /products": "may change something; write it yourself if it does no harm",
        "GET /products/{id}": "needs the part id",
        "GET /search": "needs the query q",
        "GET /elsewhere": "is served by another host",
    }


def configured(shop: Path) -> Any:
    lines = block(propose(shop), shop).splitlines(keepends=True)
    indented = "".join(f"        {line}" for line in lines)
    Path("smokerunner.yaml").write_text(
        f"apps:\n  shop:\n    environments:\n      local:\n        base_url: https://shop.example\n{indented}"
    )
    return load_config(Path("smokerunner.yaml")).config.apps["shop"].environments["local"].checks


def test_the_block_fits_into_an_environment_and_its_checks_work(shop: Path) -> None:
    checks = {one.id: one.check for one in asked_of(configured(shop))}
    assert list(checks) == ["api.list-products", "api.orders", "api.export-csv", "api.list-products-2"]
    told = {"data": [{"id": 7, "was": None}]}
    with serving(lambda asked: Reply(body=json.dumps(told), type="application/json")) as site:
        assert ask(checks["api.list-products"], site.base_url).outcome is Outcome.PASSED
        assert ask(checks["api.orders"], site.base_url).outcome is Outcome.FAILED
        told["data"][0]["id"] = "seven"
        wrong = ask(checks["api.list-products"], site.base_url)
    assert "$.data[0].id: 'seven' is not of type 'integer', wanted the schema shop.yaml" in wrong.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("openapi: 3.1.0\npaths: {}\n", "has no route"),
        ("openapi: 3.1.0\npaths: {/x: {post: {}}}\n", "POST /x: may change something"),
        ("swagger: '2.0'\npaths: {}\n", "is Swagger 2; make it OpenAPI 3 first"),
        ("openapi: [\n", "neither JSON nor YAML"),
        ("a: 1\n", "is no OpenAPI document"),
        ("- 1\n", "is no OpenAPI document"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=told):
        propose(path)


def test_odd_documents_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    odd = {"$ref": "#/components/circle"}
    document = {
        "openapi": "3.1.0",
        "servers": [{"url": "/v2/"}, 3],
        "components": {"circle": odd},
        "paths": {
            "/a": {"get": {"responses": {"200": odd}}},
            "/b": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "odd"}}}}}}},
            "/c": {"get": {}},
            "/d": {"get": 3, "summary": "x"},
            "/no-stack": {"get": {"responses": {"204": {"description": "none"}}}},
        },
    }
    path.write_text(json.dumps(document))
    proposal = propose(path)
    assert {route.id: dict(route.settings) for route in proposal.routes} == {
        "api.a": {"get": "/v2/a", "status": 200, "type": "any"},
        "api.b": {"get": "/v2/b", "status": 200},
        "api.c": {"get": "/v2/c"},
        "api.no-stack-2": {"get": "/v2/no-stack", "status": 204},
    }
    assert "its schema cannot be used" in str(proposal.left_out)


def test_the_command_prints_the_block_and_says_what_it_left_out(shop: Path, smoke: Callable[..., Any]) -> None:
    for arguments in (["openapi", "shop.yaml"], ["shop.yaml"]):
        done = smoke("import", *arguments)
        assert done.exit_code == 0
        assert "api.list-products:" in done.out
        assert "needs the query q" in done.err
    assert smoke("import", "openapi", "shop.yaml", "-o", "checks.yaml").exit_code == 0
    assert Path("checks.yaml").read_text() == done.out
    assert smoke("import", "openapi", "shop.yaml", "-o", "checks.yaml").exit_code == 2
    assert smoke("import", "openapi", "shop.yaml", "--app", "shop").exit_code == 2
    assert smoke("import", "openapi", "gone.yaml").exit_code == 2
