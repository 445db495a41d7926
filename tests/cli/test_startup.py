"""What help, completion and validating import: nothing that only a run needs. Without a clock."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smokerunner.cli.program import COMMANDS

ROOT = Path(__file__).parents[2]
FOR_A_RUN = {"asyncio", "ssl", "playwright", "PIL", "rich", "jinja2", "httpx", "jsonschema", "sqlite3", "aiosmtpd"}
FOR_FILES = {"pydantic", "pydantic_core", "ruamel"}
STAND_IN = "pydantic.plugin._loader"
"""Put there before pydantic is imported, if it ever is."""
_TELLING = """
import json, sys
try:
    {code}
finally:
    sys.stderr.write(json.dumps(sorted(sys.modules)))
"""


def modules_of(code: str, *arguments: str, **environment: str) -> set[str]:
    """The top names of the modules that are imported when the code ends."""
    return {name.partition(".")[0] for name in every_module_of(code, *arguments, **environment) - {STAND_IN}}


def every_module_of(code: str, *arguments: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _TELLING.format(code=code), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return set(json.loads(done.stderr))


RUN = "from smokerunner.cli.program import outcome; assert outcome(sys.argv[1:]) == 0"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["completion", "zsh"]])
def test_help_needs_click_and_little_else(arguments: list[str]) -> None:
    assert not modules_of(RUN, *arguments) & (FOR_A_RUN | FOR_FILES)


@pytest.mark.parametrize("line", ["smokerunner va", "smokerunner run --fl", "smokerunner validate --"])
def test_tab_needs_click_and_little_else(line: str) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_SMOKERUNNER_COMPLETE": "bash_complete"}
    assert not modules_of("from smokerunner.cli import main; main()", **words) & (FOR_A_RUN | FOR_FILES)


def test_commands_are_completed_without_importing_them() -> None:
    words = {"COMP_WORDS": "smokerunner ", "COMP_CWORD": "1", "_SMOKERUNNER_COMPLETE": "bash_complete"}
    found = every_module_of("from smokerunner.cli import main; main()", **words)
    assert not {f"smokerunner.cli.{module}" for module, _ in COMMANDS.values()} & found


def test_a_file_is_read_without_what_a_run_needs() -> None:
    found = modules_of(RUN, "validate", "--no-cache", str(ROOT / "flows" / "acorn.yaml"))
    assert "pydantic" in found
    assert not found & FOR_A_RUN


def test_a_known_file_needs_no_model(tmp_path: Path) -> None:
    where = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "SMOKE_NO_CACHE": ""}
    for needed in (FOR_FILES, set()):
        found = modules_of(RUN, "validate", str(ROOT / "flows" / "acorn.yaml"), **where)
        assert found & (FOR_A_RUN | FOR_FILES) == needed


def test_only_the_actions_of_a_file_are_imported(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("app: shop\nbase_url: http://127.0.0.1:9\nflows: {home: {steps: [{goto: /}]}}\n")
    found = every_module_of(RUN, "validate", "--no-cache", str(file))
    families = {name for name in found if name.startswith("smokerunner.steps.")}
    assert families == {"smokerunner.steps.acting", "smokerunner.steps.navigate"}


def test_no_command_brings_the_model_before_it_is_called() -> None:
    # `try` draws on a class that lives beside the events of a run.
    names = sorted({module for module, _ in COMMANDS.values()} - {"try_"})
    code = f"import {', '.join(f'smokerunner.cli.{name}' for name in names)}"
    assert not modules_of(code) & (FOR_A_RUN | FOR_FILES)


PROGRAM = "from smokerunner.cli import main; sys.argv[0] = 'smokerunner'; main()"


def test_no_plug_ins_are_looked_for() -> None:
    found = every_module_of(PROGRAM, "validate", "--no-cache", str(ROOT / "flows" / "acorn.yaml"))
    assert "pydantic_core" in found
    assert "importlib.metadata" not in found


def test_a_pydantic_that_asks_for_more_than_plug_ins_gets_it() -> None:
    code = (
        "from smokerunner.cli.plugins import look_for_none; look_for_none(); from pydantic.plugin import _loader; "
        "assert _loader.get_plugins() == (); assert _loader.PYDANTIC_ENTRY_POINT_GROUP == 'pydantic'"
    )
    assert "importlib.metadata" in every_module_of(code)


def test_a_run_brings_nothing_that_few_runs_need() -> None:
    found = every_module_of("import smokerunner.replay.conducting")
    seldom = {"sqlite3", "dotenv", "html.parser", "smokerunner.model.mail", "smokerunner.history.history"}
    assert not found & seldom


def test_annotations_of_models_are_no_text() -> None:
    # Pydantic would compile each text anew, for the class and for every class that inherits it.
    for path in (ROOT / "smokerunner" / "model").glob("*.py"):
        source = path.read_text()
        if re.search(r"^class \w+\((Frozen|BaseModel)\b", source, re.MULTILINE):
            assert "\nfrom __future__ import annotations\n" not in source, path.name
