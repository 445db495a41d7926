"""The command line without a browser: what each command prints, and how nonsense is answered."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from smokerunner import __version__
from smokerunner.cli.program import COMMANDS, program
from tests.conftest import Smoke

ROOT = Path(__file__).parents[2]
ACORN = ROOT / "flows" / "acorn.yaml"

FLOW = """\
app: shop
base_url: http://127.0.0.1:9
secrets: [SHOP_PASSWORD]
flows:
  login:
    severity: critical
    tags: [auth]
    steps:
      - goto: /login
      - fill: {label: Password}
        with: ${secrets.SHOP_PASSWORD}
  order:
    needs: login
    tags: [shop]
    steps:
      - goto: /order
"""


@pytest.fixture
def flows(home: Path) -> Path:
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(FLOW)
    return home / "flows"


def test_version(smoke: Smoke) -> None:
    assert smoke("--version").out == f"smokerunner, version {__version__}\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    command = program.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.help or command.callback is None
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"{name} {parameter.name} has no help"


def test_help_lists_what_there_is(smoke: Smoke) -> None:
    out = smoke("--help").out
    for name, (_, about) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(about)}$", out, re.MULTILINE)


def test_the_program_also_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smokerunner", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"smokerunner, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "no command called 'rnu', did you mean 'run'?"),
        (["run", "--flw", "x"], "no option called '--flw', did you mean '--flow'? See smokerunner run --help"),
        (["run", "--jsn"], "no option called '--jsn', did you mean '--json'? See smokerunner run --help"),
        (["run", "--frob"], "no option called '--frob'; see smokerunner run --help"),
        (["run", "--tag"], "option '--tag' requires an argument"),
        (["verify"], "missing argument 'BUNDLE...'; see smokerunner verify --help"),
        (["evidence", "prun"], "no such command 'prun'"),
        (["run", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["run", "shp"], "no flow file and no app called 'shp', did you mean 'shop'?"),
        (["run", "--flow", "ordr"], "no flow called 'ordr', did you mean 'order'?"),
        (["run", "--tag", "auht"], "no tag called 'auht', did you mean 'auth'?"),
        (["run", "--tag", "auth", "--not-tag", "auth"], "nothing is selected"),
        (["run", "--severity", "urgent"], "'urgent' is not one of"),
        (["run", "--max-time", "12"], "'12' is not a duration"),
        (["run", "--var", "email"], "--var email: write it as name=value"),
        (["run", "--shuffle", "shop"], "--shuffle shop: that is an app or a file, and would be taken for a seed"),
        (["run", "--env", "staging"], "there is no smokerunner.yaml"),
        (["run", "--base-url", "shop.example"], "--base-url shop.example: is not an address"),
        (["run", "--release", "7"], "--release needs to know how shop shows its release"),
        (["run", "--browser-path", "/nowhere/chromium"], "--browser-path: there is no program /nowhere/chromium"),
        (["run"], "flows/shop.yaml:3:11: secrets: SHOP_PASSWORD has no value; set $SHOP_PASSWORD"),
        (["validate", "--config", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["list", "--flow", "x"], "no flow called 'x'"),
        (["verify", "nowhere"], "nowhere"),
        (["report", "nowhere"], "nowhere"),
        (["evidence", "prune", "--keep", "0"], "0 is not in the range"),
        (["evidence", "prune", "--keep", "1", "--out", "nowhere"], "there is no such folder"),
        (["history"], "there is no history yet"),
        (["schema", "nonsense"], "'nonsense' is not one of"),
        (["demo", "--fault", "login-50"], "no fault called 'login-50', did you mean 'login-500'?"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2(smoke: Smoke, flows: Path, arguments: list[str], said: str) -> None:
    ran = smoke(*arguments)
    assert ran.exit_code == 2, ran
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1, ran.err
    assert "Traceback" not in ran.err + ran.out
    assert not (flows.parent / "evidence").exists()


def test_a_group_without_a_command_shows_its_help(smoke: Smoke, home: Path) -> None:
    ran = smoke("evidence")
    assert "prune  Remove the oldest bundles" in ran.out + ran.err
    assert "error:" not in ran.err


def test_a_short_secret_must_be_declared_weak(smoke: Smoke, flows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    ran = smoke("run")
    assert ran.exit_code == 2
    assert "fewer than 8 characters" in ran.err
    assert "hunter2" not in ran.err


def test_secrets_are_asked_for_only_where_they_are_used(smoke: Smoke, flows: Path) -> None:
    ran = smoke("run", "--flow", "order", "--no-needs", "--no-history")
    assert ran.exit_code == 1, ran
    assert "http://127.0.0.1:9 is not reachable: connection refused" in ran.out
    assert "not reachable: connection refused." in (ran.bundle / "report.html").read_text()


def test_a_secret_may_stand_in_dotenv(smoke: Smoke, flows: Path) -> None:
    Path(".env").write_text("SHOP_PASSWORD=from-the-dotenv-file\n")
    ran = smoke("run", "--no-history")
    assert ran.exit_code == 1, ran
    assert [result.kind for result in ran.run.results] == ["reach", "flow", "flow"]


def test_a_folder_without_flows(smoke: Smoke, home: Path) -> None:
    assert "there is no folder flows/ here" in smoke("run").err
    (home / "flows").mkdir()
    ran = smoke("run")
    assert ran.exit_code == 2
    assert "holds no flow file" in ran.err


def test_list(smoke: Smoke, flows: Path) -> None:
    out = smoke("list").out
    assert "shop/login" in out
    assert "needs login" in out
    assert "order" not in smoke("list", "--tag", "auth").out
    assert "login" not in smoke("list", "--severity", "high").out.replace("needs login", "")
    rows = [json.loads(line) for line in smoke("list", "--json").out.splitlines()]
    assert [row["flow"] for row in rows] == ["login", "order"]


def test_list_shows_what_is_right_beside_what_is_wrong(smoke: Smoke, flows: Path) -> None:
    (flows / "later.yaml").write_text("app: later\nflows:\n  a:\n    steps: [{gto: /}]\n")
    for arguments in (["list"], ["list", "--json"]):
        ran = smoke(*arguments)
        assert ran.exit_code == 2
        assert len(ran.out.splitlines()) == 2
        assert ran.err.splitlines() == [
            "flows/later.yaml:4:14: a, step 1: no action called 'gto', did you mean 'goto'?",
        ]
    ran = smoke("list", "later")
    assert (ran.exit_code, ran.out) == (2, "")
    assert "did you mean 'goto'?" in ran.err


def test_list_steps_documents_every_action(smoke: Smoke) -> None:
    from smokerunner.steps import VOCABULARY

    out = smoke("list", "--steps").out
    for action, step in VOCABULARY.items():
        assert f"\n{action}\n" in f"\n{out}"
        assert (step.__doc__ or "").splitlines()[0] in out


def test_validate(smoke: Smoke, flows: Path) -> None:
    assert smoke("validate").out == "flows/shop.yaml: ok, 2 flows, 3 steps\n"
    (flows / "shop.yaml").write_text(FLOW.replace("goto: /order", "gto: /order"))
    ran = smoke("validate")
    assert ran.exit_code == 2
    assert ran.err == "flows/shop.yaml:16:9: order, step 1: no action called 'gto', did you mean 'goto'?\n"


def test_validate_reads_the_environment_file_too(smoke: Smoke, flows: Path) -> None:
    Path("smokerunner.yaml").write_text(
        "apps:\n  shop:\n    environments:\n      live:\n        bse_url: http://x\n        logs: {}\n"
    )
    ran = smoke("validate")
    assert ran.exit_code == 2
    assert ran.err.splitlines() == [
        "smokerunner.yaml:5:9: shop, live: no key called 'bse_url' in 'live', did you mean 'base_url'?",
        "smokerunner.yaml:6:9: shop, live: 'logs' is not supported yet; take it out for now",
    ]


@pytest.mark.parametrize("kind", ["flow", "environment", "run"])
def test_schemas_are_json_schemas(smoke: Smoke, kind: str) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json.loads(smoke("schema", kind).out))


def test_the_environment_schema_agrees_with_the_loader(smoke: Smoke, flows: Path) -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(smoke("schema", "environment").out))
    good = {
        "apps": {"shop": {"environments": {"a": {"base_url": "http://x", "mailbox": {"maildev": {"url": "http://y"}}}}}}
    }
    assert not list(validator.iter_errors(good))
    for bad in (
        {"apps": {"shop": {"environments": {"a": {"logs": {}}}}}},
        {"apps": {"shop": {"environments": {"a": {"mailbox": {"pigeon": {}}}}}}},
        {"apps": {"shop": {"environments": {"a": {"base_url": "ftp://x"}}}}},
        {"apps": {"shop": {"environments": {}}}},
        {"apps": {}},
    ):
        assert list(validator.iter_errors(bad)), bad
        Path("smokerunner.yaml").write_text(json.dumps(bad))
        assert smoke("validate").exit_code == 2, bad


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(smoke: Smoke, shell: str) -> None:
    assert "_SMOKERUNNER_COMPLETE" in smoke("completion", shell).out


def test_completion_knows_commands_and_options() -> None:
    def completed(words: str) -> str:
        arguments = {
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split())),
            "_SMOKERUNNER_COMPLETE": "bash_complete",
        }
        return CliRunner().invoke(program, [], prog_name="smokerunner", env=arguments).output

    assert "plain,validate" in completed("smokerunner ").splitlines()


def test_the_demo_lists_its_faults(smoke: Smoke) -> None:
    from smokerunner.demo.faults import FAULTS

    assert [line.split()[0] for line in smoke("demo", "--faults").out.splitlines()] == list(FAULTS)


def test_a_bug_of_ours_is_an_error_and_never_a_failed_app(smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("smokerunner.language.load.load_each", explode)
    ran = smoke("list", ACORN)
    assert ran.exit_code == 3
    assert "a bug of smokerunner: RuntimeError: boom" in ran.err
