"""The rooms of the house and which way they lean, read from the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.steps import VOCABULARY

PACKAGE = Path(__file__).parents[1] / "smokerunner"

# A room may import the rooms named here, and itself. Left to right as in DESIGN: what stands later leans on earlier.
LEANS_ON: dict[str, set[str]] = {
    "model": set(),
    "diagnosis": {"model"},
    "pictures": {"model"},
    "mail": {"model"},
    "web": {"model"},
    "checks": {"model", "mail", "web"},
    "steps": {"model", "mail"},
    "history": {"model"},
    "language": {"model", "mail", "checks", "steps", "history"},
    "authoring": {"model", "mail", "checks", "steps", "history", "language"},
    "importers": {"model", "mail", "checks", "steps", "history", "language", "authoring"},
    "browser": {"model"},
    "evidence": {"model"},
    "reports": {"model"},
    "review": {"model", "pictures", "evidence", "reports", "history"},
    "replay": {
        "model", "diagnosis", "pictures", "mail", "web", "checks", "steps", "history", "language",
        "authoring", "importers", "browser", "evidence", "reports",
    },
    "recording": {
        "model", "diagnosis", "pictures", "mail", "web", "checks", "steps", "history", "language",
        "authoring", "importers", "browser", "evidence", "reports", "replay",
    },
    "scouting": {
        "model", "diagnosis", "pictures", "mail", "web", "checks", "steps", "history", "language",
        "authoring", "importers", "browser", "evidence", "reports", "replay",
    },
    "demo": {
        "model", "pictures", "mail", "steps", "history", "language", "browser", "evidence", "reports", "review",
        "replay",
    },
    "cli": {
        "model", "diagnosis", "pictures", "mail", "web", "checks", "steps", "history", "language",
        "authoring", "importers", "browser", "evidence", "reports", "review", "replay", "recording", "scouting", "demo",
    },
    "pytest_plugin": {
        "model", "diagnosis", "pictures", "mail", "web", "checks", "steps", "history", "language",
        "authoring", "importers", "browser", "evidence", "reports", "replay",
    },
}  # fmt: skip
ONLY_IN = {
    "click": {"cli"},
    "rich": {"cli"},
    "playwright": {"browser"},
    "PIL": {"pictures"},
    "pytest": {"pytest_plugin"},
}


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported when the code runs; what only the type checker reads is free."""
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            yield str(node.module)


def test_every_room_is_known() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(LEANS_ON)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_leans_only_to_its_left(path: Path) -> None:
    room = room_of(path)
    if not room:
        return
    for module in imported(ast.parse(path.read_text())):
        parts = module.split(".")
        if parts[0] == "smokerunner" and len(parts) > 1:
            assert parts[1] in LEANS_ON[room] | {room}, f"{room} imports {module}"
        if parts[0] in ONLY_IN:
            assert room in ONLY_IN[parts[0]], f"{parts[0]} is imported in {room}"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nobody_switches_over_steps(path: Path) -> None:
    if room_of(path) == "steps":
        return
    kinds = {step.__name__ for step in VOCABULARY.values()}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            names = {inner.id for inner in ast.walk(node.args[1]) if isinstance(inner, ast.Name)}
            assert not names & kinds, f"line {node.lineno}: isinstance on a kind of step"


def test_any_exception_is_caught_in_two_places_only() -> None:
    broad = {
        str(path.relative_to(PACKAGE))
        for path in files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
    }
    assert broad == {"replay/attempt.py", "cli/program.py"}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_nouns(path: Path) -> None:
    assert path.stem not in ("utils", "util", "helpers", "helper", "manager", "common", "misc", "base")
