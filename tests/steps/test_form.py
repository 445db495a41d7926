"""fill, select, check, uncheck, upload, type, press."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import Replayed, alone, errs, fails, passes, replay, warns
from PIL import Image
from server import SEED, Site

MASK = (0x3D, 0x44, 0x51)
PASSWORD = "correct horse battery"

CASES = {
    "fill": passes("""
        - goto: /form
        - fill: {label: Email}
          with: kim@example.test
          save: {typed: value, field: {attribute: name}}
        - expect: {value: {of: {label: Email}, reads: {is: kim@example.test}}}
        - goto: /plain?${field}=${typed}
        - expect: {url: "/plain?email=kim@example.test"}
        """),
    "fill-nothing": passes("""
        - goto: /form
        - fill: {label: Email}
          with: ''
        - expect: {value: {of: {label: Email}, reads: {is: ''}}}
        """),
    "fill-an-area": passes("""
        - goto: /form
        - fill: {label: Notes}
          with: "one\\ntwo"
        - expect: {value: {of: {label: Notes}, reads: {matches: "one\\ntwo"}}}
        """),
    "fill-a-day": passes("""
        - goto: /form
        - fill: {label: Day}
          with: 2027-02-03
        - expect: {value: {of: {label: Day}, reads: 2027-02-03}}
        """),
    "fill-rich-text": passes("""
        - goto: /form
        - fill: {textbox: Story}
          with: twice
        - expect: {text_of: {of: {textbox: Story}, reads: {is: twice}}}
        """),
    "fill-an-editor-that-starts-late": passes("""
        - goto: /form
        - fill: {css: "#starts-late"}
          with: all of it
        - expect: {text_of: {of: {css: "#starts-late"}, reads: {is: all of it}}}
        """),
    "fill-read-only": fails(
        "it cannot be edited (waited …)",
        """
        - goto: /form
        - fill: {label: Read only}
          with: x
        """,
    ),
    "fill-disabled": fails(
        "it is disabled (waited …)",
        """
        - goto: /form
        - fill: {label: Frozen}
          with: x
        """,
    ),
    "fill-no-field": fails(
        "it is no field that text can be put into (waited …)",
        """
        - goto: /form
        - fill: {heading: Form}
          with: x
        """,
    ),
    "fill-a-checkbox": fails(
        "a field of this type cannot be filled; use check, select or upload",
        """
        - goto: /form
        - fill: {label: Terms}
          with: x
        """,
    ),
    "fill-a-day-wrongly": fails(
        "a field of the type date does not take 'tomorrow'; write it as in 2027-02-03",
        """
        - goto: /form
        - fill: {label: Day}
          with: tomorrow
        """,
    ),
    "fill-absent": fails(
        'label "Street" is not there; labels here: "Email", "Password", "Read only", "Frozen", "Notes", … (waited …)',
        """
        - goto: /form
        - fill: {label: Street}
          with: x
        """,
    ),
    "select": passes("""
        - goto: /form
        - select: {label: Country}
          with: sweden
          save: {code: value}
        - expect: {value: {of: {label: Country}, reads: {is: se}}}
        - goto: /plain?code=${code}
        - expect: {url: /plain?code=se}
        """),
    "select-prefers-the-whole-label": passes("""
        - goto: /form
        - select: {label: Country}
          with: Norway
        - expect: {value: {of: {label: Country}, reads: {is: "no"}}}
        """),
    "select-exactly": passes("""
        - goto: /form
        - select: {label: Country}
          with: {is: Norway (north)}
        - expect: {value: {of: {label: Country}, reads: {is: nn}}}
        """),
    "select-by-value": passes("""
        - goto: /form
        - select: {label: Country}
          with: {value: nn}
        - expect: {value: {of: {label: Country}, reads: {is: nn}}}
        """),
    "select-by-pattern": passes("""
        - goto: /form
        - select: {label: Country}
          with: {matches: "^Swe"}
        - expect: {value: {of: {label: Country}, reads: {is: se}}}
        """),
    "select-several": passes("""
        - goto: /form
        - select: {label: Sizes}
          with: [Small, Large]
        - expect: {count: {of: {css: "[name=sizes] option:checked"}, is: 2}}
        """),
    "select-what-comes-late": passes("""
        - goto: /form
        - select: {label: Late}
          with: Now there
        """),
    "select-missing": fails(
        'there is no option "Denmark" in label "Country"; it offers "Choose", "Norway", "Norway (north)", "Sweden", '
        '"Finland"',
        """
        - goto: /form
        - select: {label: Country}
          with: Denmark
        """,
    ),
    "select-missing-value": fails(
        'there is no option value "dk" in label "Country"; it offers …',
        """
        - goto: /form
        - select: {label: Country}
          with: {value: dk}
        """,
    ),
    "select-two-fit": fails(
        '2 options match "Same" in label "Twins"; it offers "Same", "Same"',
        """
        - goto: /form
        - select: {label: Twins}
          with: Same
        """,
    ),
    "select-disabled-option": fails(
        "the option is disabled (waited …)",
        """
        - goto: /form
        - select: {label: Country}
          with: Finland
        """,
    ),
    "select-no-list": fails(
        'label "Email" is no native select list; click it, and then the option that it opens',
        """
        - goto: /form
        - select: {label: Email}
          with: x
        """,
    ),
    "check": passes("""
        - goto: /form
        - check: {label: Terms}
        - check: {label: Terms}
        - expect: {checked: {label: Terms}}
        """),
    "check-a-radio": passes("""
        - goto: /form
        - check: {radio: Card}
        - expect: {checked: [{radio: Card}, {of: {radio: Invoice}, is: "no"}]}
        """),
    "check-that-does-not-stay": fails(
        "the click did not change its state",
        """
        - goto: /form
        - check: {label: Stubborn}
          timeout: 20s
        """,
    ),
    "check-no-checkbox": fails(
        "it is no checkbox or radio button",
        """
        - goto: /form
        - check: {label: Email}
        """,
    ),
    "uncheck": passes("""
        - goto: /form
        - uncheck: {label: News}
        - expect: {checked: {of: {label: News}, is: "no"}}
        """),
    "uncheck-a-radio": fails(
        "a radio button goes off only when another one goes on; check that one",
        """
        - goto: /form
        - uncheck: {radio: Invoice}
        """,
    ),
    "uncheck-absent": fails(
        'checkbox "Offers" is not there; checkboxes here: "Terms", "News", "Stubborn" (waited …)',
        """
        - goto: /form
        - uncheck: {checkbox: Offers}
        """,
    ),
    "upload": passes("""
        - goto: /form
        - upload: {label: Avatar}
          with: files/a.txt
        - expect: {text_of: {of: {test_id: files}, reads: {is: a.txt 5}}}
        """),
    "upload-several": passes("""
        - goto: /form
        - upload: {label: Photos}
          with: [files/a.txt, files/b.txt]
        - expect: {text_of: {of: {test_id: files}, reads: "a.txt 5, b.txt 6"}}
        """),
    "upload-through-a-button": passes("""
        - goto: /form
        - upload: {button: Choose a file}
          with: files/b.txt
        - expect: {text_of: {of: {test_id: files}, reads: {is: b.txt 6}}}
        """),
    "upload-through-another-button": fails(
        "it did not ask for a file (waited …)",
        """
        - goto: /form
        - upload: {button: Nothing}
          with: files/a.txt
        """,
    ),
    "upload-too-many": fails(
        "this field takes only one file",
        """
        - goto: /form
        - upload: {label: Avatar}
          with: [files/a.txt, files/b.txt]
        """,
    ),
    "upload-no-such-file": errs(
        "the file to upload is not there: files/c.txt",
        """
        - goto: /form
        - upload: {label: Avatar}
          with: files/${missing}.txt
        """,
    ),
    "type": passes("""
        - goto: /keyboard
        - type: cups
          in: {searchbox: Search}
        - expect: {value: {of: {searchbox: Search}, reads: {is: cups}}, text_of: {of: {test_id: keys}, reads: c u p s}}
        """),
    "type-where-the-focus-is": passes("""
        - goto: /keyboard
        - type: Oslo
          delay: 1
        - expect: {value: {of: {label: City}, reads: {is: Oslo}}, focused: {label: City}}
        """),
    "type-into-an-editor-that-starts-late": passes("""
        - goto: /form
        - type: all of it
          in: {css: "#starts-late"}
        - expect: {text_of: {of: {css: "#starts-late"}, reads: {is: all of it}}}
        """),
    "type-into-disabled": fails(
        'label "Frozen" holds "", not "x" (waited …)',
        """
        - goto: /keyboard
        - type: x
          in: {label: Frozen}
        - expect: {value: {of: {label: Frozen}, reads: x}}
        """,
    ),
    "type-nowhere": fails(
        'searchbox "Find" is not there; searchboxes here: "Search" (waited …)',
        """
        - goto: /keyboard
        - type: x
          in: {searchbox: Find}
        """,
    ),
    "press": passes("""
        - goto: /keyboard
        - press: Tab
        - press: Control+S
        - press: Enter
          in: {searchbox: Search}
        - expect: {text_of: {of: {test_id: keys}, reads: Tab Control+s Enter}, focused: {searchbox: Search}}
        """),
    "press-saves": passes("""
        - goto: /keyboard
        - press: a
          save: {where: {url: {matches: "/(\\\\w+)$"}}}
        - goto: /plain?w=${where}
        - expect: {url: /plain?w=keyboard}
        """),
    "press-no-key": errs(
        'there is no key called "Return2"; write Enter, Tab, ArrowDown, a or Control+S',
        """
        - goto: /keyboard
        - press: Return2
        """,
    ),
    "press-nowhere": fails(
        'label "Street" is not there; labels here: "Search", "City", "Frozen" (waited …)',
        """
        - goto: /keyboard
        - press: Enter
          in: {label: Street}
        """,
    ),
    "one-time-code": passes("""
        - goto: /form
        - fill: {label: Code}
          with: ${totp(secrets.SITE_SEED)}
        - click: {button: Check code}
        - expect: {visible: {heading: Welcome in}, status: 200}
        """),
    "one-time-code-wrong": fails(
        "the page answered with status 401, not 200; "
        'heading "Welcome in" is not there; headings here: "Wrong code" (waited …)',
        """
        - goto: /form
        - fill: {label: Code}
          with: "000000"
        - click: {button: Check code}
        - expect: {visible: {heading: Welcome in}, status: 200}
        """,
    ),
    "secret-filled": alone(
        passes("""
        - goto: /form
        - fill: {label: Password}
          with: ${secrets.SITE_PASSWORD}
          picture: true
        - scroll: {to: top}
          picture: true
        """)
    ),
    "secret-typed-where-the-focus-is": alone(
        passes("""
        - goto: /form
        - click: {label: Password}
        - type: ${secrets.SITE_PASSWORD}
          picture: true
        """)
    ),
    "secret-through-a-fallback": alone(
        warns(
            'label "Pass phrase" was not found; its fallback label "Password" was used',
            """
        - goto: /form
        - fill: {label: Pass phrase, fallbacks: {label: Password}}
          with: ${secrets.SITE_PASSWORD}
          timeout: 20s
          picture: true
        """,
        )
    ),
    "secret-short": alone(
        passes("""
        - goto: /form
        - fill: {label: Password}
          with: ${secrets.SITE_PIN}
          picture: true
        """)
    ),
    "secret-that-was-saved": alone(
        passes("""
        - goto: /plain
        - read: {test_id: lead}
          save: {lead: {text: {matches: ".*"}, secret: true}}
          picture: true
        - expect: {text_of: {of: {test_id: lead}, reads: "${lead}"}}
        - expect: {visible: {heading: plain}}
          name: The lead is ${lead}
        """)
    ),
    "no-secret": alone(
        passes("""
        - goto: /form
        - fill: {label: Password}
          with: in the open
          picture: true
        """)
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("form")
    (folder / "files").mkdir()
    (folder / "files" / "a.txt").write_text("first")
    (folder / "files" / "b.txt").write_text("second")
    return replay(
        CASES,
        site,
        folder,
        head="secrets: [SITE_PASSWORD, SITE_SEED, {name: SITE_PIN, weak: true}]\nvariables: {missing: c}\n",
        secrets={"SITE_PASSWORD": PASSWORD, "SITE_SEED": SEED, "SITE_PIN": "4711"},
    )


@pytest.mark.parametrize("name", CASES)
def test_form(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_what_was_typed_is_noted_unless_it_is_secret(replayed: Replayed) -> None:
    assert replayed.step("fill", 2).value == "kim@example.test"
    assert replayed.step("select-several", 2).value == "Small, Large"
    assert replayed.step("upload-several", 2).value == "files/a.txt, files/b.txt"
    assert replayed.step("secret-filled", 2).value == "***SITE_PASSWORD***"
    assert replayed.step("secret-short", 2).value == "***"
    assert replayed.step("one-time-code", 2).value == "***"


def colours(path: Path, box: object) -> set[tuple[int, ...]]:
    """The colours inside a box, its border left out."""
    with Image.open(path) as picture:
        inside = picture.convert("RGB").crop((box.x + 3, box.y + 3, box.x + box.width - 3, box.y + box.height - 3))  # type: ignore[attr-defined]
        return {colour for _, colour in inside.getcolors(1 << 16) or ()}


@pytest.mark.parametrize("name", ["secret-filled", "secret-through-a-fallback", "secret-short"])
def test_a_field_that_holds_a_secret_is_painted_over(name: str, replayed: Replayed) -> None:
    box = replayed.step(name, 2).box
    assert colours(replayed.picture(name, 2), box) == {MASK}


def test_a_secret_stays_painted_over_in_later_pictures(replayed: Replayed) -> None:
    assert colours(replayed.picture("secret-filled", 3), replayed.step("secret-filled", 2).box) == {MASK}


def test_a_secret_typed_where_the_focus_is_is_painted_over(replayed: Replayed) -> None:
    box = replayed.step("secret-filled", 2).box
    assert colours(replayed.picture("secret-typed-where-the-focus-is", 3), box) == {MASK}


def test_a_saved_secret_is_painted_over_at_once_and_nowhere_in_words(replayed: Replayed) -> None:
    step = replayed.step("secret-that-was-saved", 2)
    # The paragraph is as wide as the page; its words stand at the left.
    words = step.box.model_copy(update={"width": 100})  # type: ignore[union-attr]
    assert colours(replayed.picture("secret-that-was-saved", 2), words) == {MASK}
    assert "It has 3 links" not in (replayed.bundle / "run.json").read_text()


def test_what_is_no_secret_is_shown(replayed: Replayed) -> None:
    assert colours(replayed.picture("no-secret", 2), replayed.step("no-secret", 2).box) != {MASK}
