"""From one small real run: verify, report, history, prune, and the events as JSON."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Ran, Smoke

pytestmark = pytest.mark.e2e


@pytest.fixture
def ran(smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> Ran:
    monkeypatch.setenv("SMOKE_PASSWORD", "a-Password-for-tests-7")
    done = smoke("demo", "--flow", "browse", "--json")
    assert done.exit_code == 0, done
    return done


def test_one_run_and_all_that_can_be_done_with_it(smoke: Smoke, ran: Ran, home: Path) -> None:
    kinds = [event["event"] for event in ran.events]
    assert kinds[0] == "run_started"
    assert kinds[-1] == "run_ended"
    assert kinds.count("step_started") == kinds.count("step_ended") == 9
    archive = ran.bundle.with_suffix(".zip")

    proved = smoke("verify", ran.bundle, archive)
    assert proved.exit_code == 0, proved
    assert proved.out.count("whole and unchanged") == 2

    before = sorted(path.read_bytes() for path in ran.bundle.rglob("*") if path.is_file())
    rendered = smoke("report", archive, "--to", home / "again")
    assert rendered.exit_code == 0, rendered
    for name in ("report.html", "junit.xml", "ctrf.json", "summary.md"):
        assert (home / "again" / name).read_bytes() == (ran.bundle / name).read_bytes()
    assert list((home / "again").glob("flows/browse/*.png"))
    assert sorted(path.read_bytes() for path in ran.bundle.rglob("*") if path.is_file()) == before
    inside = smoke("report", ran.bundle, "--to", ran.bundle / "again")
    assert inside.exit_code == 2
    assert "is inside the bundle, which is sealed" in inside.err

    assert ran.bundle.name in smoke("history").out
    flow = smoke("history", "acorn", "--flow", "browse")
    assert "passed" in flow.out
    assert "last passed" in flow.out
    assert smoke("history", "acorn", "--flow", "nothing").exit_code == 2

    picture = next(ran.bundle.glob("flows/browse/01-*.png"))
    picture.write_bytes(picture.read_bytes() + b"x")
    broken = smoke("verify", ran.bundle)
    assert broken.exit_code == 3
    assert picture.name in broken.err

    pruned = smoke("evidence", "prune", "--keep", "1")
    assert "0 removed" in pruned.out
    assert ran.bundle.exists()


def test_a_bundle_that_is_none_is_bad_input(smoke: Smoke, home: Path) -> None:
    (home / "empty").mkdir()
    with zipfile.ZipFile(home / "other.zip", "w") as archive:
        archive.writestr("x.txt", "x")
    (home / "text.zip").write_text("not a zip")
    for name in ("empty", "other.zip", "text.zip"):
        done = smoke("report", name)
        assert done.exit_code == 2, done
        assert "Traceback" not in done.err
    shutil.rmtree(home / "empty")
