"""Web vitals in words: each document once, and how good it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sample_run import AT, LOGIN, REGISTER, RUN, read

from smokerunner.model.vitals import Vitals
from smokerunner.reports.html import render
from smokerunner.reports.vitals import PageVitals, pages_of, summary_of


def test_each_document_stands_once_with_its_last_reading() -> None:
    pages = pages_of(REGISTER)
    assert [page.vitals.url.removeprefix("https://shop.acorn.example") for page in pages] == [
        "/register",
        "/welcome?<b>new</b>",
    ]
    assert [str(measure) for measure in pages[0].measures] == [
        "LCP 2.86 s needs improvement",
        "INP 264 ms needs improvement",
        "CLS under 0.01 good",
    ]
    assert [page.rating for page in pages] == ["needs improvement", "poor"]
    assert summary_of(pages) == "2 pages, 1 poor, 1 needs improvement"
    assert summary_of(pages_of(LOGIN)) == "1 page, good"
    assert summary_of([]) == ""


def test_the_same_address_loaded_anew_is_another_document() -> None:
    step = REGISTER.children[1].children[0]
    assert step.vitals is not None
    again = step.vitals.model_copy(update={"began": AT + timedelta(seconds=99)})
    attempt = REGISTER.children[1]
    more = attempt.model_copy(update={"children": (*attempt.children, step.model_copy(update={"vitals": again}))})
    flow = REGISTER.model_copy(update={"children": (REGISTER.children[0], more)})
    assert len(pages_of(flow)) == 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lcp": 2500, "inp": 200, "cls": 0.1}, "good"),
        ({"lcp": 2500.1}, "needs improvement"),
        ({"inp": 500}, "needs improvement"),
        ({"cls": 0.2501}, "poor"),
        ({"lcp": 4000.1, "inp": 8}, "poor"),
    ],
)
def test_the_bounds_are_those_of_web_dev(values: dict[str, float], said: str) -> None:
    assert PageVitals(Vitals.model_validate({"url": "/", **values})).rating == said


def test_a_rating_is_told_by_a_word_and_a_sign_not_by_colour_alone() -> None:
    page = render(RUN, read)
    told = re.findall(r'<span class="rated (\w+)"><i aria-hidden="true">(.)</i>([^<]+)</span>', page)
    assert set(told) == {
        ("passed", "✓", "good"),
        ("warned", "!", "needs improvement"),
        ("failed", "✕", "poor"),
    }
    assert "<b>new</b></th>" not in page
