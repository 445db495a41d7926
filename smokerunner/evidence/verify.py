"""The proof that a bundle is what was sealed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from smokerunner.evidence.bundle import Files, open_files, read_run
from smokerunner.evidence.content import DAMAGED
from smokerunner.evidence.folder import RUN, SUMS
from smokerunner.evidence.schema import mismatches
from smokerunner.evidence.withhold import artifacts_of
from smokerunner.model.errors import BadInput

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_PNG = b"\x89PNG\r\n\x1a\n"


def verify(path: Path) -> list[str]:
    """What is wrong with a bundle's folder or zip; empty when it is proven. Raises BadInput when there is no bundle."""
    if not path.exists():
        raise BadInput(f"{path}: no such bundle")
    try:
        files = open_files(path)
    except BadInput as error:
        return [str(error)]
    return [*files.oddities(), *_sums(files), *_run(files)]


def _sums(files: Files) -> list[str]:
    text = _read(files, SUMS)
    if isinstance(text, str):
        return [text]
    expected: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.decode("utf-8", "replace").removesuffix("\n").split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            problems.append(f"{SUMS}: line {number} is not a sum and a name")
        elif found[2] in expected:
            problems.append(f"{SUMS}: {found[2]} is listed twice")
        else:
            expected[found[2]] = found[1]
    present = {name for name in files.names() if name != SUMS}
    problems += [f"{name}: is missing" for name in sorted(expected.keys() - present)]
    problems += [f"{name}: is not listed in {SUMS}" for name in sorted(present - expected.keys())]
    for name in sorted(expected.keys() & present):
        data = _read(files, name)
        if isinstance(data, str):
            problems.append(data)
        elif hashlib.sha256(data).hexdigest() != expected[name]:
            problems.append(f"{name}: was changed after the bundle was sealed")
    return problems


def _run(files: Files) -> list[str]:
    text = _read(files, RUN)
    if isinstance(text, str):
        return [text]
    problems = mismatches(text)
    if problems:
        return problems
    try:
        run = read_run(text, RUN)
    except BadInput as error:
        return [str(error)]
    present = set(files.names())
    for artifact in artifacts_of(run):
        path = artifact.same_as or artifact.path
        if artifact.withheld:
            continue
        if path not in present:
            problems.append(f"{path}: run.json names it, and it is not there")
        elif artifact.kind == "picture":
            data = _read(files, path)
            if isinstance(data, bytes) and not data.startswith(_PNG):
                problems.append(f"{path}: is not a PNG picture")
    return list(dict.fromkeys(problems))


def _read(files: Files, name: str) -> bytes | str:
    """A file's bytes, or what is wrong with it."""
    try:
        return files.read(name)
    except KeyError:
        return f"{name}: is missing"
    except DAMAGED as error:
        return f"{name}: cannot be read ({error})"
