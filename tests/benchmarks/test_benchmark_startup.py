"""The start-up benchmark does what it says, in one round and with few files; no speed is asserted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import startup
from benchmarks.pairing import Row, compare
from benchmarks.processes import Broken


@pytest.fixture
def place(tmp_path: Path) -> startup.Place:
    made = startup.Place(tmp_path)
    made.write(3)
    return made


def test_every_row_works(place: startup.Place) -> None:
    rows = [*startup.quick_rows(place), *startup.validating_rows(place), *startup.many_rows(place)]
    assert len({row.name for row in rows}) == len(rows) == 11
    floor = Row("pass", place.command("-c", "pass").measure)
    compared = compare(floor, rows, 1, warm=False, say=lambda _: None)
    assert [(series.broken, len(series.goes)) for series in compared.rows] == [((), 1)] * len(rows)


def test_known_files_are_known(place: startup.Place) -> None:
    validate = place.smokerunner("validate", str(place.small))
    validate.measure()
    assert "pydantic" not in {module.name for module in startup.imports(validate)}
    anew = place.smokerunner("validate", "--no-cache", str(place.small))
    assert "pydantic" in {module.name for module in startup.imports(anew)}


def test_the_worst_are_those_that_take_longest_by_themselves() -> None:
    goes = [[startup.Imported(f"m{number}", number * factor, 100) for number in range(12)] for factor in (1, 3, 2)]
    worst = startup.ten_worst(goes)
    assert [module.name for module in worst] == [f"m{number}" for number in range(11, 1, -1)]
    assert worst[0].alone == 22


def test_a_command_that_fails_is_told(place: startup.Place) -> None:
    with pytest.raises(Broken, match="exit code 2"):
        startup.imports(place.smokerunner("validate", "none.yaml"))
