"""Where a report is read, and so how it names the files of the bundle."""

from __future__ import annotations

from urllib.parse import quote

from smokerunner.model.record import record


@record
class Place:
    """`folder` leads from the reader to the bundle and is empty within it; `url` is where a browser sees its files."""

    folder: str = ""
    url: str = ""

    def path(self, file: str) -> str:
        """A file of the bundle as a path."""
        return f"{self.folder.rstrip('/')}/{file}" if self.folder else file

    def link(self, file: str) -> str | None:
        """A file of the bundle as an address, escaped; None when it has none there."""
        if self.url:
            return f"{self.url.rstrip('/')}/{quote(file)}"
        return None if self.folder else quote(file)


WITHIN = Place()
"""Beside run.json, where every path is relative."""
