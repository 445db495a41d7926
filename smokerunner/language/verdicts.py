"""What was found right before: a file that has not changed since need not be read again to say so.

Pydantic alone takes longer to import than all of `validate` may take, so only a verdict that is known already can be
quick. It is kept by the file's bytes and by everything else that it hangs on: the words of smokerunner, the variables
that come from outside, the files beside it. Only that a file is right is ever remembered; complaints are made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smokerunner.language.files import LARGEST, files_in
from smokerunner.model.cache import cache_folder
from smokerunner.model.record import record

if TYPE_CHECKING:
    from smokerunner.language.load import LoadedFile
    from smokerunner.model.errors import Problem

_ROOMS = ("language", "mail", "model", "steps")
"""Where the code stands that judges."""
_PACKAGES = ("pydantic", "pydantic_core", "_ruamel_yaml")


@record
class Verdict:
    """A flow file that is right, in figures; `beside` are the files it uploads, which stand beside it."""

    path: Path
    app: str
    flows: int
    steps: int
    has_address: bool
    beside: tuple[str, ...] = ()


class Memory:
    """Verdicts kept in a folder, one file each, by several processes at once if need be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._judges = _judges()

    def key(self, path: Path, *conditions: str) -> str | None:
        """What a verdict on this file hangs on, as it is now; None when it cannot be read, or not twice."""
        try:
            # What comes from a pipe comes only once.
            if not path.is_file() or path.stat().st_size > LARGEST:
                return None
            raw = path.read_bytes()
        except OSError:
            # Whoever reads the file says why.
            return None
        about = json.dumps([self._judges, path.suffix.lower(), *conditions]).encode()
        return hashlib.sha256(about + b"\0" + raw).hexdigest()

    def recall(self, path: Path, key: str | None) -> dict[str, Any] | None:
        """What was remembered under this key."""
        try:
            kept = json.loads(self._place(path).read_bytes())
        except (OSError, ValueError):
            return None
        is_it = key is not None and isinstance(kept, dict) and kept.get("key") == key
        return dict(kept["found"]) if is_it else None

    def remember(self, path: Path, key: str | None, found: Mapping[str, Any]) -> None:
        """Keep it; a folder that cannot be written to is no reason to complain."""
        if key is None:
            return
        place = self._place(path)
        unfinished = place.with_suffix(f".{os.getpid()}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps({"key": key, "found": found}))
            unfinished.replace(place)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()

    def _place(self, path: Path) -> Path:
        # By the file's own path: however often it changes, there is one verdict on it.
        return self._folder / f"{hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]}.json"


def judge_files(paths: Iterable[Path], memory: Memory | None, *, given: Collection[str] = ()) -> tuple[Verdict, ...]:
    """The verdicts on flow files and those of folders; reads what is not known. Raises BadInput with all problems."""
    paths = list(paths)
    problems: list[Problem] = []
    files = files_in(paths, problems)
    conditions = ("flows", *sorted(given))
    keys = {path: memory.key(path, *conditions) for path in files} if memory is not None else {}
    judged = {path: found for path, key in keys.items() if memory is not None and (found := _known(path, key, memory))}
    if len(judged) == len(files) and not problems and _are_different(judged.values()):
        return tuple(judged.values())
    # Reading needs all of the model, and pydantic.
    from smokerunner.language.load import load_all, load_each

    loaded, wrong = load_each([path for path in files if path not in judged], given=given) if judged else ((), ())
    judged |= {item.path: _verdict(item) for item in loaded}
    if problems or wrong or not loaded or not _are_different(judged.values()):
        # All problems at once, in the order of the files: for that, everything is read.
        loaded = load_all(paths, given=given)
        judged = {item.path: _verdict(item) for item in loaded}
    for item in loaded:
        # Whoever wrote into the file meanwhile has changed its key.
        if memory is not None and _is_kept(item) and memory.key(item.path, *conditions) == keys[item.path]:
            memory.remember(item.path, keys[item.path], _figures(judged[item.path]))
    return tuple(judged[path] for path in files)


def judge_environments(path: Path, memory: Memory | None) -> frozenset[str]:
    """The variables that an environment file gives; reads it when that is not known. Raises BadInput."""
    key = memory.key(path, "environments") if memory is not None else None
    kept = memory.recall(path, key) if memory is not None else None
    if kept is not None:
        return frozenset(kept["variables"])
    from smokerunner.language.environment import load_config

    config = load_config(path)
    # What a `browser` names is looked for on this machine, so the verdict hangs on more than the file.
    is_plain = all(
        environment.browser is None for app in config.config.apps.values() for environment in app.environments.values()
    )
    if memory is not None and is_plain and memory.key(path, "environments") == key:
        memory.remember(path, key, {"variables": sorted(config.variable_names)})
    return config.variable_names


def _known(path: Path, key: str | None, memory: Memory) -> Verdict | None:
    kept = memory.recall(path, key)
    if kept is None:
        return None
    verdict = Verdict(path, **{**kept, "beside": tuple(kept["beside"])})
    return verdict if all((path.parent / name).is_file() for name in verdict.beside) else None


def _figures(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in asdict(verdict).items() if name != "path"}


def _verdict(item: LoadedFile) -> Verdict:
    from smokerunner.language.names import uploaded

    flows = item.file.flows.values()
    return Verdict(
        path=item.path,
        app=item.file.app,
        flows=len(flows),
        steps=sum(len(flow.steps) for flow in flows),
        has_address=item.file.base_url is not None,
        beside=tuple(dict.fromkeys(str(name) for _, name in uploaded(item.file))),
    )


def _is_kept(item: LoadedFile) -> bool:
    """Whether the verdict hangs on nothing but the file and what it uploads: a `browser` names more."""
    from smokerunner.language.browsing import browsings

    return not any(browsings(item.file))


def _are_different(verdicts: Iterable[Verdict]) -> bool:
    apps = [verdict.app for verdict in verdicts]
    return len(apps) == len(set(apps))


def _judges() -> Sequence[Any]:
    """Who judges: the code of smokerunner and of what it reads files with, by size and time."""
    return [sys.version, *_ages()]


def _ages() -> Iterator[tuple[str, int, int]]:
    package = Path(__file__).parents[1]
    files = [entry for room in _ROOMS for entry in os.scandir(package / room) if entry.name.endswith(".py")]
    for entry in sorted(files, key=lambda entry: entry.path):
        seen = entry.stat()
        yield entry.path, seen.st_size, seen.st_mtime_ns
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            age = Path(spec.origin).stat()
            yield spec.origin, age.st_size, age.st_mtime_ns


def memory_of_user() -> Memory | None:
    """The memory in this user's cache; None for a user without a home."""
    folder = cache_folder()
    return None if folder is None else Memory(folder / "verdicts")
