"""Writing a file so that there is always a whole one: the old or the new."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from smokerunner.model.errors import BadInput, Problem


def refuse_changed(path: Path, before: bytes | None) -> None:
    """Raise BadInput when the file is not what was read; `before` is None when there was none."""
    try:
        now = path.read_bytes()
    except FileNotFoundError:
        now = None
    except OSError as wrong:
        raise BadInput([Problem(str(path), 0, 0, f"cannot be read: {wrong.strerror}")]) from wrong
    if now == before:
        return
    if before is None:
        raise BadInput([Problem(str(path), 0, 0, "is there already; nothing was written")])
    said = "was changed" if now is not None else "was removed"
    raise BadInput([Problem(str(path), 0, 0, f"{said} by someone else meanwhile; nothing was written")])


def write_whole(target: Path, raw: bytes) -> None:
    """Put a whole file in place at once, with the mode of the one that was there. Raises BadInput."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_mask()
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as wrong:
        raise BadInput([Problem(str(target), 0, 0, f"cannot be written: {wrong.strerror}")]) from wrong
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        scratch.replace(target)
    except OSError as wrong:
        raise BadInput([Problem(str(target), 0, 0, f"cannot be written: {wrong.strerror}")]) from wrong
    finally:
        with contextlib.suppress(FileNotFoundError):
            scratch.unlink()


def _mask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
