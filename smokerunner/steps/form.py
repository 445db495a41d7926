"""Forms: fill, select, check, uncheck, upload."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from smokerunner.model.duration import spell
from smokerunner.model.errors import Failure
from smokerunner.model.frozen import Frozen
from smokerunner.model.matcher import Matcher
from smokerunner.model.step import Seen
from smokerunner.model.target import Target
from smokerunner.model.template import Template
from smokerunner.steps.acting import Acting
from smokerunner.steps.causing import Causing
from smokerunner.steps.patience import Patience
from smokerunner.steps.writing import kind_of_field

if TYPE_CHECKING:
    from smokerunner.model.context import Context

_SOON = 1000.0
"""Milliseconds that a look at an element which is there may take."""
# The browser leaves these fields empty, without a word, when the text has another form.
_STRICT = {
    "date": "2027-02-03",
    "time": "18:30",
    "datetime-local": "2027-02-03T18:30",
    "month": "2027-02",
    "week": "2027-W05",
}
_OF_FIELD = frozenset({"value", "text", "attribute"})


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


class Fill(Acting):
    """Replace what stands in a form field.

    Example: `fill: {label: Email}`, beside it `with: ${email}`
    """

    action: ClassVar[str] = "fill"
    saves: ClassVar[frozenset[str]] = _OF_FIELD
    fill: Target
    with_: Template = Field(alias="with", description="The text; '' empties the field.")

    async def run(self, context: Context) -> Seen:
        """Wait until it can be edited, and fill it."""
        context.notes.value = self.with_
        if context.secrets.reveals(self.with_):
            context.notes.secret_fields += [self.fill.alone, *self.fill.fallbacks]
        locator = await context.find(self.fill)
        await context.page.measure(locator, context.notes, pointed=False)
        allowed = context.remaining
        kind = await kind_of_field(locator, context)
        if kind is None:
            raise Failure(f"it is no field that text can be put into (waited {spell(round(allowed, 1) or allowed)})")

        async def act() -> None:
            await locator.fill(self.with_, timeout=context.remaining * 1000)

        await self.showing(context, act)
        if self.with_ and kind in _STRICT and not await locator.input_value(timeout=_SOON):
            raise Failure(f"a field of the type {kind} does not take {self.with_!r}; write it as in {_STRICT[kind]}")
        return Seen(context.page.source(self.fill, locator))


class OptionValue(Frozen):
    """An option by its value instead of by what is seen."""

    value: Template

    def __str__(self) -> str:
        return f'value "{self.value}"'


def _option(value: Any) -> Any:
    return OptionValue.model_validate(value) if isinstance(value, dict) and "value" in value else value


Option = Annotated[Matcher | OptionValue, BeforeValidator(_option)]


class Select(Causing):
    """Choose in a native select list, by the option that is seen.

    Example: `select: {label: Country}`, beside it `with: Norway`
    """

    action: ClassVar[str] = "select"
    saves: ClassVar[frozenset[str]] = _OF_FIELD
    select: Target
    with_: Annotated[tuple[Option, ...], BeforeValidator(_many)] = Field(
        alias="with", description="The option seen, or {value: …}; several for a multiple list."
    )

    async def run(self, context: Context) -> Seen:
        """Wait until the options are there, and choose them."""
        context.notes.value = ", ".join(
            option.text if isinstance(option, Matcher) else str(option.value) for option in self.with_
        )
        locator = await context.find(self.select)
        await context.page.measure(locator, context.notes, pointed=False)
        indexes = [await self._index(option, locator, context) for option in self.with_]

        async def act() -> None:
            await locator.select_option(index=indexes, timeout=context.remaining * 1000)

        seen = await self.carry_out(context, act)
        return Seen(context.page.source(self.select, locator), seen.warnings)

    async def _index(self, option: Matcher | OptionValue, locator: Any, context: Context) -> int:
        patience = Patience(context)
        while True:
            offered = await locator.evaluate(
                "list => list.options ? [...list.options].map(o => [o.label.trim(), o.value]) : null",
                timeout=_SOON,
            )
            if offered is None:
                raise Failure(f"{self.select} is no native select list; click it, and then the option that it opens")
            found = [index for index, (label, value) in enumerate(offered) if _fits(option, label, value)]
            exact = [i for i in found if isinstance(option, Matcher) and offered[i][0] == option.text]
            if len(exact or found) == 1:
                return int((exact or found)[0])
            if not await patience.wait():
                labels = ", ".join(f'"{label}"' for label, _ in offered[:20])
                said = f"{len(found)} options match {option}" if found else f"there is no option {option}"
                raise Failure(f"{said} in {self.select}; it offers {labels or 'nothing'}")


def _fits(option: Matcher | OptionValue, label: str, value: str) -> bool:
    return option.accepts(label) if isinstance(option, Matcher) else option.value == value


class Check(Causing):
    """Switch a checkbox or a radio button on.

    Example: `check: {label: I accept the terms}`
    """

    action: ClassVar[str] = "check"
    check: Target

    async def run(self, context: Context) -> Seen:
        """Click it unless it is on already."""
        locator = await context.find(self.check)
        await context.page.measure(locator, context.notes, pointed=True)

        async def act() -> None:
            await locator.check(timeout=context.remaining * 1000)

        return await self.carry_out(context, act)


class Uncheck(Causing):
    """Switch a checkbox off.

    Example: `uncheck: {label: Send me news}`
    """

    action: ClassVar[str] = "uncheck"
    uncheck: Target

    async def run(self, context: Context) -> Seen:
        """Click it unless it is off already."""
        locator = await context.find(self.uncheck)
        await context.page.measure(locator, context.notes, pointed=True)

        async def act() -> None:
            await locator.uncheck(timeout=context.remaining * 1000)

        return await self.carry_out(context, act)


class Upload(Causing):
    """Give files to a file field, to the button that asks for them, or drop them somewhere.

    Example: `upload: {label: Avatar}`, beside it `with: acorn/avatar.png`
    """

    action: ClassVar[str] = "upload"
    upload: Target
    with_: Annotated[tuple[Template, ...], BeforeValidator(_many)] = Field(
        alias="with", description="Files, relative to the flow file."
    )
    by: Literal["drop"] | None = Field(
        default=None, description="`drop`: they are dragged there from outside the browser, and dropped."
    )

    async def run(self, context: Context) -> Seen:
        """Hand the files over."""
        context.notes.value = ", ".join(self.with_)
        files = [self._file(context.folder, name) for name in self.with_]
        locator = await context.find(self.upload)
        await context.page.measure(locator, context.notes, pointed=False)
        is_field = await locator.evaluate(
            "element => element instanceof HTMLInputElement && element.type === 'file'",
            timeout=context.remaining * 1000,
        )

        async def act() -> None:
            if self.by == "drop":
                await locator.drop({"files": files}, timeout=context.remaining * 1000)
                return
            if is_field:
                await locator.set_input_files(files, timeout=context.remaining * 1000)
                return
            async with context.page.raw.expect_file_chooser(timeout=context.remaining * 1000) as chooser:
                await locator.click(timeout=context.remaining * 1000)
            await (await chooser.value).set_files(files, timeout=context.remaining * 1000)

        return await self.carry_out(context, act)

    def _file(self, folder: Path, name: str) -> Path:
        path = folder / name
        if not path.is_file():
            raise FileNotFoundError(f"the file to upload is not there: {name}")
        return path
