"""The formats that can be imported, and which of them a text is."""

from __future__ import annotations

from collections.abc import Sequence

from smokerunner.importers.chrome_recorder import ChromeRecorder
from smokerunner.importers.importer import Importer
from smokerunner.importers.maestro import Maestro
from smokerunner.importers.playwright_codegen import PlaywrightCodegen
from smokerunner.importers.selenium_ide import SeleniumIde
from smokerunner.model.errors import BadInput, Problem

IMPORTERS: tuple[Importer, ...] = (ChromeRecorder(), SeleniumIde(), PlaywrightCodegen(), Maestro())


def detect(text: str, path: str, importers: Sequence[Importer] = IMPORTERS) -> Importer:
    """The importer whose format this is, by its content; raises BadInput when none or several fit."""
    fitting = [importer for importer in importers if importer.recognises(text)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        message = f"may be of {len(fitting)} formats: {_listed(fitting)}; take out what is not meant"
    else:
        message = f"is of no format that can be imported; there are {_listed(importers)}"
    raise BadInput([Problem(path, 0, 0, message)])


def _listed(importers: Sequence[Importer]) -> str:
    return ", ".join(importer.name for importer in importers)
