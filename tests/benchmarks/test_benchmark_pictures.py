"""The picture test of the benchmarks: it reads what a page paints, and a wrong picture is counted as wrong."""

from __future__ import annotations

import io
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.evidence import left_in, verified
from benchmarks.many_flows import copies
from benchmarks.marks import BLOCK, LENGTH, Mark, Unreadable, judge, read
from benchmarks.one_flow import OWN
from benchmarks.pages import ASSETS, delay_after
from benchmarks.right_pictures import FLOWS, STEPS, Marked, flow_file, pictures, replay, script
from benchmarks.site import reply, serving
from benchmarks.smoke import FLOWS as FLOW_FILES
from benchmarks.smoke import Desk
from smokerunner.browser.binary import Binary
from tests.conftest import Smoke


def drawn(mark: Mark, width: int = 1280) -> bytes:
    """A picture with a mark in its corner."""
    picture = Image.new("RGB", (width, 720), "#777")
    for place, bit in enumerate(mark.bits()):
        picture.paste("black" if bit else "white", (place * BLOCK, 0, (place + 1) * BLOCK, BLOCK))
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize("mark", [Mark(1, 1), Mark(20, 50), Mark(0, 0), Mark(65535, 65535)])
def test_a_mark_is_read_as_it_was_painted(mark: Mark) -> None:
    assert read(drawn(mark)) == mark


def test_pictures_are_counted_as_right_wrong_and_missing() -> None:
    right, other_step, other_flow = Mark(3, 7), Mark(3, 6), Mark(4, 7)
    tally = judge(
        [
            ("one", right, drawn(right)),
            ("two", right, drawn(other_step)),
            ("three", right, drawn(other_flow)),
            ("four", right, None),
        ]
    )
    assert (tally.right, tally.wrong, tally.missing) == (1, 2, 1)
    assert tally.complaints == (
        "two: shows step 6 of flow 3, not step 7",
        "three: shows step 7 of flow 4, not step 7",
        "four: no picture",
    )


def spoiled(place: int, colour: str) -> bytes:
    """A picture in which one block was painted over."""
    with Image.open(io.BytesIO(drawn(Mark(3, 7)))) as picture:
        picture.paste(colour, (place * BLOCK, 0, (place + 1) * BLOCK, BLOCK))
        kept = io.BytesIO()
        picture.save(kept, "PNG")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (drawn(Mark(3, 7), LENGTH * BLOCK - 1), "too small"),
        (spoiled(20, "#888"), "neither black nor white"),
        (spoiled(0, "white"), "no mark"),
        (spoiled(25, "black"), "sum is wrong"),
    ],
)
def test_a_mark_that_is_not_whole_is_never_taken_for_right(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(data)
    assert judge([("here", Mark(3, 7), data)]).wrong == 1


def test_a_third_of_a_thousand_steps_navigates_and_most_of_these_are_delayed() -> None:
    steps = [each for flow in range(1, FLOWS + 1) for each in script(flow, STEPS)]
    led = [each.delayed for each in steps if each.delayed is not None]
    assert len(steps) == 1000
    assert 320 <= len(led) <= 350
    assert 0.5 < sum(1 for delay in led if delay) / len(led) < 0.9
    assert max(led) <= 300


def test_no_two_neighbouring_steps_but_expectations_show_the_same() -> None:
    steps = script(2, 30)
    for before, after in pairwise(steps):
        assert (before.mark == after.mark) == ("expect" in after.step)


def test_the_server_paints_the_mark_and_keeps_to_the_agreed_delay() -> None:
    page = reply("GET", "/marked", {"flow": "3", "step": "7"}).decode()
    assert "".join('<i class="b"></i>' if bit else "<i></i>" for bit in Mark(3, 7).bits()) in page
    assert f'value="{delay_after(3, 7)}"' in page


@pytest.mark.parametrize(("path", "size"), [("/", 5900), ("/site.css", 4800), ("/site.js", 2300), ("/shelf.png", 6700)])
def test_the_pages_weigh_what_is_said(path: str, size: int) -> None:
    body = ASSETS[path][1] if path in ASSETS else reply("GET", path, {}).partition(b"\r\n\r\n")[2]
    assert abs(len(body) - size) < 0.06 * size


@pytest.mark.parametrize("flows", [1, 64])
def test_copies_are_flows_of_their_own(home: Path, smoke: Smoke, flows: int) -> None:
    (home / "many.yaml").write_text(copies(flows))
    ran = smoke("validate", "many.yaml")
    assert ran.exit_code == 0, ran.err
    assert f"{flows} flow" in ran.out


def test_the_one_flow_has_sixteen_steps() -> None:
    text = (FLOW_FILES / "one.yaml").read_text()
    assert [text.count(f"- {action}:") for action in ("goto", "fill", "click", "expect")] == [1, 6, 4, 5]
    assert "smokerunner: default (trace armed)" in OWN


def test_marked_flows_are_valid(home: Path, smoke: Smoke) -> None:
    (home / "marked.json").write_text(flow_file([script(flow, STEPS) for flow in (1, 2)]))
    assert smoke("validate", "marked.json").exit_code == 0


@pytest.fixture(scope="module")
def scripts() -> list[list[Marked]]:
    return [script(flow, 10) for flow in (1, 2)]


@pytest.mark.e2e
def test_a_picture_put_in_anothers_place_is_found(home: Path, binary: Binary, scripts: list[list[Marked]]) -> None:
    with serving() as url:
        desk = Desk(home, url, str(binary.path), "a-Password-for-tests-7")
        _, tally, against = replay(desk, scripts)
    assert (tally.right, tally.wrong, tally.missing, tally.complaints) == (20, 0, 0, ())
    assert against == []
    (document,) = home.glob("marked/evidence/*/run.json")
    bundle = document.parent
    assert left_in(home / "marked").pictures >= 14
    first, third, ninth = (next((bundle / "flows/marked-01").glob(f"0{step}-[!b]*.png")) for step in (1, 3, 9))
    shutil.copyfile(third, first)
    ninth.unlink()
    spoilt = judge(pictures(bundle, scripts))
    # The tenth step expects what the ninth left, and names its picture.
    assert spoilt.complaints == (
        "marked-01, step 1: shows step 3 of flow 1, not step 1",
        "marked-01, step 9: no picture",
        "marked-01, step 10: no picture",
    )
    assert (spoilt.right, spoilt.wrong, spoilt.missing) == (17, 1, 2)
    assert verified(home / "marked") != []
