"""Links and text of messages, as a person sees them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smokerunner.model.anchors import Anchor, anchors_in_html, anchors_in_text, text_of_html
from smokerunner.model.mail import Message


def links(html: str) -> list[tuple[str, str]]:
    return [(anchor.text, anchor.href) for anchor in anchors_in_html(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<a href='/x'>Choose  a\n <b>new</b> password</a>", [("Choose a new password", "/x")]),
        ("<a href=https://a.test/x>bare</a>", [("bare", "https://a.test/x")]),
        ('<a\nclass="b"\nhref=" https://a.test/x\n">spaced</a>', [("spaced", "https://a.test/x")]),
        ('<a href="https://a.test/very/\n   long">folded</a>', [("folded", "https://a.test/very/   long")]),
        ("<a href='/x'><img src='b.png' alt='Confirm &amp; go'></a>", [("Confirm & go", "/x")]),
        ("<a href='/x'>Tom&nbsp;&amp; Jerry &#8364;</a>", [("Tom & Jerry €", "/x")]),
        ("<A HREF='/x'>upper</A>", [("upper", "/x")]),
        ("<a href='/x'>one<a href='/y'>two</a>", [("one", "/x"), ("two", "/y")]),
        ("<a href='/x'>never closed", [("never closed", "/x")]),
        ("<a href='/x'></a>", [("", "/x")]),
        ("<a href='myapp://reset?t=1'>app</a>", [("app", "myapp://reset?t=1")]),
        ("<a href='MAILTO:a@b.test'>write</a><a href='tel:1'>call</a><a href='#top'>up</a><a name='x'>n</a>", []),
        ("<a title='href=/no' data-href='/no' href='/x'>t</a>", [("t", "/x")]),
        ("<!-- <a href='/no'>no</a> --><a href='/x'>yes</a>", [("yes", "/x")]),
        ("<!--[if mso]><a href='/no'>no</a><![endif]--><![if !mso]><a href='/x'>yes</a><![endif]>", [("yes", "/x")]),
        ("<![broken thing]><a href='/x'>yes</a>", [("yes", "/x")]),
        ("<div style='display: none'><div></div><a href='/no'>no</a></div><a href='/x'>yes</a>", [("yes", "/x")]),
        ("<span hidden><a href='/no'>no</a></span><a href='/x'>yes</a>", [("yes", "/x")]),
        ("<a href='/x'>Total<td>12", [("Total 12", "/x")]),
    ],
)
def test_a_link_is_what_a_person_sees_and_where_it_leads(html: str, expected: list[tuple[str, str]]) -> None:
    assert links(html) == expected


def test_addresses_are_read_like_browsers_read_them() -> None:
    # Apps forget to write &amp; in attributes; &copy=, &notify= and &section= must not become signs.
    html = '<a href="https://a.test/r?a=1&copy=2&notify=3&amp;section=4&region=5&#38;x=&lt;&amp">go</a>'
    assert links(html) == [("go", "https://a.test/r?a=1&copy=2&notify=3&section=4&region=5&x=<&")]


def test_text_of_html_has_a_line_for_each_block() -> None:
    html = """
      <html><head><title>No</title><style>p {color: red}</style></head>
      <body><h1>Reset&nbsp;your   password</h1><script>alert('no')</script>
      <p>Hello <b>Ann</b>,<br>use this
      code:</p><p></p><table><tr><td>Code</td><td>123&#8203;456</td></tr></table>
      <img alt="Acorn &amp; Co" src="x"><template>no</template>
      <div style="DISPLAY:none">preheader</div>Bye &lt;3</body></html>"""
    expected = ["Reset your password", "Hello Ann,", "use this code:", "Code 123456", "Acorn & Co Bye <3"]
    assert text_of_html(html).splitlines() == expected


@pytest.mark.parametrize("html", ["<head><style>x</style><body>seen", "<title>no</title>seen", "seen<script>no"])
def test_unclosed_heads_do_not_hide_the_body(html: str) -> None:
    assert text_of_html(html) == "seen"


@pytest.mark.parametrize("html", ["", "<", "<a", "<a href='x", "&", "<!", "</", "<![", "<?php", "\x00<a href=>"])
def test_fragments_of_html_are_read_without_complaint(html: str) -> None:
    anchors_in_html(html)
    text_of_html(html)


def test_addresses_in_plain_text_lose_the_sentence_round_them() -> None:
    text = (
        "Open https://a.test/reset?t=1&u=2. Or <https://a.test/b>, (https://a.test/c) or HTTP://a.test/d_(e)!\n"
        'Then "https://a.test/f": fine; ftp://no.test www.no.test'
    )
    expected = ["https://a.test/reset?t=1&u=2", "https://a.test/b", "https://a.test/c", "HTTP://a.test/d_(e)"]
    assert anchors_in_text(text) == tuple(Anchor(text=url, href=url) for url in [*expected, "https://a.test/f"])


def message(text: str, html: str) -> Message:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Message(id="1", sender="", recipients=(), subject="", text=text, html=html, received=now)


def test_a_message_prefers_html_for_links_and_text_for_reading() -> None:
    both = message("Read me https://a.test/text", "<p>Seen <a href='https://a.test/html'>Go</a></p>")
    assert [anchor.href for anchor in both.anchors] == ["https://a.test/html"]
    assert both.body == "Read me https://a.test/text"


def test_a_message_uses_the_part_it_has() -> None:
    assert message("See https://a.test/text", " \n").anchors[0].href == "https://a.test/text"
    assert message(" \n", "<p>Only</p><p>HTML</p>").body == "Only\nHTML"
