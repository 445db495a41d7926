"""Recordings of Chrome DevTools, and what becomes of every step."""

from __future__ import annotations

import json
from typing import Any

import pytest
from imported_corpus import Sample, samples

from smokerunner.authoring.act import KEY_DOWN, TODO, Act
from smokerunner.importers.chrome_recorder import COMMANDS, ChromeRecorder
from smokerunner.importers.chrome_recorder.selectors import read_element
from smokerunner.importers.chrome_recorder.steps import original
from smokerunner.importers.importer import Imported
from smokerunner.language.document import parse
from smokerunner.model.errors import BadInput

RECORDINGS = samples("chrome", ".json")


def recording(*steps: dict[str, Any], **more: object) -> str:
    return json.dumps({"title": "A recording", **more, "steps": list(steps)})


def read(*steps: dict[str, Any], **more: object) -> Imported:
    return ChromeRecorder().read(recording(*steps, **more), "x.json")


def acts(*steps: dict[str, Any]) -> tuple[Act, ...]:
    return read(*steps).drafts[0].acts


@pytest.mark.parametrize("sample", RECORDINGS, ids=lambda sample: sample.path.stem)
def test_becomes_exactly_this(sample: Sample) -> None:
    intake, comments = sample.taken_in(ChromeRecorder())
    assert intake.sheet.data == sample.expected_data
    assert comments == sample.expected_comments


@pytest.mark.parametrize("sample", RECORDINGS, ids=lambda sample: sample.path.stem)
def test_no_step_is_dropped_without_a_word(sample: Sample) -> None:
    imported = sample.read(ChromeRecorder())
    kept = {line for draft in imported.drafts for act in draft.acts for line in act.original.split("\n")}
    told = {remark.place for remark in imported.remarks}
    document = parse(sample.text, sample.path.name, is_json=True)
    data = json.loads(sample.text)
    recordings = [((index,), item) for index, item in enumerate(data)] if isinstance(data, list) else [((), data)]
    for at, item in recordings:
        for index, step in enumerate(item["steps"]):
            place = f"{sample.path.name}:{document.place((*at, 'steps', index))[0]}"
            assert original(step) in kept or place in told, step


def test_the_corpus_uses_every_type() -> None:
    used = set()
    for sample in RECORDINGS:
        data = json.loads(sample.text)
        for item in data if isinstance(data, list) else [data]:
            used |= {step["type"] for step in item["steps"]}
    assert used >= set(COMMANDS)
    assert len(RECORDINGS) >= 12


@pytest.mark.parametrize("sample", RECORDINGS, ids=lambda sample: sample.path.stem)
def test_refused_is_what_became_a_todo(sample: Sample) -> None:
    imported = sample.read(ChromeRecorder())
    todos = [act for draft in imported.drafts for act in draft.acts if act.action == TODO]
    assert len(todos) == sum(remark.refused for remark in imported.remarks)


@pytest.mark.parametrize(
    ("selectors", "targets"),
    [
        ([['aria/Save[role="button"]'], ["#save"]], [{"button": {"is": "Save"}}, {"css": "#save"}]),
        ([["aria/Save"], ["form.login > button"]],
         [{"button": {"is": "Save"}}, {"css": "form.login > button"}]),
        ([["aria/Home"], ["nav > a:nth-of-type(1)"]], [{"link": {"is": "Home"}}]),
        ([["aria/Go"], ["input[type='submit']"]], [{"button": {"is": "Go"}}, {"css": 'input[type="submit"]'}]),
        ([["aria/Terms"], ["input[type='checkbox']"]],
         [{"checkbox": {"is": "Terms"}}, {"css": 'input[type="checkbox"]'}]),
        ([["aria/Save"], ["#save"], ["text/Save"]], [{"text": {"is": "Save"}}, {"css": "#save"}]),
        ([["aria/Close"], ["#x"]], [{"label": {"is": "Close"}}, {"css": "#x"}]),
        ([['aria/Amount[role="spinbutton"]']], [{"role": "spinbutton", "name": {"is": "Amount"}}]),
        ([['aria/Hello[role="StaticText"]']], [{"text": {"is": "Hello"}}]),
        ([['aria/Logo[role="image"]']], [{"img": {"is": "Logo"}}]),
        ([["#a"], ["[data-testid='save']"], ["text/Save"]],
         [{"test_id": "save"}, {"text": {"is": "Save"}}, {"css": "#a"}]),
        ([["[placeholder='City']"]], [{"placeholder": {"is": "City"}}]),
        ([["text/Create a free acc"]], [{"text": "Create a free acc"}]),
        ([['xpath///*[@id="b"]'], ["#b"]], [{"css": "#b"}]),
        ([['xpath///*[@id="b"]/div/span'], ["div.menu > span"]], [{"css": "div.menu > span"}]),
        ([["xpath//html/body/div[2]"], ["body > div:nth-of-type(2)"]],
         [{"css": "body > div:nth-of-type(2)"}, {"xpath": "/html/body/div[2]"}]),
        ([["#qty-4711"], ['xpath///*[@id="qty-4711"]'], ["[name='quantity']"]], [{"css": '[name="quantity"]'}]),
        ([["#radix-48151623-trigger"], ["text/Menu"]], [{"text": {"is": "Menu"}}]),
        ([["my-shop", "aria/Buy[role=\"button\"]"]], [{"button": {"is": "Buy"}, "within": {"css": "my-shop"}}]),
        ([["my-shop", "my-card", "button.buy"]], [{"css": "my-shop my-card button.buy"}]),
        ([["my-shop >>>> button.buy"]], [{"css": "my-shop button.buy"}]),
        (["pierce/button.buy"], [{"css": "button.buy"}]),
        (["::-p-aria(Buy[role=\"button\"])"], [{"button": {"is": "Buy"}}]),
        ([["my-shop", "xpath//button"]], []),
        ([["aria/${total}"], ["button"]], [{"button": {"is": "$${total}"}}]),
    ],
)  # fmt: skip
def test_selectors_become_targets_the_best_first(selectors: list[Any], targets: list[Any]) -> None:
    assert list(read_element(selectors).targets) == targets


def test_a_name_in_a_step_that_writes_is_a_label() -> None:
    (act,) = acts({"type": "change", "selectors": [["aria/Email"], ["#email"]], "value": "a@b.test"})
    assert act.targets == ({"label": {"is": "Email"}}, {"css": "#email"})
    assert act.action == "fill"


def test_frames_are_named_by_position_from_the_page_inwards() -> None:
    found = read_element([["#pay"]], [2, 0])
    assert found.targets[0]["frame"] == {"css": "iframe", "nth": 1, "frame": {"css": "iframe", "nth": 3}}


def test_a_click_opens_the_page_that_the_next_step_is_in() -> None:
    first, second, third = acts(
        {"type": "click", "selectors": [["#a"]], "target": "main"},
        {"type": "click", "selectors": [["#b"]], "target": "https://x.test/new"},
        {"type": "click", "selectors": [["#c"]], "target": "main"},
    )
    assert (first.page, first.opens) == ("", "https://x.test/new")
    assert second.page == "https://x.test/new"
    assert third.page == ""


def test_a_page_keeps_its_identity_when_it_goes_on() -> None:
    led = {"assertedEvents": [{"type": "navigation", "url": "https://x.test/2", "title": ""}]}
    steps = acts(
        {"type": "click", "selectors": [["#a"]], "target": "main"},
        {"type": "click", "selectors": [["#b"]], "target": "https://x.test/1", **led},
        {"type": "click", "selectors": [["#c"]], "target": "https://x.test/2"},
    )
    assert [act.page for act in steps] == ["", "https://x.test/1", "https://x.test/1"]
    assert steps[1].view is not None
    assert steps[1].view.navigated


def test_a_time_out_that_somebody_chose_is_kept() -> None:
    steps = acts(
        {"type": "click", "selectors": [["#a"]], "timeout": 5000},
        {"type": "click", "selectors": [["#a"]], "timeout": 800},
        {"type": "click", "selectors": [["#a"]], "timeout": 90500},
    )
    assert [act.beside.get("timeout") for act in steps] == [None, "800ms", "90.5s"]


def test_keys_stay_halves_for_the_clean_up() -> None:
    down, up = acts({"type": "keyDown", "key": "Enter"}, {"type": "keyUp", "key": "Enter"})
    assert (down.action, down.value, up.value) == (KEY_DOWN, "Enter", "Enter")


def test_a_password_stands_in_no_message() -> None:
    step = {"type": "change", "selectors": [["host", "xpath//*[@name='password']"]], "value": "hunter2!", "frame": [0]}
    imported = read(step)
    assert imported.drafts[0].acts[0].action == TODO
    assert "hunter2!" not in repr(imported)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"title": "x", "steps": [\n  {"type": "click"}]}',
         "x.json:2:3: step 1: click needs selectors, a list of selectors"),
        ('{"title": "x", "steps": [\n  {"type": "click", "selectors": []}]}',
         "x.json:2:3: step 1: selectors is a list of selectors"),
        ('{"title": "x", "steps": [{"type": "click", "selectors": [["a", 7]]}]}',
         "x.json:1:26: step 1: selectors is a list of selectors"),
        ('{"title": "x", "steps": [{"type": "click", "selectors": ["a"], "assertedEvents": ["navigation"]}]}',
         "x.json:1:26: step 1: assertedEvents is a list of objects"),
        ('{"title": "x", "steps": [{"type": "scroll", "y": "far"}]}', "x.json:1:26: step 1: y is a number"),
        ('{"title": "x",\n "timeout": "long", "steps": [{"type": "scroll", "y": 1}]}',
         "x.json:2:13: timeout is a number of milliseconds"),
        ('{"title": "x", "steps": [{"type": "navigate", "url": "/"},\n 7]}',
         "x.json:2:2: step 2: a step is an object with a type, such as navigate or click"),
        ('{"title": "x", "steps": [{"type": "navigate"}]}', "x.json:1:26: step 1: navigate needs url, text"),
        ('{"title": "x", "steps": [{"type": "waitForElement", "selectors": ["a"], "operator": "!="}]}',
         "x.json:1:26: step 1: '!=' is not an operator; there are >=, == and <="),
        ('{"title": "x", "steps": [{"type": "hover", "selectors": ["a"], "frame": ["x"]}]}',
         "x.json:1:26: step 1: frame is a list of positions"),
    ],
)  # fmt: skip
def test_broken_recordings_are_refused_with_their_lines(text: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        ChromeRecorder().read(text, "x.json")
    assert [str(problem) for problem in caught.value.problems] == [complaint]


@pytest.mark.parametrize(
    "text",
    [
        "", "not JSON", "{", "[]", "[1]", "7", "null", '{"title": "x"}', '{"title": "x", "steps": {}}',
        '{"title": "x", "steps": [{"type": "navigation", "url": "/"}]}',
        '{"steps": [{"type": "click", "selectors": ["a"]}]}',
        '{"app": "x", "flows": {"a": {"title": "x", "steps": [{"goto": "/"}]}}}',
        '{"id": "1", "name": "x", "tests": [], "suites": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_other_texts_are_not_recordings(text: str) -> None:
    assert not ChromeRecorder().recognises(text)
