"""Flows as Playwright code: every action and fact can be said, and what is said is pinned for two flows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smokerunner.authoring.export.elements import PAGE, locator
from smokerunner.authoring.export.facts import LOOKS, WAITS
from smokerunner.authoring.export.languages import LANGUAGES, Exported, export
from smokerunner.authoring.export.playwright_test_code import PlaywrightTestCode
from smokerunner.authoring.export.python_code import PythonCode
from smokerunner.authoring.export.steps import WRITERS
from smokerunner.language.load import load
from smokerunner.model.fact import Facts
from smokerunner.model.target import Target
from smokerunner.steps import VOCABULARY
from tests.conftest import Smoke

HERE = Path(__file__).parent / "exported"
EVERYTHING = HERE / "everything.yaml"
ACORN = Path(__file__).parents[2] / "flows" / "acorn.yaml"
ENDINGS = {"playwright-python": "py", "playwright-test": "spec.ts"}


def exported(path: Path, language: str, *names: str) -> Exported:
    file = load(path).file
    return export(file, names or tuple(file.flows), language, source=path.name)


def ruff(code: str, *words: str) -> str:
    command = [sys.executable, "-m", "ruff", *words, "--isolated", "--line-length", "120", "-"]
    ran = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr if ran.returncode else ""


def test_every_action_has_a_writer() -> None:
    assert set(WRITERS) == set(VOCABULARY)


def test_every_fact_is_waited_for_and_looked_at() -> None:
    assert set(WAITS) == set(LOOKS) == set(Facts.model_fields)


def test_the_file_with_everything_has_every_action_and_fact() -> None:
    written = EVERYTHING.read_text()
    for action in VOCABULARY:
        assert re.search(rf"(- |\{{){action}:", written), action
    looked, waited = written.split("- expect:\n          url:")
    for fact in Facts.model_fields:
        assert f"          {fact}:" in looked.split("when:")[1], fact
        assert fact == "url" or f"          {fact}:" in waited, fact


SIGNS = {
    "goto": "page.goto(", "back": "page.goBack(", "reload": "page.reload(", "click": ".dblclick(", "hover": ".hover(",
    "drag": ".dragTo(", "scroll": "scrollIntoViewIfNeeded(", "fill": ".fill(", "select": ".selectOption(",
    "check": ".check(", "uncheck": ".uncheck(", "upload": ".setInputFiles(", "type": ".pressSequentially(",
    "press": ".press(", "expect": ".toBeVisible(", "read": ".getAttribute(", "mail": "await waitForMail(",
    "api": "page.request.post(", "cookies": ".addCookies(", "storage": "sessionStorage.setItem(",
    "screenshot": "page.screenshot(", "accessibility": "accessibility of main", "use": "await flow2fa(",
    "repeat": ".toPass(", "network": ".setOffline(", "pause": ".waitForTimeout(",
}  # fmt: skip
FACT_SIGNS = {
    "url": ".toHaveURL(", "title": ".toHaveTitle(", "visible": ".toBeVisible(", "hidden": ".toHaveCount(0",
    "count": ".toHaveCount(3", "value": ".toHaveValue(", "text_of": ".toHaveText(", "checked": ".toBeChecked(",
    "enabled": ".toBeEnabled(", "focused": ".toBeFocused(", "status": "statusOf(page)",
    "aria": ".toMatchAriaSnapshot(", "console": "ownErrors(messages)", "requests": "answered(responses",
    "download": "received(downloads", "websockets": "websocket event by hand",
}  # fmt: skip


def snake(sign: str) -> str:
    return re.sub(r"(?<=[a-z])[A-Z]+", lambda found: f"_{found[0].lower()}", sign)


IN_PYTHON = {
    "mail": "= wait_for_mail(",
    "use": "flow_2fa(",
    "repeat": "to_pass(",
    "console": "own_errors(console)",
    "storage": SIGNS["storage"],
}


def test_every_action_and_fact_leaves_its_sign() -> None:
    assert set(SIGNS) == set(VOCABULARY)
    assert set(FACT_SIGNS) == set(Facts.model_fields)
    python, typescript = (exported(EVERYTHING, language).text for language in LANGUAGES)
    for key, sign in {**SIGNS, **FACT_SIGNS}.items():
        assert sign in typescript, key
        assert IN_PYTHON.get(key, snake(sign)) in python, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_said_is_told_where_it_is_missing(language: str) -> None:
    made = exported(EVERYTHING, language)
    mark = "#" if language == "playwright-python" else "//"
    for said in (
        'fallbacks left out: css input[name="n"]',
        "time target of 2.0 s not judged",
        "the JSONPath $..all is beyond plain code; look at the answer by hand",
        "at most 3 times there; here until the time is up",
        "fill in the helper that waits for mail: it must ask your mailbox",
        "done by admin, in a browser context of their own, and left out here: goto /admin",
    ):
        assert f"{mark} smokerunner: {said}" in made.text
        assert any(remark.endswith(said) for remark in made.remarks)
    assert "pictures and their masks are left out" in made.remarks
    said = "class: what it says of its browser is left out (locale, timezone, viewport); give it to new_context"
    assert said in made.remarks


def test_all_python_is_python_and_tidy() -> None:
    code = exported(EVERYTHING, "playwright-python").text
    ast.parse(code)
    assert ruff(code, "check", "--select", "E,F,I,UP,B") == ""


@pytest.mark.parametrize(
    "names", [(), ("login",), ("order",), ("api",), ("browse",)], ids=lambda names: "+".join(names)
)
def test_python_of_the_demo_is_formatted(names: tuple[str, ...]) -> None:
    code = exported(ACORN, "playwright-python", *names).text
    assert ruff(code, "format", "--check", "--diff") == ""
    assert ruff(code, "check", "--select", "E,F,I,UP,B") == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", ["login", "order", "reset"])
def test_the_code_is_as_it_was(flow: str, language: str) -> None:
    pinned = HERE / f"{flow}.{ENDINGS[language]}.txt"
    assert exported(ACORN, language, flow).text == pinned.read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_secret_value_is_asked_for_or_written(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMOKE_PASSWORD", "a-Password-for-tests-7")
    code = exported(ACORN, language).text
    assert "a-Password-for-tests-7" not in code
    assert "SMOKE_PASSWORD" in code


@pytest.mark.parametrize(
    ("target", "python", "typescript"),
    [
        (
            {"button": "Save"},
            'page.get_by_role("button", name="Save")',
            "page.getByRole('button', { name: 'Save' })",
        ),
        (
            {"button": {"is": 'Say "hi"'}, "nth": "first"},
            """page.get_by_role("button", name='Say "hi"', exact=True).first""",
            """page.getByRole('button', { name: 'Say "hi"', exact: true }).first()""",
        ),
        (
            {"label": {"matches": "(?i)^e-?mail/$"}},
            'page.get_by_label(re.compile("^e-?mail/$", re.IGNORECASE))',
            r"page.getByLabel(/^e-?mail\/$/i)",
        ),
        (
            {"row": "${item} {1}", "has_text": {"is": "x"}, "nth": 3},
            r'page.get_by_role("row", name=f"{values.item} {{1}}").filter(has_text=re.compile(r"^\s*x\s*$")).nth(2)',
            r"page.getByRole('row', { name: `${values.item} {1}` }).filter({ hasText: /^\s*x\s*$/ }).nth(2)",
        ),
        (
            {"label": "Number", "frame": {"title": "Card"}},
            'page.get_by_title("Card").content_frame.get_by_label("Number")',
            "page.getByTitle('Card').contentFrame().getByLabel('Number')",
        ),
        (
            {"css": "a > b", "within": {"role": "tree", "name": {"is": "Files"}}, "has": {"img": ""}},
            'page.get_by_role("tree", name="Files", exact=True).locator("a > b").filter(has=page.get_by_role("img"))',
            "page.getByRole('tree', { name: 'Files', exact: true }).locator('a > b')"
            ".filter({ has: page.getByRole('img') })",
        ),
        (
            {"text": {"matches": r"^${item}\d{2}$"}},
            r'page.get_by_text(re.compile(rf"^{re.escape(values.item)}\d{{2}}$"))',
            r"page.getByText(new RegExp(`^${escaped(values.item)}\\d{2}$`))",
        ),
    ],
)
def test_a_target_becomes_a_locator(target: dict[str, object], python: str, typescript: str) -> None:
    expression = locator(PAGE, Target.model_validate(target), PAGE)
    assert PythonCode({}, {}).expr(expression) == python
    assert PlaywrightTestCode({}, {}).expr(expression) == typescript


# --- The command -----------------------------------------------------------------------------------


@pytest.fixture
def shop(home: Path) -> Path:
    (home / "flows").mkdir()
    (home / "flows" / "acorn").mkdir()
    (home / "flows" / "acorn" / "avatar.png").write_bytes(b"png")
    path = home / "flows" / "acorn.yaml"
    path.write_bytes(ACORN.read_bytes())
    return path


def test_it_prints_code_and_says_beside_it_what_is_missing(smoke: Smoke, shop: Path) -> None:
    ran = smoke("export", "acorn", "--flow", "profile", "--to", "playwright-python")
    assert ran.exit_code == 0
    ast.parse(ran.out)
    assert 'note: profile, step 4: fallbacks left out: test_id "save-profile"' in ran.err.splitlines()


def test_it_writes_a_file_once(smoke: Smoke, shop: Path, home: Path) -> None:
    words = ("export", shop, "--flow", "login", "--to", "playwright-test", "--out", "login.spec.ts")
    assert smoke(*words).exit_code == 0
    written = (home / "login.spec.ts").read_text()
    assert "test('login: A customer logs in'" in written
    (home / "login.spec.ts").write_text("mine")
    again = smoke(*words)
    assert (again.exit_code, again.out) == (2, "")
    assert again.err == "login.spec.ts: is there already; --force writes over it\n"
    assert (home / "login.spec.ts").read_text() == "mine"
    assert smoke(*words, "--force").exit_code == 0
    assert (home / "login.spec.ts").read_text() == written
    assert sorted(path.name for path in home.iterdir()) == ["flows", "login.spec.ts"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("acorn", "--flow", "logn", "--to", "playwright-test"), "no flow called 'logn', did you mean 'login'?"),
        (("acron", "--to", "playwright-test"), "no flow file and no app called 'acron', did you mean 'acorn'?"),
        (("flows", "--to", "playwright-test"), "flows: is a folder; name one app or flow file"),
        (("acorn", "--to", "cobol"), "'cobol' is not one of"),
        (("acorn", "--to", "playwright-python", "--out", "nowhere.py/x.py"), "nowhere.py/x.py: cannot be written"),
    ],
)
def test_bad_input_is_exit_two(words: tuple[str, ...], said: str, smoke: Smoke, shop: Path, home: Path) -> None:
    (home / "nowhere.py").write_text("")
    ran = smoke("export", *words)
    assert ran.exit_code == 2
    assert said in ran.err
    assert ran.out == ""
