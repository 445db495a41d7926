"""Whether people with disabilities can use the page, as far as a machine can tell."""

import difflib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field

from smokerunner.model.duration import spell
from smokerunner.model.errors import BadInput, Failure, Inconclusive, Unavailable
from smokerunner.model.frozen import Frozen
from smokerunner.model.kind import Kind
from smokerunner.model.number import counted
from smokerunner.model.step import Seen, Step, slugify
from smokerunner.model.target import Target

if TYPE_CHECKING:
    from playwright.async_api import Frame, Page

    from smokerunner.model.context import Context

Standard = Literal["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

_GROWS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The tags of axe-core's rules; each standard also asks for what stands before it."""
_NAMES = {
    "wcag2a": "WCAG 2.0 A",
    "wcag2aa": "WCAG 2.0 AA",
    "wcag21aa": "WCAG 2.1 AA",
    "wcag22aa": "WCAG 2.2 AA",
    "best-practice": "WCAG 2.2 AA and best practice",
}
_IMPACTS = ("critical", "serious", "moderate", "minor")
_PACKAGE = "axe_playwright_python"
_SHOWN, _ELEMENTS = 8, 3
"""How many rules, and elements of each, a message names."""
_INSTALL = """() => {
  if (window.__smokerunner_axe) return;
  const known = Object.getOwnPropertyDescriptor(window, 'axe');
  (function (define, module, exports) { AXE
  }).call(window);
  window.__smokerunner_axe = window.axe;
  window.axe.configure({allowedOrigins: ['<unsafe_all_origins>']});
  delete window.axe;
  if (known) Object.defineProperty(window, 'axe', known);
}"""
"""Leaves no trace that an app could stumble over, and asks no module loader of its.

To all origins, because the browser else complains in the app's console about frames of others, which do not answer.
"""
_RUN = """async (scope, options) => {
  const axe = window.__smokerunner_axe;
  const found = await axe.run(scope ?? document, options);
  return {
    version: axe.version,
    rules: axe.getRules().map(rule => rule.ruleId),
    violations: found.violations.map(({id, impact, help, helpUrl, nodes}) => (
      {id, impact, help, helpUrl, elements: nodes.map(node => node.target.flat().join(' '))}
    )),
  };
}"""


class Audit(Frozen):
    """What is looked at, and by which rules."""

    standard: Standard = Field(
        default="wcag21aa",
        description="How much is asked: `wcag2a`, `wcag2aa`, `wcag21aa`, `wcag22aa`, `best-practice`.",
    )
    within: Target | None = Field(default=None, description="Only this element and what is inside it.")
    ignore: Annotated[
        tuple[str, ...], BeforeValidator(lambda value: value if isinstance(value, list | tuple) else (value,))
    ] = Field(default=(), description="Rules of axe-core that do not count, by their ids: `color-contrast`.")

    def __str__(self) -> str:
        said = f"of {self.within}" if self.within is not None else "of the page"
        return f"{said}, {_NAMES[self.standard]}"


class Accessibility(Step):
    """Fail when axe-core finds something that keeps people with disabilities from using the page.

    Example: `accessibility: true`, or `accessibility: {standard: wcag22aa, within: {main: ''}, ignore: color-contrast}`
    """

    action: ClassVar[str] = "accessibility"
    changes: ClassVar[bool] = False
    default_timeout: ClassVar[float] = 30.0
    spends: ClassVar[Kind] = Kind.OWN
    accessibility: Annotated[Audit, BeforeValidator(lambda value: {} if value in (True, "true", "yes") else value)] = (
        Field(description="`true` for all of the page by WCAG 2.1 AA, or what is looked at and by which rules.")
    )

    async def run(self, context: "Context") -> Seen:
        """Let axe-core look; raises Failure with what it found."""
        # Only a run waits; reading a flow file would pay for the import.
        import asyncio

        script = _INSTALL.replace("AXE", _script())
        audit, page, allowed = self.accessibility, context.page.raw, context.remaining
        scope = await context.find(audit.within) if audit.within is not None else None
        options = {
            "runOnly": {"type": "tag", "values": _GROWS[: _GROWS.index(audit.standard) + 1]},
            "resultTypes": ["violations"],
        }
        try:
            async with asyncio.timeout(context.remaining):
                for frame in _own_frames(page):
                    await frame.evaluate(script)
                if scope is None:
                    found = await page.evaluate(f"options => ({_RUN})(null, options)", options)
                else:
                    found = await scope.evaluate(_RUN, options)
        except TimeoutError:
            raise Inconclusive(f"axe-core was not done with the page in {spell(allowed)}") from None
        _require_known(audit.ignore, found["rules"])
        violations = [item for item in found["violations"] if item["id"] not in audit.ignore]
        if violations:
            raise Failure(_told(violations, f"{_NAMES[audit.standard]}, axe-core {found['version']}"))
        return Seen()

    @property
    def slug(self) -> str:
        """Named after what is looked at."""
        within = self.accessibility.within
        return slugify(f"accessibility {self.name or (within.label_text if within is not None else 'page')}")

    @property
    def targets(self) -> tuple[Target, ...]:
        """The element that is looked at."""
        within = self.accessibility.within
        return () if within is None else (within,)


def _script() -> str:
    """The source of axe-core; it comes with an extra, for few flows need its half a megabyte."""
    found = find_spec(_PACKAGE)
    path = Path(found.origin).with_name("axe.min.js") if found is not None and found.origin is not None else None
    if path is None or not path.is_file():
        raise Unavailable("the step `accessibility` needs axe-core: pip install 'smokerunner[accessibility]'")
    return path.read_text(encoding="utf-8")


def _own_frames(page: "Page") -> "list[Frame]":
    """The frames of the page's own origin. What others show in theirs is not the app's to mend."""
    host = urlsplit(page.url).netloc
    return [frame for frame in page.frames if urlsplit(frame.url).netloc in (host, "")]


def _require_known(ignored: Sequence[str], rules: Sequence[str]) -> None:
    for rule in ignored:
        if rule not in rules:
            near = difflib.get_close_matches(rule, rules, 1, 0.5)
            hint = f", did you mean '{near[0]}'?" if near else ""
            raise BadInput(f"axe-core has no rule called '{rule}' to ignore{hint}")


def _told(violations: Sequence[Mapping[str, Any]], by: str) -> str:
    """What is wrong, the worst first: a line a rule, and what to read about it."""
    ranked = sorted(violations, key=lambda item: (_rank(item["impact"]), item["id"]))
    lines = [f"{counted(len(ranked), 'rule')} of accessibility broken ({by})"]
    for item in ranked[:_SHOWN]:
        elements = item["elements"]
        shown = ", ".join(elements[:_ELEMENTS]) + (", …" if len(elements) > _ELEMENTS else "")
        lines.append(f"{item['id']} ({item['impact']}, {counted(len(elements), 'element')}): {item['help']}: {shown}")
        lines.append(f"  {item['helpUrl'].partition('?')[0]}")
    if len(ranked) > _SHOWN:
        lines.append(f"and {counted(len(ranked) - _SHOWN, 'more rule')}: {', '.join(i['id'] for i in ranked[_SHOWN:])}")
    return "\n".join(lines)


def _rank(impact: str | None) -> int:
    return _IMPACTS.index(impact) if impact in _IMPACTS else len(_IMPACTS)
