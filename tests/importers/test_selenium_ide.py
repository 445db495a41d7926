"""Selenium IDE projects, and what becomes of every command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from imported_corpus import Sample, samples

from smokerunner.authoring.act import TODO, Act, Field
from smokerunner.importers.catalogue import detect
from smokerunner.importers.importer import Imported
from smokerunner.importers.selenium_ide import COMMANDS, SeleniumIde
from smokerunner.importers.selenium_ide.blocks import CONTROL, HANDLERS
from smokerunner.importers.selenium_ide.locators import field_of, target_of, targets_of
from smokerunner.importers.selenium_ide.project import read_project
from smokerunner.importers.selenium_ide.wording import Unsayable, keystrokes, milliseconds, other_than, pattern, text
from smokerunner.model.errors import BadInput
from smokerunner.model.matcher import Matcher
from smokerunner.model.target import Target
from tests.conftest import Smoke

sys.path.append(str(Path(__file__).parents[1] / "site"))

from server import Site

RECORDED_AT = "http://127.0.0.1:8991"
TYPED = "S3cret!pass"
PROJECTS = samples("selenium", ".side")
STANDING_ELSEWHERE = ("selectFrame", "selectWindow", "storeWindowHandle")
"""Commands that change where the following ones act; they are no act and need no remark."""


def by_name(sample: Sample) -> str:
    return sample.path.stem


def read(*commands: tuple[str, ...] | dict[str, Any]) -> Imported:
    """A project with one test of these commands."""
    written = [
        command if isinstance(command, dict) else dict(zip(("command", "target", "value"), command, strict=False))
        for command in commands
    ]
    project = {"name": "p", "url": "http://127.0.0.1:1", "tests": [{"id": "1", "name": "t", "commands": written}]}
    return SeleniumIde().read(json.dumps(project), "p.side")


def acts(*commands: tuple[str, ...] | dict[str, Any]) -> tuple[Act, ...]:
    return read(*commands).drafts[0].acts


@pytest.mark.parametrize("sample", PROJECTS, ids=by_name)
def test_becomes_exactly_this(sample: Sample) -> None:
    intake, comments = sample.taken_in(SeleniumIde())
    assert intake.sheet.data == sample.expected_data
    assert comments == sample.expected_comments


@pytest.mark.parametrize("sample", PROJECTS, ids=by_name)
def test_is_known_by_its_content(sample: Sample) -> None:
    assert detect(sample.text, "no-telling-name").name == "Selenium IDE"


@pytest.mark.parametrize("sample", PROJECTS, ids=by_name)
def test_no_command_is_dropped_without_a_word(sample: Sample) -> None:
    imported = sample.read(SeleniumIde())
    told = {remark.place for remark in imported.remarks}
    for test, draft in zip(read_project(sample.text, sample.path.name).tests, imported.drafts, strict=True):
        kept = [original for act in draft.acts for original in act.original.split("; ")]
        for command in test.commands:
            is_kept = command.original in kept or command.place in told
            assert is_kept or command.name in STANDING_ELSEWHERE, command
        refused = [act for act in draft.acts if act.action == TODO]
        assert {act.original for act in refused} == {
            remark.original
            for remark in imported.remarks
            if remark.refused and remark.place in {command.place for command in test.commands}
        }


@pytest.mark.parametrize("sample", PROJECTS, ids=by_name)
def test_no_original_and_no_remark_shows_what_was_typed(sample: Sample) -> None:
    imported = sample.read(SeleniumIde())
    shown = [act.original for draft in imported.drafts for act in draft.acts]
    shown += [str(act.value) for draft in imported.drafts for act in draft.acts if act.action == TODO]
    shown += [str(remark) for remark in imported.remarks]
    shown += [value for draft in imported.drafts for value in draft.variables.values()]
    assert not [one for one in shown if TYPED in one]


def test_the_table_the_code_and_the_corpus_have_the_same_commands() -> None:
    used = {
        command.name
        for sample in PROJECTS
        for test in read_project(sample.text, "x").tests
        for command in test.commands
        if not command.is_disabled
    }
    assert set(COMMANDS) == {*HANDLERS, *CONTROL}
    assert used - set(COMMANDS) == {"", "shake"}
    assert set(COMMANDS) - used == set()


@pytest.mark.parametrize(
    ("locator", "target"),
    [
        ("id=save", {"css": "#save"}),
        ("id=1:2", {"css": '[id="1:2"]'}),
        ("id=row-${order}", {"css": '[id="row-${order}"]'}),
        ("name=email", {"css": '[name="email"]'}),
        ("linkText=Log out", {"link": {"is": "Log out"}}),
        ("link=Log out", {"link": {"is": "Log out"}}),
        ("partialLinkText=Log", {"link": "Log"}),
        ("css=div > p", {"css": "div > p"}),
        ('css=*[data-testid="a b"]', {"test_id": "a b"}),
        ('css=*[data-test="a"]', {"css": '*[data-test="a"]'}),
        ("xpath=//button[text()='Go']", {"button": {"is": "Go"}}),
        ("xpath=//button[normalize-space()='Go']", {"button": {"is": "Go"}}),
        ("//button[contains(.,'Go')]", {"button": "Go"}),
        ("xpath=//a[contains(text(),'Log')]", {"link": "Log"}),
        ('xpath=//h2[.="It\'s"]', {"heading": {"is": "It's"}}),
        ("xpath=//span[contains(normalize-space(.), 'Sum')]", {"text": "Sum"}),
        ("xpath=//input[@id='q']", {"css": "#q"}),
        ("xpath=//input[@name='q']", {"css": 'input[name="q"]'}),
        ("xpath=//*[@data-testid='q']", {"test_id": "q"}),
        ("xpath=//input[@placeholder='Search']", {"placeholder": {"is": "Search"}}),
        ("xpath=//img[@alt='Dog']", {"alt": {"is": "Dog"}}),
        ("xpath=//div[2]/a", {"xpath": "//div[2]/a"}),
        ("(//b)[2]", {"xpath": "(//b)[2]"}),
        ("class=x", None),
        ("save", None),
        ("id=", None),
        ("id=${no such}", None),
    ],
)
def test_a_locator_becomes_a_target(locator: str, target: dict[str, Any] | None) -> None:
    if target is None:
        with pytest.raises(Unsayable):
            target_of(locator)
    else:
        assert target_of(locator) == target
        Target.model_validate(target)


@pytest.mark.parametrize(
    ("locator", "alternatives", "targets"),
    [
        ("css=.x", ["css=.x", "id=go", "linkText=Go", "xpath=//li[2]/a"],
         [{"link": {"is": "Go"}}, {"css": "#go"}, {"css": ".x"}]),
        ("id=go", ["id=go", 'css=*[data-testid="go"]', "xpath=//a[contains(.,'Go')]"],
         [{"test_id": "go"}, {"css": "#go"}, {"link": "Go"}]),
        ("id=input-12345", ["id=input-12345", "name=q"], [{"css": '[name="q"]'}, {"css": "#input-12345"}]),
        ("xpath=//li[2]/a", ["xpath=//li[2]/a", "css=.x:nth-child(2)"], [{"xpath": "//li[2]/a"}]),
        ("id=by-hand", ["id=go", "linkText=Go"], [{"css": "#by-hand"}]),
        ("id=go", ["id=go", "novel=Go"], [{"css": "#go"}]),
        ("id=go", [], [{"css": "#go"}]),
    ],
)  # fmt: skip
def test_the_best_of_several_locators_comes_first(
    locator: str, alternatives: list[str], targets: list[dict[str, Any]]
) -> None:
    assert list(targets_of(locator, [(item, "") for item in alternatives])) == targets


def test_what_the_locators_tell_of_a_field_is_kept() -> None:
    assert field_of([{"css": "#pw"}, {"placeholder": {"is": "Password"}}]) == Field(name="pw", label="Password")
    assert field_of([{"css": 'input[type="password"]'}]) == Field(type="password")
    assert field_of([{"xpath": "//div"}]) is None


@pytest.mark.parametrize(
    ("keys", "strokes"),
    [
        ("${KEY_ENTER}", [("press", "Enter")]),
        ("cup${KEY_ENTER}", [("type", "cup"), ("press", "Enter")]),
        ("${KEY_CTRL}${KEY_SHIFT}zx", [("press", "Control+Shift+z"), ("type", "x")]),
        ("${KEY_ALT}${KEY_LEFT}", [("press", "Alt+ArrowLeft")]),
        ("${name}${KEY_N5}", [("type", "${name}"), ("press", "Numpad5")]),
        ("", []),
    ],
)
def test_keys(keys: str, strokes: list[tuple[str, str]]) -> None:
    assert keystrokes(keys) == strokes


def test_texts_patterns_and_times() -> None:
    assert text("${order} costs ${") == "${order} costs $${"
    assert text("${unique}") == "${unique_}"
    assert pattern("a.b") == {"is": "a.b"}
    assert pattern("regexpi:^a") == {"matches": "(?i)^a"}
    assert pattern("glob:a?b*") == {"matches": "^a.b.*$"}
    assert [milliseconds(given) for given in ("250", "3000", "0")] == ["250ms", "3s", "0ms"]
    with pytest.raises(Unsayable):
        milliseconds("a while")
    with pytest.raises(Unsayable):
        pattern("regexp:(")


@pytest.mark.parametrize(("seen", "holds"), [("Total 5", False), (" Total 5 ", False), ("Total 55", True), ("", True)])
def test_another_text(seen: str, holds: bool) -> None:
    assert Matcher.model_validate(other_than("Total 5")).accepts(seen) is holds


def test_a_literal_that_is_typed_stands_in_the_act_and_nowhere_else() -> None:
    found = read(("store", "hunter2", "password"), ("type", "name=x", "${password}"), ("type", "id=pin", "1234"))
    first, second = found.drafts[0].acts
    assert (first.beside, second.beside) == ({"with": "hunter2"}, {"with": "1234"})
    assert found.drafts[0].variables == {}
    assert second.original == "type | id=pin | …"


def test_a_variable_typed_as_a_password_is_none_of_the_flow() -> None:
    found = read(("store", "hunter2", "word"), ("type", "id=password", "${word}"))
    assert found.drafts[0].variables == {}


def test_a_window_that_opens_is_a_page_of_its_own() -> None:
    opening = {"command": "click", "target": "id=a", "opensWindow": True, "windowHandleName": "win1"}
    found = acts(opening, ("storeWindowHandle", "first"), ("selectWindow", "handle=${win1}"), ("click", "id=b"))
    assert [(act.page, act.opens) for act in found] == [("", "win1"), ("win1", None)]
    back = acts(("storeWindowHandle", "first"), opening, ("selectWindow", "handle=${win1}"),
                ("selectWindow", "handle=${first}"), ("click", "id=b"))  # fmt: skip
    assert [act.page for act in back] == ["", ""]


def test_a_frame_in_a_frame_names_the_outer_one() -> None:
    (found,) = acts(("selectFrame", "id=outer"), ("selectFrame", "id=inner"), ("click", "id=a"))
    assert found.targets == ({"css": "#a", "frame": {"css": "#inner", "frame": {"css": "#outer"}}},)


def test_a_frame_is_part_of_every_target() -> None:
    found = acts(("selectFrame", "id=f"), ("dragAndDropToObject", "id=a", "id=b"), ("assertSelectedLabel", "id=c", "x"))
    assert found[0].targets == ({"css": "#a", "frame": {"css": "#f"}},)
    assert found[0].beside == {"to": {"css": "#b", "frame": {"css": "#f"}}}
    assert found[1].value["text_of"]["of"] == {
        "css": "option:checked",
        "within": {"css": "#c"},
        "frame": {"css": "#f"},
    }


@pytest.mark.parametrize(
    ("condition", "bounds"),
    [
        ("${n} > 0", {"at_least": 1}),
        ("${n} >= 2", {"at_least": 2}),
        ("${n} < 3", {"at_most": 2}),
        ("${n} === 0", {"is": 0}),
        ("${n} != 0", {"at_least": 1}),
        ("${n} == 3", None),
        ("${n} < 0", None),
        ("${other} > 0", None),
        ("document.title", None),
    ],
)
def test_a_condition_on_a_number_of_elements(condition: str, bounds: dict[str, int] | None) -> None:
    found = acts(("storeElementCount", "css=li", "n"), ("if", condition), ("click", "id=a"), ("end",))
    if bounds is None:
        assert [act.action for act in found] == [TODO, "click"]
    else:
        assert found[0].beside == {"when": {"count": {"of": {"css": "li"}, **bounds}}}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "x.side:1:2: this is not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "x.side:1:1: this is no Selenium IDE project; it has no tests"),
        ('{"tests": [{"name": "a"}, {"name": "b", "commands": [{}, 1]}]}',
         'x.side: test 1 has no commands\nx.side: test "b", command 1: this is no command; a command has a name\n'
         'x.side: test "b", command 2: this is no command; a command has a name'),
        ('{"tests": []}', "x.side: no test of this project has a command"),
    ],
)  # fmt: skip
def test_a_broken_project_is_refused(content: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        SeleniumIde().read(content, "x.side")
    assert str(caught.value) == complaint


@pytest.fixture(scope="module")
def local() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.mark.e2e
@pytest.mark.slow
def test_projects_replay(smoke: Smoke, local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "correct horse battery")
    files = []
    for sample in PROJECTS:
        files.append(Path(sample.path.name))
        data = json.loads(sample.text.replace(RECORDED_AT, local.base_url))
        # The steps of loops and conditions that nobody can import follow once, and lead nowhere.
        data["tests"] = [test for test in data["tests"] if test["name"] != "What a flow does not do"]
        files[-1].write_text(json.dumps(data))
    imported = smoke("import", *files, "--app", "site")
    assert imported.exit_code == 0, imported.err
    path = Path("flows/site.yaml")
    path.write_text("".join(one for one in path.read_text().splitlines(keepends=True) if "- todo:" not in one))
    ran = smoke("run", path, "--quiet", "--trace", "off", "--no-history")
    told = [f"{flow.name} {flow.outcome} {flow.message}" for flow in ran.run.results if str(flow.outcome) != "passed"]
    assert (ran.exit_code, told) == (0, []), ran.err
    assert len(ran.run.results) == 16
