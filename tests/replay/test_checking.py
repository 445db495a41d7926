"""Checks in a run: each has its outcome, a bug of ours is an error, and nothing that is secret is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

import pytest
import trustme

from smokerunner.browser.binary import Binary
from smokerunner.checks.catalogue import CHECKS
from smokerunner.model.check import Asked, Check, CheckContext, Finding
from smokerunner.model.checking import Checks
from smokerunner.model.config import Environment
from smokerunner.model.errors import Failure, Inconclusive, NotReached, Unavailable
from smokerunner.model.flow import FlowFile
from smokerunner.model.outcome import ExitCode, Outcome
from smokerunner.model.result import Reading, Result
from smokerunner.model.run import Run
from smokerunner.model.secret import Secrets
from smokerunner.model.severity import Severity
from smokerunner.model.template import Template
from smokerunner.replay.checking import origins_of
from smokerunner.replay.conducting import Concluded, conduct
from smokerunner.replay.job import Job
from smokerunner.replay.options import Options
from smokerunner.replay.stop import Stop
from tests.checks.bench import Reply, SmallSite, serving

PASSWORD = "correct-horse-staple"


class Says(Check):
    """Says what it is told to."""

    id: ClassVar[str] = "test.says"
    asks: ClassVar[str] = "What was it told?"
    passes: ClassVar[str] = "it says so"
    means: ClassVar[Severity] = Severity.HIGH

    word: Template = Template("")

    async def run(self, ctx: CheckContext) -> Finding:
        answer = await ctx.web.ask("/")
        said = f"{self.word} {answer.status}"
        ctx.keep("word.txt", said.encode())
        return Finding.of([Reading(what="the word", outcome=Outcome.FAILED, seen=said, wanted=PASSWORD)])


class Raises(Check):
    """Goes wrong as it is told to."""

    id: ClassVar[str] = "test.raises"
    kind: str = ""

    async def run(self, ctx: CheckContext) -> Finding:
        match self.kind:
            case "failure":
                raise Failure("it is wrong")
            case "inconclusive":
                raise Inconclusive("who knows")
            case "unavailable":
                raise Unavailable("no tool")
            case "not reached":
                raise NotReached("nothing to ask")
            case "forever":
                await asyncio.Event().wait()
            case "late":
                async with asyncio.timeout(0):
                    await asyncio.sleep(1)
        raise ValueError(f"a bug, and {PASSWORD}")


class Shares(Check):
    """Makes something once, whoever asks first."""

    id: ClassVar[str] = "test.shares"
    counter: ClassVar[list[int]] = []

    async def run(self, ctx: CheckContext) -> Finding:
        async def make() -> int:
            await asyncio.sleep(0)
            self.counter.append(1)
            return len(self.counter)

        made = await ctx.once("it", make)
        return Finding(Outcome.PASSED if made == 1 else Outcome.FAILED, weak="it is only counted")


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    with serving({"/": Reply(body="here")}) as running:
        yield running


def ask(folder: Path, binary: Binary, base_url: str, *asked: Asked, **more: object) -> Concluded:
    job = Job(
        path=folder,
        file=FlowFile.model_construct(app="shop", flows={}),
        environment_name="local",
        environment=Environment(checks=Checks.model_construct(warn_below=more.get("warn_below"))),
        base_url=base_url,
        options=Options(out=folder / "evidence", pictures="off", trace="off"),
        secrets=Secrets({"PASSWORD": PASSWORD}),
        binary=binary,
        with_flows=False,
        checks=asked,
    )
    stop = Stop()
    if "stopped" in more:
        stop.now(str(more["stopped"]))
    return asyncio.run(conduct(job, lambda _: None, stop))


def only(run: Run) -> Result:
    (result,) = run.checks
    return result


def test_a_result_of_its_own(tmp_path: Path, binary: Binary, site: SmallSite) -> None:
    asked = Asked("test.says", Says(word=Template("hello ${secrets.PASSWORD}")), "smokerunner.yaml:8")
    concluded = ask(tmp_path, binary, site.base_url, asked)
    result = only(concluded.run)
    assert (result.id, result.kind, result.title) == ("checks/test.says", "check", "What was it told?")
    assert (result.outcome, result.severity, result.source) == (Outcome.FAILED, Severity.HIGH, "smokerunner.yaml:8")
    assert (result.criterion, result.sent) == ("it says so", 1)
    assert result.message.startswith("the word: hello ")
    assert [(kept.path, kept.title) for kept in result.artifacts] == [("checks/test.says/word.txt", "word.txt")]
    assert concluded.exit_code is ExitCode.FAILED
    everything = b"".join(path.read_bytes() for path in concluded.sealed.path.rglob("*") if path.is_file())
    assert b"hello" in everything
    assert PASSWORD.encode() not in everything


@pytest.mark.parametrize(
    ("least", "own", "wanted"),
    [
        (None, "fail", Outcome.FAILED),
        ("critical", "fail", Outcome.WARNED),
        ("high", "fail", Outcome.FAILED),
        ("low", "fail", Outcome.FAILED),
        (None, "warn", Outcome.WARNED),
    ],
)
def test_a_failure_that_is_no_reason_to_roll_back(
    least: str | None, own: Literal["fail", "warn"], wanted: Outcome, tmp_path: Path, binary: Binary, site: SmallSite
) -> None:
    asked = Asked("test.says", Says(word=Template("hello"), on_failure=own))
    concluded = ask(tmp_path, binary, site.base_url, asked, warn_below=least and Severity(least))
    result = only(concluded.run)
    assert (result.outcome, result.severity) == (wanted, Severity.HIGH)
    assert "hello" in (result.message if wanted is Outcome.FAILED else result.warnings[0])
    assert concluded.exit_code == (1 if wanted is Outcome.FAILED else 0)


WRONG = {
    "failure": (Outcome.FAILED, "it is wrong"),
    "inconclusive": (Outcome.INCONCLUSIVE, "who knows"),
    "unavailable": (Outcome.ERROR, "no tool"),
    "not reached": (Outcome.SKIPPED, "nothing to ask"),
    "forever": (Outcome.INCONCLUSIVE, "the check did not come to an end within 0.5 s"),
    "late": (Outcome.ERROR, ""),
    "bug": (Outcome.ERROR, "ValueError: a bug, and "),
}


def test_what_goes_wrong_has_its_outcome(tmp_path: Path, binary: Binary, site: SmallSite) -> None:
    asked = [Asked(f"test.{number}", Raises(kind=kind, timeout=0.5)) for number, kind in enumerate(WRONG)]
    concluded = ask(tmp_path, binary, site.base_url, *asked)
    seen = [(result.outcome, result.message) for result in concluded.run.checks]
    for (outcome, message), (wanted, said) in zip(seen, WRONG.values(), strict=True):
        assert outcome is wanted
        assert message.startswith(said)
    bug = concluded.run.checks[-1]
    (artifact,) = bug.artifacts
    text = (concluded.sealed.path / artifact.path).read_text()
    assert "ValueError: a bug" in text
    assert PASSWORD not in text


def test_what_one_made_the_others_have(tmp_path: Path, binary: Binary, site: SmallSite) -> None:
    Shares.counter.clear()
    run = ask(tmp_path, binary, site.base_url, *(Asked(f"test.{number}", Shares()) for number in range(20))).run
    assert [(result.outcome, result.weak) for result in run.checks] == [(Outcome.PASSED, "it is only counted")] * 20


def test_a_site_that_is_down_is_one_failure(tmp_path: Path, binary: Binary) -> None:
    with serving({}) as gone:
        url = gone.base_url
    concluded = ask(tmp_path, binary, url, Asked("test.says", Says()))
    assert [(result.kind, result.outcome) for result in concluded.run.results] == [
        ("reach", Outcome.FAILED),
        ("check", Outcome.SKIPPED),
    ]
    assert only(concluded.run).message == "app not reachable"
    assert concluded.exit_code is ExitCode.FAILED


def test_a_stopped_run_skips_them(tmp_path: Path, binary: Binary, site: SmallSite) -> None:
    concluded = ask(tmp_path, binary, site.base_url, Asked("test.says", Says()), stopped="time is up")
    assert (only(concluded.run).outcome, only(concluded.run).message) == (Outcome.SKIPPED, "time is up")
    assert concluded.exit_code is ExitCode.CANNOT_TELL


ORIGINS = {
    ("http://127.0.0.1:8000", ()): ("http://127.0.0.1:8000",),
    ("https://shop.example", ()): ("https://shop.example", "http://shop.example"),
    ("https://shop.example/app", ("www.shop.example",)): (
        "https://shop.example",
        "http://shop.example",
        "https://www.shop.example",
        "http://www.shop.example",
    ),
    ("https://shop.example:8443", ("api.shop.example",)): (
        "https://shop.example:8443",
        "https://api.shop.example:8443",
    ),
    ("http://user:word@shop.example", ()): ("http://shop.example", "https://shop.example"),
}


@pytest.mark.parametrize("given", ORIGINS)
def test_origins(given: tuple[str, tuple[str, ...]]) -> None:
    assert set(origins_of(*given)) == set(ORIGINS[given])
    assert origins_of(*given)[0] == ORIGINS[given][0]


def test_a_certificate_that_nobody_vouches_for_is_for_checks_to_tell(tmp_path: Path, binary: Binary) -> None:
    stranger = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.issue_cert("127.0.0.1").configure_cert(context)
    with serving({"/": Reply(body="here")}, context) as site:
        concluded = ask(tmp_path, binary, site.base_url, Asked("tls.https", CHECKS["tls.https"]()))
    reach, check = concluded.run.results
    assert (reach.kind, reach.outcome) == ("reach", Outcome.FAILED)
    assert (check.name, check.outcome) == ("tls.https", Outcome.FAILED)
