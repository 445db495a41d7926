"""`queue.stale-workers`, which looks at what `queue.canary` saw in the same run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smokerunner.checks.queue.canary import DoneJob
from smokerunner.checks.queue.workers import StaleWorkers
from smokerunner.model.check import Finding
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import ask, serving
from tests.checks.queue.test_canary_job import App
from tests.conftest import Smoke

CANARY = "queue.canary: {path: /smoke/queue, within: 30s}, "


def workers(job: DoneJob | None, expected: str | None = None, **settings: Any) -> Finding:
    async def once(key: str, make: Callable[[], Any]) -> Any:
        return job if job is not None else await make()

    check = StaleWorkers.model_validate(settings)
    return ask(check, "http://127.0.0.1:9", expected_release=expected, once=once)


@pytest.mark.parametrize(
    ("job", "expected", "settings", "outcome"),
    [
        (DoneJob("57", "57"), "57", {}, Outcome.PASSED),
        (DoneJob("4f3c2b1a9d8e", None), "4f3c2b1", {}, Outcome.PASSED),
        (DoneJob("56", "57"), "57", {}, Outcome.FAILED),
        (DoneJob("56", "56"), "56", {"release": "57"}, Outcome.FAILED),
        (DoneJob("57", "58"), "58", {"release": "57"}, Outcome.PASSED),
        # Neither is the beginning of a long one.
        (DoneJob("5", "57"), "57", {}, Outcome.FAILED),
    ],
)
def test_the_job_was_done_by_the_served_release(
    job: DoneJob, expected: str | None, settings: dict[str, str], outcome: Outcome
) -> None:
    finding = workers(job, expected, **settings)
    assert finding.outcome is outcome
    assert bool(finding.weak) is (outcome is Outcome.PASSED)
    if outcome is Outcome.FAILED:
        assert f"the release that did the job: {job.release}; a worker keeps its old code" in finding.message
        assert "`php artisan queue:restart`, with Horizon `horizon:terminate`, wanted 57" in finding.message


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (None, "not in this run, or saw no job done"),
        (DoneJob(None, "57"), "does not tell which release"),
        (DoneJob("57", None), "say with --release"),
    ],
)
def test_it_is_skipped_when_nothing_can_be_compared(job: DoneJob | None, told: str) -> None:
    with pytest.raises(NotReached, match=told):
        workers(job)


@pytest.mark.parametrize(
    ("app", "checks", "outcomes", "told"),
    [
        (App("57"), CANARY, {"queue.canary": "passed", "queue.stale-workers": "passed"}, ""),
        (App("56"), CANARY, {"queue.canary": "failed", "queue.stale-workers": "failed"}, "queue:restart"),
        (App(None), CANARY, {"queue.canary": "passed", "queue.stale-workers": "skipped"}, "does not tell"),
        (App("57"), "http.home-up: off, ", {"queue.stale-workers": "skipped"}, "not in this run"),
    ],
    ids=["new", "old", "untold", "no canary"],
)
def test_in_a_run_it_comes_after_the_canary(
    home: Path, smoke: Smoke, app: App, checks: str, outcomes: dict[str, str], told: str
) -> None:
    with serving(app) as site:
        (home / "smokerunner.yaml").write_text(
            f"apps: {{shop: {{environments: {{live: {{base_url: '{site.base_url}', "
            f"checks: {{queue.stale-workers: on, {checks.rstrip(', ')}}}}}}}}}}}\n"
        )
        ran = smoke("check", "--env", "live", "--release", "57")
        posts = [asked for asked in site.asked if asked.method == "POST"]
    found = {result.name: result for result in ran.run.checks}
    assert {name: str(result.outcome) for name, result in found.items()} == outcomes, ran.out + ran.err
    assert told in found["queue.stale-workers"].message
    assert found["queue.stale-workers"].severity is Severity.HIGH
    assert len(posts) == ("queue.canary" in outcomes)
