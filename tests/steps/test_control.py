"""use, repeat, pause, screenshot, and what may stand beside any step: when, on_failure, time_target, picture, mask."""

from __future__ import annotations

import pytest
from cases import Replayed, alone, fails, passes, replay, skips, warns
from PIL import Image
from server import Site

from smokerunner.steps.control import Pause

MASK = (0x3D, 0x44, 0x51)

CASES = {
    "use": passes("""
        - use: visit
          with: {tab: open}
        - expect: {url: /links?tab=open}
        - goto: /plain?seen=${seen}
        - expect: {url: /plain?seen=open}
        """),
    "use-with-defaults": passes("""
        - use: visit
        - expect: {url: /links?tab=none}
        """),
    "use-fails-inside": fails(
        'step …: text "Never" is not there (waited 300 ms)',
        """
        - use: wrong
          timeout: 20s
        """,
    ),
    "repeat": passes("""
        - goto: /counter/repeat
        - repeat: {reload: true}
          until: {text_of: {of: {test_id: state}, reads: ready}}
          every: 10ms
        - expect: {text_of: {of: {test_id: times}, reads: asked 3 times}}
        """),
    "repeat-often-enough": fails(
        'after 2 times: test_id "state" shows "ready", not "shipped"',
        """
        - goto: /counter/often
        - repeat: {reload: true}
          until: {text_of: {of: {test_id: state}, reads: shipped}}
          every: 10ms
          times: 2
          timeout: 20s
        """,
    ),
    "repeat-in-its-time": fails(
        "after … times: the page is at {base}/plain, not at /orders",
        """
        - goto: /plain
        - repeat: {reload: true}
          until: {url: /orders}
          every: 200ms
          timeout: 500ms
        """,
    ),
    "repeat-what-fails": fails(
        'step …1: button "Next" is not there; buttons here: "Send", "Start" (waited 300 ms)',
        """
        - goto: /plain
        - repeat: {click: {button: Next}, timeout: 300ms}
          until: {url: /orders}
          timeout: 20s
        """,
    ),
    "pause": passes("- pause: 50ms"),
    "pause-longer-than-any-timeout": alone(passes("- pause: 1500ms", timeout="100ms")),
    "screenshot": alone(
        passes("""
        - goto: /talk
        - screenshot: price-list
          picture: true
        - screenshot: all-of-it
          picture: full_page
        - screenshot: without-the-clock
          picture: true
          mask: {test_id: clock}
        - screenshot: masked-twice
          picture: true
          mask: [{test_id: clock}, {heading: Talk}]
        """)
    ),
    "no-picture": alone(passes("- goto: /plain")),
    "time-target": warns(
        "took …, over its time target of 10 ms",
        """
        - goto: /slow?seconds=0.2
          timeout: 20s
          time_target: 10ms
        """,
    ),
    "time-target-kept": passes("""
        - goto: /plain
          time_target: 30s
        """),
    "when-nothing-is-there-yet": skips(
        "its `when` does not hold: …",
        """
        - goto: /plain
        - pause: 1ms
          when: {title: Order}
        """,
    ),
    "on-failure-warn": alone(
        warns(
            'failed, but only a warning here: test_id "total" is not there; … (waited 300 ms)',
            """
        - goto: /plain
        - read: {test_id: total}
          save: {total: text}
          on_failure: warn
          timeout: 300ms
        - goto: /plain?total=${total}
        - goto: /links
          timeout: 20s
        """,
        )
    ),
    "after-a-failure": alone(
        fails(
            'heading "Order" is not there; headings here: "A plain page" (waited 300 ms)',
            """
        - goto: /plain
        - expect: {visible: {heading: Order}}
          timeout: 300ms
        - goto: /links
        """,
        )
    ),
    "named": alone(
        passes("""
        - goto: /plain
          name: Open the front page
          picture: true
        """)
    ),
}
MORE = """
    visit:
      variables: {tab: none}
      steps:
        - goto: /links?tab=${tab}
        - expect: {url: /links}
          save: {seen: {url: {matches: "tab=(.*)"}}}
    wrong:
      steps:
        - goto: /plain
        - expect: {visible: {text: Never}}
          timeout: 300ms
    """


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("control"), more=MORE)


@pytest.mark.parametrize("name", CASES)
def test_control(name: str, replayed: Replayed) -> None:
    if name == "on-failure-warn":
        # What the others are told apart by is what is tested here.
        step = replayed.step(name, 2)
        assert step.outcome == replayed.flow(name).outcome == "warned"
        assert step.warnings[0].startswith('failed, but only a warning here: test_id "total" is not there; test ids')
        return
    replayed.check(name)


def test_a_step_that_needs_what_was_not_saved_is_skipped_and_says_so(replayed: Replayed) -> None:
    _, _, third, fourth = replayed.steps("on-failure-warn")
    assert (third.outcome, third.message) == ("skipped", "${total} was never saved")
    assert fourth.outcome == "passed"


def test_a_failed_step_fails_the_run(replayed: Replayed) -> None:
    assert replayed.exit_code == 1


def test_steps_after_a_failed_one_are_skipped_and_say_so(replayed: Replayed) -> None:
    assert replayed.step("after-a-failure", 3).message == "step 2 failed"


def test_no_timeout_cuts_a_pause_short() -> None:
    assert Pause.model_validate({"pause": "5m"}).lasts == 300


def test_used_steps_stand_below_the_step_that_uses_them(replayed: Replayed) -> None:
    children = replayed.step("use", 1).children
    assert [child.title for child in children] == ["goto /links?tab=${tab}", "expect url /links"]
    assert all(child.source.startswith("flows.yaml:") for child in children)


def test_every_time_is_a_step_of_its_own(replayed: Replayed) -> None:
    assert [child.action for child in replayed.step("repeat", 2).children] == ["reload", "reload"]


def test_an_extra_picture_bears_its_name(replayed: Replayed) -> None:
    assert replayed.picture("screenshot", 2).name == "02-screenshot-price-list.png"


def test_a_step_can_have_a_name(replayed: Replayed) -> None:
    assert replayed.step("named", 1).title == "Open the front page"
    assert replayed.picture("named", 1).name == "01-goto-open-the-front-page.png"


def test_a_full_page_is_larger(replayed: Replayed) -> None:
    with Image.open(replayed.picture("screenshot", 2)) as window, Image.open(replayed.picture("screenshot", 3)) as page:
        assert window.size == (1280, 720)
        assert page.width == 1280
        assert page.height > 2000


def test_no_picture_is_taken_when_none_is_wanted(replayed: Replayed) -> None:
    assert replayed.step("no-picture", 1).picture is None


@pytest.mark.parametrize(("number", "clock", "heading"), [(2, (255, 0, 0), False), (4, MASK, False), (5, MASK, True)])
def test_what_is_masked_is_painted_over(number: int, clock: tuple[int, ...], heading: bool, replayed: Replayed) -> None:
    with Image.open(replayed.picture("screenshot", number)) as picture:
        shown = picture.convert("RGB")
        assert {colour for _, colour in shown.crop((602, 302, 798, 398)).getcolors() or ()} == {clock}
        assert (shown.getpixel((1000, 40)) == MASK) == heading
