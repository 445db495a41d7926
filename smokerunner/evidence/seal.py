"""The end of a run's folder: searched, reported, hashed, renamed and packed; or nothing that looks whole."""

from __future__ import annotations

import errno
import hashlib
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from smokerunner.evidence.folder import RUN, SIGNATURE, SUMS, Folder, replace, writing
from smokerunner.evidence.scan import Scan, files_below, leaks, scrub
from smokerunner.evidence.schema import is_our_own, mismatches, written
from smokerunner.evidence.withhold import artifacts_of, masked_run, with_notice, with_withheld
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.record import record
from smokerunner.model.rendering import Renderers
from smokerunner.model.run import Run

if TYPE_CHECKING:
    from smokerunner.evidence.signature import PrivateKey

_PACKED = (".png", ".jpg", ".jpeg", ".webp", ".zip", ".gz")
_HASHERS = 8
"""Files that are hashed and made safe at a time."""


@record
class Sealed:
    """A finished bundle. `run` is what run.json says, `archive` is None when a secret is still inside."""

    path: Path
    archive: Path | None
    run: Run
    problems: tuple[str, ...] = ()


def seal(folder: Folder, run: Run, renderers: Renderers, key: PrivateKey | None = None) -> Sealed:
    """Make the bundle whole: `<out>/<run id>/` and `<out>/<run id>.zip`.

    `renderers` are pure functions by file name; they see the run as it will stand in run.json, and what is in the
    folder. With `key` the sums are signed. Raises `Unwritable`, and then the unfinished folder may stay, without
    SHA256SUMS.
    """
    scan = scrub(folder.root, folder.secrets)
    run, problems = _searched(folder, run, scan)
    _write_run(folder, run, renderers)
    leaking = leaks(folder.root, folder.secrets, scan.clean)
    if leaking:
        message = f"a secret is still in {_listed(folder, leaking)}, so no archive was made"
        run = with_notice(run, Outcome.ERROR, message)
        problems.append(message)
        _write_run(folder, run, renderers)
    return Sealed(folder.sealed, _close(folder, run, key, pack=not leaking), run, tuple(problems))


def _searched(folder: Folder, run: Run, scan: Scan) -> tuple[Run, list[str]]:
    artifacts = artifacts_of(run)
    reasons = dict(scan.withheld)
    with writing(folder.root):
        present = set(files_below(folder.root))
    for artifact in artifacts:
        path = artifact.same_as or artifact.path
        if path not in present and not artifact.withheld:
            reasons.setdefault(path, "it was never written")
    run = with_withheld(run, reasons)
    named = {artifact.same_as or artifact.path for artifact in artifacts}
    stray = [path for path in scan.withheld if path not in named]
    if stray:
        run = with_notice(run, Outcome.WARNED, f"a secret stood in {_listed(folder, stray)}, so that was left out")
    problems = [folder.secrets.scrub(f"{path}: {reason}") for path, reason in sorted(reasons.items())]
    return masked_run(run, folder.secrets), problems


def _listed(folder: Folder, paths: tuple[str, ...] | list[str]) -> str:
    return folder.secrets.scrub(", ".join(sorted(set(paths))))


def _write_run(folder: Folder, run: Run, renderers: Renderers) -> None:
    document = written(run)
    wrong = [] if is_our_own(document) else mismatches(document)
    if wrong:
        raise Unavailable(f"the run does not match its own schema: {'; '.join(wrong[:3])}")
    for name, render in renderers.items():
        folder.write(name, render(run, folder.read).encode("utf-8", "replace"))
    # Not through `write`: the run is masked text by text already, and masking the file could break it.
    target = folder.path(RUN)
    with writing(target):
        replace(target, document.encode())


def _close(folder: Folder, run: Run, key: PrivateKey | None, *, pack: bool) -> Path | None:
    archive = folder.out / f"{folder.run_id}.zip"
    unfinished = folder.out / f".{folder.run_id}.zip.partial"
    whole = False
    try:
        for taken in (folder.sealed, archive):
            with writing(taken):
                if taken.exists():
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        _write_sums(folder)
        if key is not None:
            _sign(folder, run, key)
        if pack:
            with writing(archive):
                _pack(folder, run, unfinished)
        with writing(folder.sealed):
            folder.root.rename(folder.sealed)
        if pack:
            with writing(archive):
                unfinished.replace(archive)
        with writing(folder.out):
            _sync(folder.out)
        whole = True
    finally:
        if not whole:
            # What stays behind must not pass for evidence that is whole.
            for proof in (SUMS, SIGNATURE):
                (folder.root / proof).unlink(missing_ok=True)
            unfinished.unlink(missing_ok=True)
    return archive if pack else None


def _write_sums(folder: Folder) -> None:
    paths = [path for path in files_below(folder.root) if path != SUMS]
    # A disk takes many files at once in hardly more time than one, and hashing lets go of the interpreter.
    with ThreadPoolExecutor(_HASHERS) as pool:
        sums = list(pool.map(lambda path: _safe_sum(folder.root / path), paths))
    lines = [f"{found}  {path}\n" for found, path in zip(sums, paths, strict=True)]
    target = folder.root / SUMS
    with writing(target):
        beside = target.with_name(f".{uuid4().hex}.tmp")
        beside.write_text("".join(lines), encoding="utf-8")
        _sync(beside)
        beside.replace(target)
        for found in (*(below for below in folder.root.rglob("*") if below.is_dir()), folder.root):
            _sync(found)


def _safe_sum(path: Path) -> str:
    """A file's SHA-256 in hexadecimal digits; the file is on the disk then."""
    with writing(path), path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return found


def _sign(folder: Folder, run: Run, key: PrivateKey) -> None:
    # Signed as well, and printed by whoever checks.
    comment = f"timestamp:{int(run.ended.timestamp())}\tfile:{SUMS}\trun:{run.id}"
    target = folder.root / SIGNATURE
    with writing(target):
        replace(target, key.sign((folder.root / SUMS).read_bytes(), comment).encode())
        _sync(target)
        _sync(folder.root)


def _pack(folder: Folder, run: Run, target: Path) -> None:
    """Entries sorted, all with the time the run ended, so that the same folder gives the same archive."""
    ended = run.ended.astimezone(UTC).timetuple()
    with zipfile.ZipFile(target, "w") as archive:
        for path in files_below(folder.root):
            entry = zipfile.ZipInfo(f"{folder.run_id}/{path}", date_time=ended[:6])
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            with (folder.root / path).open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                while chunk := source.read(1 << 20):
                    packed.write(chunk)
    _sync(target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
