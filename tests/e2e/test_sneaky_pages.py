"""Pages that try everything to reach another host: nothing bounded may arrive there, and each attempt is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from smokerunner.model.outcome import Outcome
from tests.e2e.outcome_site import Answer, Asked, Replayed, Site, replay, write

pytestmark = pytest.mark.e2e

PASSED, INCONCLUSIVE = Outcome.PASSED, Outcome.INCONCLUSIVE


@dataclass(frozen=True)
class Trick:
    """How a page gets at {victim}/NAME. `html` is the page, `scripts` what else its host serves."""

    html: str
    method: str = "POST"
    scripts: str = ""
    clicks: bool = True
    late: bool = False
    """Held back until the page is closed, at the end of the flow: no step is left that could tell it."""


def _go(code: str) -> str:
    return f'<button onclick="{code}">Go</button>'


_POSTS = "{method: 'POST', body: 'x=1'}"
_SEND = "fetch('{own}/redirect/307?to={victim}/NAME', {{method: 'POST', body: 'x'}}).catch(() => 0)"
_DIRECT = "fetch('{victim}/NAME', {{method: 'POST', body: 'x'}}).catch(() => 0)"
_INSTALLING = "self.addEventListener('install', event => event.waitUntil(CODE))"


def _form(action: str, more: str = "method=post") -> str:
    return f"<form {more} action='{action}'><input name=card value=4242><button>Go</button></form>"


TRICKS = {
    # Navigation of the page itself.
    **{
        f"redirect-{status}": Trick(f"<a href='/redirect/{status}?to={{victim}}/NAME' role=button>Go</a>", "GET")
        for status in (301, 302, 303, 307, 308)
    },
    "chain": Trick("<a role=button href='/redirect/302?to={middle}/redirect/302?to={victim}/NAME'>Go</a>", "GET"),
    "meta-refresh": Trick("<meta http-equiv=refresh content='0;url={victim}/NAME'>", "GET", clicks=False),
    "meta-redirect": Trick(
        "<meta http-equiv=refresh content='0;url=/redirect/302?to={victim}/NAME'>", "GET", clicks=False
    ),
    "location": Trick(_go("location = '{victim}/NAME'"), "GET"),
    "get-form": Trick(_form("{victim}/NAME", "method=get"), "GET"),
    "frame-moves-top": Trick(
        "<iframe srcdoc=\"<button onclick=&quot;top.location='{victim}/NAME'&quot;>Go</button>\"></iframe>"
        "<button onclick='frames[0].document.querySelector(\"button\").click()'>Go</button>",
        "GET",
    ),
    # Other pages.
    "popup": Trick(_go("window.open('{victim}/NAME')"), "GET"),
    "popup-redirect": Trick(_go("window.open('/redirect/302?to={victim}/NAME')"), "GET"),
    "noopener": Trick("<a role=button target=_blank rel=noopener href='{victim}/NAME'>Go</a>", "GET"),
    "popup-form": Trick(_form("{victim}/NAME", "method=post target=_blank")),
    "popup-form-307": Trick(_form("/redirect/307?to={victim}/NAME", "method=post target=_blank")),
    # Forms.
    "form": Trick(_form("{victim}/NAME")),
    "form-302": Trick(_form("/redirect/302?to={victim}/NAME"), "GET"),
    "form-307": Trick(_form("/redirect/307?to={victim}/NAME")),
    "form-308": Trick(_form("/redirect/308?to={victim}/NAME")),
    "form-chain": Trick(_form("/redirect/307?to={middle}/redirect/308?to={victim}/NAME")),
    "form-in-frame": Trick(
        '<iframe name=inner srcdoc="hello"></iframe>' + _form("{victim}/NAME", "method=post target=inner")
    ),
    "form-307-in-frame": Trick(
        '<iframe name=inner srcdoc="hello"></iframe>'
        + _form("/redirect/307?to={victim}/NAME", "method=post target=inner")
    ),
    "foreign-frame": Trick(
        "<iframe src='{victim}/frame?name=NAME'></iframe><button onclick='frames[0].postMessage(1, \"*\")'>Go</button>"
    ),
    # Scripts.
    "fetch": Trick(_go(f"fetch('{{victim}}/NAME', {_POSTS.replace('{', '{{').replace('}', '}}')})")),
    "fetch-307": Trick(_go(_SEND)),
    "xhr-308": Trick(
        _go("const x = new XMLHttpRequest(); x.open('PUT', '/redirect/308?to={victim}/NAME'); x.send('x')"), "PUT"
    ),
    "beacon": Trick(_go("navigator.sendBeacon('{victim}/NAME', 'x')")),
    "beacon-307": Trick(_go("navigator.sendBeacon('{middle}/redirect/307?to={victim}/NAME', 'x')"), late=True),
    "ping": Trick("<a role=button href='/done' ping='{victim}/NAME'>Go</a>"),
    "on-leaving": Trick(
        "<script>addEventListener('pagehide', () => navigator.sendBeacon('{victim}/NAME', 'x'))</script>"
        "<a role=button href='/done'>Go</a>"
    ),
    "keepalive": Trick(
        "<script>addEventListener('unload', () => "
        "fetch('{victim}/NAME', {{method: 'POST', keepalive: true, body: 'x'}}))</script>"
        "<a role=button href='/done'>Go</a>"
    ),
    "keepalive-307": Trick(
        "<script>addEventListener('pagehide', () => "
        "fetch('/redirect/307?to={victim}/NAME', {{method: 'POST', keepalive: true, body: 'x'}}))</script>"
        "<a role=button href='/done'>Go</a>"
    ),
    "fetch-later": Trick(_go("fetchLater('{victim}/NAME', {{method: 'POST', body: 'x', activateAfter: 0}})")),
    "violation": Trick(
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">" + _go("new Image().src = '/done'"),
    ),
    # Workers.
    "worker": Trick(_go("new Worker('/NAME.js')"), scripts=_DIRECT),
    "worker-307": Trick(_go("new Worker('/NAME.js')"), scripts=_SEND),
    "blob-worker": Trick(
        _go("new Worker(window.URL.createObjectURL(new Blob([`" + _DIRECT.replace("'", "&quot;") + "`])))")
    ),
    "shared-worker": Trick(_go("new SharedWorker('/NAME.js')"), scripts=_DIRECT),
    "shared-worker-307": Trick(_go("new SharedWorker('/NAME.js')"), scripts=_SEND),
    "service-worker": Trick(
        _go("navigator.serviceWorker.register('/NAME.js', {{scope: '/NAME/'}})"),
        scripts=_INSTALLING.replace("CODE", _DIRECT),
    ),
    "service-worker-307": Trick(
        _go("navigator.serviceWorker.register('/NAME.js', {{scope: '/NAME/'}})"),
        scripts=_INSTALLING.replace("CODE", _SEND),
    ),
}
_FRAME = """<!doctype html><script>onmessage = () => fetch('/NAME', {method: 'POST', body: 'x'})</script>"""


@dataclass(frozen=True)
class Hosts:
    """The app itself, a host that is always allowed, and one that is not."""

    own: Site
    middle: Site
    victim: Site

    def arrived(self, path: str) -> list[str]:
        """What the victim was asked for at this path."""
        return [asked.line for asked in self.victim.asked_for(path)]


def _redirect(asked: Asked) -> Answer:
    # Everything after `to=` is the address, with a query of its own.
    return Answer(status=int(asked.path.rpartition("/")[2]), headers={"Location": asked.target.partition("to=")[2]})


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    with Site() as own, Site() as middle, Site() as victim:
        for site in (own, middle):
            site.pages |= {f"/redirect/{status}": _redirect for status in (301, 302, 303, 307, 308)}
        victim.pages["/frame"] = lambda asked: Answer(_FRAME.replace("NAME", asked.query["name"]))
        names = {"own": own.base_url, "middle": middle.elsewhere, "victim": victim.elsewhere}
        for name, trick in TRICKS.items():
            own.pages[f"/{name}"] = "<!doctype html>" + trick.html.format(**names).replace("NAME", name)
            script = trick.scripts.format(**names).replace("NAME", name)
            own.pages[f"/{name}.js"] = Answer(script, kind="text/javascript")
        own.pages["/violation"] = Answer(
            "<!doctype html>" + _go("new Image().src = '/done'"),
            headers={"Content-Security-Policy": f"img-src 'none'; report-uri {victim.elsewhere}/violation"},
        )
        yield Hosts(own, middle, victim)


def _flows() -> str:
    written = []
    for name, trick in TRICKS.items():
        click = "\n      - click: {button: Go}" if trick.clicks else ""
        written.append(f"  {name}:\n    steps:\n      - goto: /{name}{click}\n      - pause: 1s\n")
    return "".join(written)


def _places(hosts: Hosts, **more: object) -> str:
    """Two environments: in `narrow` the victim is not allowed, in `wide` it is."""
    middle, victim = (f"localhost:{site.port}" for site in (hosts.middle, hosts.victim))
    settings = "".join(f", {name}: {json.dumps(value)}" for name, value in more.items())
    return (
        f"      narrow: {{allow_hosts: ['{middle}']{settings}}}\n"
        f"      wide: {{allow_hosts: ['{middle}', '{victim}']{settings}}}\n"
    )


@pytest.fixture(scope="module")
def narrow(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """All tricks, where the victim is not allowed."""
    folder = tmp_path_factory.mktemp("narrow")
    write(folder, _flows(), config=_places(hosts))
    hosts.victim.seen.clear()
    return replay(folder, hosts.own, "--env", "narrow", "--pictures", "off")


@pytest.mark.parametrize("name", TRICKS)
def test_nothing_reaches_a_host_that_is_not_allowed(hosts: Hosts, narrow: Replayed, name: str) -> None:
    assert hosts.arrived(f"/{name}") == []
    flow, victim = narrow.flow(name), hosts.victim
    if TRICKS[name].late:
        return
    assert flow.outcome is INCONCLUSIVE, (flow.outcome, flow.message)
    asked = f"{TRICKS[name].method} {victim.elsewhere}/{name}"
    assert f"stopped: allow_hosts does not name localhost:{victim.port}: {asked}" in flow.message


def test_only_what_is_free_reached_the_other_host(hosts: Hosts, narrow: Replayed) -> None:
    assert {asked.line for asked in hosts.victim.seen} <= {"GET /frame", "GET /favicon.ico"}


def test_what_passes_when_it_is_allowed(hosts: Hosts, tmp_path: Path) -> None:
    write(tmp_path, _flows(), config=_places(hosts))
    hosts.victim.seen.clear()
    wide = replay(tmp_path, hosts.own, "--env", "wide", "--pictures", "off")
    # What is sent only when a page is closed may be lost with the browser.
    sure = {name: trick for name, trick in TRICKS.items() if not trick.late}
    missing = {name: wide.flow(name).message for name in sure if not hosts.arrived(f"/{name}")}
    assert missing == {}, "each trick works where nobody stops it"
    methods = {name: hosts.arrived(f"/{name}")[-1].split()[0] for name in sure}
    assert methods == {name: trick.method for name, trick in sure.items()}
    assert {name: out for name, out in wide.outcomes.items() if out not in ("passed", "warned")} == {}


_FREE = """
  signs-in:
    steps:
      - goto: /sign-in
      - expect: {url: /done, visible: {heading: Done}}
  delivered:
    steps:
      - goto: /delivered
      - expect: {visible: {text: all there}}
  embedded:
    steps:
      - goto: /embedded
      - expect: {visible: {heading: Done, frame: {css: iframe}}}
  counted:
    steps:
      - goto: /counted
      - click: {button: Go}
      - pause: 300ms
  mailed:
    steps:
      - goto: /mailed
      - click: {button: Go}
      - expect: {visible: {text: still here}}
  asks-beside:
    steps:
      - api: {get: '/redirect/302?to={victim}/delivered.txt'}
"""


def test_nothing_is_stopped_that_is_free(hosts: Hosts, tmp_path: Path) -> None:
    own, middle, victim = hosts.own, hosts.middle, hosts.victim
    away = victim.elsewhere
    victim.pages |= {
        "/picture.svg": Answer("<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml"),
        "/script.js": Answer("window.scripted = 1", kind="text/javascript"),
        "/delivered.txt": "text",
    }
    own.pages |= {
        "/sign-in": Answer(
            status=302,
            headers={"Location": f"{middle.elsewhere}/redirect/303?to={own.base_url}/redirect/302?to=/done"},
        ),
        "/delivered": "<!doctype html><title>x</title><p id=said></p><script src='/redirect/302?to=AWAY/script.js'>"
        "</script><img src='/redirect/301?to=AWAY/picture.svg'><script>fetch('/redirect/307?to=AWAY/delivered.txt')"
        ".then(() => {{ said.textContent = window.scripted ? 'all there' : 'no script' }})</script>".replace("{{", "{")
        .replace("}}", "}")
        .replace("AWAY", away),
        "/embedded": f"<!doctype html><iframe src='/redirect/302?to={away}/done'></iframe>",
        "/counted": _go(f"navigator.sendBeacon('/redirect/307?to={away}/count'); navigator.sendBeacon('{away}/count')"),
        "/mailed": _go("location = 'mailto:somebody@example.test'; document.body.append('still here')"),
    }
    flows = _FREE.replace("{victim}", away)
    write(tmp_path, flows, head=f"tolerate: {{requests: ['{away}/count']}}", config=_places(hosts))
    victim.seen.clear()
    ran = replay(tmp_path, own, "--env", "narrow", "--pictures", "off", "--no-history")
    assert {name: out for name, out in ran.outcomes.items() if out != "passed"} == {}, [
        f.message for f in ran.run.flows
    ]
    assert hosts.arrived("/count") == [], "what is tolerated is stopped all the same, only silently"


_BESIDE = """
  deletes:
    steps:
      - api: {delete: '/redirect/307?to={victim}/beside'}
  posts:
    steps:
      - api: {post: '/redirect/302?to={middle}/redirect/307?to={victim}/beside', json: {card: 4242}}
  chain:
    steps:
      - api: {put: '{middle}/redirect/308?to={victim}/beside', json: {card: 4242}}
  circle:
    steps:
      - api: {get: /circle}
  becomes-get:
    steps:
      - api: {post: /redirect/303?to=/echo, json: {card: 4242}}
        answer: {text: {matches: "^GET  none$"}}
  stays-post:
    steps:
      - api: {post: /redirect/307?to=/echo, form: {card: "4242"}}
        answer: {text: {matches: "^POST card=4242"}}
"""


def test_requests_beside_the_page_are_held_at_every_redirect(hosts: Hosts, tmp_path: Path) -> None:
    own = hosts.own
    own.pages |= {
        "/circle": Answer(status=302, headers={"Location": "/circle"}),
        "/echo": lambda asked: Answer(
            f"{asked.method} {asked.body.decode()} {asked.headers.get('Content-Type', 'none')}"
        ),
    }
    hosts.victim.pages["/beside"] = "text"
    flows = _BESIDE.replace("{victim}", hosts.victim.elsewhere).replace("{middle}", hosts.middle.elsewhere)
    write(tmp_path, flows, config=_places(hosts))
    hosts.victim.seen.clear()
    ran = replay(tmp_path, own, "--env", "narrow", "--no-history")
    assert ran.outcomes == {
        "deletes": "inconclusive",
        "posts": "passed",
        "chain": "inconclusive",
        "circle": "failed",
        "becomes-get": "passed",
        "stays-post": "passed",
    }, [flow.message for flow in ran.run.flows]
    assert "PUT" in ran.flow("chain").message
    assert ran.flow("chain").message.endswith("/beside (by a redirect)")
    assert "it redirects in a circle" in ran.flow("circle").message
    assert [asked.line for asked in hosts.victim.seen] == ["GET /beside"], "a POST that became a GET reads only"


_READS = """
  reads:
    effects: none
    steps:
      - goto: /searches
      - click: {button: Go}
      - expect: {url: /orders}
  searches:
    steps:
      - goto: /searches
      - click: {button: Go}
      - pause: 300ms
  frames:
    steps:
      - goto: /frames
      - click: {button: Go}
      - pause: 500ms
  works:
    steps:
      - goto: /works
      - click: {button: Go}
      - pause: 700ms
  talks:
    steps:
      - goto: /talks
      - click: {button: Go}
      - pause: 500ms
  talks-allowed:
    steps:
      - goto: /talks-allowed
      - click: {button: Go}
      - pause: 500ms
  talks-in-worker:
    steps:
      - goto: /talks-in-worker
      - click: {button: Go}
      - pause: 700ms
"""


def test_where_only_is_read_redirects_workers_and_sockets_are_held_too(hosts: Hosts, tmp_path: Path) -> None:
    own = hosts.own
    live = own.base_url.replace("http", "ws")
    own.pages |= {
        "/searches": _form("/redirect/307?to=/orders"),
        "/orders": "<h1>Ordered</h1>",
        "/frames": "<iframe name=inner srcdoc=x></iframe>"
        + _form("/redirect/307?to=/orders/framed", "method=post target=inner"),
        "/works": _go("navigator.serviceWorker.register('/works.js', {scope: '/works/'})"),
        "/works.js": Answer(
            _INSTALLING.replace("CODE", "fetch('/orders/worker', {method: 'POST'}).catch(() => 0)"),
            kind="text/javascript",
        ),
        "/talks": _go(f"new WebSocket('{live}/live')"),
        "/talks-allowed": _go(f"new WebSocket('{live}/chat')"),
        "/talks-in-worker": _go("new Worker('/talks.js')"),
        "/talks.js": Answer(f"new WebSocket('{live}/live-worker')", kind="text/javascript"),
    }
    write(tmp_path, _READS, config=_places(hosts, read_only=True, allow_post=["/redirect/*", "/chat"]))
    own.seen.clear()
    ran = replay(tmp_path, own, "--env", "narrow", "--no-history", "--pictures", "off")
    said = {flow.name: flow.message.partition("stopped: ")[2] for flow in ran.run.flows}
    assert said == {
        "reads": "",
        "searches": f"read_only stopped POST {own.base_url}/orders (by a redirect)",
        "frames": f"read_only stopped POST {own.base_url}/orders/framed (by a redirect)",
        "works": "",
        "talks": f"read_only stopped a WebSocket to {live}/live",
        "talks-allowed": "",
        "talks-in-worker": f"read_only forbids a WebSocket to {live}/live-worker, which a worker opened",
    }
    wrote = {asked.line for asked in own.seen if asked.method != "GET" or "Upgrade" in asked.headers}
    # No service worker is installed there. Nothing can hold up the socket of another worker; it is told.
    assert wrote == {"POST /redirect/307", "POST /orders", "GET /chat", "GET /live-worker"}
    assert len(own.asked_for("/orders")) == 1, "only the flow without effects came through"


def test_what_only_the_app_is_sent_does_not_follow_a_redirect(hosts: Hosts, tmp_path: Path) -> None:
    own, away = hosts.own, hosts.victim.elsewhere
    hosts.victim.pages |= {"/there.css": Answer("", kind="text/css"), "/beside": "text"}
    own.pages["/redirected"] = (
        f"<!doctype html><link rel=stylesheet href='/redirect/302?to={away}/there.css'><h1>x</h1>"
    )
    flows = """
  redirected:
    steps:
      - goto: /redirected
      - goto: /redirect/302?to={away}/done
      - api: {get: '/redirect/302?to={away}/beside'}
""".replace("{away}", away)
    write(tmp_path, flows, head="browser: {headers: {X-Staging: let-me-in}}", config=_places(hosts))
    own.seen.clear()
    hosts.victim.seen.clear()
    ran = replay(tmp_path, own, "--env", "wide", "--no-history", "--pictures", "off")
    assert ran.outcomes == {"redirected": "passed"}, ran.flow("redirected").message
    assert {_sent(asked).get("x-staging") for asked in own.seen if "redirect" in asked.path} == {"let-me-in"}
    assert {asked.path for asked in hosts.victim.seen} >= {"/there.css", "/done", "/beside"}
    assert not [asked.line for asked in hosts.victim.seen if {"x-staging", "x-smoke-run"} & set(_sent(asked))]


def _sent(asked: Asked) -> dict[str, str]:
    return {name.lower(): value for name, value in asked.headers.items()}
