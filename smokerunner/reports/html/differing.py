"""What differs from an earlier picture, in a customer's words: no coordinates, and one line for many pictures."""

from __future__ import annotations

from smokerunner.model.comparison import Comparison
from smokerunner.model.record import record
from smokerunner.model.result import Result

_ANOTHER = 0.5
"""When more of a picture than this part differs, nobody would call it the same page."""
_WENT_ELSEWHERE = 0.05
"""In a flow that failed, less is enough: the page where it should have arrived never came."""


@record
class Warnings:
    """The warnings of a result: `lines` are shown, and `folded` lie behind the line that sums them up."""

    lines: tuple[str, ...]
    summary: str = ""
    folded: tuple[str, ...] = ()


def differs(step: Result) -> bool:
    """Whether a step looks other than it did."""
    return step.comparison is not None and step.comparison.verdict == "differs"


def is_another_page(comparison: Comparison) -> bool:
    """Whether the picture shows another page, or as good as that."""
    most = _WENT_ELSEWHERE if comparison.against == "last passed" else _ANOTHER
    return comparison.verdict == "differs" and comparison.changed > most


def share_of(changed: float) -> str:
    """The part of a picture in words; never 0 for something."""
    if 0 < changed < 0.001:
        return "less than 0.1 %"
    return f"{changed * 100:.0f} %" if changed >= 0.1 else f"{changed * 100:.2g} %"


def said_of(comparison: Comparison) -> str:
    """What differs, without the pixels; why not, for what could not be compared."""
    if is_another_page(comparison):
        return "it looks like another page"
    if " pixels at " not in comparison.message:
        return comparison.message
    places = len(comparison.areas)
    where = "in one place" if places == 1 else f"in {places} places"
    return f"{share_of(comparison.changed)} of the picture differs, {where}"


def warnings_of(result: Result) -> Warnings:
    """The warnings of a result, those about pictures in plain words; three and more of them become one line."""
    compared = [step for step in result.walk() if step.comparison is not None and differs(step)]
    lines: list[str] = []
    folded: list[str] = []
    for warning in result.warnings:
        comparison = next(
            (each.comparison for each in compared if each.comparison and each.comparison.complaint in warning), None
        )
        if comparison is None:
            lines.append(warning)
        else:
            folded.append(warning.replace(comparison.message, said_of(comparison)))
    if len(folded) < 3:
        return Warnings((*lines, *folded))
    told = [step for step in compared if step.comparison and _is_told(step.comparison, result.warnings)]
    most = max(told, key=lambda step: step.comparison.changed if step.comparison else 0.0)
    share = share_of(most.comparison.changed) if most.comparison else ""
    summary = f"{len(folded)} pictures differ from the approved ones, most in step {most.number} ({share})"
    return Warnings(tuple(lines), summary, tuple(folded))


def _is_told(comparison: Comparison, warnings: tuple[str, ...]) -> bool:
    return any(comparison.complaint in warning for warning in warnings)
