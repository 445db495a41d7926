"""What pytest's command line, the environment and pytest's ini file say about replaying flows."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from smokerunner.model.mail import Mailbox

Kind = Literal["text", "path", "flag", "number", "list"]
_INI: Mapping[Kind, Any] = {"text": "string", "path": "string", "flag": "bool", "number": "string", "list": "linelist"}


@dataclass(frozen=True)
class SmokeOptions:
    """How flows are replayed. Override the fixture `smoke_options` to change it, with dataclasses.replace.

    `base_url` is one address, or one for each app by its name. `secrets` are values that come before those of the
    environment. `mailbox` is an open mailbox to use instead of the environment's.
    """

    base_url: str | Mapping[str, str] | None = None
    environment: str | None = None
    config: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    mailbox: Mailbox | None = None
    release: str | None = None
    workers: int = 0
    retries: int = 0
    trace: str = "failure"
    pictures: str = "on"
    screenshots: Path | None = None
    headed: bool = False
    browser_path: str | None = None
    out: Path = Path("evidence")
    history: Path | None = None
    allow_real: bool = False
    fail_on_warned: bool = False


@dataclass(frozen=True)
class _Setting:
    """One of them: `--smoke-base-url`, `smoke_base_url` in an ini file, perhaps an environment variable."""

    name: str
    kind: Kind
    about: str
    variable: str = ""
    choices: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        return f"--smoke-{self.name.replace('_', '-')}"

    @property
    def key(self) -> str:
        return f"smoke_{self.name}"


_KEEP = ("on", "off", "failure")
_SETTINGS = (
    _Setting("base_url", "text", "where the app is; overrides smokerunner.yaml and the flow files", "SMOKE_BASE_URL"),
    _Setting("env", "text", "which environment of smokerunner.yaml is meant", "SMOKE_ENV"),
    _Setting("config", "path", "the environment file; by default smokerunner.yaml", "SMOKE_CONFIG"),
    _Setting("var", "list", "NAME=VALUE: a variable of the flow files; may be repeated"),
    _Setting("release", "text", "the release that must be served", "SMOKE_RELEASE"),
    _Setting("workers", "number", "flows of one file at the same time", "SMOKE_WORKERS"),
    _Setting("retries", "number", "further attempts for flows that are safe to repeat"),
    _Setting("trace", "text", "keep Playwright's trace: on, off, failure (default)", choices=_KEEP),
    _Setting("pictures", "text", "pictures of steps: on (default), off, failure", choices=_KEEP),
    _Setting("screenshots", "path", "where the approved pictures are; by default screenshots/", "SMOKE_SCREENSHOTS"),
    _Setting("headed", "flag", "show the browser's window"),
    _Setting("browser_path", "text", "the browser to use"),
    _Setting("out", "path", "where evidence bundles are put; by default evidence/", "SMOKE_OUT"),
    _Setting("allow_real", "flag", "on production, also run flows with real effects"),
    _Setting("fail_on_warned", "flag", "a flow that is only warned fails its test"),
)


def add_options(parser: pytest.Parser) -> None:
    """Make pytest know the options and the ini keys."""
    group = parser.getgroup("smokerunner", "smokerunner: flow files as tests")
    for setting in _SETTINGS:
        details: dict[str, Any] = {"help": setting.about, "dest": setting.key, "default": None}
        if setting.kind == "flag":
            details["action"] = "store_true"
        elif setting.kind == "list":
            details |= {"action": "append", "metavar": "NAME=VALUE"}
        else:
            details["type"] = _number if setting.kind == "number" else str
            details["metavar"] = setting.name.rpartition("_")[2].upper()
        if setting.choices:
            details["choices"] = setting.choices
        group.addoption(setting.option, **details)
        parser.addini(setting.key, setting.about, type=_INI[setting.kind], default=None)
    parser.addini("smoke_collect", "take flow files as tests (default: true)", type="bool", default=True)


def given(config: pytest.Config) -> SmokeOptions:
    """An option, else its environment variable, else the ini file; paths that nobody named lie in pytest's rootdir.

    Raises UsageError for what cannot be understood.
    """
    said = {setting.name: _value(config, setting) for setting in _SETTINGS}
    root = config.rootpath
    history = os.environ.get("SMOKE_HISTORY")
    return SmokeOptions(
        base_url=said["base_url"],
        environment=said["env"],
        config=said["config"] or _there(root / "smokerunner.yaml"),
        variables=_variables(said["var"] or []),
        release=said["release"],
        workers=said["workers"] or 0,
        retries=said["retries"] or 0,
        trace=said["trace"] or "failure",
        pictures=said["pictures"] or "on",
        screenshots=said["screenshots"] or root / "screenshots",
        headed=bool(said["headed"]),
        browser_path=said["browser_path"],
        out=said["out"] or root / "evidence",
        history=root / (history or ".smokerunner/history.sqlite"),
        allow_real=bool(said["allow_real"]),
        fail_on_warned=bool(said["fail_on_warned"]),
    )


def _value(config: pytest.Config, setting: _Setting) -> Any:
    option = config.getoption(setting.key)
    if option is not None:
        return config.invocation_params.dir / option if setting.kind == "path" else option
    variable = os.environ.get(setting.variable) if setting.variable else None
    value = variable or config.getini(setting.key) or None
    if value is None:
        return None
    if setting.choices and value not in setting.choices:
        raise pytest.UsageError(f"{setting.key}: {value} is none of {', '.join(setting.choices)}")
    if setting.kind == "path":
        return (config.invocation_params.dir if variable else config.rootpath) / value
    if setting.kind == "number":
        try:
            return _number(str(value))
        except argparse.ArgumentTypeError as wrong:
            raise pytest.UsageError(f"{setting.variable if variable else setting.key}: {wrong}") from None
    return value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text} is not a number")
    return int(text)


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _variables(items: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in items]
    for item, (name, equals, _) in zip(items, pairs, strict=True):
        if not equals or not name.isidentifier():
            raise pytest.UsageError(f"--smoke-var {item}: write it as name=value")
    return {name: value for name, _, value in pairs}
