"""`queue.canary` against an app with a queue of its own, over HTTP and by commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from smokerunner.checks.queue.canary import Canary
from smokerunner.model.check import Finding
from smokerunner.model.checking import ServerSettings
from smokerunner.model.errors import Failure, Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from smokerunner.replay.server import CommandServer
from tests.checks.bench import Asked, Reply, ask, serving

NOWHERE = "http://127.0.0.1:9"


class App:
    """Does a job when it was asked for it so many times; None: never."""

    def __init__(self, release: str | None = "57", after: int | None = 2) -> None:
        self._release = release
        self._after = after
        self._asked: dict[str, int] = {}

    def __call__(self, asked: Asked) -> Reply | None:
        if urlsplit(asked.path).path != "/smoke/queue":
            return None
        if asked.method == "POST":
            self._asked[json.loads(asked.body)["token"]] = 0
            return Reply(202, "{}", type="application/json")
        token = parse_qs(urlsplit(asked.path).query)["token"][0]
        if token not in self._asked:
            return Reply(404, "{}", type="application/json")
        self._asked[token] += 1
        done = self._after is not None and self._asked[token] >= self._after
        said = {"done": done, "release": self._release if done else None}
        return Reply(body=json.dumps(said), type="application/json")


def canary(answers: Any, *, settings: dict[str, Any] | None = None, **more: Any) -> Finding:
    check = Canary.model_validate({"path": "/smoke/queue", "within": "500ms", **(settings or {})})
    with serving(answers) as site:
        return ask(check, site.base_url, **more)


@pytest.mark.parametrize(
    ("release", "expected", "outcome", "severity", "weak"),
    [
        ("57", "57", Outcome.PASSED, None, False),
        ("56", "57", Outcome.FAILED, Severity.HIGH, False),
        ("4f3c2b1a9d8e", "4f3c2b1", Outcome.PASSED, None, False),
        ("57", None, Outcome.PASSED, None, True),
        (None, "57", Outcome.PASSED, None, True),
    ],
)
def test_the_job_is_done_by_the_served_release(
    release: str | None, expected: str | None, outcome: Outcome, severity: Severity | None, weak: bool
) -> None:
    finding = canary(App(release), settings={"within": "30s"}, expected_release=expected)
    assert (finding.outcome, finding.severity, bool(finding.weak)) == (outcome, severity, weak), finding.message
    if outcome is Outcome.FAILED:
        assert "56: workers run the old code; `php artisan queue:restart` ends them, wanted 57" in finding.message


def test_a_job_that_nobody_does() -> None:
    with pytest.raises(Failure, match="was not done within 500 ms: no worker takes from this queue"):
        canary(App(after=None))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (lambda asked: Reply(419), "behind CSRF"),
        (lambda asked: None, "404"),
        (lambda asked: Reply(200, "<h1>Shop</h1>"), "no JSON"),
        (lambda asked: Reply(200, '{"status": "ok"}', type="application/json"), "does not say whether"),
        (lambda asked: Reply(200, '{"done": true}', type="application/json"), "that was never queued"),
    ],
    ids=["csrf", "no route", "soft 404", "another JSON", "always done"],
)
def test_an_app_without_a_canary(answers: Any, said: str) -> None:
    with pytest.raises(Inconclusive, match=said):
        canary(answers)


def test_no_job_is_queued_on_production_unless_it_does_no_harm() -> None:
    with pytest.raises(Inconclusive, match="was not sent on production"):
        canary(App(), production=True)
    assert canary(App(), settings={"effects": "none", "within": "30s"}, production=True).outcome is Outcome.PASSED


QUEUE = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
TELL = (
    "import json, pathlib, sys; print(json.dumps({'done': pathlib.Path(sys.argv[1]).exists(), 'release': sys.argv[2]}))"
)


def test_it_may_be_asked_by_commands(tmp_path: Path) -> None:
    server = CommandServer(ServerSettings.model_validate({"folder": str(tmp_path)}))
    settings = {"queue": [sys.executable, "-c", QUEUE, "{token}"], "ask": [sys.executable, "-c", TELL, "{token}", "57"]}
    finding = ask(Canary.model_validate(settings), NOWHERE, server=server, expected_release="57")
    assert finding.outcome is Outcome.PASSED, finding.message
    broken = {**settings, "queue": [sys.executable, "-c", "raise SystemExit('no redis')", "{token}"]}
    with pytest.raises(Inconclusive, match="did not queue the job: exit 1, no redis"):
        ask(Canary.model_validate(broken), NOWHERE, server=server)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"queue": ["a", "{token}"]},
        {"path": "/x", "queue": ["a", "{token}"], "ask": ["b", "{token}"]},
        {"queue": ["a"], "ask": ["b"]},
        {"path": "/x", "within": "5m"},
    ],
)
def test_a_canary_has_one_way(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Canary.model_validate(settings)
