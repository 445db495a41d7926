"""Response times, from answers that took as long as the test says, and once from a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from smokerunner.checks.timing.perf import Perf, PerfHealth, PerfHome, PerfLogin
from smokerunner.model.check import Answer, Check, Finding, Phases, Silence
from smokerunner.model.errors import NotReached
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Reply, ask, serving

GOOD, WARNED, BAD, UNCLEAR = Outcome.PASSED, Outcome.WARNED, Outcome.FAILED, Outcome.INCONCLUSIVE
BASE = "https://shop.test"


class Script:
    """Answers in the order that a test gives: seconds, a status, an answer, or a silence."""

    sent = 0

    def __init__(self, *script: float | Answer | Silence) -> None:
        self._script: Iterator[float | Answer | Silence] = iter(script)
        self.asked: list[str] = []

    async def ask(self, url: str, **_: Any) -> Answer:
        self.asked.append(url)
        following = next(self._script)
        if isinstance(following, Silence):
            raise following
        return following if isinstance(following, Answer) else took(following)


def took(seconds: float, status: int = 200, url: str = f"{BASE}/", *headers: tuple[str, str]) -> Answer:
    phases = Phases(connect=0.02, tls=0.04, first_byte=seconds - 0.07, transfer=0.01, total=seconds)
    return Answer("GET", url, status, (("content-type", "text/html"), *headers), b"<h1>Shop</h1>", phases=phases)


def measure(check: Check, script: Sequence[float | Answer | Silence]) -> Finding:
    return ask(check, BASE, web=Script(*script))


@pytest.mark.parametrize(
    ("script", "outcome", "severity", "said"),
    [
        ((0.8, 0.1, 0.12, 0.11), GOOD, None, ""),
        ((0.8, 0.3, 0.32, 0.31), WARNED, None, "median 310 ms"),
        ((0.8, 1.1, 1.2, 1.3), BAD, Severity.MEDIUM, "median 1.2 s of 3 samples, 1.1 s to 1.3 s"),
        ((0.8, 2.1, 2.2, 2.3), BAD, None, "wanted at most 1.0 s"),
        # Noise beyond the target on one side of it only.
        ((0.1, 0.01, 0.01, 2.0), UNCLEAR, None, "too noisy to tell"),
        ((0.1, 0.01, 0.01, 0.9), GOOD, None, ""),
        ((0.1, 0.1, 0.12, took(0.1, 503)), BAD, None, "1 of 3 answered otherwise: 503"),
        ((0.1, 0.1, 0.12, took(0.1, 429)), UNCLEAR, None, "1 of 3 kept out"),
        ((0.1, 0.1, 0.12, Silence("timeout", "no whole answer within 10 s")), BAD, None, "1 of 3 not answered"),
        ((took(0.1, 500), took(0.1, 500), took(0.1, 500), took(0.1, 500)), BAD, None, "3 of 3 answered otherwise"),
    ],
)
def test_the_median_decides(script: Any, outcome: Outcome, severity: Severity | None, said: str) -> None:
    finding = measure(PerfHome(samples=3, every=0), script)
    assert finding.outcome is outcome, finding
    assert finding.severity is severity
    assert said in " ".join([finding.message, *finding.warnings])


def test_what_is_told_beside() -> None:
    finding = measure(PerfHome(samples=3, every=0), (0.812, 0.1, 0.12, 0.11))
    measured, cold = finding.readings[1], finding.readings[2]
    assert measured.seen == (
        "median 110 ms of 3 samples, 100 ms to 120 ms; connect 20 ms, TLS 40 ms, first byte 40 ms, transfer 10 ms; "
        "of which the network about 60 ms"
    )
    assert cold.seen == "812 ms (status 200), not counted"


def test_silent_samples_are_in_no_average() -> None:
    late = Silence("timeout", "no whole answer within 10 s")
    finding = measure(PerfHome(samples=3, every=0), (0.1, 0.1, late, late))
    assert (
        finding.message == f"GET {BASE}/: 2 of 3 not answered: no whole answer within 10 s, wanted status 200 each time"
    )
    assert finding.severity is None


def test_nobody_there_is_not_slowness() -> None:
    with pytest.raises(Silence):
        measure(PerfHome(samples=3, every=0), (Silence("refused", "connection refused"),))


@pytest.mark.parametrize(
    ("made", "outcome"),
    [
        (lambda: PerfHome(samples=3, every=0, target=0.1), BAD),
        (lambda: PerfHome(samples=3, every=0, target=0.3, warn=0.3), GOOD),
        (lambda: PerfHome(samples=3, every=0, target=0.3), WARNED),
        (lambda: PerfHome(samples=3, every=0, warn=3.0), GOOD),
        (lambda: PerfHealth(samples=3, every=0), BAD),
    ],
)
def test_targets(made: Callable[[], Check], outcome: Outcome) -> None:
    check = made()
    # The last one is for a page that cannot exist.
    assert measure(check, (0.25, 0.25, 0.25, 0.25, took(0.1, 404))).outcome is outcome


def test_settings() -> None:
    read = Perf.model_validate({"path": "/orders", "target": "300ms", "warn": "100ms"})
    assert (read.path, read.target, read.warn) == ("/orders", 0.3, 0.1)
    for wrong in ({}, {"path": "/", "target": "100ms", "warn": "1s"}, {"path": "/", "samples": 2}, {"paht": "/"}):
        with pytest.raises(ValidationError):
            Perf.model_validate(wrong)


@pytest.mark.parametrize("kind", [PerfLogin, PerfHealth])
def test_a_page_for_everything_is_not_timed_in_its_stead(kind: type[Perf]) -> None:
    with serving(lambda _: Reply(body="<div id=app></div>")) as site, pytest.raises(NotReached, match="there is no"):
        ask(kind(samples=3, every=0), site.base_url)


@pytest.mark.parametrize("kind", [PerfLogin, PerfHealth])
def test_what_is_not_there_is_not_timed(kind: type[Perf]) -> None:
    script = [took(0.1, 404)] * 4
    with pytest.raises(NotReached, match=f"there is no {kind.usual}"):
        measure(kind(samples=3, every=0), script)
    assert measure(kind(samples=3, every=0, path=kind.usual), script).outcome is BAD


def test_the_page_behind_a_redirect_is_timed_and_said() -> None:
    script = Script(took(0.1, url=f"{BASE}/de"), 0.1, 0.1, 0.1)
    finding = ask(PerfHome(samples=3, every=0), BASE, web=script)
    assert script.asked == ["/", f"{BASE}/de", f"{BASE}/de", f"{BASE}/de"]
    assert f"leads to {BASE}/de" in str(finding.readings[3])


@pytest.mark.parametrize(
    ("header", "weak"),
    [(("cf-cache-status", "HIT"), True), (("age", "12"), True), (("age", "0"), False), (("x-cache", "MISS"), False)],
)
def test_a_cache_is_not_the_app(header: tuple[str, str], weak: bool) -> None:
    script = [took(0.1, 200, f"{BASE}/", header)] * 4
    assert bool(measure(PerfHome(samples=3, every=0), script).weak) is weak


def test_a_real_server() -> None:
    with serving({"/": Reply(body="<h1>Shop</h1>")}) as site:
        # What this machine needs is not what is tested.
        finding = ask(PerfHome(samples=3, every=0, warn=30.0, target=30.0), site.base_url)
        assert len(site.asked) == 4
    assert finding.outcome is GOOD
    assert "connect" in finding.readings[1].seen
    assert "first byte" in finding.readings[1].seen
