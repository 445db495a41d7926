"""What appeared on a page, as targets that will still be right tomorrow."""

from __future__ import annotations

from typing import Any

import pytest

from smokerunner.authoring.appearing import appeared, lasting, shows_once
from smokerunner.authoring.aria import read

LASTING = [
    # As it is.
    ("Welcome, Robin", "Welcome, Robin"),
    ("Your password is changed.", "Your password is changed."),
    ("2 results", "2 results"),
    ("Cart (3)", "Cart (3)"),
    ("Über uns – Kontakt", "Über uns – Kontakt"),
    ("ご注文ありがとうございます", "ご注文ありがとうございます"),
    ("Спасибо за заказ", "Спасибо за заказ"),
    # Prices stay: a wrong one is what a person would notice.
    ("Total: €12.50", "Total: €12.50"),
    ("Total $1,299.00", "Total $1,299.00"),
    ("Summe 12,50 €", "Summe 12,50 €"),
    ("Summe: 1.299,00 EUR.", "Summe: 1.299,00 EUR."),
    ("Att betala 129 kr", "Att betala 129 kr"),
    ("From CHF 4.50", "From CHF 4.50"),
    # Numbers of things.
    ("Order A-1017 is ready", "is ready"),
    ("Order #4711 placed", "placed"),
    ("Invoice no. 12", "Invoice no."),
    ("Ticket 7 was closed", "was closed"),
    ("Bestellung 20260017 ist da", "Bestellung"),
    ("build 3f2b8c1 is live", "is live"),
    ("version 2", "version"),
    # Dates and times.
    ("Delivered on 2026-02-03", "Delivered on"),
    ("Delivered on 3 March 2026 by post", "Delivered on"),
    ("Paid March 3, 2026", "Paid"),
    ("Geliefert am 3. Oktober 2026", "Geliefert am"),
    ("Levererad 12 okt 2026", "Levererad"),
    ("Opens at 09:30", "Opens at"),
    ("Closing 12/31/2026", "Closing"),
    ("Livré le 3 février 2026", "Livré le"),
    ("Entregado el 3 de marzo de 2026", "Entregado el"),
    ("© 2026 Acorn", "Acorn"),
    # What passes.
    ("5 minutes ago", ""),
    ("Updated just now", ""),
    ("Signed in today", ""),
    ("vor 5 Minuten", ""),
    ("il y a 3 heures", ""),
    ("hace 2 días", ""),
    ("för 3 timmar sedan", ""),
    ("Guten Morgen, Robin", ""),
    ("Good evening, Robin", ""),
    ("Opening hours", "Opening hours"),
    ("2 settings were saved", "2 settings were saved"),
    ("3 mayors came", "3 mayors came"),
    # Whose it is.
    ("Mail went to robin@example.test", "Mail went to"),
    # Too little.
    ("", ""),
    ("ok", ""),
    ("42", ""),
    ("4711", ""),
    ("···", ""),
    ("—", ""),
    # Too much.
    ("All good. " + "And much more that nobody reads to its end, " * 3, "All good."),
    ("word " * 30, ""),
    # What would be read as a reference.
    ("Hello ${name}", ""),
]


@pytest.mark.parametrize(("text", "wanted"), LASTING)
def test_only_what_will_be_the_same_tomorrow_is_kept(text: str, wanted: str) -> None:
    assert lasting(text) == wanted


@pytest.mark.parametrize("text", [text for text, _ in LASTING])
def test_what_is_kept_stands_in_the_text(text: str) -> None:
    assert lasting(text) in text


BEFORE = """\
- heading "Log in" [level=1] [ref=e1]
- textbox "Email" [ref=e2]: qa@example.test
- button "Log in" [ref=e3]
"""

# What was there, what is there now, and what can be expected.
APPEARED: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "nothing": (BEFORE, BEFORE, []),
    "only references changed": (BEFORE, BEFORE.replace("ref=e", "ref=f"), []),
    "an alert": (BEFORE, BEFORE + '- alert: "Wrong password"\n', [{"role": "alert", "has_text": "Wrong password"}]),
    "a status": (BEFORE, BEFORE + "- status: Saved for good\n", [{"role": "status", "has_text": "Saved for good"}]),
    "an alert with a paragraph": (
        BEFORE,
        BEFORE + "- alert:\n  - paragraph: Wrong password\n",
        [{"text": "Wrong password"}],
    ),
    "an alert, and a text that repeats it less well": (
        BEFORE,
        BEFORE + "- alert: Not saved\n- paragraph: See below\n",
        [{"role": "alert", "has_text": "Not saved"}],
    ),
    "a text": (BEFORE, BEFORE + "- paragraph: Your cart is empty\n", [{"text": "Your cart is empty"}]),
    "a text that stands twice": (BEFORE, BEFORE + "- paragraph: Same\n- paragraph: Same\n", []),
    "a text that is part of another": (
        BEFORE,
        BEFORE + "- paragraph: Saved\n- paragraph: Saved twice\n",
        [{"text": {"is": "Saved"}}, {"text": "Saved twice"}],
    ),
    "a dialog": (
        BEFORE,
        BEFORE + '- dialog "Really delete?":\n  - button "Delete"\n',
        [{"dialog": "Really delete?"}, {"button": "Delete"}],
    ),
    "one more of what was there": (BEFORE, BEFORE + '- button "Log in"\n', []),
    "what was typed": (BEFORE, BEFORE.replace("qa@example.test", "robin@example.test"), []),
    "a typed password": (BEFORE, BEFORE + '- textbox "Password": s3cret-Horse\n', []),
    "a chosen option": (BEFORE, BEFORE + '- combobox "Country":\n  - option "Norway" [selected]\n', []),
    "inside an iframe": (BEFORE, BEFORE + '- iframe:\n  - heading "Ad" [level=1]\n', []),
    "a new page's heading, not its links": (
        "",
        '- navigation:\n  - link "Shop"\n- main:\n  - heading "Your cart" [level=1]\n  - link "Checkout"\n',
        [{"heading": "Your cart"}],
    ),
    "two headings": (
        "",
        '- heading "Side" [level=2]\n- heading "Main one" [level=1]\n',
        [{"heading": "Main one"}, {"heading": "Side"}],
    ),
    "a heading with a number": ("", '- heading "Order A-1017" [level=1]\n', [{"heading": "Order"}]),
    "names with quotes": ("", '- heading "Say \\"hello\\" now" [level=1]\n', [{"heading": 'Say "hello" now'}]),
    "a row, for want of better": (
        '- table:\n  - row "Lamp 2"\n',
        '- table:\n  - row "Lamp 2"\n  - row "Watering can"\n',
        [{"row": "Watering can"}],
    ),
}


@pytest.mark.parametrize("name", APPEARED)
def test_what_appeared(name: str) -> None:
    before, after, wanted = APPEARED[name]
    assert list(appeared(before, after)) == wanted


def test_the_most_telling_comes_first() -> None:
    after = BEFORE + '- button "More"\n- paragraph: Some text\n- heading "Part" [level=2]\n- status: Saved now\n'
    assert next(iter(appeared(BEFORE, after))) == {"role": "status", "has_text": "Saved now"}


@pytest.mark.parametrize("text", ["", "no snapshot", "- [broken", "{a: b}", "- heading\n  bad", "\x00"])
def test_what_is_no_snapshot_shows_nothing(text: str) -> None:
    assert not any(node.name for node in read(text))
    assert appeared(text, text) == ()
    assert appeared(BEFORE, text) == ()


def test_a_name_is_counted_as_a_part_of_others() -> None:
    snapshot = '- button "Save"\n- button "Save all"\n- link "Save"\n'
    assert shows_once(snapshot, "link", "save")
    assert not shows_once(snapshot, "button", "Save")
    assert shows_once(snapshot, "button", "save all")
    assert not shows_once(snapshot, "button", "Delete")


def test_a_snapshot_is_read_with_its_marks_and_what_is_around() -> None:
    nodes = read('- main [ref=e1]:\n  - checkbox "Terms" [checked] [ref=e2]\n  - text: so it is\n  - /url: /a\n')
    assert [(node.role, node.name, node.text) for node in nodes] == [
        ("main", "", ""),
        ("checkbox", "Terms", ""),
        ("text", "", "so it is"),
    ]
    assert "checked" in nodes[1].marks
    assert nodes[1].within == ("main",)


@pytest.mark.parametrize("text", ["Saving…", "Loading...", "A long description that was cut …"])
def test_what_is_under_way_or_cut_off_is_not_expected(text: str) -> None:
    assert lasting(text) == ""
