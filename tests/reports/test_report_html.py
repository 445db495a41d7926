"""report.html looked at in a real browser: without a server, without scripts, on a desk, on a phone, and alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from checked_runs import CHECKED_RUN, MIXED_RUN
from drawn_pages import pictures_of
from hostile_run import HOSTILE_RUN
from large_run import green_run
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from sample_run import LOGIN, RUN

from smokerunner.browser.binary import Binary
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact
from smokerunner.model.run import Run
from smokerunner.reports.html import render

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")

pytestmark = pytest.mark.e2e


def lay_out(run: Run, folder: Path) -> Path:
    """The report beside its pictures."""
    files = pictures_of(run)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "report.html").write_text(render(run, files.get), encoding="utf-8")
    return folder / "report.html"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In a folder whose name is as awkward as a customer's."""
    folder = tmp_path_factory.mktemp("run") / "my evidence #1 100%"
    folder.mkdir()
    return lay_out(RUN, folder)


@pytest.fixture(scope="module")
def alone(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page without anything that belongs to it."""
    copy = tmp_path_factory.mktemp("mail") / "report.html"
    copy.write_bytes(report.read_bytes())
    return copy


@pytest.fixture(scope="module")
def browser(binary: Binary) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(binary.path), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield context
    context.close()


class Looked:
    """A page that was opened, and everything that went wrong with it."""

    def __init__(self, context: BrowserContext, report: Path, fragment: str = "") -> None:
        self.requests: list[str] = []
        self.troubles: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.troubles.append(f"lost {request.url}"))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        self.page.goto(report.as_uri() + fragment)


def names(flows: Locator) -> list[str]:
    return [(flow.get_attribute("id") or "").removeprefix("flow-") for flow in flows.all()]


def shown(page: Page) -> list[str]:
    """The flows that are in the list, whether the group of those that were not tried stands open or not."""
    return names(page.locator(".group:not([hidden]) .flow:not([hidden])"))


def fragment_of(page: Page) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash)"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_whole_everywhere(browser: Browser, report: Path, width: int, scheme: str, scripts: bool) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
    )
    looked = Looked(context, report)
    page = looked.page
    assert page.locator("h1").inner_text() == "Roll back"
    assert names(page.locator(".flow").first) == ["login"]
    closed = page.locator(".flow:not([open]) > summary, .untried:not([open]) > summary")
    while closed.count():
        closed.first.click()
    pictures = [picture for picture in page.locator("a.shot img").all() if picture.is_visible()]
    assert len(pictures) > 12
    for picture in pictures:
        picture.scroll_into_view_if_needed()
        page.wait_for_timeout(30)
    assert page.locator("a.shot img:visible").evaluate_all(
        "all => all.every(picture => picture.complete && picture.naturalWidth)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert looked.troubles == []
    assert {url for url in looked.requests if not url.startswith(("file://", "data:"))} == set()
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_alone_it_shows_what_failed_and_says_what_is_missing(browser: Browser, alone: Path, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = Looked(context, alone).page
    expect(page.get_by_text("unpack the whole of").locator("visible=true")).to_have_count(1)
    assert page.locator("h1").inner_text() == "Roll back"
    assert page.get_by_role("heading", name="POST /api/session answered 503").is_visible()
    small = page.locator("[id='flows/login/2/03'] .after img:visible").first
    assert small.evaluate("picture => picture.naturalWidth") == 720
    assert (small.bounding_box() or {"width": 0})["width"] > 200
    if scripts:
        assert page.locator(".strip a.shot:visible").count() == 0
        assert page.locator(".looks figure:visible").count() == 1
        assert page.locator(".files a:visible, .switch:visible, a[href='./run.json']:visible").count() == 0
        small.click()
        expect(page.locator("#viewer .copy-of")).to_be_visible()
        assert page.locator("#viewer .views button").count() == 0
    context.close()


def looks_other() -> Run:
    """A run that may be let go, with one step that does not look as approved."""
    place = "flows/login/03"
    kinds = {"": "", "earlier": "-earlier", "detail": "-detail", "earlier detail": "-earlier-detail"}
    small = [
        Artifact(kind="thumbnail", path=f"{place}{part}-thumbnail.webp", title=kind) for kind, part in kinds.items()
    ]
    sign_in = LOGIN.children[1].children[2]
    assert sign_in.comparison is not None
    comparison = sign_in.comparison.model_copy(update={"against": "reference"})
    files = [artifact for artifact in sign_in.artifacts if artifact.kind != "thumbnail"]
    warned = {"outcome": Outcome.WARNED, "diagnoses": (), "message": ""}
    step = sign_in.model_copy(
        update={
            **warned,
            "comparison": comparison,
            "artifacts": (*files, *small),
            "warnings": (comparison.complaint,),
            "console": (),
            "requests": (),
        }
    )
    attempt = LOGIN.children[1].model_copy(update={**warned, "children": (step,)})
    return RUN.model_copy(update={"results": (LOGIN.model_copy(update={**warned, "children": (attempt,)}),)})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_alone_a_warned_run_shows_the_approved_page_beside_that_of_now(
    browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    run = looks_other()
    (tmp_path / "report.html").write_text(render(run, pictures_of(run).get), encoding="utf-8")
    context = browser.new_context(java_script_enabled=scripts)
    page = Looked(context, tmp_path / "report.html").page
    assert page.locator("h1").inner_text() == "Go"
    assert page.locator(".hero.warned").is_visible()
    for place in (".looks .earlier", ".looks .after", ".detail figure:first-child", ".detail figure:last-child"):
        small = page.locator(f"{place} img").first
        assert small.is_visible()
        assert small.evaluate("picture => picture.naturalWidth") > 100
    expect(page.locator(".detail b")).to_have_text(["Approved", "Now"])
    if scripts:
        expect(page.locator(".looks figure:visible b")).to_have_text(["Approved", "Now"])
        assert violations(page) == []
    context.close()


def test_hostile_texts_stay_texts(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    looked = Looked(context, lay_out(HOSTILE_RUN, tmp_path))
    page = looked.page
    page.get_by_role("searchbox").fill("onerror")
    assert len(shown(page)) == 6
    assert page.locator("img[src='x']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [trouble for trouble in looked.troubles if not trouble.startswith("lost file:")] == []
    context.close()


def test_the_policy_holds_when_a_page_is_tampered_with(browser: Browser, report: Path, tmp_path: Path) -> None:
    text = report.read_text("utf-8").replace("</body>", "<script>document.title = 'taken over'</script></body>")
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    context = browser.new_context()
    looked = Looked(context, tmp_path / "report.html")
    assert looked.page.title() == "Roll back: acorn on production"
    assert any("Content Security Policy" in trouble for trouble in looked.troubles)
    context.close()


def test_the_box_is_drawn_where_the_element_was(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report).page
    figure = page.locator("[id='flows/login/2/03'] figure.before")
    picture = figure.locator("img").bounding_box()
    drawn = figure.locator("rect:not(.halo)").bounding_box()
    dot = figure.locator("circle").bounding_box()
    assert picture
    assert drawn
    assert dot
    scale = picture["width"] / 1280
    assert drawn["x"] - picture["x"] == pytest.approx(440 * scale, abs=1.5)
    assert drawn["y"] - picture["y"] == pytest.approx(372 * scale, abs=1.5)
    assert drawn["width"] == pytest.approx(400 * scale, abs=3)
    assert dot["y"] + dot["height"] / 2 - picture["y"] == pytest.approx(396 * scale, abs=1.5)


def test_a_card_shows_the_page_after_an_act_unless_the_next_one_does(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report).page
    cards = page.locator("#flow-login .attempt[data-shown] .step")
    kinds = [card.locator("a.shot").evaluate_all("all => all.map(shot => shot.className)") for card in cards.all()]
    assert kinds == [["shot after"], ["shot before"], ["shot before", "shot after"], []]


def test_counts_show_only_their_flows_without_any_script(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Looked(context, report).page
    assert page.locator(".flow:visible").count() == 5
    page.get_by_text("1 warned", exact=True).click()
    assert names(page.locator(".flow:visible")) == ["register"]
    assert page.locator("h2:visible").all_inner_texts()[0].startswith("Worth a look")
    page.keyboard.press("ArrowRight")
    page.locator(".untried > summary").click()
    assert names(page.locator(".flow:visible")) == ["invoice"]
    context.close()


def test_filters_and_search_live_in_the_address(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report).page
    page.get_by_label("Severity").select_option("critical")
    assert shown(page) == ["login", "reset"]
    page.get_by_label("Tag").select_option("auth")
    assert shown(page) == ["login"]
    assert fragment_of(page) == "#severity=critical&tag=auth"
    page.reload()
    assert shown(page) == ["login"]
    page.keyboard.press("x")
    assert len(shown(page)) == 6
    assert fragment_of(page) == ""
    page.get_by_text("1 skipped", exact=True).click()
    assert names(page.locator(".flow:visible")) == ["invoice"]
    assert page.locator("#found").inner_text() == "Showing 1 of 6 flows."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("server-error", ["login"]),
        ("/api/session", ["login"]),
        ("https://shop.acorn.example/register", ["register"]),
        ("terms tab", ["register"]),
        ("MAILBOX", ["reset"]),
        ("spreadsheet", ["export"]),
        ("there is no such thing", []),
    ],
)
def test_a_search_looks_everywhere(context: BrowserContext, report: Path, words: str, found: list[str]) -> None:
    page = Looked(context, report).page
    page.keyboard.press("/")
    page.keyboard.type(words)
    assert shown(page) == found
    page.goto(page.url)
    assert shown(page) == found
    assert page.get_by_role("searchbox").input_value() == words


def test_an_address_with_a_step_leads_there(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report, "#flow-search").page
    page.locator("#flow-search[open]").wait_for()
    page.goto(f"{report.as_uri()}#outcome=warned&at=flows/register/1/01")
    step = page.locator("[id='flows/register/1/01']")
    step.wait_for()
    expect(step).to_be_in_viewport()
    assert shown(page) == ["register"]
    assert page.get_by_role("tab", name="Attempt 1", selected=True).is_visible()
    # What a filter leaves out is shown all the same when an address leads to it.
    page.goto(f"{report.as_uri()}#outcome=warned&at=flows/login/2/03")
    expect(page.locator("[id='flows/login/2/03']")).to_be_in_viewport()
    assert fragment_of(page) == "#flows/login/2/03"


def test_attempts_are_tabs(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report).page
    tabs = page.locator("#flow-login").get_by_role("tab")
    assert [tab.get_attribute("aria-selected") for tab in tabs.all()] == ["false", "true"]
    assert page.locator("#flow-login").get_by_role("tabpanel").count() == 1
    tabs.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    assert tabs.nth(0).evaluate("tab => tab === document.activeElement")
    assert page.get_by_role("tabpanel", name="Attempt 1").is_visible()
    assert fragment_of(page) == "#flows/login/1"


def test_earlier_and_now_are_compared(context: BrowserContext, report: Path) -> None:
    looked = Looked(context, report)
    panel = looked.page.locator("[id='flows/login/2/03']")
    expect(panel.locator("figure:visible b")).to_have_text(["Last time it passed", "Now", "Just before this step"])
    panel.get_by_role("button", name="Slider").click()
    slider = panel.get_by_role("slider", name="Last time it passed to the left")
    # In the middle of what differs.
    assert slider.input_value() == "47"
    slider.focus()
    looked.page.keyboard.press("End")
    top = panel.locator(".slider img").nth(1)
    picture, words = top.bounding_box(), panel.locator(".slider p").bounding_box()
    assert picture
    assert words
    assert words["y"] >= picture["y"] + picture["height"]
    assert "100%" in top.evaluate("picture => getComputedStyle(picture).clipPath")
    looked.page.keyboard.press("Home")
    assert "100%" not in top.evaluate("picture => getComputedStyle(picture).clipPath")
    panel.get_by_role("button", name="Difference").click()
    expect(panel.locator("figure:visible b")).to_have_text(["Difference", "Just before this step"])
    assert not slider.is_visible()
    assert looked.troubles == []


def test_a_picture_is_seen_large_and_the_keyboard_walks_on(context: BrowserContext, report: Path) -> None:
    looked = Looked(context, report)
    page = looked.page
    page.locator(".panel .after a.shot").first.click()
    title = page.locator("#viewer-title")
    assert title.inner_text().startswith("3 Sign in <with>")
    assert fragment_of(page) == "#flows/login/2/03"
    page.keyboard.press("v")
    assert page.locator("#viewer a.earlier").is_visible()
    assert page.get_by_role("button", name="Last time it passed").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Before").click()
    assert page.locator("#viewer rect").last.is_visible()
    page.keyboard.press("ArrowLeft")
    assert title.inner_text() == "2 fill Password 1.10 s (2 of 3)"
    page.keyboard.press("Escape")
    assert not page.locator("#viewer").is_visible()
    assert looked.troubles == []


def test_one_key_each(context: BrowserContext, report: Path) -> None:
    looked = Looked(context, report)
    page = looked.page
    visited = []
    for key in ("j", "j", "n", "n", "k", "p", "j"):
        page.keyboard.press(key)
        visited.append(page.evaluate("document.activeElement.closest('.flow').id.replace('flow-', '')"))
    assert visited == ["login", "reset", "export", "register", "export", "reset", "export"]
    assert page.locator("#flow-register").get_attribute("open") is not None
    page.keyboard.press("o")
    assert page.locator("#flow-export").get_attribute("open") is None
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("j?")
    assert page.get_by_role("searchbox").input_value() == "j?"
    assert looked.troubles == []


def test_the_timeline_tells_its_steps(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report).page
    bar = page.locator(".bar[href='#flow-login']").nth(1)
    bar.focus()
    assert page.locator("#readout").inner_text().startswith("login: failed, 14.2 s · ")
    page.get_by_text("The same as a table").click()
    rows = page.locator(".as-table tbody tr")
    assert rows.nth(0).locator("td").all_inner_texts() == ["1", "register", "20.0 s", "2.10 s", "inconclusive"]
    assert rows.count() == page.locator(".bar").count()


def test_printed_it_shows_every_failure_and_no_control(context: BrowserContext, report: Path) -> None:
    page = Looked(context, report).page
    page.locator("#flow-login > summary").click()
    page.get_by_role("button", name="Keyboard shortcuts").wait_for()
    page.emulate_media(media="print")
    assert page.locator("#flow-login .finding h4").first.is_visible()
    assert page.locator("#flow-login .attempt:visible").count() == 2
    assert page.locator("button:visible, input[type=search]:visible, select:visible").count() == 0
    assert page.locator("#flow-invoice").is_visible()
    paper = page.pdf(print_background=True)
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Subtype /Image") >= 4


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run of checks alone."""
    return lay_out(CHECKED_RUN, tmp_path_factory.mktemp("checks"))


def ids(checks: Locator) -> list[str]:
    return [(check.get_attribute("id") or "").removeprefix("checks/") for check in checks.all()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [1280, 400])
def test_checks_alone_are_a_whole_page(browser: Browser, checked: Path, width: int, scripts: bool) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    looked = Looked(context, checked)
    page = looked.page
    bad = ["sec.env", "sec.logs", "tls.hsts", "hdr.grade", "own.stock", "queue.depth"]
    assert ids(page.locator(".check[open]")) == bad
    env = page.locator("[id='checks/sec.env']")
    expect(env.locator("tr.failed:visible")).to_have_count(2)
    expect(env.locator("tr.passed:visible")).to_have_count(0)
    env.get_by_text("8 more that were as they should be").click()
    expect(env.locator("tr.passed:visible")).to_have_count(8)
    # What the table says is not said above it as well.
    assert not env.locator("summary .message").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert looked.troubles == []
    context.close()


def test_checks_are_filtered_and_found_as_flows_are(context: BrowserContext, checked: Path) -> None:
    looked = Looked(context, checked)
    page = looked.page
    checks = page.locator(".group:not([hidden]) .flow:visible")
    page.get_by_text("1 warned", exact=True).click()
    assert ids(checks) == ["tls.expiry"]
    assert page.locator("#found").inner_text() == "Showing 1 of 11 checks."
    page.get_by_text("1 skipped", exact=True).click()
    assert ids(checks) == ["srv.clock"]
    page.keyboard.press("x")
    page.get_by_label("Tag").select_option("sec")
    assert ids(checks) == ["sec.env", "sec.logs", "sec.debug-html"]
    page.get_by_label("Severity").select_option("critical")
    assert ids(checks) == ["sec.env"]
    page.keyboard.press("x")
    page.keyboard.press("/")
    page.keyboard.type("https://shop.acorn.example/.env db_password")
    assert ids(checks) == ["sec.env"]
    page.keyboard.type(" nowhere")
    assert page.locator("#found").inner_text().startswith("No check is like that.")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert fragment_of(page) == "#checks/sec.logs"
    page.keyboard.press("?")
    assert "next, previous check" in page.locator("#help").inner_text()
    assert looked.troubles == []


def test_beside_flows_a_cause_leads_to_its_check(context: BrowserContext, tmp_path: Path) -> None:
    looked = Looked(context, lay_out(MIXED_RUN, tmp_path))
    page = looked.page
    page.locator(".causes").get_by_role("link", name="sec.env").click()
    expect(page.locator("[id='checks/sec.env']")).to_be_in_viewport()
    page.get_by_text("5 failed", exact=True).click()
    assert names(page.locator(".flow:visible")) == [
        "login", "checks/sec.env", "checks/sec.logs", "checks/tls.hsts", "checks/hdr.grade",
    ]  # fmt: skip
    assert page.locator("#found").inner_text() == "Showing 5 of 17 flows and checks."
    assert looked.troubles == []


def test_printed_checks_show_what_is_bad(context: BrowserContext, checked: Path) -> None:
    page = Looked(context, checked).page
    page.locator("[id='checks/sec.env'] > summary").click()
    page.emulate_media(media="print")
    assert page.locator("[id='checks/sec.env'] tr.failed").first.is_visible()
    assert page.locator("button:visible, input[type=search]:visible, select:visible").count() == 0
    assert page.pdf(print_background=True).startswith(b"%PDF")


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["failure", "green", "alone", "checks"])
def test_axe_finds_nothing(
    browser: Browser, report: Path, alone: Path, checked: Path, tmp_path: Path, kind: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    opened = {"failure": report, "alone": alone, "checks": checked}.get(kind) or lay_out(green_run(), tmp_path)
    page = Looked(context, opened).page
    for closed in page.locator("details:not([open]) > summary").all():
        if closed.is_visible():
            closed.click()
    assert violations(page) == []
    if kind == "failure":
        page.get_by_role("button", name="Slider").click()
        page.locator(".panel .after a.shot").nth(1).click()
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert violations(page) == []
    context.close()
