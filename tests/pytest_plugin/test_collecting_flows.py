"""Which files the pytest plug-in takes, what their tests are called, and what it costs everybody else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# pytester forgets what a run has imported, and YAML's C parser cannot be imported twice.
import smokerunner.pytest_plugin.collecting  # noqa: F401

FLOWS = """
app: shop
base_url: http://127.0.0.1:1
flows:
  login:
    title: A customer logs in
    severity: critical
    tags: [auth, smoke-test]
    steps:
      - goto: /login
      - expect: {url: /login}
  search:
    tags: [skip]
    steps:
      - goto: /search
      - expect: {url: /search}
"""


@pytest.fixture
def flows(pytester: pytest.Pytester) -> pytest.Pytester:
    folder = pytester.mkdir("flows")
    (folder / "shop.yaml").write_text(FLOWS)
    pytester.makeini("[pytest]\naddopts = --strict-markers --strict-config\n")
    return pytester


def collected(pytester: pytest.Pytester, *options: str) -> list[str]:
    ran = pytester.runpytest_inprocess("--collect-only", "-q", *options)
    assert ran.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED), ran.stdout.str()
    return [line for line in ran.outlines if "::" in line]


def test_a_flow_is_a_test(flows: pytest.Pytester) -> None:
    assert collected(flows) == ["flows/shop.yaml::login", "flows/shop.yaml::search"]
    assert collected(flows, "flows/shop.yaml::login") == ["flows/shop.yaml::login"]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("-m", "auth"), ["login"]),
        (("-m", "smoke-test"), ["login"]),
        (("-m", "critical"), ["login"]),
        (("-m", "high and not auth"), ["search"]),
        (("-k", "search"), ["search"]),
        (("-k", "auth"), ["login"]),
        (("-k", "shop"), ["login", "search"]),
    ],
)
def test_flows_are_selected_as_tests_are(flows: pytest.Pytester, options: tuple[str, ...], names: list[str]) -> None:
    assert collected(flows, *options) == [f"flows/shop.yaml::{name}" for name in names]


def test_a_tag_that_would_skip_is_no_mark(flows: pytest.Pytester) -> None:
    assert collected(flows, "-m", "skip") == []
    assert collected(flows, "-k", "skip") == ["flows/shop.yaml::search"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compose.yaml", "services:\n  app:\n    image: x\n  flows:\n    image: y\n"),
        ("broken.yaml", "app: [\n  - {"),
        ("indented.yaml", "kind: Deployment\nspec:\n  app: shop\n  flows: none\n"),
        ("package.json", json.dumps({"name": "x", "scripts": {"app": "1", "flows": "2"}})),
        ("broken.json", '{"app": '),
        ("list.json", '[{"app": "x", "flows": {}}]'),
        ("text.json", json.dumps({"app": "x", "about": '{"app": 1, "flows": 2}'})),
        ("bytes.yaml", "\x00\x01app flows"),
        ("empty.yaml", ""),
    ],
)
def test_other_files_are_left_alone(pytester: pytest.Pytester, name: str, text: str) -> None:
    (pytester.path / name).write_text(text)
    assert collected(pytester) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.json", json.dumps({"app": "shop", "flows": {"a": {"steps": [{"reload": "true"}]}}})),
        ("shop.yml", "# ours\n---\n'app': shop\n\"flows\":\n  a:\n    steps: [{reload: true}]\n"),
        ("inline.yaml", "{app: shop, flows: {a: {steps: [{reload: true}]}}}"),
        ("deeper.yaml", "  app: shop\n  flows:\n    a:\n      steps: [{reload: true}]\n"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_flow_file_is_taken(pytester: pytest.Pytester, name: str, text: str) -> None:
    (pytester.path / name).write_text(text)
    assert collected(pytester) == [f"{name}::a"]


def test_a_bad_flow_file_is_one_error_with_its_lines(flows: pytest.Pytester) -> None:
    (flows.path / "flows" / "bad.yaml").write_text(FLOWS.replace("goto", "gotto").replace("app: shop", "app: bad"))
    ran = flows.runpytest_inprocess("--collect-only")
    assert ran.ret == pytest.ExitCode.INTERRUPTED
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(
        [
            "*flows/bad.yaml:10:9: login, step 1: no action called 'gotto', did you mean 'goto'?",
            "flows/bad.yaml:15:9: search, step 1: no action called 'gotto', did you mean 'goto'?",
        ]
    )
    assert "Traceback" not in ran.stdout.str()
    assert ".py:" not in ran.stdout.str()


def test_a_bad_environment_file_is_told_with_its_lines(flows: pytest.Pytester) -> None:
    (flows.path / "smokerunner.yaml").write_text("apps:\n  shop:\n    environments:\n      local: {base: x}\n")
    ran = flows.runpytest_inprocess("--collect-only")
    ran.stdout.fnmatch_lines(["*smokerunner.yaml:4:*base*"])


def test_collection_can_be_turned_off(flows: pytest.Pytester) -> None:
    assert collected(flows, "-o", "smoke_collect=false") == []
    assert collected(flows, "-p", "no:smokerunner") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--smoke-var", "name"), "--smoke-var name: write it as name=value"),
        (("-o", "smoke_trace=sometimes"), "smoke_trace: sometimes is none of on, off, failure"),
        (("-o", "smoke_workers=many"), "smoke_workers: many is not a number"),
        (("--smoke-workers=-1",), "argument --smoke-workers: -1 is not a number"),
        (("--smoke-pictures", "some"), "argument --smoke-pictures: invalid choice: 'some'"),
    ],
)
def test_a_wrong_option_is_named(flows: pytest.Pytester, options: tuple[str, ...], said: str) -> None:
    ran = flows.runpytest_inprocess("--collect-only", *options)
    assert ran.ret != pytest.ExitCode.OK
    assert said in ran.stdout.str() + ran.stderr.str()


def test_it_is_not_noticed_where_there_are_no_flow_files(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    (pytester.path / "values.yaml").write_text("app:\n  flows: 3\n")
    script = (
        "import sys, pytest; code = pytest.main(['-q', '-p', 'no:cacheprovider']); "
        "heavy = {'pydantic', 'playwright', 'PIL', 'ruamel', 'httpx'} & set(sys.modules); "
        "ours = [name for name in sys.modules if name.startswith('smokerunner')]; print(sorted(heavy), sorted(ours)); "
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=pytester.path, capture_output=True, text=True, check=True)
    ours = (
        "smokerunner",
        "smokerunner.pytest_plugin",
        "smokerunner.pytest_plugin.options",
        "smokerunner.pytest_plugin.sniffing",
    )
    assert done.stdout.splitlines()[-1] == f"[] {list(ours)}"
