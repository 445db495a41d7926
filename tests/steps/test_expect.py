"""Every fact of `expect`: when it holds, and what is said when it does not."""

from __future__ import annotations

import pytest
from cases import Replayed, alone, errs, fails, passes, replay, skips, warns
from server import Site


def holds(fact: str, page: str = "/plain") -> str:
    return f"""
        - goto: {page}
        - expect: {{{fact}}}
        """


CASES = {
    "url": passes(holds("url: /plain")),
    "url-star": passes(holds("url: /counter/*", "/counter/star")),
    "url-two-stars": passes(holds("url: /**", "/counter/stars")),
    "url-query-any-order": passes(holds("url: /plain?b=2", "/plain?a=1&b=2")),
    "url-matcher": passes(holds('url: {matches: "/plain$"}')),
    "url-several": passes(holds("url: [/plain, {matches: plain}]")),
    "url-fails": fails("the page is at {base}/plain, not at /orders (waited …)", holds("url: /orders")),
    "url-query-fails": fails(
        "the page is at {base}/plain?a=1, not at /plain?a=2 (waited …)", holds("url: /plain?a=2", "/plain?a=1")
    ),
    "title": passes(holds("title: plain")),
    "title-exactly": passes(holds("title: {is: A plain page}")),
    "title-fails": fails(
        'the title is "A plain page", not exactly "a plain page" (waited …)', holds("title: {is: a plain page}")
    ),
    "visible": passes(holds("visible: [{heading: plain}, {text: It has}]")),
    "visible-fails": fails(
        'heading "Welcome" is not there; headings here: "A plain page" (waited …)',
        holds("visible: {heading: Welcome}"),
    ),
    "visible-by-no-name": fails(
        'listitem "two" is not there; listitems here: "one", "two", "three"; what stands in a listitem is no name: '
        "write {listitem: '', has_text: …} (waited …)",
        holds("visible: {listitem: two}"),
    ),
    "visible-but-hidden": fails(
        'test_id "secret-note" is there but hidden (waited …)', holds("visible: {test_id: secret-note}")
    ),
    "visible-two": fails(
        "link /o/ matches 2 elements; narrow it: {link: {is: Somewhere else}}  or  {link: {is: Lost page}} (waited …)",
        holds('visible: {link: {matches: "o"}}'),
    ),
    "visible-fallback": warns(
        'heading "Welcome" was not found; its fallback heading "plain" was used',
        """
        - goto: /plain
        - expect: {visible: {heading: Welcome, fallbacks: {heading: plain}}}
          timeout: 1s
        """,
    ),
    "visible-two-wrong-at-once": fails(
        'the title is "A plain page", not "Order"; heading "Order" is not there; headings here: "A plain page" '
        "(waited …)",
        holds("title: Order, visible: {heading: Order}"),
    ),
    "visible-late": passes("""
        - goto: /plain
        - click: {button: Start}
        - expect: {visible: {text: Finished}}
        """),
    "hidden": passes(holds("hidden: [{test_id: secret-note}, {text: No such thing}]")),
    "hidden-fails": fails('heading "plain" is still visible (waited …)', holds("hidden: {heading: plain}")),
    "count": passes(holds("count: {of: {listitem: ''}, is: 3}")),
    "count-of-none": passes(holds("count: {of: {button: No such}, is: 0}")),
    "count-between": passes(holds("count: {of: {listitem: ''}, at_least: 2, at_most: 3}")),
    "count-fails": fails("there are 3 of listitem, not 4 (waited …)", holds("count: {of: {listitem: ''}, is: 4}")),
    "count-too-few": fails(
        "there are 3 of css li, not at least 4 (waited …)", holds("count: {of: {css: li}, at_least: 4}")
    ),
    "count-too-many": fails(
        "there are 3 of css li, not at most 2 (waited …)", holds("count: {of: {css: li}, at_most: 2}")
    ),
    "value": passes(holds("value: {of: {label: Email}, reads: robin}")),
    "value-fails": fails(
        'label "Email" holds "robin@example.test", not exactly "kim" (waited …)',
        holds("value: {of: {label: Email}, reads: {is: kim}}"),
    ),
    "value-of-no-field": fails(
        'heading "plain" is no form field (waited …)', holds("value: {of: {heading: plain}, reads: x}")
    ),
    "value-absent": fails(
        'label "Street" is not there; labels here: "Email", "News", "Terms" (waited …)',
        holds("value: {of: {label: Street}, reads: x}"),
    ),
    "text-of": passes(holds('text_of: {of: {test_id: lead}, reads: {is: "It has 3 links and a field."}}')),
    "text-of-pattern": passes(holds('text_of: {of: {test_id: lead}, reads: {matches: "has \\\\d links"}}')),
    "text-of-fails": fails(
        'test_id "lead" shows "It has 3 links and a field.", not "4 links" (waited …)',
        holds("text_of: {of: {test_id: lead}, reads: 4 links}"),
    ),
    "text-of-absent": fails(
        'test_id "leads" is not there; test ids here: "lead", "secret-note", "late" (waited …)',
        holds("text_of: {of: {test_id: leads}, reads: x}"),
    ),
    "text-of-what-flickers": passes("""
        - goto: /flicker
        - expect: {text_of: {of: {test_id: price}, reads: "13.00"}, value: {of: {label: Amount}, reads: "4"}}
        """),
    "checked": passes(holds('checked: [{label: News}, {of: {label: Terms}, is: "no"}]')),
    "checked-fails": fails('label "Terms" is not checked (waited …)', holds("checked: {label: Terms}")),
    "unchecked-fails": fails('label "News" is checked (waited …)', holds('checked: {of: {label: News}, is: "no"}')),
    "checked-no-checkbox": fails(
        'label "Email" is no checkbox or radio button (waited …)', holds("checked: {label: Email}")
    ),
    "enabled": passes(holds('enabled: [{button: Start}, {of: {button: Send}, is: "no"}]')),
    "enabled-fails": fails('button "Send" is disabled (waited …)', holds("enabled: {button: Send}")),
    "disabled-fails": fails('button "Start" is enabled (waited …)', holds('enabled: {of: {button: Start}, is: "no"}')),
    "focused": passes("""
        - goto: /plain
        - click: {label: Email}
        - expect: {focused: {label: Email}}
        """),
    "focused-fails": fails(
        'label "Email" does not have the focus; button "Start" has it (waited …)',
        """
        - goto: /plain
        - click: {button: Start}
        - expect: {focused: {label: Email}}
        """,
    ),
    "focused-nothing": fails(
        'label "Email" does not have the focus; nothing has it (waited …)', holds("focused: {label: Email}")
    ),
    "status": passes(holds("status: 200")),
    "status-fails": fails("the page answered with status 200, not 404 (waited …)", holds("status: 404")),
    "status-after-a-click": alone(
        warns(
            "new console error: Failed to load resource: the server responded with a status of 404 (Not Found)",
            """
        - goto: /plain
        - click: {link: Lost page}
          timeout: 10s
        - expect: {status: 404}
        """,
        )
    ),
    "aria": passes("""
        - goto: /plain
        - expect:
            aria: |
              - heading "A plain page" [level=1]
              - list:
                - listitem: one
        """),
    "aria-of": passes("""
        - goto: /plain
        - expect: {aria: {of: {list: ''}, snapshot: "- listitem: two"}}
        """),
    "aria-fails": fails(
        'the accessibility tree differs; it is:\n- heading "A plain page" [level=1]\n…- listitem: one\n…',
        """
        - goto: /plain
        - expect: {aria: '- heading "Welcome"'}
          timeout: 2s
        """,
    ),
    "aria-of-absent": fails(
        'region "Cart" is not there; there is no region here at all (waited …)',
        """
        - goto: /plain
        - expect: {aria: {of: {region: Cart}, snapshot: "- listitem: two"}}
          timeout: 2s
        """,
    ),
    "aria-of-several": fails(
        "css li matches 3 elements; narrow it: {css: li, nth: 1}  or  {css: li, nth: 2}  or  {css: li, nth: 3} …",
        """
        - goto: /plain
        - expect: {aria: {of: {css: li}, snapshot: "- listitem: two"}}
          timeout: 2s
        """,
    ),
    "aria-not-understood": errs(
        "the aria snapshot is not understood: …",
        """
        - goto: /plain
        - expect: {aria: "heading [level"}
        """,
    ),
    "console-says": alone(
        passes("""
        - goto: /talk
        - click: {button: Say hello}
        - expect: {console: [{says: hello from}, {errors: 0}]}
        """)
    ),
    "console-says-nothing": alone(
        fails(
            'the console never said "goodbye"; it said 1 thing, the newest: hello from the page (waited …)',
            """
        - goto: /talk
        - click: {button: Say hello}
        - expect: {console: {says: goodbye}}
        """,
        )
    ),
    "console-errors": alone(
        fails(
            "there are 2 console errors, not at most 1; the newest: …reading 'x'… (waited …)",
            """
        - goto: /talk
        - click: {button: Complain}
          on_failure: warn
        - click: {button: Throw}
        - expect: {console: {errors: 1}}
        """,
        )
    ),
    "console-error-is-warned": alone(
        warns(
            "new console error: the cart is broken",
            """
        - goto: /talk
        - click: {button: Complain}
          timeout: 10s
        - expect: {console: {errors: 1}}
        """,
        )
    ),
    "console-error-of-another-origin": alone(
        passes("""
        - goto: /talk
        - click: {button: Foreign}
        - expect: {text_of: {of: {test_id: answer}, reads: {is: '0'}}}
        """)
    ),
    "requests": alone(
        passes("""
        - goto: /talk
        - click: {button: Orders}
        - expect: {requests: {url: /api/orders, method: GET, status: 200, times: 1}}
        - click: {button: Post}
        - expect:
            requests: [{url: /api/*, method: POST}, {url: /api/orders}, {url: /api/*, method: DELETE, times: 0}]
        """)
    ),
    "requests-never": alone(
        fails(
            "/api/orders was answered 0 times, not at least once (waited …)",
            """
        - goto: /talk
        - expect: {requests: {url: /api/orders}}
        """,
        )
    ),
    "requests-other-method": alone(
        fails(
            "POST /api/orders was answered 0 times, not at least once; seen there: GET → 200 (waited …)",
            """
        - goto: /talk
        - click: {button: Orders}
        - expect: {requests: {url: /api/orders, method: POST}}
        """,
        )
    ),
    "requests-forbidden": alone(
        fails(
            "/api/** was answered once, not 0 times; seen there: GET → 200 (waited …)",
            """
        - goto: /talk
        - click: {button: Orders}
        - expect: {requests: {url: /api/**, times: 0}, text_of: {of: {test_id: answer}, reads: 200}}
        """,
        )
    ),
    "when-holds": passes("""
        - goto: /plain
        - click: {link: Somewhere else}
          when: {visible: {link: Somewhere else}, url: /plain}
        - expect: {url: /links}
        """),
    "when-does-not-hold": skips(
        'its `when` does not hold: button "Accept" is not there; buttons here: "Send", "Start"',
        """
        - goto: /plain
        - click: {button: Accept}
          when: {visible: {button: Accept}}
        - expect: {url: /plain}
        """,
    ),
    "when-url-differs": skips(
        "its `when` does not hold: the page is at {base}/plain, not at /orders",
        """
        - goto: /plain
        - click: {button: Accept}
          when: {url: /orders}
        """,
    ),
    "expect-saves": passes("""
        - goto: /plain?order=A-17
        - expect: {title: plain}
          save: {order: {url: {matches: "order=(.*)"}}, links: {text: {matches: "has (\\\\d+) links"}}}
        - goto: /plain?was=${order}-${links}
        - expect: {url: /plain?was=A-17-3}
        """),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("expect"))


@pytest.mark.parametrize("name", CASES)
def test_expect(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_a_fallback_leaves_a_mend(replayed: Replayed) -> None:
    mend = replayed.step("visible-fallback", 2).mend
    assert mend is not None
    assert (mend.found, mend.instead) == ('heading "Welcome"', {"heading": "plain"})


def test_what_is_expected_to_be_visible_is_outlined(replayed: Replayed) -> None:
    assert replayed.step("visible", 2).box is not None
    assert replayed.step("url", 2).box is None
