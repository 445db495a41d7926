"""Maestro flows, and what becomes of every command."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from imported_corpus import CORPUS, Sample, samples

from smokerunner.authoring.act import TODO, Act
from smokerunner.importers.importer import Imported
from smokerunner.importers.maestro import COMMANDS, Maestro
from smokerunner.importers.maestro.command import Command, read_script
from smokerunner.importers.maestro.selector import matcher
from smokerunner.model.errors import BadInput

FLOWS = samples("maestro", ".yaml")


@pytest.fixture(autouse=True)
def _beside_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    # Files that a flow runs are looked for beside it.
    monkeypatch.chdir(CORPUS / "maestro")


def read(commands: str, config: str = "url: http://127.0.0.1:1") -> Imported:
    return Maestro().read(f"{config}\n---\n{dedent(commands)}", "x.yaml")


def acts(commands: str, config: str = "url: http://127.0.0.1:1\nonFlowStart: [launchApp]") -> tuple[Act, ...]:
    found = read(commands, config).drafts[0].acts
    assert found[0].action == "goto"
    return found[1:]


@pytest.mark.parametrize("sample", FLOWS, ids=lambda sample: sample.path.stem)
def test_becomes_exactly_this(sample: Sample) -> None:
    intake, comments = sample.taken_in(Maestro())
    assert intake.sheet.data == sample.expected_data
    assert comments == sample.expected_comments


@pytest.mark.parametrize("sample", FLOWS, ids=lambda sample: sample.path.stem)
def test_no_command_is_dropped_without_a_word(sample: Sample) -> None:
    imported = sample.read(Maestro())
    kept = [act.original for act in imported.drafts[0].acts]
    told = {remark.place for remark in imported.remarks}

    def is_accounted_for(command: Command) -> bool:
        if any(command.text in original for original in kept) or command.place in told:
            return True
        inside = command.children
        if "file" in command.body and not inside:
            inside = read_script(Path(str(command.body["file"])).read_text(), str(command.body["file"])).commands
        return bool(inside) and all(is_accounted_for(one) for one in inside)

    script = read_script(sample.text, sample.path.name)
    for command in (*script.starts, *script.commands, *script.ends):
        assert is_accounted_for(command), command


def test_the_corpus_uses_every_command() -> None:
    def names(commands: tuple[Command, ...]) -> set[str]:
        return {name for one in commands for name in (one.name, *names(one.children))}

    used = set()
    for sample in FLOWS:
        script = read_script(sample.text, sample.path.name)
        used |= names((*script.starts, *script.commands, *script.ends))
    assert used >= set(COMMANDS)
    assert len(FLOWS) >= 6


@pytest.mark.parametrize("sample", FLOWS, ids=lambda sample: sample.path.stem)
def test_refused_is_what_became_a_todo(sample: Sample) -> None:
    imported = sample.read(Maestro())
    todos = [act for act in imported.drafts[0].acts if act.action == TODO]
    assert len(todos) == sum(remark.refused for remark in imported.remarks)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Log in", {"is": "Log in"}),
        ("Forgot password?", {"is": "Forgot password?"}),
        ("Save (draft)", {"is": "Save (draft)"}),
        ("[Draft]", {"is": "[Draft]"}),
        ("C++", {"is": "C++"}),
        (r"Price: \$5\.00", {"is": "Price: $5.00"}),
        ("5.00", {"is": "5.00"}),
        (".*Welcome back.*", "Welcome back"),
        ("Welcome.*", {"matches": "(?i)^Welcome"}),
        (".*left", {"matches": "(?i)left$"}),
        (r"Item \d+", {"matches": r"(?i)^Item \d+$"}),
        ("Yes|No", {"matches": "(?i)^(?:Yes|No)$"}),
        ("(Yes|No), thanks", {"matches": "(?i)^(Yes|No), thanks$"}),
        ("Hello ${NAME}", {"is": "Hello <NAME>"}),
    ],
)
def test_texts_are_whole_and_regular_expressions_only_when_they_look_it(text: str, found: Any) -> None:
    assert matcher(text, lambda given: given.replace("${", "<").replace("}", ">")) == found


def test_a_tap_and_its_text_are_one_fill() -> None:
    (act,) = acts("- tapOn: Username\n- inputText: robin")
    assert act.action == "fill"
    assert act.targets[:3] == (
        {"textbox": {"is": "Username"}}, {"label": {"is": "Username"}}, {"placeholder": {"is": "Username"}}
    )  # fmt: skip
    assert act.beside == {"with": "robin"}
    assert act.original == "tapOn: Username; inputText: robin"


def test_a_password_field_has_no_role() -> None:
    (act,) = acts("- tapOn: Password\n- inputText: x")
    assert act.targets[0] == {"label": {"is": "Password"}}


def test_text_without_a_tap_goes_where_the_focus_is() -> None:
    (act,) = acts("- inputText: robin")
    assert (act.action, act.value, act.targets) == ("type", "robin", ())


def test_a_tap_that_is_refused_takes_nothing_with_it() -> None:
    tap, text = acts("- tapOn: {width: 10}\n- inputText: robin")
    assert (tap.action, tap.value) == (TODO, "tapOn: {width: 10}")
    assert (text.action, text.value) == ("type", "robin")


def test_label_and_optional_stand_beside() -> None:
    (act,) = acts("- tapOn: {text: Go, label: Begin, optional: true}")
    assert act.beside == {"name": "Begin", "on_failure": "warn"}


def test_environment_becomes_variables_and_passwords_secrets() -> None:
    config = "url: http://127.0.0.1:1\nenv: {USER_NAME: robin, API_TOKEN: abc-123}\nonFlowStart: [launchApp]"
    commands = "- inputText: ${USER_NAME}\n- inputText: ${API_TOKEN}\n- inputText: ${OTHER}\n- inputText: ${OTHER}"
    imported = read(commands, config)
    assert [act.value for act in imported.drafts[0].acts[1:]] == [
        "${USER_NAME}", "${secrets.API_TOKEN}", "${OTHER}", "${OTHER}"
    ]  # fmt: skip
    assert imported.drafts[0].variables == {"USER_NAME": "robin"}
    assert "abc-123" not in repr(imported)
    assert [remark.original for remark in imported.remarks] == ["API_TOKEN: …", "${OTHER}"]


def test_a_file_that_is_run_stands_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "login.yaml").write_text(
        "url: http://127.0.0.1:1\n---\n- inputText: ${WHO}\n- runFlow: deep.yaml\n"
    )
    (tmp_path / "in" / "deep.yaml").write_text("url: http://127.0.0.1:1\n---\n- tapOn: ${WHO}\n")
    text = "url: http://127.0.0.1:1\n---\n- runFlow: {file: in/login.yaml, env: {WHO: robin}}\n"
    first, second = Maestro().read(text, str(tmp_path / "x.yaml")).drafts[0].acts
    assert first.value == "robin"
    assert second.targets[0] == {"text": {"is": "robin"}}


def test_what_is_written_out_is_bounded() -> None:
    assert len(acts("- repeat: {times: 10, commands: [back]}")) == 10
    (todo,) = acts("- repeat: {times: 11, commands: [back]}")
    assert todo.action == TODO


def test_while_is_until_turned_round() -> None:
    (act,) = acts("- repeat: {while: {visible: More}, commands: [{tapOn: More}]}")
    assert act.action == "repeat"
    assert act.value == {"click": {"text": {"is": "More"}, "fallbacks": [{"button": {"is": "More"}}]}}
    assert act.beside == {"until": {"hidden": {"text": {"is": "More"}}}}


def test_what_cannot_be_repeated_is_refused_as_a_whole() -> None:
    (todo,) = acts("- repeat: {while: {visible: More}, commands: [{tapOn: {width: 1}}]}")
    assert (todo.action, todo.value) == (TODO, "repeat: {while: {visible: More}, commands: [{tapOn: {width: 1}}]}")


def test_a_circle_of_files_is_found_however_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").write_text("url: http://127.0.0.1:1\n---\n- runFlow: ../in/a.yaml\n")
    text = "url: http://127.0.0.1:1\n---\n- runFlow: in/a.yaml\n"
    (todo,) = Maestro().read(text, str(tmp_path / "x.yaml")).drafts[0].acts
    assert (todo.action, todo.value) == (TODO, "runFlow: ../in/a.yaml")


def test_a_flow_that_opens_no_page_begins_with_its_address() -> None:
    imported = read("- assertVisible: Hello", "url: https://shop.example/cart")
    assert imported.drafts[0].acts[0].value == "https://shop.example/cart"
    assert imported.drafts[0].base_url == "https://shop.example"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("url: http://x\n", "x.yaml:1:1: a Maestro flow has two parts with a line '---' between them"),
        ("url: http://x\n---\nback\n", "x.yaml:3:1: a list of commands stands here, each with '- '"),
        ("url: http://x\n---\n- back\n- {tapOn: a, back: b}\n",
         "x.yaml:4:3: a command is a word such as back, or a mapping with one key such as tapOn"),
        ("url: http://x\n---\n- tapOn:\n    text: a\n    text: b\n",
         "x.yaml:5:5: 'text' stands here a second time; the first is in line 4"),
        ("url: http://x\n---\n- runFlow:\n    commands: back\n",
         "x.yaml:4:15: a list of commands stands here, each with '- '"),
    ],
)  # fmt: skip
def test_broken_flows_are_refused_with_their_lines(text: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        Maestro().read(text, "x.yaml")
    assert [str(problem) for problem in caught.value.problems] == [complaint]


@pytest.mark.parametrize(
    "text",
    [
        "", "---\n---\n", "url: http://x\n", "- back\n---\n- back\n", "a: b\n---\n- back\n", "url: x\n---\na: b\n",
        "url: x\n---\n- back\n---\n- back\n", "app: shop\nflows:\n  a:\n    steps: [{goto: /}]\n", '{"url": "x"}',
        "url: [\n---\n- back\n",
    ],
)  # fmt: skip
def test_other_texts_are_not_maestro(text: str) -> None:
    assert not Maestro().recognises(text)


def test_comments_and_a_leading_separator_do_not_matter() -> None:
    assert Maestro().recognises("# a comment\n---\nurl: http://x\n--- # then\n- back\n")
