"""Playwright's locators, structured and as selector strings, become targets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from imported_corpus import CORPUS

from smokerunner.importers.playwright_codegen.locators import read_target, structured_pieces, target_of
from smokerunner.importers.playwright_codegen.selectors import Inexpressible
from smokerunner.model.target import Target

SELECTORS: dict[str, Any] = {
    'internal:role=button[name="Sign in"i]': {"button": "Sign in"},
    'internal:role=button[name="Sign in"s]': {"button": {"is": "Sign in"}},
    "internal:role=button[name=/^sign/i]": {"button": {"matches": "(?i)^sign"}},
    r'internal:role=cell[name=/a\/b \"c\" \>\>/]': {"cell": {"matches": 'a/b "c" >>'}},
    r"internal:role=cell[name=/[/\]]{2}/ms]": {"cell": {"matches": r"(?ms)[/\]]{2}"}},
    r"internal:role=cell[name=/(?<year>\d+)/]": {"cell": {"matches": r"(?P<year>\d+)"}},
    "internal:role=button": {"button": ""},
    "internal:role=separator": {"role": "separator"},
    'internal:role=treeitem[name="Fruit"i]': {"role": "treeitem", "name": "Fruit"},
    'internal:label="Email"i': {"label": "Email"},
    'internal:label="Email"s': {"label": {"is": "Email"}},
    'internal:attr=[placeholder="Post] \\"code\\""i]': {"placeholder": 'Post] "code"'},
    'internal:attr=[alt="A dog"s]': {"alt": {"is": "A dog"}},
    'internal:attr=[title="More"i]': {"title": "More"},
    'internal:testid=[data-testid="order-number"s]': {"test_id": "order-number"},
    "internal:testid=[data-testid=/^order/]": {"test_id": {"matches": "^order"}},
    'internal:testid=[data-pw="order"s]': {"css": '[data-pw="order"]'},
    'internal:text="Say \\"hi\\" >> twice"i': {"text": 'Say "hi" >> twice'},
    'internal:text="Save"s': {"text": {"is": "Save"}},
    "internal:text=/total: \\d+/": {"text": {"matches": "total: \\d+"}},
    "text=Save": {"text": "Save"},
    'text="Save"': {"text": {"is": "Save"}},
    '"Save"': {"text": {"is": "Save"}},
    "internal:text=\"costs ${5}\"i": {"text": "costs $${5}"},
    "#save": {"css": "#save"},
    "css=div > p": {"css": "div > p"},
    'a[href="x>>y"]': {"css": 'a[href="x>>y"]'},
    "id=save": {"css": '[id="save"]'},
    "data-testid=save": {"test_id": "save"},
    "data-test=save": {"css": '[data-test="save"]'},
    "//main//b": {"xpath": "//main//b"},
    "(//b)[2]": {"xpath": "(//b)[2]"},
    "xpath=..": {"xpath": ".."},
    'internal:role=button[name="Buy"i] >> nth=0': {"button": "Buy", "nth": "first"},
    'internal:role=button[name="Buy"i] >> nth=2': {"button": "Buy", "nth": 3},
    'internal:role=button[name="Buy"i] >> nth=-1': {"button": "Buy", "nth": "last"},
    'internal:role=row[name="B-4"i] >> internal:role=button': {"button": "", "within": {"row": "B-4"}},
    'li >> internal:has-text="Cup"i >> internal:role=button >> nth=1': {
        "button": "",
        "nth": 2,
        "within": {"css": "li", "has_text": "Cup"},
    },
    'main >> ul >> internal:role=listitem': {"listitem": "", "within": {"css": "ul", "within": {"css": "main"}}},
    'article >> internal:has="internal:role=heading[name=\\"Draft\\"i]"': {
        "css": "article",
        "has": {"heading": "Draft"},
    },
    'internal:role=list >> internal:chain="li >> b"': {
        "css": "b",
        "within": {"css": "li", "within": {"list": ""}},
    },
    'iframe[name="pay"] >> internal:control=enter-frame >> internal:role=button[name="Pay"i]': {
        "button": "Pay",
        "frame": {"css": 'iframe[name="pay"]'},
    },
    'iframe[title="Out"] >> internal:control=enter-frame >> #in >> internal:control=enter-frame >> main >> p': {
        "css": "p",
        "within": {"css": "main"},
        "frame": {"css": "#in", "frame": {"title": {"is": "Out"}}},
    },
    'internal:role=button[name="Go"i] >> internal:describe="the button"': {"button": "Go"},
}  # fmt: skip


@pytest.mark.parametrize(("selector", "target"), SELECTORS.items())
def test_a_selector_becomes_a_target(selector: str, target: dict[str, Any]) -> None:
    found = read_target(None, selector)
    assert found == target
    Target.model_validate(found)


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        ("div >> visible=true", "a filter by visibility"),
        ('div >> internal:has-not-text="x"i', "a filter by text that must not be there"),
        ('div >> internal:has-not="p"', "a filter by an element that must not be there"),
        ('div >> internal:and="#x"', "two locators that must both match"),
        ('div >> internal:or="#x"', "two locators of which either may match"),
        ("internal:role=heading[level=1]", "a role with level"),
        ('internal:role=button[name="x"i][pressed=true]', "a role with pressed"),
        ("internal:control=any-frame >> div", "the selector engine internal:control=any-frame"),
        ("iframe >> internal:control=enter-frame", "a frame as a whole"),
        ("nth=1", "a filter of the whole page"),
        ('li >> nth=1 >> internal:has-text="x"i', "a filter after a position"),
        ('li >> internal:has-text="x"i >> internal:has-text="y"i', "two filters of the same kind"),
        ("li >> nth=one", "the position one"),
        ("li >> nth=-2", "a position counted from the end"),
        ("_react=Button", "the selector engine _react=Button"),
        ("internal:attr=[name=\"x\"i]", "the attribute name"),
        ("internal:testid=[data-pw=/x/]", "a regular expression for the attribute data-pw"),
        ("internal:text=/(?<!a*)b/", "the regular expression /(?<!a*)b/: look-behind requires fixed-width pattern"),
        ("internal:has=broken", "the selector internal:has=broken"),
        ("", "no locator at all"),
    ],
)  # fmt: skip
def test_what_a_target_cannot_say_is_named(selector: str, reason: str) -> None:
    assert target_of(None, selector) is None
    with pytest.raises(Inexpressible) as caught:
        read_target(None, selector)
    assert str(caught.value) == reason


def link(kind: str, body: object = "", following: dict[str, Any] | None = None, **options: object) -> dict[str, Any]:
    """A link of Playwright's structured locator."""
    found: dict[str, Any] = {"kind": kind, "body": body, "options": options}
    return {**found, "next": following} if following else found


@pytest.mark.parametrize(
    ("locator", "target"),
    [
        (link("role", "button", attrs=[], exact=False, name="Save"), {"button": "Save"}),
        (link("role", "button", attrs=[], exact=True, name="Save"), {"button": {"is": "Save"}}),
        (link("role", "button", attrs=[]), {"button": ""}),
        (link("text", "Save", exact=True), {"text": {"is": "Save"}}),
        (link("label", "Email", exact=False), {"label": "Email"}),
        (link("placeholder", "Code", exact=False), {"placeholder": "Code"}),
        (link("alt", "Dog", exact=False), {"alt": "Dog"}),
        (link("title", "More", exact=False), {"title": "More"}),
        (link("test-id", "order"), {"test_id": "order"}),
        (link("default", "ul", link("first")), {"css": "ul", "nth": "first"}),
        (link("default", "ul", link("last")), {"css": "ul", "nth": "last"}),
        (link("default", "ul", link("nth", "3")), {"css": "ul", "nth": 4}),
        (link("default", "li", link("has-text", "Cup", exact=False)), {"css": "li", "has_text": "Cup"}),
        (link("default", "li", hasText="Cup"), {"css": "li", "has_text": "Cup"}),
        (link("default", "li", link("has", json.dumps(link("text", "Cup", exact=True)))),
         {"css": "li", "has": {"text": {"is": "Cup"}}}),
        (link("default", "ul", link("chain", json.dumps(link("default", "li")))),
         {"css": "li", "within": {"css": "ul"}}),
        (link("default", 'iframe[name="pay"]', link("frame", "", link("label", "Card", exact=False))),
         {"label": "Card", "frame": {"css": 'iframe[name="pay"]'}}),
        (link("frame-locator", "#pay", link("label", "Card", exact=False)),
         {"label": "Card", "frame": {"css": "#pay"}}),
        (link("default", 'internal:has-text="x"s'), None),
        (link("role", "button", attrs=[{"name": "pressed", "value": True}]), None),
        (link("role", "button", attrs=[], name={}), None),
        (link("text", {}, exact=False), None),
        (link("and", json.dumps(link("text", "x"))), None),
        (link("new kind", "x"), None),
        ({"kind": "text", "body": "x", "next": "y"}, None),
        (None, None),
    ],
)  # fmt: skip
def test_a_structured_locator_becomes_a_target(locator: dict[str, Any] | None, target: dict[str, Any] | None) -> None:
    found = target_of(locator, "")
    assert found == target
    if found is not None:
        Target.model_validate(found)


def test_the_selector_tells_what_json_has_lost() -> None:
    locator = link("role", "button", attrs=[], name={})
    assert target_of(locator, "internal:role=button[name=/^save/i]") == {"button": {"matches": "(?i)^save"}}
    assert target_of(link("test-id", "order"), 'internal:testid=[data-pw="order"s]') == {"css": '[data-pw="order"]'}


def test_the_structured_locator_helps_where_the_selector_is_not_known() -> None:
    assert target_of(link("text", "Save", exact=False), 'internal:novel="Save"i') == {"text": "Save"}


def test_selectors_and_structured_locators_of_real_recordings_agree() -> None:
    agreed = 0
    for path in sorted((CORPUS / "codegen").glob("*.jsonl")):
        for line in map(json.loads, path.read_text().splitlines()):
            if line.get("locator") and target_of(line["locator"], "") is not None:
                assert target_of(line["locator"], "") == target_of(None, line["selector"]), line
                agreed += 1
    assert agreed > 40


def test_a_chain_is_read_whole() -> None:
    locator = link("default", "main", link("default", "ul", link("role", "listitem", attrs=[])))
    assert [piece.kind for piece in structured_pieces(locator)] == ["css", "css", "role"]
