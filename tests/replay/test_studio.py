"""Flows are drawn while others run: what comes of it, what goes wrong, and a secret that was learnt too late."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from smokerunner.evidence.folder import Folder
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Result
from smokerunner.model.run import Past, Run, Tool
from smokerunner.model.secret import Secrets
from smokerunner.replay.pictures.studio import Studio

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = Run(
    id="shop-local-1",
    app="shop",
    started=NOON,
    ended=NOON,
    tool=Tool(smokerunner="1", playwright="1", python="3", platform="x"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.create(tmp_path, RUN.id, Secrets({"PASSWORD": "correct horse battery"}))


def flow(folder: Folder, name: str, title: str = "click", outcome: Outcome = Outcome.PASSED) -> Result:
    written = io.BytesIO()
    Image.new("RGB", (1280, 720), "#336699").save(written, "PNG")
    path = f"flows/{name}/01-click.png"
    folder.write(path, written.getvalue())
    step = Result(
        id=f"flows/{name}/1/01",
        kind="step",
        name="01",
        title=title,
        outcome=outcome,
        started=NOON,
        artifacts=(Artifact(kind="picture", path=path),),
    )
    tried = Result(id=f"flows/{name}/1", kind="attempt", name="1", outcome=outcome, started=NOON, children=(step,))
    return Result(id=f"flows/{name}", kind="flow", name=name, outcome=outcome, started=NOON, children=(tried,))


def finished(studio: Studio, *results: Result) -> tuple[list[Result], list[str]]:
    return asyncio.run(studio.finish(results))


def test_pictures_that_were_made_ready_early_are_drawn_alike(folder: Folder) -> None:
    drawn = []
    for alone in (False, True):
        studio, ended = Studio(folder, RUN, "on", alone=alone), flow(folder, "buy")
        for step in ended.children[0].children:
            studio.see(step)
        studio.begin(ended)
        (made,), notes = finished(studio, ended)
        assert notes == []
        drawn.append([(folder.root / artifact.path).read_bytes() for artifact in made.artifacts])
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 2


def test_every_flow_that_ended_is_drawn_and_the_order_stays(folder: Folder) -> None:
    studio = Studio(folder, RUN, "on")
    reach = Result(id="reach", kind="reach", name="reach", outcome=Outcome.WARNED, started=NOON)
    flows = [flow(folder, name) for name in ("buy", "pay")]
    for ended in reversed(flows):
        studio.begin(ended)
    made, notes = finished(studio, reach, *flows)
    assert notes == []
    assert [result.id for result in made] == ["reach", "flows/buy", "flows/pay"]
    assert made[0] is reach
    for result in made[1:]:
        assert [artifact.kind for artifact in result.artifacts] == ["sheet", "animation"]
        assert all((folder.root / artifact.path).exists() for artifact in result.artifacts)


def test_a_drawing_that_fails_is_a_note_and_the_flow_stays_as_it_was(folder: Folder) -> None:
    good, bad = flow(folder, "buy"), flow(folder, "pay")
    # A folder in the place of the film: it cannot be written.
    (folder.root / "flows/pay/flow.webp").mkdir()
    studio = Studio(folder, RUN, "on")
    for ended in (bad, good):
        studio.begin(ended)
    made, notes = finished(studio, good, bad)
    assert [len(result.artifacts) for result in made] == [2, 1]
    assert len(notes) == 1
    assert notes[0].startswith("flows/pay/flow.webp could not be drawn: cannot write evidence to ")


def test_an_earlier_bundle_that_cannot_be_read_is_a_note_and_the_flow_is_drawn_all_the_same(folder: Folder) -> None:
    (folder.out / "old").mkdir()
    (folder.out / "old/run.json").write_text("{")
    run = RUN.model_copy(update={"history": {"buy": Past(last_passed_run="old"), "pay": Past(last_passed_run="old")}})
    flows = [flow(folder, name, outcome=Outcome.FAILED) for name in ("buy", "pay")]
    studio = Studio(folder, run, "on")
    for ended in flows:
        studio.begin(ended)
    made, notes = finished(studio, *flows)
    assert [note.partition(": ")[0] for note in notes] == ["the last passed run cannot be shown"]
    assert [[artifact.kind for artifact in result.artifacts] for result in made] == [["sheet", "animation"]] * 2


def test_a_secret_that_is_learnt_later_does_not_stay_in_a_picture(folder: Folder) -> None:
    code = "one-time-73514862"
    ended = flow(folder, "buy", f"fill the code {code}")
    studio = Studio(folder, RUN, "on")
    studio.begin(ended)
    studio.begin(flow(folder, "pay"))
    before = asyncio.run(_drawn_first(studio, ended))
    folder.secrets.add_one_time("code", code)
    finished(studio, ended)
    after = (folder.root / "flows/buy/sheet.jpg").read_bytes()
    assert after != before
    masked = Studio(folder, RUN, "on")
    masked.begin(ended)
    finished(masked, ended)
    assert after == (folder.root / "flows/buy/sheet.jpg").read_bytes()


async def _drawn_first(studio: Studio, ended: Result) -> bytes:
    """The sheet as it was drawn before anybody asked for it."""
    work = studio._work[ended.id]
    await asyncio.wrap_future(work.drawn)
    return (studio._folder.root / "flows/buy/sheet.jpg").read_bytes()


def test_a_closed_studio_begins_nothing_more(folder: Folder) -> None:
    studio = Studio(folder, RUN, "on")
    studio.close()
    with pytest.raises(RuntimeError):
        studio.begin(flow(folder, "buy"))
