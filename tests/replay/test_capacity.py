"""How many flows at a time: from cores, quotas and memory, by files as a system has them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from smokerunner.browser.binary import Binary
from smokerunner.language.load import load
from smokerunner.model.event import Event, RunStarted
from smokerunner.replay.capacity import MOST, Capacity, capacity, usable_cores
from smokerunner.replay.cgroup import cores_allowed, memory_limit, memory_room
from smokerunner.replay.conducting import conduct
from smokerunner.replay.foreseeing import foresee
from smokerunner.replay.foreseen import Foreseen
from smokerunner.replay.options import Options
from smokerunner.replay.preparing import prepare
from smokerunner.replay.stop import Stop

MB = 1 << 20
MEMINFO = "MemTotal:       8000000 kB\nMemFree:  300000 kB\nMemAvailable:   {} kB\n"
CGROUP = "sys/fs/cgroup"
ENDLESS = "9223372036854771712"
"""How version 1 says that there is no limit."""


def system(root: Path, files: Mapping[str, object]) -> Path:
    """A system with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return root


@pytest.mark.parametrize(
    ("cores", "free", "workers", "short"),
    [
        (2, None, 4, False),
        (1, None, 2, False),
        (64, 64000, MOST, False),
        (1.5, 64000, 3, False),
        (0.25, 64000, 1, False),
        (2, 1000, 4, False),
        (2, 999, 3, True),
        (2, 700, 2, True),
        (2, 100, 1, True),
        (0.5, 100, 1, False),
    ],
)
def test_workers_are_two_a_core_as_far_as_memory_goes(
    cores: float, free: int | None, workers: int, short: bool
) -> None:
    found = Capacity(cores, free)
    assert found.workers == workers
    assert found.shortage == (f"as only {free} MB of memory are free" if short else "")


def test_without_such_files_only_cores_count(tmp_path: Path) -> None:
    assert capacity(tmp_path) == Capacity(usable_cores())


def test_what_the_machine_has_left(tmp_path: Path) -> None:
    assert capacity(system(tmp_path, {"proc/meminfo": MEMINFO.format(700 * 1024)})).free_megabytes == 700


def test_a_container_sees_its_own_group_at_the_top(tmp_path: Path) -> None:
    root = system(
        tmp_path,
        {
            "proc/meminfo": MEMINFO.format(6000 * 1024),
            "proc/self/cgroup": "0::/",
            f"{CGROUP}/cpu.max": "50000 100000",
            f"{CGROUP}/memory.max": 2000 * MB,
            f"{CGROUP}/memory.current": 1500 * MB,
            f"{CGROUP}/memory.stat": f"anon {1200 * MB}\nfile {300 * MB}\ninactive_file {200 * MB}",
        },
    )
    assert capacity(root) == Capacity(0.5, 700)
    assert memory_limit(root) == 2000 * MB


def test_the_narrowest_group_around_counts(tmp_path: Path) -> None:
    root = system(
        tmp_path,
        {
            "proc/self/cgroup": "0::/ci.slice/job-7.scope",
            f"{CGROUP}/ci.slice/cpu.max": "150000 100000",
            f"{CGROUP}/ci.slice/memory.max": 900 * MB,
            f"{CGROUP}/ci.slice/memory.current": 100 * MB,
            f"{CGROUP}/ci.slice/job-7.scope/cpu.max": "max 100000",
            f"{CGROUP}/ci.slice/job-7.scope/memory.max": "max",
            f"{CGROUP}/ci.slice/job-7.scope/memory.current": 50 * MB,
            f"{CGROUP}/other.slice/memory.max": 10 * MB,
        },
    )
    assert (cores_allowed(root), memory_room(root)) == (1.5, 800 * MB)


def test_version_1_has_a_hierarchy_for_each_controller(tmp_path: Path) -> None:
    own = "docker/4f3c"
    root = system(
        tmp_path,
        {
            "proc/self/cgroup": f"4:memory:/{own}\n3:cpu,cpuacct:/{own}\n1:name=systemd:/{own}\n0::/",
            # Inside a container the own group stands at the top, whatever its path is outside.
            f"{CGROUP}/memory/memory.limit_in_bytes": 1000 * MB,
            f"{CGROUP}/memory/memory.usage_in_bytes": 600 * MB,
            f"{CGROUP}/memory/memory.stat": f"inactive_file 1\ntotal_inactive_file {100 * MB}",
            f"{CGROUP}/cpu,cpuacct/{own}/cpu.cfs_quota_us": 200000,
            f"{CGROUP}/cpu,cpuacct/{own}/cpu.cfs_period_us": 100000,
            f"{CGROUP}/cpu,cpuacct/cpu.cfs_quota_us": -1,
            f"{CGROUP}/cpu,cpuacct/cpu.cfs_period_us": 100000,
        },
    )
    assert (cores_allowed(root), memory_room(root)) == (2.0, 500 * MB)


def test_no_limit_is_no_reason(tmp_path: Path) -> None:
    root = system(
        tmp_path,
        {
            "proc/meminfo": MEMINFO.format(5000 * 1024),
            "proc/self/cgroup": "4:memory:/\n3:cpu:/",
            f"{CGROUP}/memory/memory.limit_in_bytes": ENDLESS,
            f"{CGROUP}/memory/memory.usage_in_bytes": 3000 * MB,
            f"{CGROUP}/cpu/cpu.cfs_quota_us": -1,
            f"{CGROUP}/cpu/cpu.cfs_period_us": 100000,
        },
    )
    assert capacity(root) == Capacity(usable_cores(), 5000)


def test_a_group_that_is_full_leaves_room_for_one(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/",
        f"{CGROUP}/memory.max": 100 * MB,
        f"{CGROUP}/memory.current": 120 * MB,
    }
    assert capacity(system(tmp_path, files)).workers == 1


def test_a_plan_and_a_run_say_that_memory_is_short(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        # Bound, and not listening: there is an address, and no app.
        nobody.bind(("127.0.0.1", 0))
        flows = "".join(f"  flow-{number}: {{steps: [{{goto: /}}]}}\n" for number in range(3))
        path = tmp_path / "shop.yaml"
        path.write_text(f"app: shop\nbase_url: http://127.0.0.1:{nobody.getsockname()[1]}\nflows:\n{flows}")
        binary = Binary(Path("/usr/bin/chromium"), "chromium")

        def told(workers: int, found: Capacity) -> tuple[RunStarted, Foreseen]:
            options = Options(workers=workers, out=tmp_path / "evidence", pack=False)
            job = replace(prepare(load(path), None, options, binary=binary), capacity=found)
            events: list[Event] = []
            asyncio.run(conduct(job, events.append, Stop()))
            (began,) = [event for event in events if isinstance(event, RunStarted)]
            return began, foresee(job, (), date(2026, 11, 30))

        began, plan = told(0, Capacity(2, 700))
        assert (began.workers, plan.workers, plan.shortage) == (2, 2, "as only 700 MB of memory are free")
        assert "2 flows at a time, as only 700 MB of memory are free" in began.notes

        began, plan = told(3, Capacity(2, 700))
        assert (began.workers, plan.workers, plan.shortage) == (3, 3, ""), "it was asked for so"
        assert not any("memory" in note for note in began.notes)

        began, plan = told(0, Capacity(2, 850))
        assert (began.workers, plan.workers) == (3, 3)
        assert not any("memory" in note for note in began.notes), "no flow has to wait"


def test_this_machine_can_replay_something() -> None:
    found = capacity()
    assert 1 <= found.workers <= MOST
    assert 0 < found.cores <= usable_cores()
