"""report.html looked at in a real browser: without a server, without scripts, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_pages import pictures_of
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sample_run import RUN, read

from smokerunner.reports.html import render

BINARIES = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = next((path for path in BINARIES if path.exists()), None)

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report beside its pictures, in a folder whose name is as awkward as a customer's."""
    folder = tmp_path_factory.mktemp("run") / "my evidence #1 100%"
    folder.mkdir()
    for path, data in pictures_of(RUN).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "report.html").write_text(render(RUN, read), encoding="utf-8")
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Looked:
    """A page that was opened, and everything that went wrong with it."""

    def __init__(self, context: BrowserContext, report: Path) -> None:
        self.requests: list[str] = []
        self.troubles: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.troubles.append(f"lost {request.url}"))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.on("dialog", lambda dialog: self.troubles.append(dialog.message))
        self.page.goto(report.as_uri())


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
    assert page.locator(".flow").first.get_attribute("id") == "flow-login"
    for closed in (page.locator(".flow:not([open]) > summary"), page.locator(".attempt:not([open]) > summary")):
        while closed.count():
            closed.first.click()
    pictures = [picture for picture in page.locator("a.shot img").all() if picture.is_visible()]
    assert len(pictures) == 11
    for picture in pictures:
        picture.scroll_into_view_if_needed()
        page.wait_for_timeout(50)
    loaded = "all => all.every(picture => picture.complete && picture.naturalWidth)"
    assert page.locator("a.shot img").evaluate_all(loaded)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert looked.troubles == []
    assert {url for url in looked.requests if not url.startswith(("file://", "data:"))} == set()
    context.close()


def test_the_box_is_drawn_where_the_element_is(browser: Browser, report: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = Looked(context, report).page
    panel = page.locator("[id='flows/login/2/03']")
    picture = panel.locator("img").bounding_box()
    drawn = panel.locator("rect").bounding_box()
    dot = panel.locator("circle").bounding_box()
    assert picture
    assert drawn
    assert dot
    scale = picture["width"] / 1280
    assert drawn["x"] - picture["x"] == pytest.approx(440 * scale, abs=1.5)
    assert drawn["y"] - picture["y"] == pytest.approx(372 * scale, abs=1.5)
    assert drawn["width"] == pytest.approx(400 * scale, abs=3)
    assert dot["y"] + dot["height"] / 2 - picture["y"] == pytest.approx(396 * scale, abs=1.5)
    context.close()


def test_counts_show_only_their_flows_without_any_script(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Looked(context, report).page
    assert page.locator(".flow:visible").count() == 6
    page.get_by_text("1 warned").click()
    assert [flow.get_attribute("id") for flow in page.locator(".flow:visible").all()] == ["flow-register"]
    page.keyboard.press("ArrowRight")
    assert [flow.get_attribute("id") for flow in page.locator(".flow:visible").all()] == ["flow-invoice"]
    context.close()


def test_an_address_with_a_flow_opens_it(browser: Browser, report: Path) -> None:
    context = browser.new_context()
    page = Looked(context, report).page
    assert page.locator("#flow-search").get_attribute("open") is None
    page.goto(f"{report.as_uri()}#flow-search")
    page.locator("#flow-search[open]").wait_for()
    context.close()


def test_a_picture_is_seen_large_and_the_keyboard_walks_on(browser: Browser, report: Path) -> None:
    context = browser.new_context()
    looked = Looked(context, report)
    page = looked.page
    page.locator(".panel a.shot").first.click()
    title = page.locator("#viewer-title")
    assert title.inner_text().startswith("03 Sign in <with>")
    assert page.locator("#viewer rect").is_visible()
    page.keyboard.press("ArrowLeft")
    assert title.inner_text() == "02 fill Password (2 of 3)"
    page.keyboard.press("Escape")
    assert not page.locator("#viewer").is_visible()
    assert looked.troubles == []
    context.close()


def test_what_a_reader_needs_is_said() -> None:
    text = render(RUN, read)
    for words in (
        "Failing since 2026-11-21 20:15:00 UTC (release 2026.11.2); last passed 2026-11-20 20:15:00 UTC",
        "playwright show-trace flows/login/trace.zip",
        "withheld: a secret stands in its bytes",
        "{&#34;placeholder&#34;: &#34;Your password&#34;, &#34;nth&#34;: 2}",
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
        "Picture withheld: a secret stands in its bytes",
        "The release could be read only on the second try.",
        "<b>1</b> skipped",
    ):
        assert words in text
    assert "http-equiv" in text
    assert 'src="http' not in text
