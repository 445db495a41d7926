"""--report: reports that are printed or written beside those of the bundle."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smokerunner.cli.options import Command
from smokerunner.model.errors import BadInput
from smokerunner.model.record import record

if TYPE_CHECKING:
    from smokerunner.model.rendering import Read
    from smokerunner.model.run import Run
    from smokerunner.reports.catalogue import Report

Print = Callable[[str], None]


def reporting(command: Command) -> Command:
    """--report and --link-base."""
    for option in (
        click.option(
            "--link-base",
            envvar="SMOKE_LINK_BASE",
            metavar="URL",
            default="",
            help="Where a browser sees the evidence folder; links of printed and written reports begin with it.",
        ),
        click.option(
            "--report",
            "reports",
            multiple=True,
            metavar="NAME[=FILE]",
            help="Also print this report, or write it: html, junit, ctrf, markdown, github or text.",
        ),
    ):
        command = option(command)
    return command


@record
class Told:
    """A run to be reported: what gives its files, where its bundle lies, and what hides its secrets."""

    run: Run
    read: Read
    bundle: str
    mask: Callable[[str], str] = str


@record
class _Wish:
    report: Report
    file: str = ""

    def target(self, app: str) -> Path:
        return Path(self.file.replace("{app}", app))


@record
class Reporting:
    """The reports that were asked for."""

    wishes: tuple[_Wish, ...] = ()
    link_base: str = ""

    @classmethod
    def of(cls, given: Sequence[str], link_base: str = "", *, as_json: bool = False) -> Reporting:
        """Read NAME or NAME=FILE of each. Raises BadInput before anything is run."""
        if not given:
            return cls()
        from smokerunner.reports.catalogue import find

        wishes = []
        for item in given:
            name, equals, file = item.partition("=")
            report = find(name)
            if equals and not file:
                raise BadInput(f"--report {item}: name a file after the =")
            if file and Path(file).is_dir():
                raise BadInput(f"--report {item}: {file} is a folder; name a file in it")
            if not file and as_json:
                raise BadInput(f"--report {name}: --json has standard output for itself; write --report {name}=FILE")
            wishes.append(_Wish(report, file))
        return cls(tuple(wishes), link_base)

    def require_room(self, apps: Sequence[str]) -> None:
        """Raise BadInput when a report of one app would take the place of another's."""
        for wish in self.wishes:
            if wish.file and not wish.report.joins and len({wish.target(app) for app in apps}) < len(apps):
                path = Path(wish.file)
                instead = path.with_name(f"{path.stem}-{{app}}{path.suffix}")
                raise BadInput(
                    f"--report {wish.report.name}={wish.file}: {len(apps)} apps are run, and each needs a file of its"
                    f" own; write {wish.report.name}={instead}"
                )
        files = Counter(file for wish in self.wishes if wish.file for file in {str(wish.target(app)) for app in apps})
        twice = [file for file, times in files.items() if times > 1]
        if twice:
            raise BadInput(f"--report: two reports would be written to {twice[0]}")

    def require_outside(self, bundle: Path) -> None:
        """Raise BadInput when a report would be written into a sealed bundle."""
        for wish in self.wishes:
            if wish.file and bundle.is_dir() and Path(wish.file).resolve().is_relative_to(bundle.resolve()):
                raise BadInput(f"--report {wish.report.name}={wish.file}: is inside the bundle, which is sealed")

    def deliver(self, runs: Sequence[Told], show: Print) -> list[str]:
        """Print and write them all; what could not be written, in words."""
        problems: list[str] = []
        written: set[Path] = set()
        for wish in self.wishes:
            for told in runs:
                text = self._text(wish, told)
                if not wish.file:
                    show(text)
                    continue
                target = wish.target(told.run.app)
                try:
                    _write(target, text, more=target in written)
                except OSError as wrong:
                    problems.append(f"--report {wish.report.name}: cannot write {target}: {wrong.strerror or wrong}")
                else:
                    written.add(target)
        return problems

    def _text(self, wish: _Wish, told: Told) -> str:
        from smokerunner.reports.place import Place

        url = f"{self.link_base.rstrip('/')}/{told.run.id}" if self.link_base else ""
        return told.mask(wish.report.render(told.run, told.read, Place(told.bundle, url)))


def _write(target: Path, text: str, *, more: bool) -> None:
    """Write a file, its folders made; GitHub's summary of a job's step is only ever added to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    adds = more or (summary is not None and target.resolve() == Path(summary).resolve())
    with target.open("a" if adds else "w", encoding="utf-8", errors="replace") as file:
        file.write(f"\n{text}" if adds and target.stat().st_size else text)


def seen_from_here(bundle: Path) -> str:
    """A bundle's path as pipelines want it: relative to the working folder when it lies below it."""
    here, there = Path.cwd(), bundle.resolve()
    return (there.relative_to(here) if there.is_relative_to(here) else there).as_posix()
