"""What a flow can be exported to: language → from a flow file and names to source text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from smokerunner.authoring.export.playwright_test import print_playwright_test
from smokerunner.authoring.export.python import print_python
from smokerunner.authoring.export.reading import read
from smokerunner.authoring.export.tree import Module
from smokerunner.model.flow import FlowFile

LANGUAGES: Mapping[str, Callable[[Module], str]] = {
    "playwright-python": print_python,
    "playwright-test": print_playwright_test,
}
"""By the word that names it on the command line."""


@dataclass(frozen=True)
class Exported:
    """Source text, and what is not in it as it was in the flow file or needs a hand, a line each."""

    text: str
    remarks: tuple[str, ...]


def export(file: FlowFile, names: Sequence[str], language: str, *, source: str) -> Exported:
    """These flows of a checked file as code, with what they need and use. `source` is the flow file's name."""
    module = read(file, names, source)
    return Exported(LANGUAGES[language](module), module.remarks)
