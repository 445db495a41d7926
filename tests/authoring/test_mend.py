"""What a run had to fall back on, put into the flow file: only that line, and only what has the same role."""

from __future__ import annotations

import asyncio
import difflib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright

from smokerunner.authoring.mend import apply, locate, patches
from smokerunner.authoring.script import Script
from smokerunner.authoring.sheet import Sheet
from smokerunner.browser.binary import Binary
from smokerunner.browser.looks import Looks
from smokerunner.demo.deploy import Deploy
from smokerunner.language.nodes import Location
from smokerunner.model.context import Notes
from smokerunner.model.errors import BadInput
from smokerunner.model.mending import Mend
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Result
from smokerunner.model.run import Run, Source, Tool
from smokerunner.model.target import Target
from tests.conftest import Smoke

ROOT = Path(__file__).parents[2]

SHOP = """\
app: shop
variables: {who: Robin}
flows:
  login:
    steps:
      - goto: /
      - click:
          button: Log in   # it moved
          fallbacks: [{test_id: log-in}, {css: .in}]
      - expect:
          visible: [{text: Hi}, {heading: 'Hello, ${who}', fallbacks: {test_id: hello}}]
  buy:
    steps:
      - use: login
      - click: {link: Invoice}
        popup:
          - goto: /
          - click: {label: Print, fallbacks: [{title: Print it}]}
      - repeat: {click: {button: {is: More}, within: {main: ''}, fallbacks: [{text: more}]}}
        until: {visible: {text: End}}
    cleanup:
      - goto: /
      - click: {role: treeitem, name: Root, fallbacks: [{css: .root}]}
"""
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def result(place: str, found: str, instead: dict[str, Any], *, action: str = "click", **more: str) -> Result:
    mend = Mend(found=found, instead=instead, role=more.get("role", ""), name=more.get("name", ""))
    return Result(
        id=place, kind="step", name="01", title="a step", outcome=Outcome.WARNED, started=NOW, action=action, mend=mend
    )


def sheet() -> Sheet:
    return Sheet(Script(SHOP, "flows/shop.yaml"))


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("flows/login/1/02", ("login", "steps", 1)),
        ("flows/buy/2/01/03", ("login", "steps", 2)),
        ("flows/buy/1/02/02", ("buy", "steps", 1, "popup", 1)),
        ("flows/buy/1/03/07", ("buy", "steps", 2, "repeat")),
        ("flows/buy/1/cleanup/02", ("buy", "cleanup", 1)),
    ],
)
def test_where_a_step_stands(place: str, expected: Location) -> None:
    assert locate(place, sheet()) == ("flows", *expected)


LOGIN = 'button "Log in"'
MENDS: dict[str, tuple[Result, list[str]]] = {
    "a new name, where that finds it": (
        result("flows/login/1/02", LOGIN, {"test_id": "log-in"}, role="button", name="Sign in"),
        ["-           button: Log in   # it moved", "+           button: Sign in   # it moved"],
    ),
    "the same from the flow that uses it": (
        result("flows/buy/1/01/02", LOGIN, {"test_id": "log-in"}, role="button", name="Sign in"),
        ["-           button: Log in   # it moved", "+           button: Sign in   # it moved"],
    ),
    "the fallback, where the name is not enough": (
        result("flows/login/1/02", LOGIN, {"css": ".in"}, role="button"),
        [
            "-           button: Log in   # it moved",
            "-           fallbacks: [{test_id: log-in}, {css: .in}]",
            "+           css: .in",
            "+           fallbacks: [{test_id: log-in}]",
        ],
    ),
    "the fallback, where the new name holds a number that will be another one": (
        result("flows/login/1/02", LOGIN, {"css": ".in"}, role="button", name="Log in (3 waiting)"),
        [
            "-           button: Log in   # it moved",
            "-           fallbacks: [{test_id: log-in}, {css: .in}]",
            "+           css: .in",
            "+           fallbacks: [{test_id: log-in}]",
        ],
    ),
    "the fallback, where the name was a variable's": (
        result(
            "flows/login/1/03",
            'heading "Hello, Robin"',
            {"test_id": "hello"},
            action="expect",
            role="heading",
            name="X",
        ),
        [
            "-           visible: [{text: Hi}, {heading: 'Hello, ${who}', fallbacks: {test_id: hello}}]",
            "+           visible: [{text: Hi}, {test_id: hello}]",
        ],
    ),
    "in a popup, of any role": (
        result("flows/buy/1/02/02", 'label "Print"', {"title": "Print it"}, role="link"),
        [
            "-           - click: {label: Print, fallbacks: [{title: Print it}]}",
            "+           - click: {title: Print it}",
        ],
    ),
    "exact and narrowed as before": (
        result(
            "flows/buy/1/03/01",
            'button exactly "More" within main',
            {"text": "more"},
            role="button",
            name="Yet more",
        ),
        [
            "-       - repeat: {click: {button: {is: More}, within: {main: ''}, fallbacks: [{text: more}]}}",
            "+       - repeat: {click: {button: {is: Yet more}, within: {main: ''}, fallbacks: [{text: more}]}}",
        ],
    ),
    "another role, in a cleanup": (
        result("flows/buy/1/cleanup/02", 'treeitem "Root"', {"css": ".root"}, role="treeitem", name="Top"),
        [
            "-       - click: {role: treeitem, name: Root, fallbacks: [{css: .root}]}",
            "+       - click: {role: treeitem, name: Top, fallbacks: [{css: .root}]}",
        ],
    ),
}


@pytest.mark.parametrize("name", MENDS)
def test_only_that_target_changes(name: str) -> None:
    step, expected = MENDS[name]
    page = sheet()
    found, refused = patches([step, step], page)
    assert (len(found), refused) == (1, ())
    apply(found, page)
    assert sorted(changed(SHOP, page.text)) == sorted(expected)


@pytest.mark.parametrize("role", ["link", "generic", ""])
def test_another_role_is_never_proposed(role: str) -> None:
    page = sheet()
    found, refused = patches([result("flows/login/1/02", LOGIN, {"test_id": "log-in"}, role=role, name="X")], page)
    assert found == ()
    assert len(refused) == 1
    assert 'button "Log in" is a button, but its fallback found' in refused[0].says


@pytest.mark.parametrize(
    "step",
    [
        result("flows/login/1/02", 'button "Enter"', {"test_id": "log-in"}, role="button"),
        result("flows/login/1/02", LOGIN, {"test_id": "other"}, role="button"),
        result("flows/login/1/01", LOGIN, {"test_id": "log-in"}, role="button"),
        result("flows/login/1/09", LOGIN, {"test_id": "log-in"}, role="button"),
        result("flows/logon/1/02", LOGIN, {"test_id": "log-in"}, role="button"),
        result("flows/login/1/01/02", LOGIN, {"test_id": "log-in"}, role="button"),
    ],
    ids=["name", "fallback", "action", "step", "flow", "inside"],
)
def test_a_file_that_was_changed_since(step: Result) -> None:
    with pytest.raises(
        BadInput, match=r"^flows/shop.yaml: the flow file was changed since this run, .*; run it again$"
    ):
        patches([step], sheet())


def bundle(folder: Path, *steps: Result) -> Path:
    """The little of a bundle that mend reads."""
    flow = Result(id="flows/login", kind="flow", name="login", outcome=Outcome.WARNED, started=NOW, children=steps)
    run = Run(
        id="r", app="shop", started=NOW, ended=NOW, sources=(Source(path="shop.yaml", sha256="0"),), results=(flow,),
        tool=Tool(smokerunner="0", playwright="0", python="3", platform="x"),
    )  # fmt: skip
    folder.mkdir()
    (folder / "run.json").write_text(run.model_dump_json())
    return folder


def test_the_command(smoke: Smoke, home: Path) -> None:
    (home / "flows").mkdir()
    flow_file = home / "flows" / "shop.yaml"
    flow_file.write_text(SHOP)
    right = result("flows/login/1/02", LOGIN, {"test_id": "log-in"}, role="button", name="Sign in")
    shown = smoke("mend", bundle(home / "a", right))
    assert shown.exit_code == 0
    assert "-          button: Log in   # it moved\n+          button: Sign in   # it moved\n" in shown.out
    assert "--write does it" in shown.err
    assert flow_file.read_text() == SHOP

    nothing = smoke("mend", bundle(home / "b"), "--write")
    assert (nothing.exit_code, nothing.out) == (0, "nothing to mend: no step of this run used a fallback\n")

    other = right.model_copy(update={"mend": Mend(found=LOGIN, instead={"test_id": "log-in"}, role="link")})
    refused = smoke("mend", bundle(home / "c", other), "--write")
    assert (refused.exit_code, refused.out) == (0, "")
    assert refused.err.startswith("not mended: flows/login/1/02 (a step): ")
    assert flow_file.read_text() == SHOP

    written = smoke("mend", home / "a", "--write")
    assert written.out.endswith("flows/shop.yaml: 1 mended\n")
    assert flow_file.read_text() == SHOP.replace("button: Log in", "button: Sign in")

    again = smoke("mend", home / "a", "--write")
    assert again.exit_code == 2
    assert len(again.err.splitlines()) == 1
    assert flow_file.read_text() == SHOP.replace("button: Log in", "button: Sign in")

    flow_file.rename(home / "elsewhere.yaml")
    lost = smoke("mend", home / "a")
    assert (lost.exit_code, lost.err) == (2, "shop.yaml is neither in flows/ nor here; name it with --file\n")
    (home / "elsewhere.yaml").write_text(SHOP)
    assert "button: Sign in" in smoke("mend", home / "a", "--file", home / "elsewhere.yaml").out


FOUND: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "its name is enough": ("<button data-testid=x>Buy now</button>", {"button": "Save"}, "button", "Buy now"),
    "a name with marks": (
        '<button data-testid=x>Say "hi": it\'s # 1 \\</button>', {"button": "Save"}, "button", 'Say "hi": it\'s # 1 \\',
    ),
    "a name like a reference is left alone": ("<button data-testid=x>${a}</button>", {"button": "Save"}, "button", ""),
    "its name is not enough": (
        "<button data-testid=x>Buy</button><button>Buy now</button>", {"button": "Save"}, "button", "",
    ),
    "exactly, it is": (
        "<button data-testid=x>Buy</button><button>Buy now</button>", {"button": {"is": "Save"}}, "button", "Buy",
    ),
    "not inside the same": (
        "<main></main><button data-testid=x>Buy</button>", {"button": "S", "within": {"main": ""}}, "button", "",
    ),
    "another role": ("<a href=/ data-testid=x>Save it</a>", {"button": "Save"}, "link", ""),
    "by its label": ("<label>Name <input data-testid=x value=v></label>", {"label": "Mail"}, "textbox", ""),
    "another way to say the role": (
        "<ul role=tree><li role=treeitem data-testid=x>B</li></ul>", {"role": "treeitem", "name": "A"}, "treeitem", "B",
    ),
    "no role at all": ("<div data-testid=x></div>", {"button": "Save"}, "", ""),
}  # fmt: skip


@pytest.mark.e2e
def test_what_is_noted_of_a_fallback(binary: Binary) -> None:
    async def noted() -> dict[str, tuple[str, str]]:
        seen = {}
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(binary.path), args=["--no-sandbox"])
            page = await browser.new_page()
            for name, (html, target, _, _) in FOUND.items():
                await page.set_content(html)
                notes = Notes()
                await Looks(page).note_fallback(
                    Target.model_validate(target), Target.model_validate({"test_id": "x"}), notes
                )
                assert notes.mend is not None
                seen[name] = (notes.mend.role, notes.mend.name)
            await browser.close()
        return seen

    assert asyncio.run(noted()) == {name: (role, called) for name, (_, _, role, called) in FOUND.items()}


@pytest.mark.e2e
def test_the_renamed_button_of_the_demo(smoke: Smoke, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMOKE_PASSWORD", "a-Password-for-tests-7")
    shutil.copytree(ROOT / "flows", home / "flows")
    flow_file = home / "flows" / "acorn.yaml"
    before = flow_file.read_bytes()
    with Deploy("button-renamed-with-fallback") as deploy:
        arguments = ("run", flow_file, "--flow", "profile", "--base-url", deploy.base_url, "--no-history")
        warned = smoke(*arguments)
        assert warned.exit_code == 0, warned
        assert warned.run.outcome is Outcome.WARNED
        mended = smoke("mend", warned.bundle.with_suffix(".zip"), "--write")
        assert mended.exit_code == 0, mended
        assert flow_file.read_bytes() == before.replace(b"button: Save profile\n", b"button: Update profile\n")
        assert flow_file.read_bytes() != before
        passed = smoke(*arguments)
        assert passed.exit_code == 0, passed
        assert passed.run.outcome is Outcome.PASSED
