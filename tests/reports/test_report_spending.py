"""Where the time of a profiled run went, as the report shows it; made by hand, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smokerunner.cli.spending import spending_lines
from smokerunner.model.event import Profiled
from smokerunner.model.outcome import Outcome
from smokerunner.model.profile import Phase, Profile, Spent
from smokerunner.model.result import Result
from smokerunner.model.run import Run, Tool
from smokerunner.model.spending import parts_of, slowest, spent_of
from smokerunner.reports.html import render
from smokerunner.reports.html.spending import spending_of
from smokerunner.reports.html.timeline import timeline_of

BEGAN = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
PROFILE = Profile(phases={Phase.START: 1, Phase.FLOWS: 19}, cpu_own=3, cpu_driver=2, cpu_browser=5)


def result(kind: str, name: str, at: float, spent: Spent | None, *children: Result, title: str = "") -> Result:
    return Result.model_validate(
        {
            "id": f"flows/pay/{kind}-{name}-{at}",
            "kind": kind,
            "name": name,
            "title": title or f"{kind} {name}",
            "outcome": Outcome.PASSED,
            "started": BEGAN + timedelta(seconds=at),
            "seconds": 1,
            "spent": spent,
            "children": children,
        }
    )


INNER = result("step", "02.01", 3, Spent(acting=2, own=0.001))
FIRST = result(
    "attempt",
    "1",
    1,
    Spent(navigation=4, acting=2, launch=1, own=1),
    result("step", "01", 2, Spent(navigation=4), title="goto <b>/pay</b>"),
    result("step", "02", 3, Spent(acting=2, own=0.5), INNER),
    result("cleanup", "cleanup", 8, Spent(writing=2), result("step", "01", 8, Spent(writing=1.5))),
)
SECOND = result("attempt", "2", 10, Spent(waiting=10), result("step", "01", 10, Spent(waiting=9)))
FLOW = result("flow", "pay", 1, None, FIRST, SECOND, result("step", "01", 20, None))
RUN = Run(
    id="shop-local-20261122T201500Z-abcdef",
    app="shop",
    started=BEGAN,
    ended=BEGAN + timedelta(seconds=20),
    tool=Tool(smokerunner="1", playwright="1", python="3", platform="Linux"),
    results=(FLOW,),
    profile=PROFILE,
)


def test_attempts_and_cleanups_count_once() -> None:
    assert [part.name for part in parts_of(FLOW)] == ["1", "cleanup", "2"]
    assert spent_of([FLOW]) == Spent(navigation=4, waiting=10, acting=2, launch=1, writing=2, own=1)
    found = spending_of(RUN)
    assert found is not None
    assert (found.all.spent.total, found.app) == (20, 80)
    told = [(part.whole.label, [(row.number, row.depth) for row in part.steps]) for part in found.parts]
    assert told == [
        ("pay", [("1", 0), ("2", 0), ("2.1", 1)]),
        ("pay, cleanup", [("1", 0)]),
        ("pay, attempt 2", [("1", 0)]),
    ]


def test_the_slowest_are_the_innermost() -> None:
    found = [(slow.flow, slow.number, slow.spent.total) for slow in slowest([FLOW])]
    assert found == [("pay, attempt 2", "1", 9), ("pay", "1", 4), ("pay", "2.1", 2.001), ("pay, cleanup", "1", 1.5)]


def test_no_bar_is_longer_than_the_longest() -> None:
    found, timeline = spending_of(RUN), timeline_of(RUN)
    assert found is not None
    assert timeline is not None
    rows = [found.all, *found.slowest, *(row for part in found.parts for row in (part.whole, *part.steps))]
    for row in rows:
        assert row.pieces[-1].x + row.pieces[-1].width <= 100.01
        assert all(piece.width > 0 for piece in row.pieces)
    first = timeline.bars[0].steps[0]
    assert [(piece.kind, piece.x, piece.width) for piece in first.pieces] == [("navigation", 10, 20)]


def test_numbers_stand_beside_every_bar_and_no_title_is_markup() -> None:
    page = render(RUN, lambda _: None)
    assert "the app took 80&nbsp;%" in page
    assert "goto &lt;b&gt;/pay&lt;/b&gt;" in page
    assert "goto <b>" not in page
    # A thousandth of a second is no number worth a word.
    assert '<i class="acting"></i>acting&nbsp;2.00 s' in page
    assert page.count("own&nbsp;0.00 s") == 0
    assert "3.00 s for smokerunner, 2.00 s for Playwright’s driver and 5.00 s for the browser." in page


def test_a_run_without_flows_tells_its_phases() -> None:
    unreached = RUN.model_copy(update={"results": (), "profile": PROFILE.model_copy(update={"cpu_browser": None})})
    found = spending_of(unreached)
    assert found is not None
    assert (found.parts, found.slowest) == ((), ())
    assert "No flow was run." in render(unreached, lambda _: None)
    event = Profiled(at=BEGAN, profile=PROFILE, spent=Spent(), slowest=())
    assert [line for line in spending_lines(event) if "in the flows" in line] == []


def test_unmeasured_it_is_not_shown() -> None:
    bare = RUN.model_copy(update={"profile": None})
    assert spending_of(bare) is None
    assert 'id="spending"' not in render(bare, lambda _: None)
    assert "--navigation" not in render(bare, lambda _: None)
