"""Every report of the sample run, letter for letter.

After a wanted change `python tests/reports/test_report_snapshots.py` writes the files anew; read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_run import RUN, read

from smokerunner.reports.catalogue import REPORTS

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_it_was(name: str) -> None:
    assert REPORTS[name](RUN, read).encode() == (SNAPSHOTS / name).read_bytes()


def test_every_report_has_its_file() -> None:
    assert sorted(path.name for path in SNAPSHOTS.iterdir()) == sorted(REPORTS)


if __name__ == "__main__":
    for name, render in REPORTS.items():
        (SNAPSHOTS / name).write_bytes(render(RUN, read).encode())
