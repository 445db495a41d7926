"""What the control groups around this process allow it: a container, a service or a CI job. Only Linux has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def memory_limit(root: Path) -> int | None:
    """The bytes that the narrowest group may use at all; None when no limit is told."""
    return min((limit for _, limit in _limits(root)), default=None)


def memory_room(root: Path) -> int | None:
    """The bytes that are left in the narrowest group; None when no limit is told."""
    return min((max(0, limit - _used(group)) for group, limit in _limits(root)), default=None)


def cores_allowed(root: Path) -> float | None:
    """How many cores the narrowest group may keep busy, also a part of one; None when no limit is told."""
    return min((cores for group in _groups(root, "cpu") if (cores := _cores(group)) is not None), default=None)


def text_of(path: Path) -> str:
    """What a file of the system holds; empty on another system, or in a container that does not show it."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _limits(root: Path) -> Iterator[tuple[Path, int]]:
    for group in _groups(root, "memory"):
        limit = _number(group, "memory.max", "memory.limit_in_bytes")
        if limit is not None:
            yield group, limit


def _used(group: Path) -> int:
    """What cannot be given back at once: files that were read a while ago are forgotten first when memory is short."""
    statistics = dict(line.rpartition(" ")[::2] for line in text_of(group / "memory.stat").splitlines())
    forgotten = statistics.get("total_inactive_file", statistics.get("inactive_file", "0"))
    return (_number(group, "memory.current", "memory.usage_in_bytes") or 0) - int(forgotten)


def _cores(group: Path) -> float | None:
    # Version 2 has both numbers in one file, and `max` where there is no limit; version 1 has -1 there.
    said = text_of(group / "cpu.max") or " ".join(
        text_of(group / name) for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us")
    )
    quota, _, period = said.partition(" ")
    return int(quota) / int(period) if quota.isdecimal() and period.isdecimal() else None


def _number(group: Path, *names: str) -> int | None:
    return next((int(text) for text in (text_of(group / name) for name in names) if text.isdecimal()), None)


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folder of the process's own group, and those of the groups around it, as far as they are seen here.

    Inside a container the path of the own group may be that outside, where only the outermost folder is.
    """
    mounts = root / "sys/fs/cgroup"
    for line in text_of(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        # Version 1 has a hierarchy for each controller, or for some together; version 2 has one for all.
        for top in dict.fromkeys((mounts / controllers, mounts / controller)) if controllers else (mounts,):
            group = top / path.strip("/")
            yield from (group, *(outer for outer in group.parents if outer.is_relative_to(top)))
