"""The arithmetic of the benchmarks, and how a command is measured. Nothing here asserts how long something takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.__main__ import PARTS, document
from benchmarks.one_flow import beside_peers
from benchmarks.pairing import Go, Part, Row, Series, Table, compare, spent_cells, spent_table
from benchmarks.parts import describe
from benchmarks.processes import Broken, Command, Spent


class Bench:
    """Rows whose goes take what a test says, and the order in which they were called."""

    def __init__(self) -> None:
        self.order: list[str] = []

    def row(self, name: str, *walls: float | str) -> Row:
        """A row whose goes take these seconds, over and over; a text is a go that breaks and says it."""
        goes = iter(walls * 100)

        def go() -> Spent:
            self.order.append(name)
            taken = next(goes)
            if isinstance(taken, str):
                raise Broken(taken)
            return Spent(taken, taken * 2)

        return Row(name, go)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def quiet(_: str) -> None:
    """Where nobody reads how far it is."""


def test_rows_run_in_turn_with_the_floor_and_the_next_round_backwards(bench: Bench) -> None:
    compare(bench.row("f", 1.0), [bench.row("a", 1.0), bench.row("b", 1.0)], 2, warm=False, say=quiet)
    assert "".join(bench.order) == "fafbf" + "fbfaf"


def test_warming_runs_each_row_once_and_counts_nothing(bench: Bench) -> None:
    compared = compare(bench.row("f", 9.0, 1.0, 1.0), [bench.row("a", 9.0, 2.0)], 1, say=quiet)
    assert "".join(bench.order) == "fa" + "faf"
    assert compared.rows[0].wall == 2.0


def test_a_ratio_is_to_the_mean_of_the_two_floors_beside_it(bench: Bench) -> None:
    compared = compare(bench.row("f", 1.0, 3.0), [bench.row("a", 5.0)], 1, warm=False, say=quiet)
    (a,) = compared.rows
    assert a.ratio == 2.5
    assert a.cpu_ratio == 2.5
    assert compared.floor.wall == 2.0


def test_a_slower_machine_slows_both_sides(bench: Bench) -> None:
    # The second round is ten times as slow; its ratio is the same.
    floor = bench.row("f", 1.0, 1.0, 10.0, 10.0)
    (a,) = compare(floor, [bench.row("a", 1.5, 15.0)], 2, warm=False, say=quiet).rows
    assert {go.wall / go.floor_wall for go in a.goes} == {1.5}
    assert a.ratio == 1.5


def test_the_median_is_not_moved_by_one_bad_go(bench: Bench) -> None:
    (a,) = compare(bench.row("f", 1.0), [bench.row("a", 1.2, 90.0, 1.3)], 3, warm=False, say=quiet).rows
    assert a.ratio == 1.3
    assert a.wall_range == (1.2, 90.0)


def test_rows_that_take_long_may_stand_together_between_two_floors(bench: Bench) -> None:
    rows = [bench.row(name, 4.0) for name in "abc"]
    compared = compare(bench.row("f", 1.0, 3.0, 5.0), rows, 1, warm=False, together=2, say=quiet)
    assert "".join(bench.order) == "fabfcf"
    assert [row.ratio for row in compared.rows] == [2.0, 2.0, 1.0]


def test_a_go_that_breaks_is_left_out_and_told(bench: Bench) -> None:
    compared = compare(bench.row("f", 1.0), [bench.row("a", "lost its way", 2.0)], 2, warm=False, say=quiet)
    assert [go.wall for go in compared.rows[0].goes] == [2.0]
    assert "a: lost its way" in spent_table("t", compared).markdown()


def test_a_row_that_breaks_while_it_is_warmed_is_skipped_with_the_reason(bench: Bench) -> None:
    compared = compare(bench.row("f", 1.0), [bench.row("a", "not there")], 3, say=quiet)
    assert bench.order.count("a") == 1
    assert spent_cells(compared.rows[0])[:2] == ["a", "skipped: not there"]


def test_a_floor_that_breaks_ends_the_benchmark(bench: Bench) -> None:
    with pytest.raises(Broken, match="no browser"):
        compare(bench.row("f", "no browser"), [bench.row("a", 1.0)], 1, say=quiet)


def test_results_tell_when_where_with_what_and_what_was_skipped() -> None:
    part = Part(
        "one-flow", 3, [Table("One flow", ("row", "x floor"), [["bare", "1.00"]], ["a note"])], skipped=["no npm"]
    )
    text = document([{**describe(), **asdict(part), "versions": {"peer": "1.2.3"}}])
    for said in (
        "## one-flow",
        "3 rounds",
        "cores",
        "peer 1.2.3",
        "| bare | 1.00    |",
        "* a note",
        "* skipped: no npm",
    ):
        assert said in text


def test_one_flow_says_which_peers_it_is_faster_than() -> None:
    def took(name: str, wall: float) -> Series:
        return Series(name, (Go(name, 0, wall, wall, 1.0, 1.0),))

    rows = [
        took("smokerunner: trace off", 1.2),
        took("smokerunner: default (trace armed)", 1.45),
        took("Peer: PNG", 1.3),
    ]
    assert beside_peers(rows) == [
        "smokerunner: trace off: faster than every peer here.",
        "smokerunner: default (trace armed): not faster than Peer.",
    ]


def test_every_part_is_a_module() -> None:
    folder = Path(__file__).parents[2] / "benchmarks"
    assert [name for name in PARTS if not (folder / f"{name.replace('-', '_')}.py").is_file()] == []


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., Command]:
    def make(code: str, **more: float) -> Command:
        return Command([sys.executable, "-c", code], tmp_path, **more)  # type: ignore[arg-type]

    return make


BURN = "import time\nwhile time.process_time() < 0.3: pass"


def test_cpu_counts_what_a_command_leaves_behind(python: Callable[..., Command]) -> None:
    # The child outlives its parent and is waited for by nobody.
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}])"
    assert python(orphan).measure().cpu >= 0.3


def test_a_command_that_fails_says_what_it_printed(python: Callable[..., Command]) -> None:
    with pytest.raises(Broken, match=r"exit code 5; no such thing"):
        python("import sys; print('no such thing'); sys.exit(5)").measure()


def test_a_command_that_does_not_end_is_given_up(python: Callable[..., Command]) -> None:
    with pytest.raises(Broken, match=r"no end after 0\.5 s"):
        python("import time; time.sleep(60)", patience=0.5).measure()


def test_a_peer_that_cannot_be_had_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(peers.Missing, match="there is no npm"):
        peers.install_node()


def test_memory_is_that_of_the_tree_and_of_the_first_process_alone(python: Callable[..., Command]) -> None:
    child = "import time; held = b'x' * 80_000_000; time.sleep(1)"
    peak = python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])").weigh()
    assert peak.tree > 80 > peak.alone
    assert peak.processes == 2
