"""The proof that a bundle is what was sealed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from smokerunner.evidence.bundle import Files, open_files, read_run
from smokerunner.evidence.folder import RUN, SIGNATURE, SUMS
from smokerunner.evidence.packing import DAMAGED
from smokerunner.evidence.schema import mismatches
from smokerunner.evidence.signature import PublicKey, Signature
from smokerunner.evidence.withhold import artifacts_of
from smokerunner.model.errors import BadInput
from smokerunner.model.record import record

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_PNG = b"\x89PNG\r\n\x1a\n"


@record
class Finding:
    """What is wrong: a file was `changed`, `added` or is `missing`; all else is `other`."""

    kind: str
    text: str


@record
class Proof:
    """What a look at a bundle found. `signature` is what it says of its signature, None when it has none."""

    findings: tuple[Finding, ...]
    signature: Signature | None = None

    @property
    def lines(self) -> list[str]:
        """One line a finding, each file once."""
        return list(dict.fromkeys(finding.text for finding in self.findings))

    @property
    def summary(self) -> str:
        """`2 changed, 1 missing, 1 added`; empty when it is no question of files."""
        counts = Counter(finding.kind for finding in dict.fromkeys(self.findings))
        kinds = ("changed", "missing", "added")
        return ", ".join(f"{counts[kind]} {kind}" for kind in kinds) if any(counts[kind] for kind in kinds) else ""


def examine(path: Path, key: PublicKey | None = None) -> Proof:
    """Look at a bundle's folder or zip. With `key` it must be signed by that key.

    Raises BadInput when there is no bundle.
    """
    if not path.exists():
        raise BadInput(f"{path}: no such bundle")
    try:
        files = open_files(path)
    except BadInput as error:
        return Proof((_other(str(error)),))
    signature, objection = _signed(files, key)
    others = [*files.oddities(), *([objection] if objection else [])]
    return Proof((*map(_other, others), *_sums(files), *_run(files)), signature)


def verify(path: Path) -> list[str]:
    """What is wrong with a bundle's folder or zip; empty when it is proven. Raises BadInput when there is no bundle."""
    return examine(path).lines


def _signed(files: Files, key: PublicKey | None) -> tuple[Signature | None, str]:
    """The signature, and what speaks against it."""
    if SIGNATURE not in files.names():
        return None, "" if key is None else f"is not signed: there is no {SIGNATURE} in it"
    content, sums = _read(files, SIGNATURE), _read(files, SUMS)
    signature = Signature.parse(content) if isinstance(content, bytes) else None
    if signature is None:
        return None, f"{SIGNATURE}: is not a signature"
    if key is None or isinstance(sums, str):
        return signature, ""
    return signature, signature.objection(sums, key)


def _other(text: str) -> Finding:
    return Finding("other", text)


def _unread(files: Files, name: str, text: str) -> Finding:
    return _other(text) if name in files.names() else Finding("missing", text)


def _sums(files: Files) -> Iterator[Finding]:
    text = _read(files, SUMS)
    if isinstance(text, str):
        yield _unread(files, SUMS, text)
        return
    expected: dict[str, str] = {}
    for number, line in enumerate(text.decode("utf-8", "replace").removesuffix("\n").split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            yield _other(f"{SUMS}: line {number} is not a sum and a name")
        elif found[2] in expected:
            yield _other(f"{SUMS}: {found[2]} is listed twice")
        else:
            expected[found[2]] = found[1]
    present = {name for name in files.names() if name not in (SUMS, SIGNATURE)}
    for name in sorted(expected.keys() - present):
        yield Finding("missing", f"{name}: is missing")
    for name in sorted(present - expected.keys()):
        yield Finding("added", f"{name}: was added after the bundle was sealed, it is not listed in {SUMS}")
    for name in sorted(expected.keys() & present):
        data = _read(files, name)
        if isinstance(data, str):
            yield _other(data)
        elif hashlib.sha256(data).hexdigest() != expected[name]:
            yield Finding("changed", f"{name}: was changed after the bundle was sealed")


def _run(files: Files) -> list[Finding]:
    text = _read(files, RUN)
    return (
        [_unread(files, RUN, text)] if isinstance(text, str) else [_other(said) for said in _read_as_run(files, text)]
    )


def _read_as_run(files: Files, text: bytes) -> list[str]:
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
