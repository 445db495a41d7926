"""The files of other tools, each with what it becomes beside it.

`python tests/importers/imported_corpus.py` writes what they become anew: read the diff.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smokerunner.importers.chrome_recorder import ChromeRecorder
from smokerunner.importers.importer import Imported, Importer
from smokerunner.importers.intake import Intake, Read, Wishes, take_in
from smokerunner.importers.maestro import Maestro
from smokerunner.language.document import parse

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Sample:
    """One file of the corpus. `NAME.expected.yaml` is the flow file, with remarks and notes as comments at the end."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def expected(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.expected.yaml")

    @property
    def expected_data(self) -> Any:
        return parse(self.expected.read_text(), str(self.expected)).data

    @property
    def expected_comments(self) -> list[str]:
        return [line[2:] for line in self.expected.read_text().splitlines() if line.startswith("# ")]

    def read(self, importer: Importer) -> Imported:
        """The file as the importer reads it; places in messages begin with its bare name."""
        return importer.read(self.text, self.path.name)

    def taken_in(self, importer: Importer) -> tuple[Intake, list[str]]:
        """The flow file it becomes, and the comments on it."""
        imported = self.read(importer)
        file = Read(self.path.name, importer.name, imported.drafts, imported.remarks)
        (intake,) = take_in([file], Wishes(app=self.path.parent.name), Path("nowhere"))
        said = [f"{'TODO ' if remark.refused else ''}{remark}" for remark in imported.remarks]
        return intake, said + [f"note: {note}" for note in intake.notes]

    def write_expected(self, importer: Importer) -> None:
        """Take what it becomes now for what is right."""
        intake, comments = self.taken_in(importer)
        told = "".join(f"# {line}\n" for line in comments)
        self.expected.write_text(f"{intake.sheet.text.rstrip()}\n\n{told}".rstrip() + "\n")


def samples(folder: str, ending: str) -> list[Sample]:
    """All files of one format."""
    found = [Sample(path) for path in sorted((CORPUS / folder).glob(f"*{ending}")) if ".expected." not in path.name]
    assert found, folder
    return found


if __name__ == "__main__":
    for importer, folder, ending in ((ChromeRecorder(), "chrome", ".json"), (Maestro(), "maestro", ".yaml")):
        # Files that a flow runs are looked for beside it.
        os.chdir(CORPUS / folder)
        for sample in samples(folder, ending):
            sample.write_expected(importer)
