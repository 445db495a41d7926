"""What the recorder and the page tell, in whatever order it comes, becomes acts in the order things happened."""

from __future__ import annotations

from typing import Any

import pytest

from smokerunner.authoring.act import TODO, Act, View
from smokerunner.browser.happenings import Acted, Answered, ChosenFile, Closed, Downloaded, Event, Noted, Opened, Went
from smokerunner.recording.notebook import Notebook

ONE, TWO = "page@1", "page@2"
URL = "http://shop.example/a"


def line(name: str, role: str, called: str, **more: Any) -> dict[str, Any]:
    """An action as Playwright's recorder writes it."""
    return {
        "name": name,
        "selector": f'internal:role={role}[name="{called}"i]',
        "locator": {"kind": "role", "body": role, "options": {"attrs": [], "exact": False, "name": called}},
        **more,
    }


def acted(name: str, role: str, called: str, *, grows: bool = False, page: str = ONE, **more: Any) -> Acted:
    return Acted(page, line(name, role, called, **more), "", grows)


def noted(kind: str, tag: str, *, page: str = ONE, in_frame: bool = False, **facts: Any) -> Noted:
    files = facts.pop("files", ())
    return Noted(page, kind, URL, {"tag": tag, "words": "", "label": "", "ways": [], **facts}, files, in_frame)


def click(called: str, page: str = ONE) -> tuple[Acted, Noted]:
    return acted("click", "button", called, page=page), noted("click", "button", words=called, page=page)


def acts(*events: Event, upload_folder: str = "") -> tuple[Act, ...]:
    book = Notebook(upload_folder)
    book.take(Opened(ONE, None))
    for event in events:
        book.take(event)
    return book.acts


def told(*events: Event) -> list[tuple[str, Any]]:
    return [(act.action, act.targets[0] if act.targets else act.value) for act in acts(*events)]


SAVE, SAVED = click("Save")
NEXT, NEXTED = click("Next")


class TestOrder:
    @pytest.mark.parametrize(
        "events",
        [(SAVE, SAVED), (SAVED, SAVE)],
        ids=["the recorder first", "the page first"],
    )
    def test_an_act_is_told_once(self, events: tuple[Event, ...]) -> None:
        assert told(*events) == [("click", {"button": "Save"})]

    @pytest.mark.parametrize(
        "events",
        [
            (SAVED, NEXTED, SAVE, NEXT),
            (SAVED, SAVE, NEXTED, NEXT),
            (SAVE, SAVED, NEXT, NEXTED),
        ],
    )
    def test_two_acts_keep_their_order(self, events: tuple[Event, ...]) -> None:
        assert told(*events) == [("click", {"button": "Save"}), ("click", {"button": "Next"})]

    def test_a_click_that_comes_after_what_it_caused_stands_before_it(self) -> None:
        found = told(SAVED, Went(ONE, "goto", "http://shop.example/b"), SAVE)
        assert found == [("click", {"button": "Save"}), ("goto", "http://shop.example/b")]

    def test_what_grows_replaces_what_it_was(self) -> None:
        fills = [acted("fill", "textbox", "Name", text=text, grows=bool(n)) for n, text in enumerate(["R", "Ro"])]
        assert [act.beside["with"] for act in acts(*fills)] == ["Ro"]

    def test_a_note_without_an_action_is_no_act(self) -> None:
        assert told(SAVED) == []

    def test_the_last_click_of_a_page_that_closed_with_it_is_one(self) -> None:
        assert told(SAVED, Closed(ONE)) == [("click", {"button": "Save"})]

    def test_pointing_at_what_is_expected_is_no_click_even_then(self) -> None:
        pointed = acted("assertVisible", "button", "Save")
        assert told(NEXTED, NEXT, SAVED, pointed, Closed(ONE)) == [
            ("click", {"button": "Next"}),
            ("expect", {"visible": {"button": "Save"}}),
        ]

    def test_but_not_one_before_others(self) -> None:
        assert told(SAVED, NEXTED, NEXT, Closed(ONE)) == [("click", {"button": "Next"})]


class TestTargets:
    def test_the_page_adds_the_next_best_ways(self) -> None:
        note = noted("click", "button", words="Save", ways=[{"title": "Keep it"}, {"css": "#save"}])
        (act,) = acts(SAVE, note)
        assert act.targets == ({"button": "Save"}, {"title": "Keep it"}, {"css": "#save"})

    def test_of_selectors_one_is_enough_and_comes_last(self) -> None:
        note = noted(
            "click", "button", words="Save", ways=[{"css": "button[name=x]"}, {"title": "Keep"}, {"css": "#s"}]
        )
        (act,) = acts(SAVE, note)
        assert act.targets == ({"button": "Save"}, {"title": "Keep"}, {"css": "button[name=x]"})

    def test_a_label_that_says_the_same_is_left_out(self) -> None:
        note = noted("input", "input", label="Name", value="Rob", ways=[{"label": "Name"}, {"placeholder": "You"}])
        (act,) = acts(acted("fill", "textbox", "Name", text="Rob"), note)
        assert act.targets == ({"textbox": "Name"}, {"placeholder": "You"})

    def test_in_a_frame_they_stand_in_it(self) -> None:
        selector = 'iframe[title="Card"] >> internal:control=enter-frame >> internal:role=button[name="Pay"i]'
        action = Acted(ONE, {"name": "click", "selector": selector}, "")
        note = noted("click", "button", words="Pay", ways=[{"test_id": "pay"}], in_frame=True)
        (act,) = acts(action, note)
        frame = act.targets[0]["frame"]
        assert act.targets == ({"button": "Pay", "frame": frame}, {"test_id": "pay", "frame": frame})

    def test_nothing_that_a_page_says_is_a_reference(self) -> None:
        note = noted("click", "button", words="Save ${x}", ways=[{"title": "Is ${x}"}, {"label": {"is": "${y}"}}])
        (act,) = acts(acted("click", "button", "Save ${x}"), note, Went(ONE, "goto", "http://a.example/?q=${x}"))[:1]
        assert [next(iter(target.values())) for target in act.targets] == ["Save $${x}", "Is $${x}", {"is": "$${y}"}]

    def test_the_changing_part_of_a_name_is_left_out_when_the_rest_is_enough(self) -> None:
        snapshot = '- button "Pay order A-1017"\n- button "Cancel"\n'
        (act,) = acts(Acted(ONE, line("click", "button", "Pay order A-1017"), snapshot))
        assert act.targets == ({"button": "Pay order"},)
        (act,) = acts(Acted(ONE, line("click", "button", "Pay order A-1017"), snapshot + '- button "Pay order B-2"\n'))
        assert act.targets == ({"button": "Pay order A-1017"},)


class TestFields:
    def test_the_page_knows_the_field(self) -> None:
        note = noted(
            "input",
            "input",
            label="Word",
            value="x",
            type="password",
            name="w",
            autocomplete="new-password",
            opens_account=True,
        )
        (act,) = acts(acted("fill", "textbox", "Word", text="x"), note)
        assert act.written is not None
        assert (act.written.type, act.written.name, act.written.opens_account) == ("password", "w", True)

    def test_options_are_told_as_they_are_seen(self) -> None:
        options = [{"seen": "Red", "value": "r"}, {"seen": "", "value": "g"}]
        note = noted("input", "select", label="Color", options=options)
        (act,) = acts(acted("select", "combobox", "Color", options=["r", "g"]), note)
        assert act.beside["with"] == ["Red", {"value": "g"}]

    def test_files_are_kept_beside_the_flow_file(self) -> None:
        book = Notebook("shop")
        book.take(Opened(ONE, None))
        files = (ChosenFile("a.png", b"1"), ChosenFile("b.png", b"2"))
        book.take(acted("setInputFiles", "button", "Photos", files=["a.png", "b.png"]))
        book.take(noted("files", "input", files=files))
        assert book.acts[0].beside["with"] == ["shop/a.png", "shop/b.png"]
        assert {name: file.data for name, file in book.files.items()} == {"shop/a.png": b"1", "shop/b.png": b"2"}

    def test_a_path_in_a_file_s_name_leads_nowhere(self) -> None:
        book = Notebook("shop")
        book.take(noted("files", "input", files=(ChosenFile("../../etc/passwd", b"1"),)))
        assert list(book.files) == ["shop/passwd"]

    def test_enter_in_a_field_is_marked_as_the_browser_s_own_click(self) -> None:
        (act,) = acts(acted("click", "button", "Save", clickCount=0))
        assert act.beside["count"] == "0"


class TestPages:
    def test_one_that_the_app_opened_belongs_to_the_act_that_opened_it(self) -> None:
        inner = click("Close", TWO)
        found = acts(SAVED, SAVE, Opened(TWO, ONE), *inner)
        assert [(act.action, act.page, act.opens) for act in found] == [
            ("click", "", "page1"),
            ("expect", "page1", None),
            ("click", "page1", None),
        ]

    def test_one_that_nobody_asked_for_is_still_to_do(self) -> None:
        found = acts(SAVED, SAVE, Opened(TWO, None), Went(TWO, "goto", "http://other.example"), *click("Close", TWO))
        assert [act.action for act in found] == ["click", TODO]
        assert "http://other.example" in found[1].value

    @pytest.mark.parametrize("how", ["back", "reload"])
    def test_where_a_page_was_sent(self, how: str) -> None:
        assert told(Went(ONE, how, URL)) == [(how, None)]

    def test_forward_cannot_be_said(self) -> None:
        assert told(Went(ONE, "forward", URL)) == [(TODO, "forward in the history")]

    def test_what_was_seen_goes_with_the_act(self) -> None:
        book = Notebook()
        book.take(Opened(ONE, None))
        book.take(SAVED)
        entry = book.take(SAVE)
        assert entry is not None
        entry.view = View(url=URL)
        assert book.acts[0].view == View(url=URL)


class TestCaused:
    @pytest.mark.parametrize(
        ("event", "beside"),
        [
            (Answered(ONE, "confirm", "", True), {"dialog": "accept"}),
            (
                Answered(ONE, "confirm", "Really delete?", False),
                {"dialog": {"answer": "dismiss", "says": "Really delete?"}},
            ),
            (
                Answered(ONE, "confirm", "Delete order 4711?", True),
                {"dialog": {"answer": "accept", "says": "Delete order"}},
            ),
            (
                Answered(ONE, "prompt", "Your name?", True, "Rob"),
                {"dialog": {"answer": "accept", "says": "Your name?", "text": "Rob"}},
            ),
            (
                Answered(ONE, "prompt", "Your name?", False, "Rob"),
                {"dialog": {"answer": "dismiss", "says": "Your name?"}},
            ),
            (Downloaded(ONE, "report.csv"), {"download": {"name": "report.csv"}}),
            (Downloaded(ONE, "invoice-4711.pdf"), {"download": {"name": ".pdf"}}),
            (Downloaded(ONE, "4711"), {"download": True}),
        ],
    )
    def test_it_stands_beside_the_act(self, event: Event, beside: dict[str, Any]) -> None:
        assert acts(SAVED, event, SAVE)[0].beside == beside

    def test_a_dialog_that_nothing_caused_is_not_told(self) -> None:
        assert acts(Went(ONE, "goto", URL), Answered(ONE, "alert", "Hi", True))[0].beside == {}


class TestMasks:
    def test_the_best_way_to_find_it(self) -> None:
        book = Notebook()
        assert book.take(noted("mask", "p", words="Tuesday", ways=[{"css": "#clock"}])) is None
        assert book.masks == [{"css": "#clock"}]
        assert book.acts == ()

    def test_its_words_when_there_is_no_other(self) -> None:
        book = Notebook()
        book.take(noted("mask", "button", words="Robin's orders"))
        book.take(noted("mask", "div"))
        assert book.masks == [{"button": "Robin's orders"}]
