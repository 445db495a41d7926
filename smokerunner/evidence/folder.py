"""The folder a run writes into while it goes on; it gets its real name only when it is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from uuid import uuid4

from smokerunner.evidence.content import is_text
from smokerunner.model.errors import Unavailable
from smokerunner.model.record import record
from smokerunner.model.secret import Secrets

SUMS = "SHA256SUMS"
SIGNATURE = f"{SUMS}.minisig"
RUN = "run.json"


class Unwritable(Unavailable):
    """The evidence cannot be written: the disk is full, read-only, or not ours."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"cannot write evidence to {path}: {error.strerror or error}")
        self.path = path


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn any OSError into one clear `Unwritable` that names the path."""
    try:
        yield
    except OSError as error:
        raise Unwritable(path, error) from error


def partial_of(out: Path, run_id: str) -> Path:
    """Where a run's files are until they are sealed."""
    return out / f".{run_id}.partial"


@record
class Folder:
    """A run's unfinished evidence in `<out>/.<run_id>.partial/`. Every method may raise `Unwritable`."""

    out: Path
    run_id: str
    secrets: Secrets

    @classmethod
    def create(cls, out: Path, run_id: str, secrets: Secrets) -> Folder:
        """Make the unfinished folder, before the run, so that a full disk or a wrong path is known at once."""
        folder = cls(out, run_id, secrets)
        if not run_id or run_id.startswith(".") or "/" in run_id:
            raise ValueError(f"not a run id: {run_id!r}")
        with writing(folder.root):
            folder.root.mkdir(parents=True)
        return folder

    @property
    def root(self) -> Path:
        """The unfinished folder."""
        return partial_of(self.out, self.run_id)

    @property
    def sealed(self) -> Path:
        """The folder's name once it is sealed."""
        return self.out / self.run_id

    def path(self, path: str) -> Path:
        """The file for a relative path with forward slashes, its parents made, for others to write to."""
        inside = PurePosixPath(path)
        if not inside.parts or inside.is_absolute() or ".." in inside.parts or "\\" in path or not path.isprintable():
            raise ValueError(f"not a path inside the evidence: {path!r}")
        target = self.root / inside
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def write(self, path: str, data: bytes) -> None:
        """Write a whole file or nothing; secrets are masked in text at once, so that a killed run holds none."""
        target = self.path(path)
        with writing(target):
            replace(target, self.secrets.scrub_bytes(data) if is_text(data) else data)

    def read(self, path: str) -> bytes | None:
        """A file's bytes, None when there is none."""
        target = self.path(path)
        with writing(target):
            return target.read_bytes() if target.is_file() else None

    def append_line(self, path: str, text: str) -> None:
        """Add one line to a text file, masked."""
        target = self.path(path)
        with writing(target), target.open("ab") as file:
            file.write(self.secrets.scrub_bytes(text.encode()) + b"\n")


def replace(target: Path, data: bytes) -> None:
    """Write beside the target, then take its place; an OSError leaves what was there before."""
    beside = target.with_name(f".{uuid4().hex}.tmp")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
