"""`api.no-stack`, `api.cors-spa` and `api.ratelimit`.

The JSON of errors is that of laravel/framework, `Handler::convertExceptionToArray`, with debug on and off; the headers
of the limit those of its `ThrottleRequests`, the preflight's those of the Fetch standard.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from smokerunner.checks.api.front_end import CorsSpa, RateLimit
from smokerunner.checks.api.traces import NoStack
from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, ask, serving

JSON = "application/json"
QUIET = Reply(404, '{"message": "The route api/x could not be found."}', type=JSON)
LOUD = Reply(
    404,
    json.dumps(
        {
            "message": "The route api/x could not be found.",
            "exception": "Symfony\\Component\\HttpKernel\\Exception\\NotFoundHttpException",
            "file": "/srv/shop/vendor/laravel/framework/src/Illuminate/Routing/AbstractRouteCollection.php",
            "line": 44,
            "trace": [],
        }
    ),
    type=JSON,
)
NODE = Reply(500, json.dumps({"error": "boom\n    at handle (/srv/app/orders.js:12:3)"}), type=JSON)
EXPLAINED = Reply(404, "<h1>Not found</h1><pre>Traceback (most recent call last)\n#0 /srv/x.php(12)</pre>")
DOCUMENTED = Reply(404, json.dumps({"message": "no file of that name", "file": "x"}), type=JSON)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (QUIET, Outcome.PASSED),
        (DOCUMENTED, Outcome.PASSED),
        (LOUD, Outcome.FAILED),
        (NODE, Outcome.FAILED),
        (Reply(500, "Traceback (most recent call last):\n  File", type="text/plain"), Outcome.FAILED),
        (EXPLAINED, Outcome.INCONCLUSIVE),
        (Reply(200, "<h1>Shop</h1>"), Outcome.INCONCLUSIVE),
    ],
    ids=["debug off", "a key `file`", "debug on", "a trace of node", "plain text", "a page about traces", "soft 404"],
)
def test_errors_keep_the_code_to_themselves(reply: Reply, outcome: Outcome) -> None:
    with serving(lambda asked: reply) as site:
        finding = ask(NoStack(), site.base_url)
        assert len(site.asked) == 2
    assert finding.outcome is outcome, finding.message
    assert finding.weak


ALLOWED = {
    "access-control-allow-origin": "https://app.shop.example",
    "access-control-allow-methods": "GET, PUT",
    "access-control-allow-headers": "Content-Type, X-Requested-With",
}
ANY = dict.fromkeys(ALLOWED, "*")


@pytest.mark.parametrize(
    ("headers", "settings", "told"),
    [
        (ALLOWED, {}, ""),
        (ALLOWED, {"method": "PUT"}, ""),
        (ALLOWED, {"method": "DELETE"}, "access-control-allow-methods: get, put, wanted DELETE"),
        (ALLOWED, {"headers": ["authorization"]}, "wanted authorization"),
        (ALLOWED, {"credentials": True}, "access-control-allow-credentials: missing"),
        ({**ALLOWED, "access-control-allow-credentials": "true"}, {"credentials": True}, ""),
        (ANY, {}, ""),
        (ANY, {"credentials": True}, "access-control-allow-origin: *"),
        ({**ALLOWED, "access-control-allow-origin": "https://shop.example"}, {}, "https://shop.example, wanted"),
        ({}, {}, "missing"),
    ],
)
def test_the_front_end_is_let_in(headers: dict[str, str], settings: dict[str, Any], told: str) -> None:
    check = CorsSpa.model_validate({"origin": "https://app.shop.example", **settings})
    with serving(lambda asked: Reply(204, headers=headers, type="")) as site:
        finding = ask(check, site.base_url)
        assert (site.asked[0].method, site.asked[0].headers["origin"]) == ("OPTIONS", "https://app.shop.example")
    assert finding.outcome is (Outcome.FAILED if told else Outcome.PASSED), finding.message
    assert told in finding.message


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(headers={"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "59"}), Outcome.PASSED),
        (Reply(401, headers={"X-RateLimit-Limit": "60"}), Outcome.PASSED),
        (Reply(headers={"RateLimit": '"default";r=50;t=30'}), Outcome.PASSED),
        (Reply(body="X-RateLimit-Limit: 60"), Outcome.FAILED),
        (Reply(404), Outcome.INCONCLUSIVE),
    ],
    ids=["Laravel's", "on a refusal", "the draft's", "only in the text", "no such route"],
)
def test_a_limit_is_named(reply: Reply, outcome: Outcome) -> None:
    with serving({"/api/ping": reply}) as site:
        finding = ask(RateLimit.model_validate({"path": "/api/ping"}), site.base_url)
    assert finding.outcome is outcome
