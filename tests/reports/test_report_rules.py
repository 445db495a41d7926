"""What holds for every report, and how they put things into words."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from sample_run import AT, LOGIN, RUN, read

from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Past, Release, Run
from smokerunner.reports.catalogue import REPORTS
from smokerunner.reports.wording import duration, history_of, legible, reason_of, release_of


def of_outcomes(*outcomes: str, interrupted: bool = False) -> Run:
    flows = tuple(
        Result(id=f"flows/{number}", kind="flow", name=f"flow{number}", outcome=Outcome(outcome), started=AT)
        for number, outcome in enumerate(outcomes)
    )
    return RUN.model_copy(update={"results": flows, "interrupted": interrupted, "history": {}, "browser": None})


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_run_gives_the_same_text_in_every_process_and_zone(name: str) -> None:
    source = (
        "import sys, time; sys.path[:0] = eval(sys.argv[1])\n"
        "from sample_run import RUN, read; from smokerunner.reports.catalogue import REPORTS\n"
        "sys.stdout.buffer.write(REPORTS[sys.argv[2]](RUN, read).encode())"
    )
    path = [str(sys.modules["sample_run"].__file__).rpartition("/")[0], *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", source, repr(path), name],
        capture_output=True,
        check=True,
        env={"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"},
    )
    assert done.stdout.decode() == REPORTS[name](RUN, read)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    "run", [of_outcomes(), of_outcomes("skipped"), of_outcomes("passed", interrupted=True)], ids=lambda run: run.verdict
)
def test_a_run_with_next_to_nothing_has_every_report(name: str, run: Run) -> None:
    assert REPORTS[name](run, read)


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_lets_a_script_or_a_control_character_through(name: str) -> None:
    text = REPORTS[name](RUN, read)
    assert not set(text) & {chr(code) for code in range(32) if chr(code) not in "\t\n"}
    if name != "ctrf.json":
        assert "<script>alert" not in text
        assert "[31m" not in text


def test_the_template_engine_is_imported_only_when_a_page_is_made() -> None:
    source = "import smokerunner.reports.catalogue, sys; sys.exit('jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{source}"], check=True)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.00 s"), (0.354, "0.35 s"), (9.99, "9.99 s"), (9.999, "10.0 s"), (59.96, "1 min 00 s"), (125, "2 min 05 s")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (of_outcomes("passed", "skipped"), "Everything that ran passed."),
        (of_outcomes("passed", "warned"), "Everything that ran passed, but look at flow1."),
        (of_outcomes(*["failed"] * 5, "passed"), "5 of 6 flows failed: flow0, flow1, flow2 and 2 more."),
        (of_outcomes("error", "warned"), "Nothing failed, but something went wrong on our side: flow0."),
        (of_outcomes("inconclusive"), "Nothing failed, but it cannot be told for flow0."),
        (of_outcomes("skipped"), "Nothing ran."),
        (of_outcomes("passed", interrupted=True), "The run was interrupted before it was done."),
        (
            RUN.model_copy(update={"results": (RUN.results[0].model_copy(update={"outcome": Outcome.FAILED}),)}),
            "Failed: reach.",
        ),
    ],
)
def test_reasons(run: Run, words: str) -> None:
    assert reason_of(run) == words


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (Release(), ""),
        (Release(expected="2"), "2 expected, not read"),
        (Release(expected="2", before="2", after="2"), "2"),
        (Release(expected="2", before="1", after="1"), "1 (expected 2)"),
        (Release(before="1", after="2"), "1, then 2"),
        (Release(after="2"), "2"),
    ],
)
def test_releases(release: Release, words: str) -> None:
    assert release_of(release) == words


PASSED = {"last_passed_run": "run-1", "last_passed_at": AT, "last_passed_release": "r1"}
FAILING = {"failing_since_run": "run-2", "failing_since_at": AT + timedelta(days=1)}


@pytest.mark.parametrize(
    ("outcome", "past", "words"),
    [
        ("failed", None, ""),
        ("failed", Past(), "Never passed before on record."),
        ("passed", Past(), "No earlier run on record."),
        ("failed", Past(**PASSED), "New: last passed 2026-11-22 20:15:00 UTC (release r1)."),
        ("passed", Past(**PASSED), "Last passed 2026-11-22 20:15:00 UTC (release r1)."),
        (
            "failed",
            Past(**PASSED, **FAILING),
            "Failing since 2026-11-23 20:15:00 UTC; last passed 2026-11-22 20:15:00 UTC (release r1).",
        ),
        ("passed", Past(**FAILING), "It was failing since 2026-11-23 20:15:00 UTC; never passed on record."),
        ("failed", Past(last_passed_run="run-1"), "New: last passed run-1."),
    ],
)
def test_history_in_words(outcome: str, past: Past | None, words: str) -> None:
    assert history_of(LOGIN.model_copy(update={"outcome": Outcome(outcome)}), past) == words


def test_terminal_colours_are_left_out_and_other_alphabets_stay() -> None:
    assert legible("\x1b[1;31mred\x1b[0m\x00\x0b\ud800 Ünï 登录 🎉\n\tend") == "red Ünï 登录 🎉\n\tend"
