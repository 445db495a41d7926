"""Approved pictures: where they lie, and the facts about them, which stand inside the PNG and so never part from it."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from pydantic import Field, ValidationError

from smokerunner.model.frozen import Frozen
from smokerunner.model.geometry import Box
from smokerunner.model.record import record
from smokerunner.model.run import Browser

_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"smokerunner"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.png")


class Facts(Frozen):
    """What a reference was made with. Whatever of it differs makes two pictures incomparable."""

    app: str
    flow: str
    step: str = Field(description="The picture's file name.")
    run: str = Field(description="The run it was taken in.")
    kind: str = ""
    version: str = Field(default="", description="The browser's major version.")
    viewport: str = ""
    scale: float = 1.0
    fonts: str = ""
    dynamic: tuple[Box, ...] = Field(default=(), description="Areas that differ each time, so they are not compared.")

    @classmethod
    def of(cls, browser: Browser | None, **said: object) -> Facts:
        """The facts of a picture that this browser made."""
        seen: dict[str, object] = {}
        if browser is not None:
            seen = {
                "kind": browser.kind,
                "version": browser.version.partition(".")[0],
                "viewport": browser.viewport,
                "scale": browser.scale,
                "fonts": browser.fonts,
            }
        return cls.model_validate({**seen, **said})

    def obstacle(self, browser: Browser | None) -> str:
        """Why a picture of this browser cannot be compared with it, in words; empty when it can."""
        now = Facts.of(browser, app=self.app, flow=self.flow, step=self.step, run="")
        was_browser, is_browser = f"{self.kind} {self.version}", f"{now.kind} {now.version}"
        if self.kind and now.kind and was_browser != is_browser:
            return f"was made with {was_browser}, this is {is_browser}"
        if self.viewport and now.viewport and self.viewport != now.viewport:
            return f"was made in a window of {self.viewport}, this one has {now.viewport}"
        if self.scale != now.scale:
            return f"was made at {self.scale:g} pixels to a CSS pixel, this is {now.scale:g}"
        if self.fonts and now.fonts and self.fonts != now.fonts:
            return "was made where other fonts are installed"
        return ""


@record
class Reference:
    """An approved picture as it lies on the disk."""

    path: Path
    data: bytes
    facts: Facts | None
    """None when the file has none that can be read: somebody put a picture there by hand, or made it anew."""

    @property
    def obstacle(self) -> str:
        """Why it is no reference; empty when it is one."""
        return "" if self.facts is not None else "holds no facts about itself; approve the step once more"


@record
class References:
    """A folder of references: `<app>/<flow>/<step>.png`."""

    folder: Path

    def path(self, app: str, flow: str, step: str) -> Path:
        """Where a reference lies. Raises ValueError for names that could lead out of the folder."""
        if _NAME.fullmatch(app) is None or _NAME.fullmatch(flow) is None or _FILE.fullmatch(step) is None:
            raise ValueError(f"not the names of an app, a flow and a picture: {app!r}, {flow!r}, {step!r}")
        return self.folder / app / flow / step

    def find(self, app: str, flow: str, step: str) -> Reference | None:
        """A step's reference, None when there is none. An OSError when it cannot be read."""
        path = self.path(app, flow, step)
        if not path.is_file():
            return None
        data = path.read_bytes()
        return Reference(path, data, facts_in(data))

    def steps(self, app: str, flow: str) -> tuple[str, ...]:
        """The names of all references of a flow, sorted."""
        folder = self.path(app, flow, "x.png").parent
        return tuple(sorted(path.name for path in folder.glob("*.png"))) if folder.is_dir() else ()

    def write(self, picture: bytes, facts: Facts) -> Path:
        """Put a picture there, whole or not at all. An OSError when it cannot be written."""
        return self.put((facts.app, facts.flow, facts.step), with_facts(picture, facts))

    def put(self, key: tuple[str, str, str], data: bytes) -> Path:
        """Put a reference there as it is, whole or not at all. An OSError when it cannot be written."""
        path = self.path(*key)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{uuid4().hex}.tmp")
        try:
            beside.write_bytes(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return path

    def remove(self, app: str, flow: str, step: str) -> None:
        """Take a reference away."""
        self.path(app, flow, step).unlink(missing_ok=True)


def facts_in(png: bytes) -> Facts | None:
    """The facts that stand in a PNG, None when there are none that can be read."""
    for kind, content in _chunks(png):
        if kind != b"iTXt":
            continue
        keyword, _, rest = content.partition(b"\0")
        # Two flags for compression, then a language and a translated keyword, both empty and ended by a zero.
        if keyword == _KEYWORD and rest[:2] == b"\0\0":
            try:
                return Facts.model_validate_json(rest[2:].split(b"\0", 2)[2])
            except (ValidationError, IndexError):
                return None
    return None


def with_facts(png: bytes, facts: Facts) -> bytes:
    """The same picture with these facts in it instead of others. Raises ValueError when it is no PNG."""
    if not png.startswith(_PNG):
        raise ValueError("not a PNG picture")
    text = facts.model_dump_json(exclude_defaults=True).encode()
    said = _KEYWORD + b"\0\0\0\0\0" + text
    kept = [
        (kind, content)
        for kind, content in _chunks(png)
        if not (kind == b"iTXt" and content.partition(b"\0")[0] == _KEYWORD)
    ]
    return _PNG + b"".join(_chunk(*chunk) for chunk in (kept[0], (b"iTXt", said), *kept[1:]))


def without_facts(png: bytes) -> bytes:
    """The picture as the browser made it."""
    kept = ((k, c) for k, c in _chunks(png) if not (k == b"iTXt" and c.partition(b"\0")[0] == _KEYWORD))
    return _PNG + b"".join(_chunk(*chunk) for chunk in kept)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
