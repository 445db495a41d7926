"""Formats are told apart by their content, and the docs say what becomes of every command."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from imported_corpus import CORPUS

from smokerunner.importers.catalogue import IMPORTERS, detect
from smokerunner.importers.importer import Importer, Mapped
from smokerunner.model.errors import BadInput

DOCS = Path(__file__).parents[2] / "docs" / "import.md"
FORMATS = {
    "chrome": "Chrome DevTools Recorder",
    "selenium": "Selenium IDE",
    "codegen": "Playwright codegen",
    "maestro": "Maestro",
}


def commands(importer: Importer) -> Mapping[str, Mapped]:
    """The table in the importer's own package, `smokerunner.importers.<format>`."""
    package = ".".join(type(importer).__module__.split(".")[:3])
    found: Mapping[str, Mapped] = importlib.import_module(package).COMMANDS
    return found


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_the_docs_have_every_command_of_every_format(importer: Importer) -> None:
    sections = re.split(r"(?m)^## ", DOCS.read_text())
    section = next((text for text in sections if text.startswith(f"{importer.name}\n")), "")
    rows = re.findall(r"(?m)^\| `([^`]+)` \| (\w+) \| (.+) \|$", section)
    assert {name: (status, says) for name, status, says in rows} == {
        name: (mapped.status, mapped.says) for name, mapped in commands(importer).items()
    }
    assert len(rows) == len(commands(importer))


@pytest.mark.parametrize(
    "path",
    [path for folder in FORMATS for path in sorted((CORPUS / folder).glob("*")) if path.is_file()],
    ids=lambda path: f"{path.parent.name}-{path.name}",
)
def test_every_file_is_known_by_its_content(path: Path) -> None:
    text = path.read_text()
    if ".expected." in path.name:
        assert not any(importer.recognises(text) for importer in IMPORTERS)
    else:
        assert detect(text, "no-telling-name").name == FORMATS[path.parent.name]


@pytest.mark.parametrize(
    "text", ["", "hello", "{}", "[]", "---", "app: x\nflows: {}\n", "import os\nprint(1)\n", "\x00"]
)
def test_a_text_of_no_format_is_refused_and_the_formats_are_named(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        detect(text, "x.txt")
    assert str(caught.value) == (
        "x.txt: is of no format that can be imported; there are Chrome DevTools Recorder, Selenium IDE, "
        "Playwright codegen, Maestro"
    )


def test_a_text_of_two_formats_is_refused() -> None:
    class Greedy:
        name = "Anything"

        def recognises(self, text: str) -> bool:
            return True

    with pytest.raises(BadInput) as caught:
        detect("url: http://x\n---\n- back\n", "x.yaml", (*IMPORTERS, Greedy()))  # type: ignore[arg-type]
    assert str(caught.value) == "x.yaml: may be of 2 formats: Maestro, Anything; take out what is not meant"
