"""accessibility: what axe-core finds, in words; what is ignored; whose frames count."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cases import Replayed, alone, errs, fails, passes, replay
from server import Site

from smokerunner.steps.accessibility import Accessibility

CASES = {
    "good-under-a-strict-policy": passes("""
        - goto: /accessible
        - accessibility: true
        - accessibility: {standard: best-practice}
        """),
    "bad": fails(
        "3 rules of accessibility broken (WCAG 2.1 AA, axe-core …)\n"
        "image-alt (critical, 2 elements): Images must have alternative text: #logo, .ad\n"
        "  https://dequeuniversity.com/rules/axe/…/image-alt\n"
        "label (critical, 1 element): Form elements must have labels: …input…\n"
        "  …\n"
        "color-contrast (serious, 1 element): …: main > p\n  …",
        """
        - goto: /inaccessible
        - accessibility: true
          timeout: 20s
        """,
    ),
    "by-a-smaller-standard": fails(
        "2 rules of accessibility broken (WCAG 2.0 A, …",
        """
        - goto: /inaccessible
        - accessibility: {standard: wcag2a}
          timeout: 20s
        """,
    ),
    "ignored": passes("""
        - goto: /inaccessible
        - accessibility: {ignore: [image-alt, label, color-contrast]}
        """),
    "only-within": passes("""
        - goto: /inaccessible
        - accessibility: {within: {region: Fine}}
        """),
    "within-what-is-bad": fails(
        "1 rule of accessibility broken (…label (critical, 1 element)…",
        """
        - goto: /inaccessible
        - accessibility: {within: {role: complementary, name: Newsletter}}
          timeout: 20s
        """,
    ),
    "within-what-is-not-there": fails(
        'region "Nowhere" is not there…',
        """
        - goto: /inaccessible
        - accessibility: {within: {region: Nowhere}}
        """,
    ),
    "a-frame-of-the-app": fails(
        "3 rules of accessibility broken (…iframe #logo…",
        """
        - goto: /framed?host=127.0.0.1
        - expect: {visible: {heading: Not for everybody, frame: {css: iframe}}}
        - accessibility: true
          timeout: 20s
        """,
    ),
    "a-frame-of-others": passes("""
        - goto: /framed?host=localhost
        - expect: {visible: {heading: Not for everybody, frame: {css: iframe}}}
        - accessibility: true
        """),
    "an-unknown-rule": errs(
        "axe-core has no rule called 'colour-contrast' to ignore, did you mean 'color-contrast'?",
        """
        - goto: /accessible
        - accessibility: {ignore: colour-contrast}
          timeout: 20s
        """,
    ),
    "named": alone(
        passes("""
        - goto: /accessible
        - accessibility: {within: {main: ''}}
          picture: true
        - accessibility: true
          name: Everybody can read it
          picture: true
        """)
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("accessibility"))


@pytest.mark.parametrize("name", CASES)
def test_cases(replayed: Replayed, name: str) -> None:
    replayed.check(name)


def test_the_app_finds_its_own_things_again(replayed: Replayed) -> None:
    assert not [message.text for step in replayed.run.results for below in step.walk() for message in below.console]


def test_pictures_are_named_after_what_is_looked_at(replayed: Replayed) -> None:
    assert replayed.picture("named", 2).name == "02-accessibility-main.png"
    assert replayed.picture("named", 3).name == "03-accessibility-everybody-can-read-it.png"


def test_a_step_says_what_it_looks_at() -> None:
    said = [
        Accessibility.model_validate({"accessibility": value}).title
        for value in (True, {"standard": "best-practice", "within": {"region": "Cart"}})
    ]
    assert said == [
        "accessibility of the page, WCAG 2.1 AA",
        'accessibility of region "Cart", WCAG 2.2 AA and best practice',
    ]


def test_without_the_extra_it_says_how_to_get_it(
    replayed: Replayed, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This is how Python remembers that there is no such package.
    monkeypatch.setitem(sys.modules, "axe_playwright_python", None)
    said = "the step `accessibility` needs axe-core: pip install 'smokerunner[accessibility]'"
    case = errs(said, "- goto: /plain\n- accessibility: true\n  timeout: 20s")
    replay({"missing": case}, site, tmp_path).check("missing")
