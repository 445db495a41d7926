"""`smokerunner try`."""

from __future__ import annotations

import asyncio
import difflib
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smokerunner.cli.drawing import Lines
from smokerunner.cli.options import configured, environment_file, flow_paths
from smokerunner.model.errors import BadInput
from smokerunner.model.event import Event, FlowEnded, RunEnded, StepEnded
from smokerunner.model.number import counted
from smokerunner.model.outcome import ExitCode, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from smokerunner.authoring.sheet import Sheet
    from smokerunner.model.target import Target
    from smokerunner.replay.companion import Moment, Place, Reply


@click.command("try")
@click.argument("what", metavar="APP|FILE")
@click.option("--flow", required=True, metavar="NAME", help="The flow to try; what it needs is replayed first.")
@click.option("--step", "stepwise", is_flag=True, help="Pause before every step.")
@click.option("--write", is_flag=True, help="Put the mends that worked into the flow file.")
@click.option("--headless", is_flag=True, help="Without a window.")
@configured
@click.option("--base-url", envvar="SMOKE_BASE_URL", metavar="URL", help="Where the app is; overrides all files.")
@click.option("--browser-path", metavar="PROGRAM", help="The browser to use.")
def command(
    what: str,
    flow: str,
    stepwise: bool,
    write: bool,
    headless: bool,
    config: Path | None,
    environment: str | None,
    base_url: str | None,
    browser_path: str | None,
) -> int:
    """Replay one flow in a window and pause where a step fails: see what is there instead, and mend the step.

    A single key answers: 1 to 9 takes a candidate, r tries again, s skips the step, q gives up, Enter goes on.
    Without a terminal a line of standard input is an answer; when it ends, the flow is given up.
    Nothing is kept of it: no evidence, no history.
    """
    from smokerunner.browser.binary import require
    from smokerunner.cli.replaying import replay_all
    from smokerunner.language.environment import load_config
    from smokerunner.language.load import load
    from smokerunner.replay.options import Options
    from smokerunner.replay.plan import Selection, require_known
    from smokerunner.replay.preparing import prepare

    (path,) = flow_paths((what,))
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name one app or flow file")
    place = environment_file(config)
    settings = load_config(place) if place else None
    given = frozenset(settings.variable_names if settings else ())
    loaded = load(path, given=given)
    selection = Selection((flow,))
    require_known([loaded.file], selection)
    binary = require(browser_path, headed=not headless)
    with tempfile.TemporaryDirectory(prefix="smokerunner-try-") as scratch:
        options = Options(
            selection=selection,
            workers=1,
            trace="off",
            pictures="off",
            headed=not headless,
            browser_path=browser_path,
            out=Path(scratch),
            pack=False,
        )
        job = prepare(loaded, settings, options, binary=binary, environment_name=environment, base_url=base_url)
        asking = Asking(flow, stepwise=stepwise)
        code = replay_all([replace(job, companion=asking)], Steps(flow))
    if asking.left_out:
        # With steps left out nothing is proven, whatever the others say.
        click.echo(f"{counted(asking.left_out, 'step')} left out by hand, so this proves nothing")
        code = max(code, int(ExitCode.CANNOT_TELL)) if code == ExitCode.OK else code
    _tell(path, asking.mended, given, write=write, proven=code == ExitCode.OK)
    return code


class Steps(Lines):
    """A line for every step of one flow as it ends, and for the flows around it."""

    def __init__(self, flow: str) -> None:
        super().__init__()
        self._flow = flow
        self._root = ""
        """The needed flow that kept this one from being tried."""

    def reactions(self) -> dict[type[Event], Callable[..., None]]:
        """The lines of any run, and the steps."""
        return {**super().reactions(), StepEnded: self._step}

    def run_ended(self, event: RunEnded) -> None:
        """The verdict; there is no bundle to name."""
        self.line("")
        if event.outcome in (Outcome.PASSED, Outcome.WARNED):
            self.line(click.style(f"{self._flow} went through to its end", fg="green", bold=True))
        else:
            self.line(click.style(f"{self._flow} did not pass", fg="red", bold=True))
        if self._root and self._root != self._flow:
            self.line(f"mend what it needs first: smokerunner try … --flow {self._root}")

    def flow_ended(self, event: FlowEnded) -> None:
        """What became of a flow, and whose fault it was."""
        super().flow_ended(event)
        if event.flow == self._flow:
            self._root = event.result.root or ""

    def _step(self, event: StepEnded) -> None:
        if event.flow == self._flow:
            self.line(f"    {event.number}  {event.result.outcome:<8} {event.result.title}")


class Asking:
    """A companion that asks on the terminal."""

    def __init__(self, flow: str, *, stepwise: bool) -> None:
        self._flow = flow
        self._stepwise = stepwise
        self._chosen: dict[Place, Target] = {}
        self.mended: dict[Place, Target] = {}
        """What stands now at which place of the file: the mends that worked."""
        self.left_out = 0
        """Steps that were skipped by hand."""

    async def before(self, moment: Moment) -> Reply:
        """With --step, wait for a key."""
        from smokerunner.replay.companion import GiveUp, GoOn, Skip

        if not self._stepwise or moment.flow != self._flow:
            return GoOn()
        click.echo(f"  › {moment.number}  {moment.step.title}")
        key = await self._key("Enter goes on, s skips, q gives up", ("", "s", "q"))
        if key == "s":
            self.left_out += 1
            return Skip()
        return GiveUp() if key == "q" else GoOn()

    async def failed(self, moment: Moment) -> Reply:
        """Say what is wrong and what is there instead, and wait for a key."""
        from smokerunner.replay.companion import GiveUp, Retry, Skip, with_target
        from smokerunner.replay.offering import missing

        if moment.flow != self._flow:
            return GiveUp()
        for place in [place for place in self._chosen if place[: len(moment.place)] == moment.place]:
            del self._chosen[place]
        click.echo(click.style(f"  ✗ {moment.number}  {moment.step.title}", fg="red"))
        click.echo(f"      {moment.message}")
        absent = await missing(moment)
        candidates = absent.candidates if absent is not None else ()
        if absent is not None:
            click.echo(f"      not found: {absent.target}")
        for number, candidate in enumerate(candidates, 1):
            click.echo(f"      {number}  {candidate}")
        numbers = tuple(str(number) for number in range(1, len(candidates) + 1))
        choice = "1 takes it, " if len(numbers) == 1 else f"1-{numbers[-1]} takes one, " if numbers else ""
        key = await self._key(f"{choice}r tries again, s skips the step, q gives up", (*numbers, "r", "s", "q"))
        if key == "s":
            self.left_out += 1
            return Skip()
        if key == "r":
            return Retry(moment.step)
        if key == "q" or absent is None:
            return GiveUp()
        chosen = candidates[int(key) - 1]
        self._chosen[(*moment.place, *absent.place)] = chosen
        return Retry(with_target(moment.step, absent.place, chosen))

    async def passed(self, moment: Moment) -> None:
        """Keep what was chosen for this step: it works."""
        for place, target in self._chosen.items():
            if place[: len(moment.place)] == moment.place:
                self.mended[place] = target
        self._chosen.clear()

    async def _key(self, question: str, known: tuple[str, ...]) -> str:
        while True:
            click.echo(f"      {question}: ", nl=False)
            key = await _typed()
            click.echo(key or "")
            if key is None:
                return "q"
            if key in known:
                return key
            click.echo(f"      '{key}' is none of these")


async def _typed() -> str | None:
    """The next key, or without a terminal the next line; None when there is none any more."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()

    def put(text: str | None) -> None:
        if not answer.done():
            answer.set_result(text)

    def wait() -> None:
        key = _read()
        if not loop.is_closed():
            loop.call_soon_threadsafe(put, key)

    # A thread that may stay behind: an interrupt must not wait for a key.
    threading.Thread(target=wait, name="keys", daemon=True).start()
    return await answer


def _read() -> str | None:
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.strip().lower() if line else None
    try:
        key = click.getchar()
    except (EOFError, KeyboardInterrupt):
        return None
    return "" if key in "\r\n" else key.lower()


def _tell(path: Path, mended: dict[Place, Target], given: frozenset[str], *, write: bool, proven: bool) -> None:
    """What is changed in the flow file, or would be; only a flow that passes proves that its mends are right."""
    from smokerunner.authoring.sheet import Sheet

    if not mended:
        return
    sheet = Sheet.read(path)
    before = sheet.text
    for place, target in mended.items():
        value = target.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
        sheet.put(_location(sheet, place), value)
    lines = difflib.unified_diff(before.splitlines(), sheet.text.splitlines(), str(path), str(path), lineterm="", n=1)
    click.echo("\n".join(lines))
    if not proven:
        click.echo(f"{path}: not written, for the flow did not pass with it")
    elif write:
        sheet.save(path, given=given)
        click.echo(f"{path}: mended")
    else:
        click.echo(f"{path}: would be mended so; --write does it")


def _location(sheet: Sheet, place: Place) -> Place:
    """Where a place stands in the file, which may have a lone value for a list, and leave out `of`."""
    found: Any = sheet.data
    location: list[str | int] = []
    for part in place:
        held = dict(enumerate(found)) if isinstance(found, list) else found
        if isinstance(held, dict) and part in held:
            found = held[part]
            location.append(part)
    return tuple(location)
