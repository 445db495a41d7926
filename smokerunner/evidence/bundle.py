"""A sealed bundle read back, from its folder or its zip."""

from __future__ import annotations

import json
import zipfile
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from smokerunner.evidence.folder import RUN
from smokerunner.evidence.packing import DAMAGED
from smokerunner.evidence.scan import files_below
from smokerunner.model.errors import BadInput
from smokerunner.model.record import record
from smokerunner.model.run import SCHEMA_VERSION, Run


class Files(ABC):
    """The files of a bundle, wherever they are."""

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Sorted paths, relative to the bundle; what is not below its top folder keeps its full name."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """A file's bytes; raises KeyError when there is none, and what `DAMAGED` lists when it cannot be read."""

    @abstractmethod
    def oddities(self) -> list[str]:
        """What no bundle of ours has: links, entries that would be unpacked elsewhere, names that occur twice."""


@record
class FolderFiles(Files):
    """A bundle's folder."""

    root: Path

    def names(self) -> tuple[str, ...]:
        """Every file below the folder."""
        return tuple(files_below(self.root))

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        target = self.root / path
        if not target.is_file() or not target.resolve().is_relative_to(self.root.resolve()):
            raise KeyError(path)
        return target.read_bytes()

    def oddities(self) -> list[str]:
        """Links, which could show anything."""
        return [f"{path}: is a link" for path in self.names() if (self.root / path).is_symlink()]


@record
class ZipFiles(Files):
    """A bundle's zip; `top` is the folder inside it, with a slash, or empty."""

    archive: Path
    entries: tuple[str, ...]
    top: str

    @classmethod
    def open(cls, archive: Path) -> ZipFiles:
        """Raises BadInput when it is not a zip or cannot be read."""
        try:
            with zipfile.ZipFile(archive) as opened:
                entries = tuple(entry.filename for entry in opened.infolist() if not entry.is_dir())
        except OSError as error:
            raise BadInput(f"{archive}: cannot be read: {error.strerror or error}") from error
        except DAMAGED as error:
            raise BadInput(f"{archive}: not a whole zip archive ({error})") from error
        tops = {entry.removesuffix(RUN) for entry in entries if entry == RUN or entry.count("/") == 1}
        top = next((top for top in sorted(tops) if f"{top}{RUN}" in entries), "")
        return cls(archive, entries, top)

    def names(self) -> tuple[str, ...]:
        """Every entry."""
        return tuple(sorted({entry.removeprefix(self.top) for entry in self.entries}))

    def read(self, path: str) -> bytes:
        """An entry's bytes."""
        with zipfile.ZipFile(self.archive) as opened:
            return opened.read(self.top + path)

    def oddities(self) -> list[str]:
        """Entries twice, outside the top folder, or with a name that leads out of it; damaged ones."""
        found = [
            f"{name}: stands twice in the archive" for name, times in sorted(Counter(self.entries).items()) if times > 1
        ]
        for entry in self.entries:
            if entry.startswith("/") or "\\" in entry or ".." in entry.split("/") or ":" in entry.split("/")[0]:
                found.append(f"{entry}: would be unpacked outside the bundle")
            elif not entry.startswith(self.top):
                found.append(f"{entry}: is not in the bundle's folder")
        with zipfile.ZipFile(self.archive) as opened:
            try:
                damaged = opened.testzip()
            except DAMAGED as error:
                return [*found, f"{self.archive.name}: is damaged ({error})"]
        return [*found, f"{damaged}: is damaged in the archive"] if damaged else found


def open_files(path: Path) -> Files:
    """The files of a bundle's folder or zip. Raises BadInput when there is neither."""
    if path.is_dir():
        return FolderFiles(path)
    if not path.exists():
        raise BadInput(f"{path}: no such bundle")
    return ZipFiles.open(path)


def read_run(text: bytes, place: str) -> Run:
    """The run of a run.json. Raises BadInput with one line that begins with `place`."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise BadInput(f"{place}: run.json is not JSON: {error}") from error
    version = document.get("schema_version") if isinstance(document, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise BadInput(
            f"{place}: run.json was written by a newer smokerunner (schema {version}, this one reads {SCHEMA_VERSION})"
        )
    try:
        return Run.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "top"
        raise BadInput(f"{place}: run.json is not valid: {where}: {first['msg']}") from error


@record
class Bundle:
    """A sealed bundle; nothing is ever written into it."""

    path: Path
    run: Run
    files: Files

    @classmethod
    def open(cls, path: Path) -> Bundle:
        """Read a bundle's folder or zip. Raises BadInput with one clear line."""
        files = open_files(path)
        try:
            text = files.read(RUN)
        except KeyError as error:
            raise BadInput(f"{path}: not a bundle, there is no run.json in it") from error
        except DAMAGED as error:
            raise BadInput(f"{path}: run.json cannot be read: {error}") from error
        return cls(path, read_run(text, str(path)), files)

    def names(self) -> tuple[str, ...]:
        """Every file, as sorted paths relative to the bundle."""
        return self.files.names()

    def read(self, path: str) -> bytes:
        """A file's bytes; raises KeyError when it is not in the bundle."""
        return self.files.read(path)

    def find(self, path: str) -> bytes | None:
        """A file's bytes, None when it is not in the bundle."""
        try:
            return self.files.read(path)
        except KeyError:
            return None
