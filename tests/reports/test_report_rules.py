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
from smokerunner.reports.catalogue import CATALOGUE, REPORTS
from smokerunner.reports.place import WITHIN
from smokerunner.reports.wording import (
    blocked_by,
    by_attention,
    diagnoses_of,
    duration,
    harmless,
    history_of,
    legible,
    reason_of,
    release_of,
    repeats,
    source_of,
)


def of_outcomes(*outcomes: str, interrupted: bool = False) -> Run:
    flows = tuple(
        Result(id=f"flows/{number}", kind="flow", name=f"flow{number}", outcome=Outcome(outcome), started=AT)
        for number, outcome in enumerate(outcomes)
    )
    return RUN.model_copy(update={"results": flows, "interrupted": interrupted, "history": {}, "browser": None})


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_same_run_gives_the_same_text_in_every_process_and_zone(name: str) -> None:
    source = (
        "import sys, time; sys.path[:0] = eval(sys.argv[1])\n"
        "from sample_run import RUN, read; from smokerunner.reports.catalogue import CATALOGUE\n"
        "from smokerunner.reports.place import WITHIN\n"
        "sys.stdout.buffer.write(CATALOGUE[sys.argv[2]].render(RUN, read, WITHIN).encode())"
    )
    path = [str(sys.modules["sample_run"].__file__).rpartition("/")[0], *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", source, repr(path), name],
        capture_output=True,
        check=True,
        env={"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"},
    )
    assert done.stdout.decode() == CATALOGUE[name].render(RUN, read, WITHIN)


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.parametrize(
    "run", [of_outcomes(), of_outcomes("skipped"), of_outcomes("passed", interrupted=True)], ids=lambda run: run.verdict
)
def test_a_run_with_next_to_nothing_has_every_report(name: str, run: Run) -> None:
    assert CATALOGUE[name].render(run, read, WITHIN)


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_report_lets_a_script_or_a_control_character_through(name: str) -> None:
    text = CATALOGUE[name].render(RUN, read, WITHIN)
    assert not set(text) & {chr(code) for code in range(32) if chr(code) not in "\t\n"}
    if name != "ctrf":
        assert "[31m" not in text
    if name in ("html", "junit", "markdown"):
        assert "<script>alert" not in text


def test_a_bundle_has_the_reports_that_it_always_had() -> None:
    assert set(REPORTS) == {"report.html", "junit.xml", "ctrf.json", "summary.md"}


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


def test_the_most_severe_stands_first_then_what_blocked_others() -> None:
    def flow(name: str, outcome: str, severity: str, root: str | None = None) -> Result:
        values = {"id": f"flows/{name}", "kind": "flow", "name": name, "outcome": outcome, "started": AT}
        return Result.model_validate({**values, "severity": severity, "root": root})

    flows = (
        flow("free", "passed", "low"), flow("milder", "failed", "medium"), flow("alone", "failed", "critical"),
        flow("first", "failed", "critical"), flow("second", "skipped", "low", "first"),
        flow("odd", "error", "critical"), flow("third", "skipped", "critical", "first"),
        flow("good", "passed", "critical"),
    )  # fmt: skip
    names = ["first", "alone", "milder", "odd", "second", "third", "free", "good"]
    assert [item.name for item in by_attention(flows)] == names
    run = RUN.model_copy(update={"results": flows})
    assert reason_of(run) == "3 of 8 flows failed: first, alone, milder."
    assert [blocked_by(run, item) for item in flows[2:4]] == ["", "2 flows were skipped because of it."]


@pytest.mark.parametrize(
    ("text", "said", "again"),
    [
        ("It is covered", "step 2 (click): it is covered (waited 3 s)", True),
        ("one line\nanother li…", "another line: one line", True),
        ("one line\nwhat is new", "one line", False),
        ("art", "part of it", False),
    ],
)
def test_what_was_said_already(text: str, said: str, again: bool) -> None:
    assert repeats(text, said) is again


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


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("::set-output name=x::y", ": :set-output name=x::y"),
        ("hello\n \t::error::boo", "hello\n \t: :error::boo"),
        ("hello\r::stop-commands::x", "hello\r: :stop-commands::x"),
        ("hello\u2028::add-mask::x", "hello\u2028: :add-mask::x"),
        (
            "x ##[command]rm ##vso[task.setvariable variable=a]b",
            "x # #[command]rm # #vso[task.setvariable variable=a]b",
        ),
        ("##teamcity[buildStatus text='x']", "# #teamcity[buildStatus text='x']"),
        ("std::vector and ## a heading", "std::vector and ## a heading"),
    ],
)
def test_no_text_is_a_command_to_a_pipeline(text: str, cut: str) -> None:
    assert harmless(text) == cut


def test_the_causes_of_a_flow_are_those_of_its_steps_too_each_once() -> None:
    (bad,) = (step for step in LOGIN.steps if step.outcome is Outcome.FAILED)
    bare = LOGIN.model_copy(update={"diagnoses": ()})
    assert diagnoses_of(bare) == ()
    step = bad.model_copy(update={"diagnoses": LOGIN.diagnoses[::-1]})
    attempt = bare.children[1].model_copy(update={"children": (step,), "diagnoses": LOGIN.diagnoses[:1]})
    found = diagnoses_of(bare.model_copy(update={"children": (attempt,)}))
    assert [item.id for item in found] == ["server-error", "javascript-error"]


def test_the_line_of_a_flow_is_that_of_the_step_to_blame() -> None:
    assert source_of(LOGIN) == ("flows/acorn.yaml", 19)
    (bad,) = (step for step in LOGIN.steps if step.outcome is Outcome.FAILED)
    inside = bad.model_copy(update={"id": f"{bad.id}/02", "source": "flows/acorn.yaml:266"})
    within = bad.model_copy(update={"children": (bad.model_copy(update={"outcome": Outcome.PASSED}), inside)})
    attempt = LOGIN.children[1].model_copy(update={"children": (within,)})
    assert source_of(LOGIN.model_copy(update={"children": (attempt,)})) == ("flows/acorn.yaml", 266)
    assert source_of(LOGIN.model_copy(update={"children": ()})) == ("flows/acorn.yaml", 12)
    assert source_of(LOGIN.model_copy(update={"children": (), "source": ""})) == ("", 0)
