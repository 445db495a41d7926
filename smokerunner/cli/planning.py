"""What `run --plan` prints: what would happen, without a browser and without asking the app anything."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from smokerunner.model.duration import spell
from smokerunner.model.number import counted
from smokerunner.model.outcome import ExitCode
from smokerunner.replay.foreseen import Foreseen, ForeseenFlow, ForeseenPerson, ForeseenStep

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from smokerunner.browser.binary import Binary
    from smokerunner.language.environment import LoadedConfig
    from smokerunner.language.load import LoadedFile
    from smokerunner.replay.options import Options

_WIDTH = 120
"""Columns where there is no terminal."""
_LABEL = 5
_SHARES = (5, 6)
"""How what is done and what goes with it share the rest of a line."""


def plan_all(
    files: Sequence[LoadedFile],
    config: LoadedConfig | None,
    options: Options,
    *,
    binary: Binary,
    environment_name: str | None,
    base_url: str | None,
    as_json: bool,
) -> int:
    """Print the plan of every file; exit 2 when a secret that it needs has no value. Raises BadInput as a run does."""
    from smokerunner.replay.foreseeing import Lender, foresee
    from smokerunner.replay.preparing import prepare, system_lookup

    lender = Lender(system_lookup())
    jobs = [
        prepare(
            item,
            config,
            options,
            binary=binary,
            environment_name=environment_name,
            base_url=base_url,
            lookup=lender,
        )
        for item in files
    ]
    plans = [foresee(job, lender.missing, date.today()) for job in jobs]
    missing = sorted({(secret.name, secret.source) for plan in plans for secret in plan.missing_secrets})
    if as_json:
        document = {
            "plans": [dataclasses.asdict(plan) for plan in plans],
            "missing_secrets": [{"name": name, "source": source} for name, source in missing],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _draw(plans)
    for name, source in missing:
        click.echo(f"secrets: {name} has no value; set ${source} in the environment or in .env", err=True)
    return ExitCode.BAD_INPUT if missing else ExitCode.OK


def _draw(plans: Sequence[Foreseen]) -> None:
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    with console.capture() as drawn:
        for number, plan in enumerate(plans):
            if number:
                console.rule(style="bright_black")
            _Drawing(console).plan(plan)
        console.print("This is a plan: no browser was started, nothing was asked, nothing was written.", style="dim")
    # Tables are padded to the right edge, which shows wherever the text is pasted.
    click.echo("\n".join(line.rstrip() for line in drawn.get().splitlines()))


class _Drawing:
    """One plan on a console. Texts of flow files are never read as markup."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def plan(self, plan: Foreseen) -> None:
        """Head, flows, and what to look at before it is run."""
        self._print(("bold", plan.app), ("", f" on {plan.environment}  "), ("cyan", plan.base_url),
                    ("dim", f"  {plan.file}"))  # fmt: skip
        self._rows([(("dim", label), (style, said)) for label, style, said in _head(plan)], indent=2)
        self._console.print()
        for flow in plan.flows:
            self._flow(flow)
        stopped = plan.stopped
        for request in stopped:
            self._print(("red", f"would be stopped: {request.objection}"))
        skipped = sum(bool(flow.skipped) for flow in plan.flows)
        said = f"{counted(len(plan.flows) - skipped, 'flow')} would run"
        said += f", {plan.repeat} times" if plan.repeat > 1 else ""
        said += f", {skipped} would be skipped" if skipped else ""
        self._print(("bold", said))

    def _flow(self, flow: ForeseenFlow) -> None:
        name_style = "bold bright_black" if flow.skipped else "bold green"
        self._print((name_style, flow.name), ("", f"  {flow.title}"))
        if flow.skipped:
            self._print(("yellow", f"  skipped: {flow.skipped}"))
        self._print(("dim", f"  {' · '.join(_facts(flow))}"))
        about = [(("dim", label), ("", said)) for label, said in _about(flow)]
        about += [
            (("dim", "variable"), ("", f"{item.name} = {item.value}  ({item.origin})")) for item in flow.variables
        ]
        self._rows(about, indent=2)
        self._steps(flow.steps)
        if flow.cleanup:
            self._print(("dim", "  cleanup, whatever happens"))
            self._steps(flow.cleanup)
        self._console.print()

    def _steps(self, steps: Sequence[ForeseenStep]) -> None:
        rows = [
            (("dim", step.number), ("", _words(step)), ("cyan" if not _is_stopped(step) else "red", _beside(step)))
            for step in _flat(steps)
        ]
        self._rows(rows, indent=4)

    def _print(self, *parts: tuple[str, str]) -> None:
        self._console.print(_text(*parts), soft_wrap=True)

    def _rows(self, rows: Sequence[Sequence[tuple[str, str]]], *, indent: int) -> None:
        from rich.padding import Padding
        from rich.table import Table

        if not rows:
            return
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(no_wrap=True, min_width=_LABEL)
        for share in _SHARES[: len(rows[0]) - 1]:
            table.add_column(overflow="fold", ratio=share)
        for row in rows:
            cells: list[RenderableType] = [_text(cell) for cell in row]
            table.add_row(*cells)
        self._console.print(Padding(table, (0, 0, 0, indent)))


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*((said, style) for style, said in parts))


def _head(plan: Foreseen) -> Iterator[tuple[str, str, str]]:
    if plan.production or plan.read_only:
        kinds = [word for word, holds in (("production", plan.production), ("read only", plan.read_only)) if holds]
        yield "this is", "bold yellow", " and ".join(kinds)
    yield "hosts", "", f"{', '.join(plan.hosts)}  (to go to and to write to; pictures, styles and scripts are free)"
    if plan.read_only:
        paths = ", ".join(plan.allow_post)
        yield "writes", "", f"flows with effects none; others {f'only to {paths}' if paths else 'nowhere'}"
    links = ", links in mails are opened on this base_url" if plan.mail_links == "rebase" else ""
    yield "mailbox", "", f"{plan.mailbox}{links}" if plan.mailbox else "none"
    yield "browser", "", f"{plan.browser}, {plan.viewport}"
    for secret in plan.secrets:
        if secret.has_value:
            yield "secret", "", f"{secret.name}  has a value, from ${secret.source}"
        else:
            yield "secret", "bold red", f"{secret.name}  has NO value; set ${secret.source}"
    said = [f"{counted(plan.workers, 'flow')} at a time{f', {plan.shortage}' if plan.shortage else ''}"]
    said += ["those first that take longest"] if plan.longest_first else []
    said += [f"everything {plan.repeat} times"] if plan.repeat > 1 else []
    said += [f"in a random order, --shuffle={plan.shuffle}"] if plan.shuffle else []
    said += [f"ends after {spell(plan.max_time)}"] if plan.max_time is not None else []
    yield "run", "", ", ".join(said)


def _facts(flow: ForeseenFlow) -> Iterator[str]:
    yield "selected" if flow.selected else f"needed by {', '.join(flow.needed_by)}"
    yield f"wave {flow.wave}"
    yield str(flow.severity)
    yield f"effects {flow.effects}"
    yield from flow.tags
    if flow.attempts > 1:
        yield f"up to {flow.attempts} attempts"
    if flow.timeout is not None:
        yield f"a step up to {spell(flow.timeout)}"
    if flow.usual_seconds is not None:
        yield f"took {spell(flow.usual_seconds)} of late"
    if flow.time_target is not None:
        yield f"should take at most {spell(flow.time_target)}"


def _about(flow: ForeseenFlow) -> Iterator[tuple[str, str]]:
    needs = [name for name in flow.needs if name != flow.starts_from]
    if flow.starts_from:
        yield "starts from", f"{flow.starts_from}, with its cookies and storage"
    if needs:
        yield "needs", ", ".join(needs)
    if flow.after:
        yield "after", ", ".join(flow.after)
    if flow.exclusive:
        yield "alone with", ", ".join(flow.exclusive)
    if flow.browser:
        yield "browser", ", ".join(flow.browser)
    for person in flow.people:
        yield "person", _person(person)
    if "read_only" in flow.writes:
        yield "may write", flow.writes


def _person(person: ForeseenPerson) -> str:
    said = [f"{person.name}", *([f"starts from {person.starts_from}"] if person.starts_from else []), *person.browser]
    return ", ".join(said)


def _flat(steps: Sequence[ForeseenStep]) -> Iterator[ForeseenStep]:
    for step in steps:
        yield step
        yield from _flat(step.children)


def _words(step: ForeseenStep) -> str:
    said = f"{step.action} {step.words}".strip()
    said = f"{step.name} ({said})" if step.name else said
    return f"as {step.person}: {said}" if step.person else said


def _beside(step: ForeseenStep) -> str:
    """What the step sends, where to, and under which conditions."""
    said = [f"→ {step.request.method} {step.request.url}"] if step.request is not None else []
    said += ["would be stopped"] if _is_stopped(step) else []
    said += [f"uploads {', '.join(step.files)}"] if step.files else []
    said += [f"{key}: {value}" for key, value in step.data]
    said += [f"saves {', '.join(step.saves)}"] if step.saves else []
    said += [f"only if {step.when}"] if step.when else []
    said += [f"up to {spell(step.timeout)}"] if step.timeout is not None else []
    said += ["may fail"] if step.may_fail else []
    return "; ".join(said)


def _is_stopped(step: ForeseenStep) -> bool:
    return step.request is not None and bool(step.request.objection)
