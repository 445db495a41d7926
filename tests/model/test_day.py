"""Days counted from today, and how they are written."""

from __future__ import annotations

from datetime import date

import pytest

from smokerunner.model.day import Day
from smokerunner.model.template import Reference, Template

TODAY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("written", "spelt"),
    {
        "": "2026-01-31",
        "+7d": "2026-02-07",
        "-1w": "2026-01-24",
        "+1m": "2026-02-28",
        "-11m": "2025-02-28",
        "+12m": "2027-01-31",
        "+1y -1d": "2027-01-30",
        "+ 7 d": "2026-02-07",
        "%d.%m.%Y": "31.01.2026",
        "+1d, %A %-d %B %Y": "Sunday 1 February 2026",
        "+1d, %a, %b %-d '%y, %-m, 100%%": "Sun, Feb 1 '26, 2, 100%",
    }.items(),
)
def test_a_day_is_counted_and_spelt(written: str, spelt: str) -> None:
    assert Day.parse(written).spell(TODAY) == spelt


@pytest.mark.parametrize(
    ("written", "said"),
    {
        "tomorrow": "'tomorrow' is no time from today; write +7d, -1w, +2m or +1y",
        "7d": "'7d' is no time from today",
        "+7d %d.%m": "between '+7d' and its format stands a comma",
        "+1h": "is no time from today",
        "+7d,": "after the comma stands a format such as %d.%m.%Y",
        "%H:%M": "a day has no '%H'; it has %Y",
        "%d.%": "a day has no '%'",
    }.items(),
)
def test_what_is_no_day_says_what_would_be_right(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"day|today|comma") as wrong:
        Day.parse(written)
    assert said in str(wrong.value)


def test_beyond_the_calendar() -> None:
    with pytest.raises(ValueError, match=r"\+9999y is beyond the calendar"):
        Day.parse("+9999y").spell(TODAY)


def test_a_template_knows_its_days() -> None:
    text = Template("from ${today} to ${today(+7d, %d.%m.%Y)} by ${name}")
    assert text.references == (
        Reference("today", ""),
        Reference("today", "+7d, %d.%m.%Y"),
        Reference("variable", "name"),
    )
    with pytest.raises(ValueError, match=r"\$\{today\(soon\)\}: 'soon' is no time from today"):
        Template("${today(soon)}")
