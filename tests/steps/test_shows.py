"""What an act shows though it vanishes again: toasts, caught from just before the act on."""

from __future__ import annotations

import pytest
from cases import Replayed, fails, passes, replay, warns
from server import Site

SAVED = "{role: status, has_text: Saved}"
CASES = {
    "click": passes(f"""
        - goto: /vanishing
        - click: {{button: {{is: Save}}}}
          shows: {SAVED}
        """),
    "for-the-blink-of-an-eye": passes(f"""
        - goto: /vanishing
        - click: {{button: Blink}}
          shows: {SAVED}
        """),
    "some-time-later": passes(f"""
        - goto: /vanishing
        - click: {{button: Save later}}
          shows: {SAVED}
        """),
    "in-a-shadow": passes("""
        - goto: /vanishing
        - click: {button: Save in a shadow}
          shows: {text: Saved}
        """),
    "several": passes(f"""
        - goto: /vanishing
        - click: {{button: {{is: Save}}}}
          shows: [{SAVED}, {{text: {{is: Saved}}}}]
        """),
    "after-a-navigation": passes("""
        - goto: /vanishing
        - click: {button: Save and leave}
          shows: {role: status, has_text: Saved before}
        - expect: {url: /vanishing?left=1}
        """),
    "while-a-navigation-waits-for-its-answer": passes(f"""
        - goto: /vanishing
        - click: {{button: Save while leaving slowly}}
          shows: {SAVED}
        - expect: {{visible: {{heading: At last}}}}
        """),
    "while-a-navigation-waits-by-its-text": passes("""
        - goto: /vanishing
        - click: {button: Save while leaving slowly}
          shows: {text: {is: Saved}}
        """),
    "on-every-page-and-still-new-on-this-one": passes("""
        - goto: /vanishing?stand=yes
        - click: {button: Save and leave}
          shows: {role: status, has_text: Read only}
        """),
    "goto": passes("""
        - goto: /vanishing?left=1
          shows: {role: status, has_text: Saved before}
        - reload: true
          shows: {role: status, has_text: Saved before}
        """),
    "back": passes("""
        - goto: /vanishing?left=1
        - goto: /plain
        - back: true
          shows: {role: status, has_text: Saved before}
        """),
    "fill-and-type": passes("""
        - goto: /vanishing
        - fill: {label: Name}
          with: Kim
          shows: {role: status, has_text: Draft Kim kept}
        - type: ber
          in: {label: Name}
          shows: {role: status, has_text: Draft Kimber kept}
        - press: Backspace
          shows: {role: status, has_text: Draft Kimbe kept}
        """),
    "check": passes("""
        - goto: /vanishing
        - check: {label: News}
          shows: {role: status, has_text: News changed}
        """),
    "scroll": passes("""
        - goto: /vanishing?scroll
        - scroll: {to: bottom}
          shows: {role: status, has_text: More loaded}
        """),
    "hover-shows-nothing": fails(
        'never seen: text "Saved" is not there (waited …)',
        """
        - goto: /vanishing
        - hover: {button: {is: Save}}
          shows: {text: Saved}
          timeout: 4s
        """,
    ),
    "beside-a-dialog": passes(f"""
        - goto: /vanishing
        - click: {{button: Ask and save}}
          dialog: accept
          shows: {SAVED}
        """),
    "a-dialog-that-keeps-it-away": fails(
        'never seen: status with text "Saved" is not there… (waited …)',
        """
        - goto: /vanishing
        - click: {button: Ask and save}
          dialog: dismiss
          shows: {status: "", has_text: Saved}
          timeout: 4s
        """,
    ),
    "other-words": fails(
        'status with text "Saved" was never seen; meanwhile there was "Could not save" (waited …)',
        f"""
        - goto: /vanishing
        - click: {{button: Refuse}}
          shows: {SAVED}
          timeout: 4s
        """,
    ),
    "one-came-the-other-not": fails(
        'never seen: alert with text "Oops" is not there… (waited …)',
        f"""
        - goto: /vanishing
        - click: {{button: {{is: Save}}}}
          shows: [{SAVED}, {{role: alert, has_text: Oops}}]
          timeout: 4s
        """,
    ),
    "its-text-is-no-name": fails(
        'status "Saved" was never seen; meanwhile there was "Saved"; what stands in it is no name: '
        "write {role: status, has_text: …} (waited …)",
        """
        - goto: /vanishing
        - click: {button: {is: Save}}
          shows: {status: Saved}
          timeout: 4s
        """,
    ),
    "the-act-itself-fails": fails(
        'button "Nowhere" is not there; …',
        f"""
        - goto: /vanishing
        - click: {{button: Nowhere}}
          shows: {SAVED}
          timeout: 4s
        """,
    ),
    "it-stood-there-before": warns(
        'status with text "Read only" was there before this step, so it does not show what came of it; '
        "expect it `hidden` first",
        """
        - goto: /vanishing?stand=yes
        - click: {button: {is: Save}}
          shows: {role: status, has_text: Read only}
        """,
    ),
    "another-like-it-comes": passes("""
        - goto: /vanishing?stand=yes
        - click: {button: {is: Save}}
          shows: {role: status}
        """),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("shows"))


@pytest.mark.parametrize("name", CASES)
def test_shows(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_only_what_did_not_come_is_looked_for_in_vain(replayed: Replayed) -> None:
    observation = replayed.step("one-came-the-other-not", 2).observation
    assert observation is not None
    shown = [target.words for target in observation.targets if target.place == "shows.visible"]
    assert shown == ['alert with text "Oops"']
