"""Two hundred single mistakes in the demo's flow file, and combinations of three, found where they are."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from editor import complains
from mutations import BEYOND_SCHEMA, KINDS, Mutation, apply, choose, mutate, mutations

from smokerunner.language.load import load
from smokerunner.model.errors import BadInput, Problem

DEMO = Path(__file__).parents[2] / "flows" / "acorn.yaml"
TEXT = DEMO.read_text(encoding="utf-8")
SINGLE = list(mutations(TEXT, 200, seed=7))


def problems(text: str, folder: Path) -> list[Problem]:
    path = folder / "acorn.yaml"
    path.write_text(text, encoding="utf-8")
    upload = folder / "acorn"
    if not upload.exists():
        upload.symlink_to(DEMO.parent / "acorn")
    with pytest.raises(BadInput) as caught:
        load(path)
    return list(caught.value.problems)


@pytest.mark.parametrize("mutation", SINGLE, ids=lambda mutation: mutation.kind)
def test_a_single_mistake_is_reported_once_and_where_it_is(mutation: Mutation, tmp_path: Path) -> None:
    found = [(problem.line, problem.column) for problem in problems(mutation.text, tmp_path)]
    assert found == [(mutation.line, mutation.column)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_sees_the_same(kind: str) -> None:
    mutation = mutate(TEXT, kind, random.Random(1))
    assert mutation is not None, "the demo's flow file has no line for this kind"
    if kind == "a key twice":
        return
    assert bool(complains(mutation.text)) == (kind not in BEYOND_SCHEMA)


def three_apart(chance: random.Random) -> list[tuple[int, str]]:
    """Three kinds with lines so far apart that they touch different steps, the last first."""
    while True:
        chosen = [(choose(TEXT, kind, chance), kind) for kind in chance.sample(sorted(KINDS), 3)]
        places = sorted(((index, kind) for index, kind in chosen if index is not None), reverse=True)
        if len(places) == 3 and min(places[0][0] - places[1][0], places[1][0] - places[2][0]) > 15:
            return places


@pytest.mark.parametrize("seed", range(40))
def test_three_mistakes_are_three_complaints(seed: int, tmp_path: Path) -> None:
    text = TEXT
    places = three_apart(random.Random(seed))
    for index, kind in places:
        text = apply(text, kind, index).text
    found = problems(text, tmp_path)
    assert len(found) == 3, (places, [str(problem) for problem in found])


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 20
    assert {mutation.kind for mutation in SINGLE} == set(KINDS)
