"""Error pages of web frameworks, recognised by what they say. No cause itself: two causes ask here."""

from __future__ import annotations

import re

from smokerunner.model.record import record


@record
class ErrorPage:
    """Who wrote an error page, and whether it shows what only developers should see."""

    framework: str
    is_debug: bool
    sign: str
    """The words it was recognised by."""


# A line of a program: `/srv/app/orders.rb:12`, `Orders.cs line 12`.
_PLACE = r"[\w/\\-]+\.(?:py|php|rb|js|ts|java|cs|go|exs?|scala|kt|pl)\b[\"')]?(?::|,? line |\()\d+"
# The first that fits stands; what is special stands before what is general.
_DEBUG = (
    ("Laravel", r"Illuminate\\[A-Z]\w+|vendor[/\\]laravel[/\\]|\bIgnition\b.*\bLaravel\b|\bflareapp\.io\b"),
    ("Django", r"You.re seeing this error because you have.{0,40}DEBUG = True|Django Version:.{0,80}Exception|"
               r"Using the URLconf defined in"),
    ("Werkzeug", r"Werkzeug Debugger|The debugger caught an exception in your WSGI application"),
    ("Rails", r"Action Controller: Exception caught|Rails\.root: |Application Trace \| Framework Trace"),
    ("Symfony", r"Symfony Exception|Symfony\\Component\\|\bSymfony Profiler\b"),
    ("Whoops", r"Whoops! There was an error|Environment & details:|\bStack frames \(\d+\)"),
    ("ASP.NET Core", r"An unhandled exception occurred while processing the request"),
    ("ASP.NET", r"Server Error in '/.*' Application|\[\w*Exception: .*\] +\w+\.\w+"),
    ("Spring", r"\bat org\.springframework\.\w+"),
    ("Tomcat", r"Apache Tomcat.*\bException\b|\bException Report\b"),
    ("Next.js", r"Unhandled Runtime Error|next-dev-overlay|\bat .{1,80}webpack-internal:///"),
    ("Express", r"\bat (?:\w+\.)?\w+.{0,40}\(.{0,200}node_modules[/\\]express|\bat .{0,120}node_modules[/\\]"),
    ("Phoenix", r"# \w+Error at (?:GET|POST|PUT|PATCH|DELETE) |\(plug \d+\.\d+"),
    ("Starlette", r"\bStarlette Debugger\b"),
    ("PHP", r"(?:Fatal|Parse) error: .{1,400} (?:in|on) .{1,200} on line \d+|"
            r"Uncaught \w*(?:Exception|Error)\b.{0,400} in \S+:\d+|Stack trace: #0 "),
    ("Python", r"Traceback \(most recent call last\)|\bFile \S+\.py\"?, line \d+, in \w+"),
    ("Java", r"\bat [a-z]\w*(?:\.[\w$]+)+\([\w$]+\.java:\d+\)"),
    ("Go", r"\bgoroutine \d+ \[running\]:|\bpanic: "),
    ("Ruby", r"\S+\.rb:\d+:in [`']"),
    (".NET", r"\bat [A-Z]\w*(?:\.\w+)+\(.{0,200}\) in .{1,200}:line \d+"),
    ("the database", r"SQLSTATE\[|\bORA-\d{5}\b|You have an error in your SQL syntax|"
                     r"\bpsycopg2?\.errors\.|syntax error at or near "),
    ("an unknown framework", rf"{_PLACE}.{{0,800}}{_PLACE}"),
)  # fmt: skip
_PLAIN = (
    ("Spring", r"Whitelabel Error Page"),
    ("Next.js", r"Application error: a (?:server|client)-side exception has occurred"),
    ("Rails", r"We.re sorry, but something went wrong"),
    ("nginx", r"\bnginx\b"),
    ("Apache", r"\bApache(?:/[\d.]+)? .{0,60}Server at\b|The server encountered an internal error or misconfiguration"),
    ("IIS", r"\bIIS \d|Internet Information Services"),
    ("Cloudflare", r"\bCloudflare\b|\bRay ID: "),
    ("Heroku", r"An error occurred in the application and your page could not be served"),
    ("HAProxy", r"No server is available to handle this request"),
    ("Werkzeug", r"The server encountered an internal error and was unable to complete your request"),
    ("Symfony", r"Oops! An Error Occurred"),
)  # fmt: skip


def recognise(text: str) -> ErrorPage | None:
    """Whose error page this is; None when it is none that is known."""
    flat = " ".join(text.split())
    for pages, is_debug in ((_DEBUG, True), (_PLAIN, False)):
        for framework, sign in pages:
            found = re.search(sign, flat)
            if found is not None:
                return ErrorPage(framework, is_debug, found[0][:120])
    return None


_WRONG = re.compile(
    r"^\W*((?:[\w.\\]+(?:Error|Exception|Warning|DoesNotExist)\b|(?:PHP )?(?:Fatal|Parse) error|SQLSTATE)[^\n]{0,200})",
    re.MULTILINE,
)


def error_named(text: str) -> str:
    """The line of an error page that names the error: `ZeroDivisionError: division by zero`; empty without one."""
    found = _WRONG.findall(text)
    # A traceback names the error in its last such line; a page with a headline names it first.
    if not found:
        return ""
    return str(found[-1] if "Traceback (most recent call last)" in text else found[0]).strip()
