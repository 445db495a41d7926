"""Debug mode, seen in error pages: every renderer is known, and a page that quotes one is not one."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pytest

from smokerunner.checks.exposure.debug import DebugJson, DebugPages
from smokerunner.checks.exposure.effective import AppEnvironment, DebugFlag
from smokerunner.checks.exposure.markers import debug_page
from smokerunner.model.check import Answer, Check, Finding, Ran
from smokerunner.model.errors import Inconclusive, NotReached, Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Asked, Reply, ask, serving

HOME = Reply(body="<h1>Home</h1>")
JSON = "application/json"
# As the renderers write them (spatie/ignition errorPage.php, filp/whoops layout.html.php, laravel/framework
# exceptions/renderer, symfony/error-handler exception_full.html.php, django technical_404.html, rails rescues,
# werkzeug debug/tbtools.py), cut to what tells them.
PAGES = {
    "Ignition": (
        500,
        "<!doctype html><html class='theme-light'><!--\nRuntimeException: no\n--><head><title>no</title></head><body>"
        '<script>window.data = {"report":{"message":"no"}};</script><div id="app"></div>'
        "<script>window.ignite(window.data);</script></body></html>",
    ),
    "Laravel's error page": (
        404,
        "<!DOCTYPE html><html><head><title>Acorn</title></head><body><script>const markdown = JSON.parse('no')"
        "</script><div><span>LARAVEL</span> <span>12.4.0</span> <span>PHP</span> <span>8.4.1</span></div></body>",
    ),
    "Laravel's error page, 11": (
        404,
        "<!DOCTYPE html><html><head><title>Acorn</title><style>#frame-0 .hljs-ln-line[data-line-number='45'] {}"
        "</style></head><body><span>PHP 8.3.1 — Laravel 11.2.0</span></body></html>",
    ),
    "Whoops": (
        500,
        '<!DOCTYPE html><html><body><div class="Whoops container"><div class="stack-container">'
        '<div class="frames-container cf"></div><div class="details-container cf"></div></div></div></body></html>',
    ),
    "Symfony's error page": (
        404,
        "<!-- No route found (404 Not Found) -->\n<!DOCTYPE html><html><body>"
        '<div class="exception-summary"><div class="exception-message-wrapper"><div class="container"><h1>No</h1>'
        "</div></div></div></body></html>",
    ),
    "Laravel's source": (
        405,
        "<!DOCTYPE html><html><body><td>/srv/acorn/vendor/laravel/framework/src/Illuminate/Routing/Route.php</td>",
    ),
    "Django's error page": (
        404,
        '<!DOCTYPE html><html><head><title>Page not found at /x</title></head><body><footer id="explanation"><p>You’re '
        "seeing this error because you have <code>DEBUG = True</code> in your Django settings file.</p></footer>",
    ),
    "Rails' error page": (
        404,
        "<!DOCTYPE html><html><head><title>Action Controller: Exception caught</title></head><body><header>"
        "<h1>Routing Error</h1></header><p><code>Rails.root: /srv/acorn</code></p></body></html>",
    ),
    "Werkzeug's debugger": (
        500,
        "<!doctype html><html><head><title>KeyError: 'x' // Werkzeug Debugger</title></head><body></body></html>",
    ),
    "ASP.NET's error page": (
        500,
        "<html><head><title>No</title></head><body><span><h1>Server Error in '/' Application.<hr></h1></span>"
        "<b>Stack Trace:</b> <br></body></html>",
    ),
    "a warning of PHP": (
        200,
        "<html><body><p>Welcome</p><br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/acorn/index.php</b> on "
        "line <b>3</b><br /></body></html>",
    ),
    "Express' error page": (
        500,
        "<!DOCTYPE html><html><head><title>Error</title>\n</head>\n<body>\n<pre>Error: no<br> &nbsp; &nbsp;at "
        "/srv/acorn/app.js:3:9</pre></body></html>",
    ),
}
ASPECTS = [(name, status, body, method) for name, (status, body) in PAGES.items() for method in ("GET", "POST")]


def on_error(reply: Reply, method: str = "GET") -> Sequence[Reply] | object:
    """A site that says this to what it does not know, or to a POST of its home page."""

    def answer(asked: Asked) -> Reply | None:
        if method == "POST":
            return reply if asked.method == "POST" else HOME if asked.path == "/" else None
        return HOME if asked.path == "/" else reply

    return answer


def asked_of(check: Check, reply: Reply, method: str = "GET", **more: object) -> Finding:
    with serving(on_error(reply, method)) as site:  # type: ignore[arg-type]
        return ask(check, site.base_url, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "status", "body", "method"), ASPECTS, ids=[f"{a[0]} {a[3]}" for a in ASPECTS])
def test_each_debug_page_is_known(name: str, status: int, body: str, method: str) -> None:
    finding = asked_of(DebugPages(), Reply(status, body), method)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, Severity.CRITICAL)
    assert f"{status} text/html, {name.partition(', 1')[0]}, wanted" in finding.message
    assert "APP_DEBUG=false" in finding.message


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("status", [200, 404])
def test_a_page_that_quotes_a_debug_page_is_none(name: str, status: int) -> None:
    quoted = html.escape(PAGES[name][1])
    body = f"<!doctype html><html><body><h1>What {name} looks like</h1><pre><code>{quoted}</code></pre></body></html>"
    finding = asked_of(DebugPages(), Reply(status, body))
    assert finding.outcome is Outcome.PASSED, finding
    assert "no proof" in finding.weak


def test_words_about_debug_pages_are_harmless() -> None:
    body = (
        "<!doctype html><html><head><title>Ignition, Whoops and sf-dump</title></head><body><p>You see "
        "<code>DEBUG = True</code>, vendor/laravel/framework/src/, or Action Controller: Exception caught.</p></body>"
    )
    assert asked_of(DebugPages(), Reply(200, body)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('Traceback (most recent call last):\n  File "/srv/a.py", line 1\n', "a traceback of Python"),
        ("PHP Fatal error:  no in /srv/a.php on line 3\n", "a stack trace of PHP"),
        ("all is well", ""),
    ],
)
def test_errors_in_plain_text(body: str, name: str) -> None:
    answer = Answer("GET", "http://a/", 500, (("content-type", "text/plain"),), body.encode())
    assert debug_page(answer) == name
    quoted = Answer("GET", "http://a/", 200, (("content-type", "text/plain"),), body.encode())
    assert debug_page(quoted) == ""


TRACES = {
    "Laravel": '{"message":"no","exception":"NotFound","file":"/srv/a.php","line":44,"trace":[{"file":"/srv/b.php"}]}',
    "Rails": '{"status":404,"error":"Not Found","exception":"#<RoutingError>","traces":{"Application Trace":[]}}',
}


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_in_json(name: str) -> None:
    finding = asked_of(DebugJson(), Reply(404, TRACES[name], type=JSON))
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, Severity.CRITICAL)
    assert "404 application/json, exception, " in finding.message
    assert "/srv" not in f"{finding}"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, '{"message":"Not Found"}', type=JSON),
        Reply(500, '{"message":"Server Error","line":3}', type=JSON),
        # An API of blog posts, one of them about exceptions.
        Reply(200, TRACES["Laravel"], type=JSON),
        Reply(404, '{"message": "see \\"exception\\": \\"file\\": \\"line\\": \\"trace\\":"}', type=JSON),
        Reply(404, TRACES["Laravel"]),
    ],
)
def test_harmless_json(reply: Reply) -> None:
    finding = asked_of(DebugJson(), reply)
    assert finding.outcome is Outcome.PASSED
    assert finding.weak


def test_what_is_provoked() -> None:
    with serving({"/": HOME}) as site:
        ask(DebugPages(), site.base_url)
        asked = [(one.method, one.path, one.body) for one in site.asked]
    assert ("POST", "/", b"") in asked
    assert ("GET", "/%ff", b"") in asked
    assert ("GET", "/?x[]=1", b"") in asked


class Artisan:
    """A server whose artisan answers what it is given (laravel/framework AboutCommand, EnvironmentCommand)."""

    def __init__(self, answers: dict[str, Ran | Exception]) -> None:
        self._answers = answers

    async def artisan(self, *arguments: str) -> Ran:
        answer = self._answers[" ".join(arguments)]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def run(self, command: Sequence[str], *, timeout: float = 30.0) -> Ran:
        raise AssertionError(f"{command} was not to be run")


def about(**environment: str) -> Artisan:
    facts = ",".join(f'"{key}":{value}' for key, value in environment.items())
    return Artisan({"about --json": Ran(0, f'{{"environment":{{{facts}}},"cache":{{}}}}', "")})


OLD = {"about --json": Ran(1, "", '  Command "about" is not defined.')}


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("false", Outcome.PASSED),
        ("true", Outcome.FAILED),
        ('"OFF"', Outcome.PASSED),
        ('"<fg=yellow;options=bold>ENABLED</>"', Outcome.FAILED),
    ],
)
def test_debug_as_the_app_says_it(value: str, outcome: Outcome) -> None:
    finding = ask(DebugFlag(), "http://127.0.0.1:1", server=about(debug_mode=value))
    assert finding.outcome is outcome
    assert not finding.weak


def test_an_app_that_does_not_say() -> None:
    for server in (Artisan(dict(OLD)), about(environment='"production"')):
        with pytest.raises(Inconclusive):
            ask(DebugFlag(), "http://127.0.0.1:1", server=server)
    with pytest.raises(NotReached, match="server:"):
        ask(DebugFlag(), "http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        ask(DebugFlag(), "http://127.0.0.1:1", server=Artisan({"about --json": Unavailable("no ssh")}))


def test_the_app_itself_makes_weak_evidence_strong() -> None:
    with serving({"/": HOME}) as site:
        assert ask(DebugPages(), site.base_url).weak
        assert not ask(DebugPages(), site.base_url, server=about(debug_mode="false")).weak
        assert ask(DebugPages(), site.base_url, server=about(debug_mode="true")).weak
        assert ask(DebugPages(), site.base_url, server=Artisan({"about --json": Unavailable("no ssh")})).weak


def test_the_environment_as_the_app_says_it() -> None:
    url = "http://127.0.0.1:1"
    production = about(environment='"production"')
    assert ask(AppEnvironment(), url, server=production, production=True).outcome is Outcome.PASSED
    local = ask(AppEnvironment(), url, server=about(environment='"local"'), production=True)
    assert local.outcome is Outcome.FAILED
    assert "local" in local.message
    assert ask(AppEnvironment(expected="staging"), url, server=about(environment='"staging"')).outcome is Outcome.PASSED
    with pytest.raises(NotReached, match="expected"):
        ask(AppEnvironment(), url, server=production)


@pytest.mark.parametrize(
    "said",
    ["Current application environment: production\n", "\n   INFO  The application environment is [production].\n"],
)
def test_an_old_app_names_its_environment_as_well(said: str) -> None:
    server = Artisan({**OLD, "env": Ran(0, said, "")})
    finding = ask(AppEnvironment(), "http://127.0.0.1:1", server=server, production=True)
    assert finding.outcome is Outcome.PASSED
    with pytest.raises(Inconclusive):
        ask(AppEnvironment(), "http://127.0.0.1:1", server=Artisan({**OLD, "env": Ran(1, "", "")}), production=True)
