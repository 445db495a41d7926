"""Flow files in: read, checked, and every complaint of a file at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from smokerunner.language.complaints import explain
from smokerunner.language.document import Document, read
from smokerunner.language.files import files_in
from smokerunner.language.names import check
from smokerunner.language.vocabulary import vocabulary as everything
from smokerunner.model.errors import BadInput, Problem
from smokerunner.model.flow import FlowFile
from smokerunner.model.frozen import Frozen
from smokerunner.model.record import record
from smokerunner.model.step import Vocabulary


@record
class LoadedFile:
    """A flow file that is right, and where everything in it stands."""

    path: Path
    file: FlowFile
    document: Document


def load(path: Path, vocabulary: Vocabulary | None = None, *, given: Collection[str] = ()) -> LoadedFile:
    """Read one flow file; `given` are variables that come from outside. Raises BadInput with all its problems."""
    return judge(read(path), path, vocabulary, given=given)


def judge(
    document: Document, path: Path, vocabulary: Vocabulary | None = None, *, given: Collection[str] = ()
) -> LoadedFile:
    """The same for a text that was read already; files to upload are looked for beside `path`. Raises BadInput."""
    steps = everything() if vocabulary is None else vocabulary
    models: dict[int, list[type[Frozen]]] = {}
    context: dict[str, Any] = {"vocabulary": steps, "models": models}
    try:
        file = FlowFile.model_validate(document.data, context=context)
    except ValidationError as error:
        # Only a file that is wrong needs it.
        from smokerunner.language.remains import remains

        problems = set(explain(document, error, models, steps))
        rest, names = remains(document.data, error, steps)
        if rest is not None:
            problems.update(check(rest, document, path.parent, steps, given={*given, *names}))
        raise BadInput(sorted(problems)) from error
    problems = {
        *explain(document, None, models, steps),
        *check(file, document, path.parent, steps, given=given),
    }
    if problems:
        raise BadInput(sorted(problems))
    return LoadedFile(path, file, document)


def load_all(
    paths: Path | Iterable[Path], vocabulary: Vocabulary | None = None, *, given: Collection[str] = ()
) -> tuple[LoadedFile, ...]:
    """Read several files, or the flow files of folders (not of their subfolders: what is uploaded lies there).

    Raises BadInput with all problems of all files.
    """
    loaded, problems = load_each(paths, vocabulary, given=given)
    if problems:
        raise BadInput(problems)
    return loaded


def load_each(
    paths: Path | Iterable[Path], vocabulary: Vocabulary | None = None, *, given: Collection[str] = ()
) -> tuple[tuple[LoadedFile, ...], tuple[Problem, ...]]:
    """The same, but what is wrong with some files does not keep the others from being read."""
    problems: list[Problem] = []
    loaded: list[LoadedFile] = []
    for path in files_in([paths] if isinstance(paths, Path) else list(paths), problems):
        try:
            loaded.append(load(path, vocabulary, given=given))
        except BadInput as wrong:
            problems += wrong.problems
    problems += _twins(loaded)
    return tuple(loaded), tuple(problems)


def _twins(loaded: Sequence[LoadedFile]) -> list[Problem]:
    first: dict[str, Path] = {}
    problems = []
    for item in loaded:
        other = first.setdefault(item.file.app, item.path)
        if other != item.path:
            line, column = item.document.place(("app",))
            message = f"app: '{item.file.app}' is already the app of {other}; one file holds all flows of an app"
            problems.append(Problem(str(item.path), line, column, message))
    return problems
