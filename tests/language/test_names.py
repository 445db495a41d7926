"""Which variables are seen where, and circles."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_files import BAD

from smokerunner.language.load import load
from smokerunner.model.errors import BadInput


def told(tmp_path: Path, text: str, **options: tuple[str, ...]) -> list[str]:
    path = tmp_path / "acorn.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load(path, **options)
    except BadInput as wrong:
        return [str(problem).removeprefix(f"{path}:") for problem in wrong.problems]
    return []


def flows(**steps: str) -> str:
    return "app: acorn\nflows:\n" + "".join(f"  {name}: {text}\n" for name, text in steps.items())


def test_what_an_earlier_step_saved_is_seen_by_later_ones_only(tmp_path: Path) -> None:
    said = told(
        tmp_path,
        flows(a="{steps: [{goto: '/${x}'}, {goto: /, save: {x: url}}, {goto: '/${x}'}]}"),
    )
    assert said == ["3:22: a, step 1: nothing defines ${x}"]


def test_saved_in_popups_and_repeats(tmp_path: Path) -> None:
    popup = "{click: {link: a}, popup: [{read: {css: b}, save: {x: text}}, {goto: '/${x}'}]}"
    repeat = "{repeat: {read: {css: b}, save: {y: text}}, until: {url: '/${y}'}}"
    assert told(tmp_path, flows(a=f"{{steps: [{popup}, {repeat}, {{goto: '/${{x}}${{y}}'}}]}}")) == []


def test_a_dependent_sees_what_it_needs_and_nobody_else_does(tmp_path: Path) -> None:
    text = flows(
        register="{variables: {v: 1}, steps: [{goto: /, save: {x: url}}]}",
        login="{needs: register, steps: [{goto: '/${x}${v}', save: {y: url}}]}",
        order="{starts_from: login, steps: [{goto: '/${x}${y}${v}'}]}",
        other="{after: register, steps: [{goto: '/${x}'}]}",
    )
    assert told(tmp_path, text) == ["6:43: other, step 1: nothing defines ${x}"]


def test_cleanup_sees_everything_of_its_flow(tmp_path: Path) -> None:
    text = flows(a="{cleanup: [{goto: '/${x}'}, {goto: '/${y}'}], steps: [{goto: /, save: {x: url}}]}")
    assert told(tmp_path, text) == ["3:41: a, cleanup step 2: nothing defines ${y}"]


def test_given_variables_count(tmp_path: Path) -> None:
    text = flows(a="{steps: [{goto: '/${x}'}]}")
    assert told(tmp_path, text, given=("x",)) == []


def test_use_with(tmp_path: Path) -> None:
    text = flows(
        register="{steps: [{goto: /, save: {email: url}}]}",
        login="{needs: register, variables: {user: '${email}'}, steps: [{goto: '/${user}', save: {token: url}}]}",
        a="{steps: [{use: login, with: {usr: b}}]}",
        b="{steps: [{use: login}, {goto: '/${token}'}]}",
        c="{steps: [{use: login, with: {email: x}}, {use: login, with: {user: '${nobody}', email: y}}]}",
        d="{needs: register, steps: [{use: login}]}",
    )
    assert told(tmp_path, text) == [
        "5:21: a, step 1: 'login' wants ${email}, which nothing defines here; give it in `with`",
        "5:35: a, step 1: 'login' has no variable 'usr', did you mean 'user'?",
        "6:21: b, step 1: 'login' wants ${email}, which nothing defines here; give it in `with`",
        "7:73: c, step 2: nothing defines ${nobody}",
    ]


def test_what_is_missing_everywhere_is_said_once(tmp_path: Path) -> None:
    text = flows(login="{steps: [{goto: '/${nobody}'}]}", a="{steps: [{use: login}]}")
    assert told(tmp_path, text) == ["3:26: login, step 1: nothing defines ${nobody}"]


def test_a_circle_is_said_once_where_it_leads_down_the_file(tmp_path: Path) -> None:
    text = flows(
        a="{needs: c, steps: [{goto: /}]}",
        b="{starts_from: a, steps: [{goto: /}]}",
        c="{after: b, steps: [{goto: /}]}",
        d="{needs: c, steps: [{use: e}]}",
        e="{steps: [{click: {css: a}, popup: [{use: d}]}]}",
    )
    assert told(tmp_path, text) == [
        "3:14: a: 'a' waits for itself: a → c → b → a",
        "6:31: d, step 1: 'd' uses itself: d → e → d",
    ]


def test_uploads_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "acorn").mkdir()
    (tmp_path / "acorn" / "a.png").write_bytes(b"x")
    text = flows(a="{steps: [{upload: {label: x}, with: [acorn/a.png, acorn/b.png, '${unique}.png']}]}")
    assert told(tmp_path, text) == ["3:56: a, step 1: there is no file 'acorn/b.png' beside the flow file"]


@pytest.mark.parametrize("name", ["unknown action", "with is missing", "two finders", "severity", "viewport"])
def test_names_are_checked_although_something_else_is_wrong(name: str, tmp_path: Path) -> None:
    said = told(tmp_path, BAD[name].text + "  other:\n    needs: nobody\n    steps: [{goto: '/${x}'}]\n")
    assert len(said) == 3
    assert said[1].endswith("other: no flow called 'nobody'")
    assert said[2].endswith("other, step 1: nothing defines ${x}")
