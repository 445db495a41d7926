"""The picture before an action: an earlier one where nothing was painted since, a new one where something was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from smokerunner.model.result import Artifact, Result
from tests.e2e.outcome_site import Replayed, Site, replay, write

pytestmark = pytest.mark.e2e

STILL = "<button id=one onclick='one.style.background = `red`'>One</button><input aria-label=Name>"
MOVING = """<button id=one style='position: absolute; left: 20px; top: 20px'>One</button>
<script>setTimeout(() => { one.style.left = '400px'; one.textContent = 'Two' }, 1500)</script>"""
SPINNING = """<style>@keyframes turn { to { transform: rotate(1turn) } }
#wheel { width: 50px; height: 50px; background: linear-gradient(red, blue); animation: turn 2s infinite linear }</style>
<div id=wheel></div><button>One</button>"""
DRAWING = """<canvas id=sheet width=200 height=100></canvas><button>One</button>
<script>setTimeout(() => { const pen = sheet.getContext('2d'); pen.fillRect(0, 0, 99, 99) }, 1500)</script>"""
TALL = "<p style='height: 3000px'>Far</p><button>Down</button>"
SHADOW = """<div id=host></div><button>One</button><script>
const root = host.attachShadow({mode: 'closed'}); root.innerHTML = '<p>first</p>';
setTimeout(() => { root.innerHTML = '<p>second</p>' }, 1500)</script>"""
CHOSEN = """<button>One</button><input id=box type=checkbox>
<script>setTimeout(() => { box.checked = true }, 1500)</script>"""

FLOWS = """
  still:
    steps:
      - goto: /still
      - expect: {visible: {button: One}}
      - expect: {title: still}
      - click: {button: One}
      - expect: {visible: {button: One}}
  moving:
    steps:
      - goto: /moving
      - pause: 2s
      - click: {button: Two}
  spinning:
    steps:
      - goto: /spinning
      - expect: {visible: {button: One}}
      - click: {button: One}
  drawing:
    steps:
      - goto: /drawing
      - pause: 2s
      - click: {button: One}
  shadow:
    steps:
      - goto: /shadow
      - pause: 2s
      - click: {button: One}
  chosen:
    steps:
      - goto: /chosen
      - pause: 2s
  tall:
    steps:
      - goto: /tall
        picture: full_page
      - click: {button: Down}
  plain:
    steps:
      - goto: /still
      - click: {button: One}
        picture: false
      - expect: {visible: {button: One}}
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("before")
    write(folder, FLOWS)
    pages = {
        "still": STILL,
        "moving": MOVING,
        "spinning": SPINNING,
        "drawing": DRAWING,
        "shadow": SHADOW,
        "chosen": CHOSEN,
        "tall": TALL,
    }
    with Site() as site:
        for name, body in pages.items():
            site.pages[f"/{name}"] = f"<!doctype html><meta charset=utf-8><title>{name}</title>{body}"
        done = replay(folder, site)
    assert done.exit_code == 0, done.out
    return done


def steps(ran: Replayed, flow: str) -> tuple[Result, ...]:
    return ran.flow(flow).steps


def image(ran: Replayed, artifact: Artifact | None) -> Image.Image:
    assert artifact is not None
    with Image.open(ran.bundle / (artifact.same_as or artifact.path)) as found:
        return found.convert("RGB")


def test_where_nothing_was_painted_an_earlier_picture_stands_for_it(ran: Replayed) -> None:
    opened, looked, again, clicked, after = steps(ran, "still")
    assert opened.picture is not None
    assert opened.picture.same_as is None
    for step in (looked, again):
        assert step.picture is not None
        assert step.picture.same_as == opened.picture.path
        assert step.before is None
        assert step.picture.path.endswith(f"{step.name}-{step.picture.path.rpartition('/')[2][3:]}")
    assert clicked.before is not None
    assert clicked.before.same_as == opened.picture.path
    assert clicked.before.path.endswith("04-before.png")
    assert clicked.picture is not None
    assert clicked.picture.same_as is None
    assert after.picture is not None
    assert after.picture.same_as == clicked.picture.path
    assert image(ran, clicked.before).tobytes() != image(ran, clicked.picture).tobytes(), "it turned red"


def test_what_moved_meanwhile_is_pictured_anew_where_its_box_is(ran: Replayed) -> None:
    opened, paused, clicked = steps(ran, "moving")
    assert paused.picture is not None
    assert paused.picture.same_as is None
    assert clicked.box is not None
    assert clicked.box.x == 400
    before, first = image(ran, clicked.before), image(ran, opened.picture)
    place = (400, 20, 430, 40)
    assert len(before.crop(place).getcolors() or []) > 1, "the button stands in its box"
    assert len(first.crop(place).getcolors() or []) == 1, "where nothing was at first"


@pytest.mark.parametrize("flow", ["drawing", "shadow"])
def test_paint_that_leaves_the_document_alone_is_noticed(ran: Replayed, flow: str) -> None:
    opened, paused, _ = steps(ran, flow)
    assert image(ran, opened.picture).tobytes() != image(ran, paused.picture).tobytes()


def test_what_a_field_holds_is_noticed(ran: Replayed) -> None:
    opened, paused = steps(ran, "chosen")
    assert image(ran, opened.picture).tobytes() != image(ran, paused.picture).tobytes()


def test_a_page_that_moves_all_the_time_is_always_pictured_anew(ran: Replayed) -> None:
    for step in steps(ran, "spinning"):
        for artifact in step.artifacts:
            assert artifact.kind not in ("picture", "before") or artifact.same_as is None


def test_the_box_fits_the_picture_before_even_if_the_page_had_to_scroll(ran: Replayed) -> None:
    opened, clicked = steps(ran, "tall")
    assert image(ran, opened.picture).height > 3000
    before = image(ran, clicked.before)
    assert before.size == (1280, 720)
    assert clicked.box is not None
    box = clicked.box
    assert 0 <= box.y <= 720 - box.height
    assert len(before.crop((box.x, box.y, box.x + box.width, box.y + box.height)).getcolors() or []) > 3


def test_a_step_without_a_picture_leaves_none_to_stand_for_later(ran: Replayed) -> None:
    opened, clicked, looked = steps(ran, "plain")
    assert clicked.artifacts == ()
    assert looked.picture is not None
    assert looked.picture.same_as is None
    assert image(ran, looked.picture).tobytes() != image(ran, opened.picture).tobytes()


def test_every_flow_has_a_sheet_and_a_film(ran: Replayed) -> None:
    for flow in ran.run.flows:
        assert {artifact.kind: artifact.path for artifact in flow.artifacts} == {
            "sheet": f"flows/{flow.name}/sheet.jpg",
            "animation": f"flows/{flow.name}/flow.webp",
        }
        for artifact in flow.artifacts:
            with Image.open(ran.bundle / artifact.path) as drawn:
                assert drawn.format == {"sheet": "JPEG", "animation": "WEBP"}[artifact.kind]


def test_no_pictures_means_none_at_all(tmp_path: Path) -> None:
    write(tmp_path, "  still:\n    steps:\n      - goto: /\n      - click: {css: h1}\n")
    with Site() as site:
        done = replay(tmp_path, site, "--pictures", "off")
    assert done.exit_code == 0
    assert not [path for path in done.bundle.rglob("*") if path.suffix in (".png", ".jpg", ".webp")]


def test_only_what_is_bad_is_drawn_on_failure(tmp_path: Path) -> None:
    flows = "  good:\n    steps:\n      - goto: /\n  bad:\n    steps:\n      - goto: /\n      - expect: {title: No}\n"
    write(tmp_path, f"{flows}        timeout: 100ms\n")
    with Site() as site:
        done = replay(tmp_path, site, "--pictures", "failure")
    assert done.exit_code == 1
    found = (path for path in done.bundle.rglob("*") if path.suffix in (".jpg", ".webp"))
    drawn = sorted(path.relative_to(done.bundle).as_posix() for path in found)
    assert drawn == ["flows/bad/02-thumbnail.webp", "flows/bad/flow.webp", "flows/bad/sheet.jpg"]
    failed = done.flow("bad").steps[1]
    assert "thumbnail" in {artifact.kind for artifact in failed.artifacts}
