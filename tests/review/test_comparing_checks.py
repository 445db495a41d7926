"""The checks of two runs side by side: which fail now, which were mended, and what else is found."""

from __future__ import annotations

import pytest
from test_comparing import AT, bundle, flow

from smokerunner.model.errors import BadInput
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Reading, Result
from smokerunner.review.change import CheckChange
from smokerunner.review.comparing import compare_runs
from smokerunner.review.summary import lines_of

P, F, W, S = Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.SKIPPED


def check(name: str, outcome: Outcome, *bad: str, message: str = "") -> Result:
    readings = tuple(Reading(what=what, outcome=outcome, seen="200", wanted="404") for what in bad)
    return Result(
        id=f"checks/{name}",
        kind="check",
        name=name,
        outcome=outcome,
        message=message or "; ".join(map(str, readings)),
        readings=readings,
        started=AT,
    )


def test_checks_that_fail_now_and_that_were_mended_are_told() -> None:
    before = bundle(flow(), check("sec.env", P, "GET /.env"), check("tls.hsts", F), check("sec.git", P))
    after = bundle(flow(), check("sec.env", F, "GET /.env"), check("tls.hsts", P), check("sec.git", P))
    compared = compare_runs(before, after)
    assert compared.checks == (
        CheckChange(name="sec.env", before=P, after=F, message="GET /.env: 200, wanted 404"),
        CheckChange(name="tls.hsts", before=F, after=P),
    )
    assert compared.unchanged_checks == ("sec.git",)
    assert lines_of(compared)[1:] == [
        "verdict  roll back, as before",
        "",
        "  ✗ sec.env: passed → failed",
        "      why: GET /.env: 200, wanted 404",
        "  ✓ tls.hsts: failed → passed",
        "",
        "1 flow and 1 check unchanged; 0 of 3 pictures differ",
    ]


def test_what_a_check_finds_beside_what_it_found_is_told() -> None:
    before = bundle(check("sec.env", F, "GET /.env", "GET /.env.old"))
    compared = compare_runs(before, bundle(check("sec.env", F, "GET /.env", "GET /.env.bak")))
    (change,) = compared.checks
    assert change.found == ("GET /.env.bak: 200, wanted 404",)
    assert change.mended == ("GET /.env.old: 200, wanted 404",)
    assert [line.strip() for line in lines_of(compared)[3:6]] == [
        "~ sec.env: failed",
        "new: GET /.env.bak: 200, wanted 404",
        "mended: GET /.env.old: 200, wanted 404",
    ]


def test_checks_that_came_or_went_and_what_other_words_say() -> None:
    before = bundle(check("api.old", P), check("perf.home", P, message="212 ms"))
    compared = compare_runs(before, bundle(check("api.new", F), check("perf.home", P, message="198 ms")))
    assert [(item.name, item.before, item.after) for item in compared.checks] == [
        ("api.new", None, F),
        ("api.old", P, None),
    ]
    # Another time within the target is no news.
    assert compared.unchanged_checks == ("perf.home",)
    assert lines_of(compared)[-1] == "1 check unchanged"


def test_what_got_worse_comes_before_what_is_still_bad() -> None:
    before = bundle(check("a.x", F), check("b.x", P), check("c.x", F, "one"))
    after = bundle(check("a.x", Outcome.INCONCLUSIVE), check("b.x", W), check("c.x", F, "two"))
    assert [item.name for item in compare_runs(before, after).checks] == ["b.x", "c.x", "a.x"]


def test_one_check_or_one_flow_alone() -> None:
    before = bundle(flow(), check("sec.env", P), check("tls.hsts", P))
    after = bundle(flow(outcome="failed"), check("sec.env", F), check("tls.hsts", F))
    compared = compare_runs(before, after, ("tls.hsts",))
    assert ([item.name for item in compared.checks], compared.flows) == (["tls.hsts"], ())
    compared = compare_runs(before, after, ("order",))
    assert (compared.checks, [item.name for item in compared.flows]) == ((), ["order"])
    with pytest.raises(BadInput, match=r"neither run has a flow or check called 'sec.en', did you mean 'sec.env'\?"):
        compare_runs(before, after, ("sec.en",))


def test_one_screen_is_enough_for_many_checks() -> None:
    names = [f"sec.x{number}" for number in range(30)]
    before = bundle(*(check(name, P) for name in names))
    after = bundle(*(check(name, F if name == "sec.x20" else W) for name in names))
    lines = lines_of(compare_runs(before, after), 100)
    assert lines[3].strip() == "✗ sec.x20: passed → failed"
    assert len(lines) < 30
    assert any("… and 20 more checks" in line for line in lines)
    assert sum(" sec.x" in line for line in lines_of(compare_runs(before, after))) == 30
