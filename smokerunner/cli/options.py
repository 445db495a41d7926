"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from smokerunner.language.files import ENDINGS, FILENAME
from smokerunner.model.errors import BadInput
from smokerunner.model.severity import Severity

Command = TypeVar("Command", bound=Callable[..., Any])


class Duration(click.ParamType[float]):
    """A number and a unit, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it, or fail with what would be right."""
        # Few command lines name a duration, and this brings the model with it.
        from smokerunner.model.duration import parse

        try:
            return parse(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


def selecting(command: Command) -> Command:
    """--flow, --tag, --not-tag, --severity."""
    for option in (
        click.option(
            "--severity",
            "severities",
            multiple=True,
            type=click.Choice([s.value for s in Severity]),
            help="Only flows of this severity; may be given several times.",
        ),
        click.option("--not-tag", "not_tags", multiple=True, metavar="TAG", help="No flow with this tag."),
        click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only flows with this tag."),
        click.option(
            "--flow",
            "names",
            multiple=True,
            metavar="NAME",
            help="Only this flow, and what it needs; may be given several times.",
        ),
    ):
        command = option(command)
    return command


def configured(command: Command) -> Command:
    """--config and --env."""
    for option in (
        click.option("--env", "environment", envvar="SMOKE_ENV", metavar="NAME", help="Which environment is meant."),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            envvar="SMOKE_CONFIG",
            metavar="FILE",
            help="The environment file; by default smokerunner.yaml when it is there.",
        ),
    ):
        command = option(command)
    return command


def referring(command: Command) -> Command:
    """--screenshots."""
    return click.option(
        "--screenshots",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("screenshots"),
        show_default=True,
        envvar="SMOKE_SCREENSHOTS",
        metavar="FOLDER",
        help="Where the approved pictures are.",
    )(command)


def flow_paths(given: tuple[str, ...]) -> list[Path]:
    """Flow files by path, or by the name of their app in flows/; all of flows/ when none is named."""
    folder = Path("flows")
    if not given:
        if not folder.is_dir():
            raise BadInput("there is no folder flows/ here; name a flow file, or go to where flows/ is")
        return [folder]
    return [_path(name, folder) for name in given]


def _path(name: str, folder: Path) -> Path:
    path = Path(name)
    if path.exists() or path.suffix or os.sep in name:
        return path
    for ending in ENDINGS:
        if (folder / f"{name}{ending}").is_file():
            return folder / f"{name}{ending}"
    import difflib

    known = sorted(p.stem for p in folder.glob("*.*") if p.suffix in ENDINGS) if folder.is_dir() else []
    near = difflib.get_close_matches(name, known, 1, 0.5)
    hint = f", did you mean '{near[0]}'?" if near else f"; flows/ has {', '.join(known)}" if known else ""
    raise BadInput(f"no flow file and no app called '{name}'{hint}")


def is_known(name: str) -> bool:
    """Whether this names a flow file or an app that is there."""
    folder = Path("flows")
    return Path(name).exists() or any((folder / f"{name}{ending}").is_file() for ending in ENDINGS)


def new_or_known(name: str) -> Path:
    """The flow file that is meant, which need not be there yet: a path, or flows/<app>.yaml."""
    path = Path(name)
    if path.suffix or os.sep in name:
        return path
    known = [Path("flows") / f"{name}{ending}" for ending in ENDINGS]
    return next((file for file in known if file.is_file()), known[0])


def environment_file(config: Path | None) -> Path | None:
    """The environment file to read: the one named, or the one that is here."""
    return config or (Path(FILENAME) if Path(FILENAME).is_file() else None)


def history_path() -> Path:
    """Where runs are remembered: $SMOKE_HISTORY, or below the folder one works in."""
    return Path(os.environ.get("SMOKE_HISTORY") or ".smokerunner/history.sqlite")
