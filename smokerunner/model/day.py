"""Days as `${today(+7d, %d.%m.%Y)}` has them: counted from today, and written as a page writes them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Self

from smokerunner.model.record import record

_SHIFT = re.compile(r"([+-])(\d{1,5})([dwmy])")
_PLACE = re.compile(r"%(-?.|$)")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Written out instead of left to strftime: names in English on every machine, and no zero in front on every system.
_PARTS: Mapping[str, Callable[[date], str]] = MappingProxyType(
    {
        "Y": lambda day: f"{day.year:04}",
        "y": lambda day: f"{day.year % 100:02}",
        "m": lambda day: f"{day.month:02}",
        "-m": lambda day: str(day.month),
        "d": lambda day: f"{day.day:02}",
        "-d": lambda day: str(day.day),
        "B": lambda day: _MONTHS[day.month - 1],
        "b": lambda day: _MONTHS[day.month - 1][:3],
        "A": lambda day: _DAYS[day.weekday()],
        "a": lambda day: _DAYS[day.weekday()][:3],
        "%": lambda _: "%",
    }
)
ISO = "%Y-%m-%d"


@record
class Day:
    """A day so many days, weeks, months and years from today, and its format."""

    shifts: tuple[tuple[int, str], ...]
    """Numbers and their units: d, w, m, y."""
    format: str = ISO

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what stands in the parentheses: `+7d`, `%d.%m.%Y` or both; raises ValueError saying what is wrong."""
        first, comma, rest = written.strip().partition(",")
        shift, form = (first, rest.strip()) if comma or "%" not in first else ("", first)
        if comma and not form:
            raise ValueError("after the comma stands a format such as %d.%m.%Y")
        if not shift and (at_once := _SHIFT.match(form)):
            raise ValueError(f"between {at_once[0]!r} and its format stands a comma")
        shift = re.sub(r"\s", "", shift)
        if _SHIFT.sub("", shift):
            raise ValueError(f"{first.strip()!r} is no time from today; write +7d, -1w, +2m or +1y")
        for place in _PLACE.finditer(form):
            if place[1] not in _PARTS:
                known = " ".join(f"%{part}" for part in _PARTS)
                raise ValueError(f"a day has no {place[0]!r}; it has {known}")
        return cls(tuple((int(sign + number), unit) for sign, number, unit in _SHIFT.findall(shift)), form or ISO)

    def spell(self, today: date) -> str:
        """The day in its format; the last day of a month where the month counted to has no such day."""
        day = today
        for number, unit in self.shifts:
            try:
                day = _moved(day, number, unit)
            except (OverflowError, ValueError) as wrong:
                raise ValueError(f"{number:+}{unit} is beyond the calendar") from wrong
        return _PLACE.sub(lambda place: _PARTS[place[1]](day), self.format)


def _moved(day: date, number: int, unit: str) -> date:
    if unit in "dw":
        return day + timedelta(days=number * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
