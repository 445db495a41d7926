"""Every report of the sample run, letter for letter.

After a wanted change `python tests/reports/test_report_snapshots.py` writes the files anew; read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_run import RUN, read

from smokerunner.reports.catalogue import CATALOGUE
from smokerunner.reports.place import WITHIN

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_report_is_as_it_was(name: str) -> None:
    report = CATALOGUE[name]
    assert report.render(RUN, read, WITHIN).encode() == (SNAPSHOTS / report.filename).read_bytes()


def test_every_report_has_its_file() -> None:
    assert sorted(path.name for path in SNAPSHOTS.iterdir()) == sorted(r.filename for r in CATALOGUE.values())


if __name__ == "__main__":
    for found in CATALOGUE.values():
        (SNAPSHOTS / found.filename).write_bytes(found.render(RUN, read, WITHIN).encode())
