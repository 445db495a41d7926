"""api, cookies, storage, and what is saved from answers and elements."""

from __future__ import annotations

import pytest
from cases import Case, Replayed, alone, errs, fails, passes, replay, unclear
from server import Site, closed_port

CLOSED = closed_port()


def saves(part: str, value: str, read: str = "{link: Order A-17}") -> Case:
    """What is saved comes back as a query."""
    return passes(f"""
        - goto: /plain
        - read: {read}
          save: {{kept: {part}}}
        - goto: /links?kept=${{kept}}
        - expect: {{url: "/links?kept={value}"}}
        """)


def saves_not(says: str, part: str, read: str = "{link: Order A-17}") -> Case:
    return fails(
        says,
        f"""
        - goto: /plain
        - read: {read}
          save: {{kept: {part}}}
          timeout: 20s
        """,
    )


CASES = {
    "get": passes("""
        - api: {get: /api/orders}
          answer: {status: 200, json: {$.total: 2, "$.orders[0].id": A-17, "orders[1].id": {is: B-4}}}
          save: {order: {json: "$.orders[1].id"}, all: text, where: url, kind: {header: Content-Type}}
        - goto: /plain?order=${order}&kind=${kind}
        - expect: {url: /plain?order=B-4&kind=application/json}
        """),
    "post-json": passes("""
        - api:
            post: /api/echo?q=1
            headers: {X-Who: robin}
            json: {name: robin, age: 7, vip: true, tags: [a, 1]}
          answer:
            status: 200
            headers: {x-echo: {matches: "yes, \\\\d+"}}
            text: '"method":"POST"'
            json:
              $.body: {is: '{"name": "robin", "age": 7, "vip": true, "tags": ["a", 1]}'}
              $.headers.content-type: {is: application/json}
              $.headers.x-who: {is: robin}
              $.headers.x-smoke-flow: together
              $.query.q: "1"
        """),
    "post-form": passes("""
        - api: {post: /api/echo, form: {name: Robin Ek}}
          answer: {json: {$.body: {is: name=Robin+Ek}, $.headers.content-type: application/x-www-form-urlencoded}}
        """),
    "put": passes("- api: {put: /api/echo}\n  answer: {json: {$.method: PUT}}"),
    "patch": passes("- api: {patch: /api/echo}\n  answer: {json: {$.method: PATCH}}"),
    "delete": passes("- api: {delete: /api/echo}\n  answer: {json: {$.method: DELETE}}"),
    "head": passes("- api: {head: /api/orders}\n  answer: {status: 200, text: ''}"),
    "accept-json": passes("""
        - api: {get: /api/echo}
          accept: json
          answer: {json: {$.headers.accept: {is: application/json}}}
        """),
    "api-has-the-cookies-of-the-page": passes("""
        - api: {get: /api/cookie}
        - api: {get: /api/echo}
          answer: {json: {$.cookies.visitor: robin}}
        - goto: /keeping
        - expect: {text_of: {of: {test_id: cookies}, reads: visitor=robin}}
        """),
    "status-is-judged": fails(
        "GET {base}/api/status/404 answered status 404: as you asked", "- api: {get: /api/status/404}"
    ),
    "status-is-right": passes("- api: {get: /api/status/404}\n  answer: {status: 404}"),
    "status-differs": fails(
        "GET {base}/api/orders answered status 200, not 201: …",
        """
        - api: {get: /api/orders}
          answer: {status: 201}
        """,
    ),
    "header-differs": fails(
        "GET {base}/api/echo answered header X-Echo 'yes, 42', not \"no\"",
        """
        - api: {get: /api/echo}
          answer: {headers: {X-Echo: "no"}}
        """,
    ),
    "header-missing": fails(
        'GET {base}/api/echo answered header X-Other missing, not "no"',
        """
        - api: {get: /api/echo}
          answer: {headers: {X-Other: "no"}}
        """,
    ),
    "text-differs": fails(
        'GET {base}/api/status/200 answered a body without "shipped": as you asked',
        """
        - api: {get: /api/status/200}
          answer: {text: shipped}
        """,
    ),
    "json-differs": fails(
        "GET {base}/api/orders answered $.total = 2, not 3",
        """
        - api: {get: /api/orders}
          answer: {json: {$.total: 3}}
        """,
    ),
    "json-text-is-not-a-number": fails(
        'GET {base}/api/orders answered $.orders[0].id = "A-17", not exactly "17"',
        """
        - api: {get: /api/orders}
          answer: {json: {"$.orders[0].id": {is: "17"}}}
        """,
    ),
    "json-missing": fails(
        "GET {base}/api/orders answered nothing at $.sum",
        """
        - api: {get: /api/orders}
          answer: {json: {$.sum: 3}}
        """,
    ),
    "json-expected": fails(
        "GET {base}/api/status/200 answered something that is not JSON (text/plain; charset=utf-8)",
        """
        - api: {get: /api/status/200}
          answer: {json: {$.sum: 3}}
        """,
    ),
    "no-json-to-save": fails(
        "the answer is something that is not JSON (text/plain; charset=utf-8)",
        """
        - api: {get: /api/status/200}
          save: {x: {json: $.sum}}
        """,
    ),
    "nothing-to-save": fails(
        "nothing to save: there is no json $.sum",
        """
        - api: {get: /api/orders}
          save: {x: {json: $.sum}}
        """,
    ),
    "no-header-to-save": fails(
        "nothing to save: there is no header X-Other",
        """
        - api: {get: /api/orders}
          save: {x: {header: X-Other}}
        """,
    ),
    "api-refused": fails(
        f"127.0.0.1:{CLOSED}: the connection was refused", f"- api: {{get: 'http://127.0.0.1:{CLOSED}/'}}"
    ),
    "api-slow": fails("no answer came (waited …)", "- api: {get: /api/slow?seconds=3}"),
    "api-not-a-path": errs(
        "'$[' is not a JSONPath: unexpected end of query",
        """
        - api: {get: /api/orders}
          answer: {json: {"$[": x}}
        """,
    ),
    "api-post-to-another-host": unclear(
        "stopped: allow_hosts does not name other.test: POST http://other.test/x",
        "- api: {post: 'http://other.test/x'}",
    ),
    "cookies": alone(
        passes("""
        - goto: /keeping
        - cookies: {set: {consent: all, theme: dark}}
        - goto: /keeping
        - expect: {text_of: {of: {test_id: cookies}, reads: {is: "cookies: consent=all theme=dark"}}}
        - cookies: {remove: [theme]}
        - reload: true
        - expect: {text_of: {of: {test_id: cookies}, reads: {is: "cookies: consent=all"}}}
        - cookies: {clear: true, set: {last: one}}
        - reload: true
        - expect: {text_of: {of: {test_id: cookies}, reads: {is: "cookies: last=one"}}}
        """)
    ),
    "cookies-not-set": alone(
        fails(
            'test_id "cookies" shows "cookies:", not "consent" (waited …)',
            """
        - cookies: {set: {consent: all}}
        - cookies: {clear: true}
        - goto: /keeping
        - expect: {text_of: {of: {test_id: cookies}, reads: consent}}
        """,
        )
    ),
    "cookies-nobody-can-have": errs(
        "the browser does not take such a cookie: its name or value has signs that no cookie can have",
        """
        - cookies: {set: {"con sent=": "a;b"}}
        """,
    ),
    "storage": alone(
        passes("""
        - goto: /keeping
        - storage: {set: {tour: done, size: "2"}}
        - storage: {area: session, set: {step: "3"}}
        - reload: true
        - expect:
            text_of:
              - {of: {test_id: local}, reads: {is: "local: size=2 tour=done"}}
              - {of: {test_id: session}, reads: {is: "session: step=3"}}
        - storage: {remove: [size]}
        - storage: {area: session, clear: true}
        - reload: true
        - expect:
            text_of:
              - {of: {test_id: local}, reads: {is: "local: tour=done"}}
              - {of: {test_id: session}, reads: {is: "session:"}}
        """)
    ),
    "storage-without-a-page": errs(
        "storage belongs to a page, and none is open yet; `goto` one first", "- storage: {set: {tour: done}}"
    ),
    "save-text": saves("text", "Order A-17"),
    "save-text-group": saves('{text: {matches: "Order (.*)"}}', "A-17"),
    "save-text-that-is-part": saves("{text: order}", "Order A-17"),
    "save-attribute": saves("{attribute: href}", "/plain?order=A-17"),
    "save-attribute-group": saves('{attribute: href, matches: "order=(.*)"}', "A-17"),
    "save-value": saves("value", "robin@example.test", "{label: Email}"),
    "save-url": saves('{url: {matches: "/([a-z]+)$"}}', "plain"),
    "save-anchor": passes("""
        - goto: /plain
        - read: {css: body}
          save: {kept: {anchor: order}, by_address: {anchor: {matches: "status/404$"}}}
        - goto: ${kept}
        - expect: {url: /plain?order=A-17}
        - goto: ${by_address}
          status: 404
        """),
    "save-text-differs": saves_not(
        "nothing to save: text is 'Order A-17', which does not match /Total (.*)/", '{text: {matches: "Total (.*)"}}'
    ),
    "save-no-attribute": saves_not("nothing to save: there is no attribute data-id", "{attribute: data-id}"),
    "save-no-value": saves_not("nothing to save: there is no value", "value", "{heading: plain}"),
    "save-no-anchor": saves_not('nothing to save: there is no link "Invoice"', "{anchor: Invoice}", "{css: body}"),
    "read-absent": fails(
        'test_id "total" is not there; test ids here: "lead", "secret-note", "late" (waited …)',
        """
        - goto: /plain
        - read: {test_id: total}
          save: {kept: text}
        """,
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(CASES, site, tmp_path_factory.mktemp("requests"))


@pytest.mark.parametrize("name", CASES)
def test_requests(name: str, replayed: Replayed) -> None:
    replayed.check(name)


def test_the_answer_is_noted(replayed: Replayed) -> None:
    assert replayed.step("get", 1).value == "200 (49 bytes)"


def test_a_request_to_another_host_is_not_sent_and_the_flow_goes_on_only_if_told(replayed: Replayed) -> None:
    assert replayed.step("api-post-to-another-host", 1).outcome == "warned"
