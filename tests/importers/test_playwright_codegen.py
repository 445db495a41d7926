"""What `playwright codegen` writes, in every shape and language, and what becomes of it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from imported_corpus import Sample, samples

from smokerunner.authoring.act import TODO, Act, Field
from smokerunner.importers.catalogue import detect
from smokerunner.importers.importer import Imported
from smokerunner.importers.playwright_codegen import COMMANDS, PlaywrightCodegen
from smokerunner.importers.playwright_codegen.actions import ACTIONS, acts_of
from smokerunner.importers.playwright_codegen.calls import EXPECTATIONS
from smokerunner.importers.playwright_codegen.javascript_source import read_javascript
from smokerunner.importers.playwright_codegen.python_source import read_python
from smokerunner.importers.playwright_codegen.reader import Reader
from smokerunner.importers.playwright_codegen.scripts import redact
from smokerunner.model.errors import BadInput
from tests.conftest import Smoke

sys.path.append(str(Path(__file__).parents[1] / "site"))

from server import Site

RECORDED_AT = "http://127.0.0.1:8991"
TYPED = "S3cret!pass"
"""What was typed as a password all over the corpus."""
RECORDINGS = samples("codegen", ".jsonl")
SCRIPTS = samples("codegen", ".txt")
BOILERPLATE = re.compile(
    r"launch\(|(new_context|newContext|new_page|newPage)\(|\.close\(\)|storage|once\(|waitForEvent|expect_(popup|download)"
    r"|_info\.value|await \w+Promise"
)


def by_name(sample: Sample) -> str:
    return sample.path.name


def script(body: str) -> str:
    """A pytest script of codegen's with these statements."""
    return f"from playwright.sync_api import Page, expect\n\n\ndef test_example(page: Page) -> None:\n{indent(body)}"


def indent(body: str) -> str:
    return "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())


def python_acts(body: str) -> tuple[Act, ...]:
    return PlaywrightCodegen().read(script(body), "x.py").drafts[0].acts


def javascript(body: str) -> Imported:
    """What becomes of these statements in a test."""
    text = (
        f"import {{ test, expect }} from '@playwright/test';\n\ntest('test', async ({{ page }}) => {{\n{body}\n}});\n"
    )
    return PlaywrightCodegen().read(text, "x.ts")


def javascript_acts(body: str) -> tuple[Act, ...]:
    return javascript(body).drafts[0].acts


@pytest.mark.parametrize("sample", [*RECORDINGS, *SCRIPTS], ids=by_name)
def test_becomes_exactly_this(sample: Sample) -> None:
    intake, comments = sample.taken_in(PlaywrightCodegen())
    assert intake.sheet.data == sample.expected_data
    assert comments == sample.expected_comments


@pytest.mark.parametrize("sample", [*RECORDINGS, *SCRIPTS], ids=by_name)
def test_is_known_by_its_content(sample: Sample) -> None:
    assert detect(sample.text, "no-telling-name").name == "Playwright codegen"


@pytest.mark.parametrize("sample", RECORDINGS, ids=by_name)
def test_no_action_is_dropped_without_a_word(sample: Sample) -> None:
    reader = Reader()
    lines = dict(enumerate(map(json.loads, sample.text.splitlines()), 1))
    for number, line in lines.items():
        reader.add(line, number)
    told = {place for place, _ in reader.placed_acts} | {note.place for note in reader.notes}
    nothing = {n for n, line in lines.items() if line.get("name") in (None, "closePage")}
    nothing |= {n for n, line in lines.items() if line.get("url") == "about:blank"}
    assert told | nothing == set(lines)
    refused = [act for act in reader.acts if act.action == TODO]
    assert len(refused) == sum(note.refused for note in reader.notes)


@pytest.mark.parametrize("sample", SCRIPTS, ids=by_name)
def test_no_statement_is_dropped_without_a_word(sample: Sample) -> None:
    read = read_python if ".py" in sample.path.name else read_javascript
    imported = sample.read(PlaywrightCodegen())
    kept = [act.original for draft in imported.drafts for act in draft.acts]
    told = [remark.original for remark in imported.remarks]
    statements = [one for found in read(sample.text, "x").scripts for one in found.statements]
    assert statements
    for statement in statements:
        assert redact(statement.text) in kept + told or BOILERPLATE.search(statement.text), statement


@pytest.mark.parametrize("sample", [*RECORDINGS, *SCRIPTS], ids=by_name)
def test_no_original_and_no_remark_shows_what_was_typed(sample: Sample) -> None:
    imported = sample.read(PlaywrightCodegen())
    shown = [act.original for draft in imported.drafts for act in draft.acts]
    shown += [str(act.value) for draft in imported.drafts for act in draft.acts if act.action == TODO]
    shown += [str(remark) for remark in imported.remarks]
    assert not [text for text in shown if TYPED in text]


def test_the_table_has_every_action_and_every_assertion() -> None:
    assert set(ACTIONS) <= set(COMMANDS)
    everything = " ".join((*COMMANDS, "toBeVisible assertVisible toBeChecked toContainText toHaveText toHaveValue"))
    everything += " toMatchAriaSnapshot"
    assert not [name for name in EXPECTATIONS if name not in everything]


def line(name: str, selector: str = 'internal:role=button[name="Go"i]', **more: Any) -> dict[str, Any]:
    return {"name": name, "selector": selector, "signals": [], "pageGuid": "page@1", **more}


def test_an_action_becomes_an_act() -> None:
    found = acts_of(line("click", button="right", modifiers=9, clickCount=2, signals=[{"name": "dialog"}]))
    assert found is not None
    assert (found.action, found.targets) == ("click", ({"button": "Go"},))
    assert found.beside == {"mouse": "right", "count": 2, "modifiers": ["Alt", "Shift"], "dialog": "accept"}
    press = acts_of(line("press", key="S", modifiers=2))
    assert press is not None
    assert press.value == "Control+S"
    assert acts_of({"name": "openPage", "url": "about:blank", "pageGuid": "page@1"}) is None


@pytest.mark.parametrize(
    ("selector", "field"),
    [
        ('internal:role=textbox[name="Password"i]', Field(label="Password")),
        ('internal:label="PIN"s', Field(label="PIN")),
        ("#user_password", Field(name="user_password")),
        ('input[name="pw"]', Field(name="pw")),
        ('input[type="password"]', Field(type="password")),
        ('internal:testid=[data-testid="secret"s]', Field(name="secret")),
        ("div > p", None),
    ],
)
def test_what_the_locator_tells_of_a_field_is_kept(selector: str, field: Field | None) -> None:
    found = acts_of(line("fill", selector, text="x"))
    assert found is not None
    assert found.written == field


def test_a_click_that_no_mouse_made_is_marked() -> None:
    found = acts_of(line("click", clickCount=0))
    assert found is not None
    assert found.beside == {"count": "0"}


def test_a_line_that_grows_replaces_the_earlier_one() -> None:
    reader = Reader()
    reader.add({"browserName": "chromium", "launchOptions": {}}, "head")
    place = reader.add(line("fill", text="q"))
    reader.add(line("click"), "click")
    assert [act.beside.get("with") for act in reader.acts] == ["q", None]
    reader.add(line("fill", text="qa"), place)
    assert [(act.action, act.beside.get("with")) for act in reader.acts] == [("fill", "qa"), ("click", None)]


def test_a_signal_may_come_after_what_happened_in_the_popup() -> None:
    reader = Reader()
    reader.add(line("click"), 1)
    reader.add({**line("check"), "pageGuid": "page@2"}, 2)
    assert [act.action for act in reader.acts] == ["click", TODO]
    reader.signal(1, {"name": "popup", "popupPageGuid": "page@2"})
    assert [(act.action, act.page, act.opens) for act in reader.acts] == [
        ("click", "", "page1"),
        ("check", "page1", None),
    ]
    assert reader.notes == ()


def test_every_line_that_is_no_action_is_named() -> None:
    text = '{"browserName":"chromium","launchOptions":{}}\n{"name":"click"\n\n[1]\n'
    with pytest.raises(BadInput) as caught:
        PlaywrightCodegen().read(text, "x.jsonl")
    assert str(caught.value) == (
        "x.jsonl:2:16: this line is not JSON: Expecting ',' delimiter: line 1 column 16 (char 15)\n"
        "x.jsonl:4:1: this line is no action; each line is a JSON object"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clickCount", "often"),
        ("modifiers", ["Alt"]),
        ("signals", True),
        ("signals", ["popup"]),
        ("framePath", [1]),
        ("position", "1,2"),
        ("locator", "button"),
        ("selector", {}),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(field: str, value: object) -> None:
    text = json.dumps(line("click") | {field: value})
    with pytest.raises(BadInput) as caught:
        PlaywrightCodegen().read(text, "x.jsonl")
    assert str(caught.value) == f"x.jsonl:1:1: this line is no action; its '{field}' is of the wrong kind"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"browserName":"chromium","launchOptions":{}}\n', "x: nothing was recorded in this file"),
        ("from playwright.sync_api import Page\n\ndef test_x(page):\n    page.goto('x'\n",
         "x:4:14: this is not Python: '(' was never closed"),
        ("import { test } from '@playwright/test';\n\n  \u2028§;\n", "x:3:4: this is not JavaScript: '§;\\n'"),
        ("import { test } from '@playwright/test';\n", "x: nothing was recorded in this file"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        PlaywrightCodegen().read(text, "x")
    assert str(caught.value) == complaint


def test_python_is_only_read_and_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    found = python_acts(f"open({str(mark)!r}, 'w')\npage.goto('/x')")
    assert [act.action for act in found] == [TODO, "goto"]
    assert not mark.exists()


@pytest.mark.parametrize(
    ("statement", "act"),
    [
        ('page.get_by_label("A").press_sequentially("x${y}")', Act("type", ({"label": "A"},), "x$${y}")),
        ('page.keyboard.press("Control+A")', Act("press", (), "Control+A")),
        ('page.get_by_role("row").first.get_by_alt_text("x").dblclick()',
         Act("click", ({"alt": "x", "within": {"row": "", "nth": "first"}},), beside={"count": 2})),
        ('page.get_by_label("A").select_option(label="One")',
         Act("select", ({"label": "A"},), beside={"with": {"is": "One"}})),
        ('page.get_by_label("A").set_checked(False)', Act("uncheck", ({"label": "A"},))),
        ('page.locator("#a").drag_to(page.locator("#b"))', Act("drag", ({"css": "#a"},), beside={"to": {"css": "#b"}})),
        ('page.get_by_text("Foot").scroll_into_view_if_needed()', Act("scroll", ({"text": "Foot"},))),
        ('page.locator("#a").or_(page.locator("#b")).click()', None),
        ('page.get_by_role("checkbox", checked=True).click()', None),
        ('page.get_by_text(name).click()', None),
        ('page.evaluate("1")', None),
        ('expect(page.get_by_text("x")).to_have_class("y")', None),
        ('expect(page).to_have_title("Home")', Act("expect", value={"title": {"is": "Home"}})),
        ('expect(page.get_by_text("x")).not_to_be_visible()', Act("expect", value={"hidden": {"text": "x"}})),
        ('expect(page.get_by_text("x")).to_be_disabled()',
         Act("expect", value={"enabled": {"of": {"text": "x"}, "is": False}})),
        ('page.get_by_text("x").wait_for(state="hidden")', Act("expect", value={"hidden": {"text": "x"}})),
    ],
)  # fmt: skip
def test_a_statement_of_python(statement: str, act: Act | None) -> None:
    (found,) = python_acts(statement)
    if act is None:
        assert (found.action, found.original) == (TODO, statement)
    else:
        assert (found.action, found.targets, found.value, found.beside) == (
            act.action, act.targets, act.value, act.beside,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "action", "value"),
    [
        ("await page.getByText('it\\'s \\u00e9 \\n').click();", "click", ({"text": "it's é \n"},)),
        ("await page.getByText(`a\\`b\\${c}`).click();", "click", ({"text": "a`b$${c}"},)),
        ("await page.getByText(/a\\/[/]b/gi).click()", "click", ({"text": {"matches": "(?i)a/[/]b"}},)),
        ("await page\n  .getByText('a')\n  .first()\n  .click()", "click", ({"text": "a", "nth": "first"},)),
        ("/* c */ await page.getByText('a').click(); // d", "click", ({"text": "a"},)),
        ("await page.getByText(`${x}`).click();", TODO, ()),
        ("await page.getByText('a' + b).click();", TODO, ()),
        ("const rows = await page.$$('tr');", TODO, ()),
        ("try { await page.getByText('a').click(); } catch { }", TODO, ()),
        ("do { await page.reload(); } while (true);", TODO, ()),
    ],
)
def test_a_statement_of_javascript(statement: str, action: str, value: tuple[Any, ...]) -> None:
    (found,) = javascript_acts(statement)
    assert (found.action, found.targets) == (action, value)


def test_a_dialog_without_a_step_and_a_promise_without_its_end_are_told() -> None:
    found = javascript(
        "await page.goto('/x');\n"
        "const aPromise = page.waitForEvent('popup');\n"
        "page.once('dialog', d => d.accept('Sam'));"
    )
    assert [(remark.place, remark.says) for remark in found.remarks] == [
        ("x.ts:5", "nothing waits for it; it is left out"),
        ("x.ts:6", "no step follows that could open the dialog; it is left out"),
    ]


def test_a_prompt_is_answered_as_its_handler_does() -> None:
    (found,) = javascript_acts("page.once('dialog', d => d.accept('Sam'));\nawait page.getByText('a').click();")
    assert found.beside == {"dialog": {"answer": "accept", "text": "Sam"}}


@pytest.fixture(scope="module")
def local() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.mark.e2e
@pytest.mark.slow
def test_recordings_and_scripts_replay(smoke: Smoke, local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "correct horse battery")
    Path("flows").mkdir()
    for name in ("a.txt", "b.txt"):
        Path("flows", name).write_text("hello")
    files = []
    for sample in (*RECORDINGS, *SCRIPTS):
        if not sample.path.name.startswith("odd"):
            files.append(Path(sample.path.name))
            files[-1].write_text(sample.text.replace(RECORDED_AT, local.base_url))
    imported = smoke("import", *files, "--app", "site")
    assert imported.exit_code == 0, imported.err
    # What nobody can import stands there as a todo; a person takes it out before the flow is run.
    path = Path("flows/site.yaml")
    path.write_text("".join(one for one in path.read_text().splitlines(keepends=True) if "- todo:" not in one))
    ran = smoke("run", path, "--quiet", "--trace", "off", "--no-history")
    told = [f"{flow.name} {flow.outcome} {flow.message}" for flow in ran.run.results if str(flow.outcome) != "passed"]
    assert (ran.exit_code, told) == (0, []), ran.err
    assert len(ran.run.results) == len(files) + 1
