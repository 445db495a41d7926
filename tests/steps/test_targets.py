"""How an element is named: every finder, every narrowing, and what is said of none or of two."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import Replayed, errs, fails, passes, read, replay, warns
from ruamel.yaml import YAML
from server import Site

from smokerunner.cli.program import outcome as smokerunner
from smokerunner.model.target import SHORT_ROLES

ROLES = {
    "alert": "Warning",
    "article": "Story",
    "button": "Press",
    "cell": "Plate",
    "checkbox": "Agree",
    "columnheader": "Price",
    "combobox": "Colour",
    "dialog": "Question",
    "form": "Contact",
    "heading": "Every role",
    "img": "brown dog",
    "link": "Away",
    "list": "Fruit",
    "listitem": "Pear",
    "main": "Content",
    "menu": "Actions",
    "menuitem": "Copy",
    "navigation": "Shelves",
    "option": "Blue",
    "radio": "Slow delivery",
    "region": "Reviews",
    "row": "Cup",
    "searchbox": "Find",
    "slider": "Volume",
    "status": "Progress",
    "switch": "Dark mode",
    "tab": "Details",
    "table": "Prices",
    "tabpanel": "Details panel",
    "textbox": "Phone",
}


def there(target: str, page: str = "/roles") -> str:
    return f"""
        - goto: {page}
        - expect: {{count: {{of: {target}, is: 1}}}}
        """


def every_role() -> str:
    counts = ", ".join(f"{{of: {{{role}: {name}}}, is: 1}}" for role, name in ROLES.items())
    return f"""
        - goto: /roles
        - expect: {{count: [{counts}]}}
        """


def no_role() -> str:
    looks = "".join(f"        - read: {{{role}: No such}}\n          timeout: 100ms\n" for role in ROLES)
    return f"        - goto: /roles\n{looks}"


CASES = {
    "roles": passes(every_role()),
    "no-roles": fails('alert "No such" is not there; alerts here: "Warning" (waited 100 ms)', no_role()),
    "role-and-name": passes(there("{role: spinbutton, name: amount}")),
    "role-alone": passes(there("{role: spinbutton}")),
    "role-in-any-order": passes(there("{name: {is: Amount}, role: spinbutton}")),
    "role-by-another-name": fails(
        'spinbutton "Number" is not there; spinbuttons here: "Amount" (waited …)',
        """
        - goto: /roles
        - read: {role: spinbutton, name: Number}
        """,
    ),
    "any-name": passes(there("{img: ''}")),
    "label": passes(there("{label: agree}")),
    "label-exactly": passes(there("{label: {is: Agree}}")),
    "label-exactly-not": fails('there are 0 of label exactly "agree", not 1 (waited …)', there("{label: {is: agree}}")),
    "label-pattern": passes(there('{label: {matches: "^Agr"}}')),
    "label-pattern-without-case": passes(there('{label: {matches: "(?i)^agr"}}')),
    "placeholder": passes(there("{placeholder: postcode}")),
    "placeholder-absent": fails(
        'placeholder "City" is not there; placeholders here: "Postcode" (waited …)',
        """
        - goto: /roles
        - fill: {placeholder: City}
          with: x
        """,
    ),
    "text": passes(there("{text: so it goes}")),
    "text-exactly": passes(there("{text: {is: So it goes}}")),
    "text-absent": fails(
        'text "So it went" is not there (waited …)',
        """
        - goto: /roles
        - read: {text: So it went}
        """,
    ),
    "test-id-is-the-whole-id": passes(there("{test_id: order-number}")),
    "test-id-pattern": passes("""
        - goto: /roles
        - expect: {count: {of: {test_id: {matches: "^order-number"}}, is: 2}}
        """),
    "alt": passes(there("{alt: a brown dog}")),
    "alt-absent": fails(
        'alt "A cat" is not there; alts here: "A brown dog" (waited …)',
        """
        - goto: /roles
        - read: {alt: A cat}
        """,
    ),
    "title": passes(there("{title: more about}")),
    "title-absent": fails(
        'title "Less" is not there; titles here: "More about it" (waited …)',
        """
        - goto: /roles
        - hover: {title: Less}
        """,
    ),
    "css": passes(there('{css: "p.quote"}')),
    "css-not-understood": errs(
        "the flow's selector is not understood: …p..quote…",
        """
        - goto: /roles
        - click: {css: "p..quote"}
        """,
    ),
    "xpath": passes(there("{xpath: \"//p[@class='quote']\"}")),
    "xpath-not-understood": errs(
        "the flow's selector is not understood: …",
        """
        - goto: /roles
        - click: {xpath: "//p[@class"}
        """,
    ),
    "within": passes("""
        - goto: /nested
        - click: {button: Cancel, within: {row: B-4}}
        - expect: {text_of: {of: {test_id: gone}, reads: B-4}}
        """),
    "within-nested": passes("""
        - goto: /nested
        - click: {button: Cancel, within: {row: A-17, within: {table: Orders}}}
        - expect: {text_of: {of: {test_id: gone}, reads: A-17}}
        """),
    "within-nothing": fails(
        'button "Cancel" within row "C-9" is not there, as row "C-9" is not either (waited …)',
        """
        - goto: /nested
        - click: {button: Cancel, within: {row: C-9}}
        """,
    ),
    "within-the-wrong-one": fails(
        'button "Cancel" within region "Cart" is not there; buttons here: "Remove", "Save" (waited …)',
        """
        - goto: /nested
        - click: {button: Cancel, within: {region: Cart}}
        """,
    ),
    "has": passes("""
        - goto: /nested
        - click: {link: Read, within: {article: '', has: {heading: "Final: two"}}}
        - expect: {url: /plain}
        """),
    "has-not": fails(
        'article having heading "Third" is not there; there are 2, but none with that inside (waited …)',
        """
        - goto: /nested
        - read: {article: '', has: {heading: Third}}
        """,
    ),
    "has-text": passes(there("{article: '', has_text: green}", "/nested")),
    "has-text-exactly": passes(there("{listitem: '', has_text: {matches: '^Cup'}}", "/nested")),
    "has-text-not": fails(
        'article with text "blue" is not there; there are 2, but none with that text (waited …)',
        """
        - goto: /nested
        - read: {article: '', has_text: blue}
        """,
    ),
    "nth": passes("""
        - goto: /nested
        - expect:
            text_of:
              - {of: {article: '', nth: first}, reads: green}
              - {of: {article: '', nth: last}, reads: red}
              - {of: {article: '', nth: 2}, reads: red}
        """),
    "nth-too-many": fails(
        "article (no. 3) is not there; there are only 2 (waited …)",
        """
        - goto: /nested
        - read: {article: '', nth: 3}
        """,
    ),
    "shadow": passes("""
        - goto: /nested
        - click: {button: In the shadow}
        - expect: {value: {of: {label: Deep}, reads: {is: below}}, focused: {button: In the shadow}}
        """),
    "frame": passes("""
        - goto: /nested
        - expect: {visible: {text: Outer frame, frame: {title: Outer}}}
        - click: {button: Same, frame: {title: Outer}, within: {region: {is: Box}}}
        """),
    "frame-has": passes("""
        - goto: /nested
        - expect: {text_of: {of: {region: '', frame: {title: Outer}, has: {button: Same}, has_text: blue}, reads: blue}}
        """),
    "frame-in-a-frame": passes("""
        - goto: /nested
        - fill: {label: Card number, frame: {title: Inner, frame: {title: Outer}}}
          with: "4242"
        - click: {button: Pay, frame: {title: Inner, frame: {title: Outer}}}
        - expect: {visible: {button: Paid 4242, frame: {title: Inner, frame: {title: Outer}}}}
        """),
    "frame-of-another-origin": passes("""
        - goto: /nested
        - fill: {label: Card number, frame: {css: "#elsewhere"}}
          with: "0815"
        - click: {button: Pay, frame: {css: "#elsewhere"}}
        - expect: {visible: {button: Paid 0815, frame: {css: "#elsewhere"}}}
        """),
    "frame-absent": fails(
        'button "Pay" in frame title "Payment" is not there, as title "Payment" is not either (waited …)',
        """
        - goto: /nested
        - click: {button: Pay, frame: {title: Payment}}
        """,
    ),
    "frame-that-is-none": fails(
        "what `frame` names is not an iframe",
        """
        - goto: /nested
        - click: {button: Pay, frame: {heading: Nested}}
        """,
    ),
    "frame-two": fails(
        'button "Pay" in frame css iframe is not there, as css iframe matches 2 elements; narrow it: '
        "{css: iframe, nth: 1}  or  {css: iframe, nth: 2} (waited …)",
        """
        - goto: /nested
        - click: {button: Pay, frame: {css: iframe}}
        """,
    ),
    "fallback": warns(
        'button "Buy it" was not found; its fallback test_id "gone" was used',
        """
        - goto: /nested
        - click: {button: Buy it, fallbacks: [{button: Neither this}, {test_id: gone}]}
          timeout: 20s
        """,
    ),
    "fallback-not-needed": passes("""
        - goto: /nested
        - click: {button: In the shadow, fallbacks: {test_id: gone}}
        """),
    "fallback-in-vain": fails(
        'button "Buy it" is not there, nor was a fallback (1); buttons here: … (waited …)',
        """
        - goto: /nested
        - click: {button: Buy it, fallbacks: {test_id: nowhere}}
        """,
    ),
    "two-rows": fails(
        'button "Cancel" matches 2 elements; narrow it: {button: Cancel, within: {row: A-17}}  or  '
        "{button: Cancel, within: {row: B-4}}",
        """
        - goto: /nested
        - click: {button: Cancel}
        """,
    ),
    "two-listitems": fails(
        'button "Buy" matches 2 elements; narrow it: '
        "{button: Buy, within: {listitem: '', has_text: Cup Buy}}  or  "
        "{button: Buy, within: {listitem: '', has_text: 'Plate, white: \"large\" Buy'}}",
        """
        - goto: /nested
        - click: {button: Buy}
        """,
    ),
    "two-labels": fails(
        'label "password" matches 2 elements; narrow it: {label: {is: Password}}  or  {label: {is: Confirm password}}',
        """
        - goto: /nested
        - fill: {label: password}
          with: x
        """,
    ),
    "two-twins": fails(
        'button "Plain twin" matches 2 elements; narrow it: {button: Plain twin, nth: 1}  or  '
        "{button: Plain twin, nth: 2}",
        """
        - goto: /nested
        - click: {button: Plain twin}
        """,
    ),
    "two-in-a-frame": fails(
        'button "Same" in frame title "Outer" matches 2 elements; narrow it: '
        "{button: Same, frame: {title: Outer}, within: {region: {is: Box}}}  or  "
        "{button: Same, frame: {title: Outer}, within: {region: Other box}}",
        """
        - goto: /nested
        - click: {button: Same, frame: {title: Outer}}
        """,
    ),
}
AMBIGUOUS = ["two-rows", "two-listitems", "two-labels", "two-twins", "two-in-a-frame"]


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("targets"))


@pytest.fixture(scope="module")
def narrowed(
    replayed: Replayed, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], Replayed]:
    """Every narrowing that was printed, taken out of its message and pasted into a flow."""
    pasted = {
        f"{name}-{number}": target
        for name in AMBIGUOUS
        for number, target in enumerate(narrowings(replayed, name), start=1)
    }
    cases = {
        name: passes(
            f"- goto: /nested\n- scroll: {target}\n- expect: {{visible: {target}, count: {{of: {target}, is: 1}}}}"
        )
        for name, target in pasted.items()
    }
    return pasted, replay(cases, site, tmp_path_factory.mktemp("narrowed"))


def narrowings(replayed: Replayed, name: str) -> list[str]:
    said = replayed.step(name, 2).warnings[0]
    return re.split(r"  or  ", said.split("narrow it: ")[1])


def test_no_short_role_is_forgotten() -> None:
    assert tuple(ROLES) == SHORT_ROLES


@pytest.mark.parametrize("name", CASES)
def test_target(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_of_every_role_it_is_said_what_is_there_instead(replayed: Replayed) -> None:
    for role, step in zip(ROLES, replayed.steps("no-roles")[1:], strict=True):
        outcome, told = read(step)
        assert outcome == "failed"
        assert re.fullmatch(rf'{role} "No such" is not there; {role}(s|es) here: ".+" \(waited \d+ ms\)', told), told


def test_every_narrowing_works_when_it_is_pasted(narrowed: tuple[dict[str, str], Replayed]) -> None:
    pasted, replayed = narrowed
    assert len(pasted) == 2 * len(AMBIGUOUS)
    for name, target in pasted.items():
        assert isinstance(YAML(typ="safe").load(target), dict), target
        replayed.check(name)


def test_the_narrowings_of_one_message_mean_different_elements(narrowed: tuple[dict[str, str], Replayed]) -> None:
    _, replayed = narrowed
    for name in AMBIGUOUS:
        first, second = (replayed.step(f"{name}-{number}", 3) for number in (1, 2))
        assert first.box != second.box, name


@pytest.mark.parametrize(
    "fact", ["hidden: {button: A, fallbacks: {button: B}}", "count: {of: {button: A, fallbacks: {button: B}}, is: 1}"]
)
def test_fallbacks_are_refused_where_they_hide_what_is_asked(
    fact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(f"app: bad\nbase_url: http://127.0.0.1\nflows:\n  a:\n    steps:\n      - expect: {{{fact}}}\n")
    assert smokerunner(["run", str(path)]) == 2
    assert "a, step 1: fallbacks are not allowed here: they would hide what is asked" in capsys.readouterr().err
