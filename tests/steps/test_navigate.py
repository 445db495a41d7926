"""goto, back, reload: where they lead, what is judged, and what is said when it goes wrong."""

from __future__ import annotations

import pytest
from cases import Replayed, alone, errs, fails, passes, replay, unclear
from server import Site, closed_port

CLOSED = closed_port()

CASES = {
    "goto-absolute-path": passes("""
        - goto: /plain
        - expect: {url: /plain, title: A plain page, status: 200}
        """),
    "goto-relative-path": passes("""
        - goto: plain?a=1
        - expect: {url: /plain?a=1}
        """),
    "goto-whole-url": passes("""
        - goto: http://127.0.0.1:${port}/links#here
        - expect: {url: "/links#here"}
        """),
    "goto-redirected": passes("""
        - goto: /redirect
        - expect: {url: /plain?from=redirect, status: 200}
        """),
    "goto-fragment-of-the-same-page": passes("""
        - goto: /links
        - goto: /links#here
        - expect: {status: 200}
        """),
    "goto-404": fails(
        "{base}/status/404 answered with status 404 Not Found (if that is right, write `status: 404` beside it)",
        "- goto: /status/404",
    ),
    "goto-500": fails("{base}/status/500 answered with status 500 Internal Server Error", "- goto: /status/500"),
    "goto-404-is-right": passes("""
        - goto: /status/404
          status: 404
        - expect: {status: 404}
        """),
    "goto-other-status": fails(
        "{base}/plain answered with status 200, not 404",
        """
        - goto: /plain
          status: 404
        """,
    ),
    "goto-refused": fails(
        f"http://127.0.0.1:{CLOSED}/: the connection was refused (ERR_CONNECTION_REFUSED)",
        f"- goto: http://127.0.0.1:{CLOSED}/",
    ),
    "goto-circle": fails(
        "{base}/circle: it redirects in a circle (ERR_TOO_MANY_REDIRECTS)",
        """
        - goto: /circle
          timeout: 20s
        """,
    ),
    "goto-until-it-can-be-read": passes("""
        - goto: /plain
          wait_until: domcontentloaded
        """),
    "goto-slow": fails(
        "the page did not finish loading (waited …)",
        """
        - goto: /slow?seconds=5
          timeout: 600ms
        """,
    ),
    "goto-download": fails(
        "this is a file that is downloaded, not a page; click its link, with `download: true` beside it",
        "- goto: /file/report.csv",
    ),
    "goto-no-content": fails(
        "{base}/no-content: the answer holds no page, so the browser stayed where it was (ERR_ABORTED)",
        "- goto: /no-content",
    ),
    "goto-other-host": unclear(
        "stopped: allow_hosts does not name other.test: GET http://other.test/", "- goto: http://other.test/"
    ),
    "goto-commit": passes("""
        - goto: /slow?seconds=0
          wait_until: commit
        - expect: {visible: {heading: At last}}
        """),
    "goto-unknown-scheme": errs("gopher://x/: that is no address a browser opens (ERR_ABORTED)", "- goto: gopher://x/"),
    "save-url": passes("""
        - goto: /plain?order=A-17
          save: {order: {url: {matches: "order=([^&]+)"}}, page: url}
        - goto: /links?tab=${order}
        - expect: {url: /links?tab=A-17}
        - goto: ${page}
        - expect: {url: /plain?order=A-17}
        """),
    "save-text": passes("""
        - goto: /plain
          save: {number: {text: {matches: "has ([0-9]+) links"}}}
        - goto: /plain?n=${number}
        - expect: {url: /plain?n=3}
        """),
    "save-nothing": fails(
        "nothing to save: url is '{base}/plain', which does not match /order=(.+)/",
        """
        - goto: /plain
          save: {order: {url: {matches: "order=(.+)"}}}
        """,
    ),
    "back": passes("""
        - goto: /plain
        - click: {link: Somewhere else}
        - expect: {url: /links}
        - back: true
          save: {where: url}
        - expect: {url: /plain, visible: {heading: A plain page}}
        """),
    "back-to-404": fails(
        "{base}/status/404 answered with status 404 Not Found (if that is right, write `status: 404` beside it)",
        """
        - goto: /status/404
          status: 404
        - goto: /plain
        - back: true
        """,
    ),
    "back-to-404-is-right": passes("""
        - goto: /status/404
          status: 404
        - goto: /plain
        - back: true
          status: 404
        """),
    "back-within-the-page": passes("""
        - goto: /links
        - click: {button: Open a layer}
        - expect: {visible: {text: a layer is open}}
        - back: true
        - expect: {url: /links, visible: {text: no layer}}
        """),
    "back-without-history": alone(
        fails(
            "there is no page to go back to",
            """
        - goto: /plain
        - back: true
        """,
        )
    ),
    "back-at-once": alone(fails("there is no page to go back to", "- back: true")),
    "reload": passes("""
        - goto: /counter/reload
        - reload: true
        - expect: {text_of: {of: {test_id: times}, reads: asked 2 times}}
        """),
    "reload-other-status": fails(
        "{base}/counter/again answered with status 200, not 500",
        """
        - goto: /counter/again
        - reload: true
          status: 500
        """,
    ),
    "timeout-of-the-step-first": fails(
        "the page did not finish loading (waited 300 ms)",
        """
        - goto: /slow?seconds=5
          timeout: 300ms
        """,
        timeout="2s",
    ),
    "timeout-of-the-flow": fails(
        'text "Later" is not there (waited 700 ms)',
        """
        - goto: /plain
          timeout: 20s
        - expect: {visible: {text: Later}, title: "A plain page", url: /plain}
          # no time-out of its own
        """,
        timeout="700ms",
    ),
}

BELOW = {
    "path-below-base": passes("""
        - goto: /orders
        - expect: {url: /orders, visible: {heading: Shop page /orders}}
        """),
    "relative-below-base": passes("""
        - goto: orders/1
        - expect: {url: /orders/*, visible: {heading: Shop page /orders/1}}
        """),
    "host-root": passes("""
        - goto: //plain
        - expect: {url: //plain, title: A plain page}
        """),
    "root-is-not-base": fails(
        "the page is at {base}/plain, not at /plain (waited …)",
        """
        - goto: //plain
        - expect: {url: /plain}
        """,
    ),
    "file-timeout": fails(
        'text "Later" is not there (waited 800 ms)',
        """
        - goto: /orders
          timeout: 20s
        - expect: {visible: {text: Later}}
          # no time-out of its own
        """,
    ),
    "flow-over-file-timeout": fails(
        'text "Later" is not there (waited 400 ms)',
        """
        - goto: /orders
          timeout: 20s
        - expect: {visible: {text: Later}}
          # no time-out of its own
        """,
        timeout="400ms",
    ),
}


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    head = f"variables: {{port: '{site.port}'}}\n"
    return replay(CASES, site, tmp_path_factory.mktemp("navigate"), head=head)


@pytest.fixture(scope="module")
def below(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    head = f"base_url: {site.base_url}/shop\ntimeout: 800ms\n"
    return replay(BELOW, site, tmp_path_factory.mktemp("below"), head=head)


@pytest.mark.parametrize("name", CASES)
def test_navigate(name: str, replayed: Replayed) -> None:
    replayed.check(name)


@pytest.mark.parametrize("name", BELOW)
def test_base_url_with_a_path(name: str, below: Replayed) -> None:
    below.check(name)
