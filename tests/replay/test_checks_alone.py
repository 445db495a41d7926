"""Checks that measure are asked when everything else has been asked."""

from __future__ import annotations

import json
from pathlib import Path

from tests.checks.bench import Reply, serving
from tests.conftest import Smoke

CONFIG = """
apps:
  shop:
    environments:
      local:
        base_url: %s
        checks:
          perf.home: {samples: 3, every: 0s, warn: 60s, target: 60s}
          perf.orders: {path: /orders, samples: 3, every: 0s, warn: 60s, target: 60s}
          hdr.cors: on
          http.home-up: on
"""


def test_response_times_are_taken_when_nothing_else_is_asked(smoke: Smoke, home: Path) -> None:
    with serving(lambda _: Reply(body="<h1>Shop</h1>")) as site:
        (home / "smokerunner.yaml").write_text(CONFIG % site.base_url)
        ran = smoke("check", "shop", "--no-history")
        asked = [request.path for request in site.asked]
    assert ran.exit_code == 0, ran.out + ran.err
    assert asked[-8:] == ["/"] * 4 + ["/orders"] * 4
    results = json.loads((ran.bundles[0] / "run.json").read_text())["results"]
    # They stand in the order of the file all the same.
    assert [one["name"] for one in results] == ["perf.home", "perf.orders", "hdr.cors", "http.home-up"]
