"""What a row leaves behind: its size, the pictures in it, and whether smokerunner's own bundle holds."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import ASSETS
from benchmarks.smoke import SMOKE

_IMAGES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True)
class Left:
    """The size of all files in kB, and how many different pictures are among them, in archives and journals too."""

    kilobytes: int
    pictures: int


def left_in(folder: Path) -> Left:
    """What lies in a folder. The zip that smokerunner writes beside a bundle's folder is the same again."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    bundles = {path.parent.with_suffix(".zip") for path in files if path.name == "run.json"}
    counted = [path for path in files if path not in bundles]
    own = {hashlib.sha256(data).digest() for _, data in ASSETS.values()}
    seen = {hashlib.sha256(data).digest() for path in counted for data in _pictures(path)} - own
    return Left(sum(path.stat().st_size for path in counted) // 1000, len(seen))


def verified(folder: Path) -> list[str]:
    """What `smokerunner verify` has against the bundles below a folder, and their zips; nothing when all is well."""
    bundles = [path.parent for path in sorted(folder.rglob("run.json"))]
    if not bundles:
        return [f"{folder.name}: there is no bundle"]
    said = []
    for bundle in bundles:
        argv = [SMOKE, "verify", str(bundle), str(bundle.with_suffix(".zip"))]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        if done.returncode:
            said.append(f"{bundle.name}: {(done.stdout + done.stderr).strip()}")
    return said


def _pictures(path: Path) -> Iterator[bytes]:
    if path.suffix in _IMAGES:
        yield path.read_bytes()
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(_IMAGES):
                    yield archive.read(name)
    elif path.suffix == ".ndjson":
        # The journal of Elastic's synthetics holds its screenshots, below a line that is no JSON.
        for line in path.read_text().splitlines():
            entry = json.loads(line) if line.startswith("{") else {}
            if entry.get("type") == "step/screenshot":
                yield base64.b64decode(entry["blob"])
