"""`checks:` in the environment file: what is read, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from smokerunner.checks.catalogue import CHECKS
from smokerunner.checks.choosing import Choice, asked_of, choose
from smokerunner.checks.presets import PRESETS, WITH_SERVER
from smokerunner.language.environment import environment_schema, load_config
from smokerunner.model.checking import Checks
from smokerunner.model.errors import BadInput
from smokerunner.model.severity import Severity

HEAD = """apps:
  shop:
    environments:
      live:
        base_url: https://shop.example
        checks:
"""


def written(folder: Path, checks: str) -> Path:
    path = folder / "smokerunner.yaml"
    path.write_text(HEAD + "".join(f"          {line}\n" for line in checks.splitlines()))
    return path


def as_an_editor_reads(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def checks_in(folder: Path, checks: str) -> Checks:
    _, environment = load_config(written(folder, checks)).environment("shop", "live")
    assert environment.checks is not None
    return environment.checks


def test_settings_and_switches(tmp_path: Path) -> None:
    checks = checks_in(
        tmp_path,
        "preset: any\nhosts: www.shop.example\nhttp.home-up:\n  text: Quiet\n  severity: low\n"
        "limits: {per_second: 5, at_once: 2}",
    )
    (home,) = [one for one in asked_of(checks) if one.id == "http.home-up"]
    assert home.severity is Severity.LOW
    assert str(home.check.text) == '"Quiet"'  # type: ignore[attr-defined]
    assert (checks.hosts, checks.limits.per_second, checks.limits.at_once) == (("www.shop.example",), 5, 2)


@pytest.mark.parametrize("word", ["on", "yes", "true"])
def test_a_check_without_settings(tmp_path: Path, word: str) -> None:
    assert [one.id for one in asked_of(checks_in(tmp_path, f"http.home-up: {word}"))] == ["http.home-up"]


def test_a_preset_less_one(tmp_path: Path) -> None:
    ids = [one.id for one in asked_of(checks_in(tmp_path, "preset: laravel\nhttp.home-up: off"))]
    assert set(ids) == {*PRESETS["laravel"]} - {"http.home-up"}


def test_a_server_turns_on_what_only_it_can_tell(tmp_path: Path) -> None:
    alone = {one.id for one in asked_of(checks_in(tmp_path, "preset: laravel"))}
    more = {one.id for one in asked_of(checks_in(tmp_path, "preset: laravel\nserver: {folder: /srv/app, php: php8.3}"))}
    assert more - alone == {*WITH_SERVER["laravel"]}


BAD = {
    "preset: larvel": (7, 19, "no preset called 'larvel', did you mean 'laravel'?"),
    "preset: [any, x]": (7, 25, "no preset called 'x'"),
    "http.home-upp: on": (7, 11, "no check called 'http.home-upp', did you mean 'http.home-up'?"),
    "quite.else: on": (7, 11, "no check called 'quite.else'"),
    "http.home-up: maybe": (7, 25, "a check is on, off, or a mapping of its settings, not the text 'maybe'"),
    "http.home-up: {txt: x}": (7, 26, "no key called 'txt' in 'http.home-up', did you mean 'text'?"),
    "http.home-up: {severity: bad}": (7, 36, "'bad' is not a severity"),
    "http.home-up: {timeout: 3}": (7, 35, "3"),
    "limits: {per_second: 0}": (7, 32, "0"),
    "sec.*: off": (7, 11, "'sec.*': write each check's own id; patterns are for --check alone"),
    "resolvers: nonsense": (7, 22, "'nonsense' is not a name server; write its address"),
    'resolvers: "127.0.0.1:port"': (7, 22, "'127.0.0.1:port' is not a name server"),
    "asked: {}": (7, 11, "no check called 'asked'"),
    "off: x": (7, 11, "no check called 'off'"),
}


@pytest.mark.parametrize("checks", BAD)
def test_mistakes_have_their_place(tmp_path: Path, checks: str) -> None:
    line, column, said = BAD[checks]
    with pytest.raises(BadInput) as wrong:
        load_config(written(tmp_path, checks))
    (problem,) = wrong.value.problems
    assert (problem.line, problem.column) == (line, column), problem
    assert said in problem.message


@pytest.mark.parametrize("checks", BAD)
def test_the_schema_refuses_the_same(tmp_path: Path, checks: str) -> None:
    data = as_an_editor_reads(written(tmp_path, checks))
    assert list(Draft202012Validator(environment_schema()).iter_errors(data))


def test_the_schema_knows_every_check(tmp_path: Path) -> None:
    schema = environment_schema()
    Draft202012Validator.check_schema(schema)
    checks = schema["$defs"]["Checks"]
    plain = {id_ for id_ in CHECKS if not id_.endswith(".*")}
    assert plain <= set(checks["properties"])
    assert len(checks["patternProperties"]) == len(CHECKS) - len(plain)
    good = as_an_editor_reads(written(tmp_path, "preset: [any, laravel]\nhttp.home-up: {text: x}"))
    assert not list(Draft202012Validator(schema).iter_errors(good))


def test_a_warning_comes_before_the_failure(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="`warn_days` must not be less than `fail_days`"):
        load_config(written(tmp_path, "tls.expiry: {warn_days: 3, fail_days: 90}"))


@pytest.mark.parametrize("id_", CHECKS)
def test_every_check_says_what_it_is(id_: str) -> None:
    kind = CHECKS[id_]
    assert kind.id == id_
    assert kind.asks.endswith("?")
    assert kind.passes
    assert kind.source
    for name, field in kind.model_fields.items():
        assert field.description, f"{id_}: {name}"


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_need_no_settings(preset: str) -> None:
    assert len(set(PRESETS[preset])) == len(PRESETS[preset])
    for id_ in (*PRESETS[preset], *WITH_SERVER.get(preset, ())):
        assert CHECKS[id_]().id == id_


def test_what_is_chosen() -> None:
    asked = asked_of(Checks.model_construct(preset=("any",)))
    assert choose(asked, Choice()) == asked
    assert [one.id for one in choose(asked, Choice(ids=("http.home-*",)))] == ["http.home-up"]
    assert "http.home-up" not in [one.id for one in choose(asked, Choice(not_ids=("http.*",)))]
    assert {one.id.partition(".")[0] for one in choose(asked, Choice(tags=("http",)))} == {"http"}
    assert all(one.severity is Severity.CRITICAL for one in choose(asked, Choice(severities=(Severity.CRITICAL,))))
    with pytest.raises(BadInput, match=r"no check here is called 'nosuch\.\*'"):
        choose(asked, Choice(ids=("nosuch.*",)))
