"""`resolve` by host and port: the app is looked for where its port was mapped to."""

from __future__ import annotations

import asyncio

import pytest

from smokerunner.model.config import Environment
from smokerunner.model.outcome import Outcome
from smokerunner.replay.probing import Probe
from tests.checks.bench import Reply, serving


@pytest.mark.parametrize("first", ["shop.test", "shop.test:80"])
def test_a_port_goes_before_its_host(first: str) -> None:
    with serving({"/": Reply()}) as site:
        mapped = {"shop.test": "127.0.0.1:9", "shop.test:80": f"127.0.0.1:{site.port}"}
        resolve = {first: mapped[first], **mapped}
        environment = Environment.model_validate({"base_url": "http://shop.test", "resolve": resolve})
        reach = asyncio.run(Probe(environment, "http://shop.test").reach())
        assert [request.headers["host"] for request in site.asked] == ["shop.test"]
    assert reach.outcome is Outcome.PASSED


def test_a_port_that_is_not_mapped() -> None:
    environment = Environment.model_validate({"resolve": {"shop.test:80": "127.0.0.1:8080"}})
    assert environment.mapped("http://shop.test/a") == "127.0.0.1:8080"
    assert environment.mapped("https://shop.test/a") is None
    assert environment.mapped("http://shop.test:8000/") is None
