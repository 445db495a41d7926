"""Everything that a person can do to a page while it is recorded, and what stands in the flow for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hand import Attention, Hand, rest

from smokerunner.browser.binary import Binary
from smokerunner.language.load import load
from smokerunner.recording.keeping import keep
from smokerunner.recording.preparing import Wish, prepare_recording
from smokerunner.recording.session import record
from smokerunner.replay.conducting import conduct
from smokerunner.replay.options import Options
from smokerunner.replay.preparing import prepare
from smokerunner.replay.stop import Stop
from tests.site.server import Site

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page

pytestmark = pytest.mark.e2e

Using = Callable[[Hand], Awaitable[None]]
TOOLS = "/recorder-tools"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@dataclass
class Somebody:
    using: Using

    async def use(self, page: Page) -> None:
        await page.wait_for_load_state()
        await rest()
        await self.using(Hand(page))
        await rest()


class Desk:
    """Where flows of the test's site are recorded and replayed."""

    def __init__(self, site: Site, binary: Binary, folder: Path) -> None:
        self.site = site
        self.binary = binary
        self.folder = folder
        self.path = folder / "flows" / "site.yaml"

    def record(self, path: str, using: Using) -> list[dict[str, Any]]:
        """The steps of what somebody did, without the first `goto` and what the first page shows."""
        wish = Wish(flow="used", url=self.site.base_url + path, headed=False)
        task = prepare_recording(self.path, wish, None, self.binary, self.folder / "journals", lookup={}.get)
        recording = asyncio.run(record(task, Somebody(using), Stop(), lambda _: None, lambda _: None))
        keep(recording, self.path, task.app)
        steps: list[dict[str, Any]] = recording.tidied.flow["steps"]
        assert steps[0] == {"goto": path}
        return steps[2:] if "expect" in steps[1] else steps[1:]

    def replay(self) -> str:
        """What came of replaying it, unedited."""
        options = Options(out=self.folder / "evidence", pictures="off", trace="off")
        job = prepare(load(self.path), None, options, binary=self.binary, base_url=self.site.base_url, lookup={}.get)
        run = asyncio.run(conduct(job, lambda _: None, Stop())).run
        (flow,) = run.flows
        return f"{flow.outcome} {flow.message or ''}".strip()


@pytest.fixture
def desk(site: Site, binary: Binary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    Attention.pay(monkeypatch)
    return Desk(site, binary, tmp_path)


def only(steps: list[dict[str, Any]], action: str) -> dict[str, Any]:
    (found,) = [step for step in steps if action in step]
    return found


def target(of: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in of.items() if key != "fallbacks"}


def test_an_area_is_masked_and_the_app_does_not_see_it(desk: Desk) -> None:
    seen: list[str] = []

    async def use(hand: Hand) -> None:
        size = hand.page.viewport_size
        assert size is not None
        await hand.page.mouse.click(size["width"] - 60, size["height"] - 26)
        await hand.click(hand.page.locator("#clock"))
        seen.append(await hand.page.get_by_test_id("clicks").inner_text())
        seen.append(await hand.page.locator("#clock").get_attribute("style") or "")
        # Once only: now a click is the app's again.
        await hand.click(hand.button("View"))
        await hand.see("the view is open")

    steps = desk.record(TOOLS, use)
    assert seen[0] == "0"
    assert "dashed" in seen[1], "it is shown what was marked"
    assert [next(iter(step)) for step in steps] == ["click", "expect"]
    assert [mask.model_dump(exclude_none=True, exclude_defaults=True) for mask in load(desk.path).file.mask] == [
        {"css": "#clock"}
    ]
    assert "dashed" not in str(steps)
    assert desk.replay() == "passed"


def test_expectations_by_pointing(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.write(hand.field("Query"), "lamps")
        await hand.expect_value(hand.field("Query"))
        await hand.expect_visible(hand.button("Send"))
        await hand.expect_text(hand.page.locator("#clock"))

    steps = desk.record(TOOLS, use)
    facts = [step["expect"] for step in steps if "expect" in step]
    assert [next(iter(fact)) for fact in facts] == ["value", "visible", "text_of"]
    assert facts[0]["value"] == {"of": {"textbox": "Query"}, "reads": {"is": "lamps"}}
    assert target(facts[1]["visible"]) == {"button": "Send"}
    assert facts[2]["text_of"]["reads"] == "Tuesday in the city"
    assert [step for step in steps if "expect" not in step][1:] == [], "pointing is no click"
    assert desk.replay() == "passed"


def test_keyboard_alone(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.field("Query").focus()
        await hand.type("lamps")
        await hand.press("Tab")
        await hand.press("Space")
        await hand.press("Shift+Tab")
        await hand.press("Enter")
        await hand.see("sent lamps with")

    steps = desk.record(TOOLS, use)
    assert [next(iter(step)) for step in steps] == ["fill", "click", "press", "expect"]
    assert steps[0]["with"] == "lamps"
    assert target(steps[1]["click"]) == {"checkbox": "With pictures"}
    assert steps[2]["press"] == "Enter"
    assert target(steps[2]["in"]) == {"textbox": "Query"}
    assert steps[3] == {"expect": {"visible": {"text": "sent lamps with"}}}
    assert desk.replay() == "passed"


def test_boxes_by_their_labels(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.click(hand.page.get_by_text("With pictures"))
        await hand.click(hand.page.get_by_text("With pictures"))
        await hand.click(hand.page.get_by_text("By invoice"))
        await hand.see("by invoice")

    steps = [step for step in desk.record(TOOLS, use) if "expect" not in step]
    assert [next(iter(step)) for step in steps] == ["check", "uncheck", "check"]
    assert target(steps[2]["check"]) == {"radio": "By invoice"}
    assert desk.replay() == "passed"


def test_two_clicks_and_another_button(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.click(hand.button("Open it"), count=2)
        await hand.see("opened by two clicks")
        box = await hand.button("Menu").bounding_box()
        assert box is not None
        await hand.page.mouse.click(box["x"] + 5, box["y"] + 5, button="right")
        await hand.see("a menu")

    steps = desk.record(TOOLS, use)
    clicks = [step for step in steps if "click" in step]
    assert [(target(step["click"]), step.get("count"), step.get("mouse")) for step in clicks] == [
        ({"button": "Open it"}, 2, None),
        ({"button": "Menu"}, None, "right"),
    ]
    assert desk.replay() == "passed"


def test_rich_text_and_several_options(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.write(hand.page.get_by_role("textbox", name="Story"), "twice told")
        await hand.page.locator("select").focus()
        await hand.press("Home")
        await hand.press("Shift+ArrowDown")

    steps = desk.record(TOOLS, use)
    filled, selected = only(steps, "fill"), only(steps, "select")
    assert target(filled["fill"]) == {"textbox": "Story"}
    assert filled["with"] == "twice told"
    assert "Sizes" in str(selected["select"])
    assert selected["with"] == ["Small", "Medium"]
    assert desk.replay() == "passed"


def test_shadow_dom(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.write(hand.field("Hidden field"), "hello")
        await hand.click(hand.button("In the shadow"))
        await hand.see("shadow says hello")

    steps = desk.record(TOOLS, use)
    assert target(only(steps, "fill")["fill"]) == {"textbox": "Hidden field"}
    assert target(only(steps, "click")["click"]) == {"button": "In the shadow"}
    assert steps[-1] == {"expect": {"visible": {"text": "shadow says hello"}}}
    assert desk.replay() == "passed"


def test_frames_are_found_by_their_titles(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        frame = next(frame for frame in hand.page.frames if frame.url.endswith("/frame-inner"))
        await hand.write(hand.field("Card number", frame), "4242")
        await hand.click(frame.get_by_role("button", name="Pay"))

    steps = desk.record("/frame-outer", use)
    for found, name in ((only(steps, "fill")["fill"], "textbox"), (only(steps, "click")["click"], "button")):
        assert name in found
        assert "Inner" in str(found["frame"])
        assert "nth" not in str(found["frame"])
    assert desk.replay() == "passed"


def test_an_address_without_a_new_page(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.click(hand.button("View"))
        await hand.see("the view is open")

    steps = desk.record(TOOLS, use)
    assert steps[-1] == {"expect": {"url": "/recorder-view?tab=open", "visible": {"text": "the view is open"}}}
    assert desk.replay() == "passed"


def test_back_and_reload(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        await hand.click(hand.link("Plain"))
        await hand.page.wait_for_url("**/plain")
        await rest()
        await hand.page.go_back()
        await rest()
        await hand.page.reload()
        await rest()

    steps = desk.record("/links", use)
    assert [next(iter(step)) for step in steps] == ["click", "expect", "back", "expect", "reload"]
    assert steps[1]["expect"]["url"] == "/plain"
    assert steps[3]["expect"]["url"] == "/links"
    assert desk.replay() == "passed"


async def _answer(dialog: Dialog, *, accept: bool, text: str | None = None) -> None:
    await asyncio.sleep(0.3)
    await (dialog.accept(text) if accept and text else dialog.accept() if accept else dialog.dismiss())


def test_dialogs_popups_and_downloads(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        page = hand.page
        for button, answer, said in (
            ("Delete", {"accept": True}, "deleted"),
            ("Delete", {"accept": False}, "kept"),
            ("Rename", {"accept": True, "text": "Anna"}, "Anna"),
        ):
            page.once("dialog", lambda dialog, answer=answer: _answer(dialog, **answer))
            await hand.click(hand.button(button))
            await hand.see(page.get_by_text(said))
        async with page.expect_popup() as popup:
            await hand.click(hand.button("Open plain"))
        opened = await popup.value
        await Hand(opened).see(opened.get_by_role("heading").first)
        await opened.close()
        async with page.expect_download():
            await hand.click(hand.link("Report", exact=True))
        await rest()

    steps = desk.record("/causing", use)
    clicks = [step for step in steps if "click" in step]
    assert [step.get("dialog") for step in clicks[:3]] == [
        {"answer": "accept", "says": "Delete order"},
        {"answer": "dismiss", "says": "Delete order"},
        {"answer": "accept", "says": "Your name?", "text": "Anna"},
    ]
    assert "expect" in clicks[3]["popup"][0]
    assert clicks[4]["download"] == {"name": "report.csv"}
    assert desk.replay() == "passed"


def test_a_tab_that_the_app_did_not_open_is_still_to_do(desk: Desk) -> None:
    async def use(hand: Hand) -> None:
        other = await hand.page.context.new_page()
        await rest()
        await other.goto(desk.site.base_url + "/plain")
        await rest()
        await other.close()
        await hand.click(hand.button("View"))
        await hand.see("the view is open")

    steps = desk.record(TOOLS, use)
    assert "/plain" in only(steps, "todo")["todo"]
    assert target(only(steps, "click")["click"]) == {"button": "View"}
