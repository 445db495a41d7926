"""What is drawn when all flows have ended: from the evidence only, for the attempt that decided, and never fatal."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from smokerunner.evidence.folder import Folder
from smokerunner.model.comparison import Comparison
from smokerunner.model.diagnosis import Diagnosis
from smokerunner.model.flow import Severity
from smokerunner.model.geometry import Box
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Run, Tool
from smokerunner.model.secret import Secrets
from smokerunner.replay.options import Keep
from smokerunner.replay.pictures.illustrating import _Illustrator, words_of
from smokerunner.replay.pictures.illustrating import illustrate as illustrate_flow

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def png(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (1280, 720), colour).save(written, "PNG")
    return written.getvalue()


def step(place: str, name: str, outcome: Outcome = Outcome.PASSED, *, same_as: str | None = None) -> Result:
    path = f"{place}/{name}-click.png"
    return Result(
        id=f"{place}/{name}",
        kind="step",
        name=name,
        title="click",
        outcome=outcome,
        started=NOON,
        box=Box(x=10, y=10, width=99, height=50),
        artifacts=(
            Artifact(kind="picture", path=path),
            Artifact(kind="before", path=f"{place}/{name}-before.png", same_as=same_as or path),
        ),
    )


def attempt(number: int, outcome: Outcome, *steps: Result) -> Result:
    return Result(
        id=f"a{number}", kind="attempt", name=str(number), outcome=outcome, started=NOON, children=tuple(steps)
    )


def run_of(*flows: Result) -> Run:
    tool = Tool(smokerunner="1", playwright="1", python="3", platform="x")
    return Run(id="shop-local-1", app="shop", started=NOON, ended=NOON, tool=tool, results=tuple(flows))


def flow(outcome: Outcome, *attempts: Result) -> Result:
    return Result(id="flows/buy", kind="flow", name="buy", outcome=outcome, started=NOON, children=tuple(attempts))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.create(tmp_path, "shop-local-1", Secrets())


def illustrate(folder: Folder, run: Run, keep: Keep) -> tuple[Run, list[str]]:
    """The run with all that was drawn, and what could not be."""
    made = [illustrate_flow(folder, run, result, keep, words_of(run, result, folder.secrets)) for result in run.results]
    results = tuple(each.flow for each in made)
    return run.model_copy(update={"results": results}), [note for each in made for note in each.notes]


def drawn(folder: Folder) -> list[str]:
    found = (path for path in folder.root.rglob("*") if path.suffix in (".webp", ".jpg"))
    return sorted(path.relative_to(folder.root).as_posix() for path in found)


def test_the_attempt_that_decided_is_drawn_and_every_bad_step_has_a_thumbnail(folder: Folder) -> None:
    folder.write("flows/buy/01-click.png", png("#aa0000"))
    folder.write("flows/buy/attempt-2/01-click.png", png("#00aa00"))
    bad = attempt(1, Outcome.FAILED, step("flows/buy", "01", Outcome.FAILED))
    good = attempt(2, Outcome.PASSED, step("flows/buy/attempt-2", "01"))
    run, notes = illustrate(folder, run_of(flow(Outcome.WARNED, bad, good)), "on")
    assert notes == []
    assert drawn(folder) == ["flows/buy/01-thumbnail.webp", "flows/buy/flow.webp", "flows/buy/sheet.jpg"]
    (made,) = run.flows
    assert [artifact.kind for artifact in made.artifacts] == ["sheet", "animation"]
    assert made.attempts[0].children[0].artifacts[-1].path == "flows/buy/01-thumbnail.webp"
    assert made.attempts[1].children[0].artifacts == good.children[0].artifacts
    with Image.open(folder.root / "flows/buy/flow.webp") as film:
        seen = film.convert("RGB").getpixel((400, 300))
    assert isinstance(seen, tuple)
    assert seen[1] > 100 > seen[0], "the second attempt's green page"


def test_a_step_that_looks_other_has_small_pictures_of_now_and_earlier_and_of_the_place(folder: Folder) -> None:
    folder.write("flows/buy/01-click.png", png("#aa0000"))
    folder.write("flows/buy/earlier/01-click.png", png("#00aa00"))
    usual = step("flows/buy", "01", Outcome.WARNED)
    comparison = Comparison(
        against="reference",
        verdict="differs",
        earlier="flows/buy/earlier/01-click.png",
        changed=0.001,
        areas=(Box(x=1270, y=20, width=10, height=10),),
    )
    earlier = Artifact(kind="earlier", path="flows/buy/earlier/01-click.png")
    other = usual.model_copy(update={"comparison": comparison, "artifacts": (*usual.artifacts, earlier)})
    run, notes = illustrate(folder, run_of(flow(Outcome.WARNED, attempt(1, Outcome.WARNED, other))), "on")
    assert notes == []
    small = [made for made in run.flows[0].steps[0].artifacts if made.kind == "thumbnail"]
    assert [(made.path.removeprefix("flows/buy/01-"), made.title) for made in small] == [
        ("thumbnail.webp", ""),
        ("earlier-thumbnail.webp", "earlier"),
        ("detail-thumbnail.webp", "detail"),
        ("earlier-detail-thumbnail.webp", "earlier detail"),
    ]
    for made, colour in zip(small, (0, 1, 0, 1), strict=True):
        with Image.open(folder.root / made.path) as picture:
            seen = picture.convert("RGB").getpixel((picture.width - 3, 3))
        assert isinstance(seen, tuple)
        assert seen[colour] > 100 > seen[1 - colour]


def test_the_cause_stands_below_the_picture_of_the_step_that_broke(folder: Folder) -> None:
    bad = step("flows/buy", "01", Outcome.FAILED).model_copy(update={"message": "raw"})
    cause = Diagnosis(id="server-error", title="POST /pay answered 500", severity=Severity.HIGH, step=bad.id)
    broken = flow(Outcome.FAILED, attempt(1, Outcome.FAILED, bad)).model_copy(update={"diagnoses": (cause,)})
    run = run_of(broken)
    illustrator = _Illustrator(folder, run, broken, [], words_of(run, broken, folder.secrets))
    assert illustrator._frame(bad).message == "POST /pay answered 500"
    assert illustrator._frame(bad.model_copy(update={"id": "other"})).message == "raw"


def test_an_earlier_picture_stands_for_a_later_one(folder: Folder) -> None:
    folder.write("flows/buy/01-click.png", png("#aa0000"))
    later = step("flows/buy", "02", same_as="flows/buy/01-click.png")
    run, notes = illustrate(folder, run_of(flow(Outcome.PASSED, attempt(1, Outcome.PASSED, later))), "on")
    assert notes == []
    assert [artifact.kind for artifact in run.flows[0].artifacts] == ["sheet", "animation"]


def test_what_cannot_be_drawn_is_noted_and_the_rest_is_drawn(folder: Folder) -> None:
    folder.write("flows/buy/01-click.png", png("#aa0000")[:90])
    bad = attempt(1, Outcome.FAILED, step("flows/buy", "01", Outcome.FAILED))
    run, notes = illustrate(folder, run_of(flow(Outcome.FAILED, bad)), "on")
    assert [note.partition(" could not be drawn")[0] for note in notes] == [
        "flows/buy/flow.webp",
        "flows/buy/01-thumbnail.webp",
    ]
    assert [artifact.kind for artifact in run.flows[0].artifacts] == ["sheet"]
    assert run.outcome is Outcome.FAILED


@pytest.mark.parametrize(("keep", "number"), [("on", 2), ("failure", 0), ("off", 0)])
def test_only_what_was_asked_for_is_drawn(folder: Folder, keep: Keep, number: int) -> None:
    folder.write("flows/buy/01-click.png", png("#aa0000"))
    good = attempt(1, Outcome.PASSED, step("flows/buy", "01"))
    run, _ = illustrate(folder, run_of(flow(Outcome.PASSED, good)), keep)
    assert len(run.flows[0].artifacts) == number


def test_a_flow_that_did_not_run_or_has_no_picture_is_left_alone(folder: Folder) -> None:
    given = run_of(flow(Outcome.SKIPPED), flow(Outcome.FAILED, attempt(1, Outcome.FAILED)))
    assert illustrate(folder, given, "on") == (given, [])
    assert drawn(folder) == []
