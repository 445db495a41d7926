"""Two hand-written runs with checks: beside flows, and alone. Every outcome, families known and unknown, a grade."""

from __future__ import annotations

from datetime import timedelta

from sample_run import AT, RUN, at

from smokerunner.model.flow import Severity
from smokerunner.model.outcome import Outcome
from smokerunner.model.result import Artifact, Reading, Result
from smokerunner.model.run import Past, Run

P, W, I, E, F, S = (  # noqa: E741 - one letter each, so that the tables below stay readable
    Outcome.PASSED,
    Outcome.WARNED,
    Outcome.INCONCLUSIVE,
    Outcome.ERROR,
    Outcome.FAILED,
    Outcome.SKIPPED,
)
CRITICAL, HIGH, MEDIUM, LOW = Severity
HOST = "https://shop.acorn.example"


def reading(what: str, outcome: Outcome = P, seen: str = "", wanted: str = "") -> Reading:
    return Reading(what=what, outcome=outcome, seen=seen, wanted=wanted)


def check(
    name: str,
    title: str,
    outcome: Outcome,
    severity: Severity,
    *readings: Reading,
    message: str | None = None,
    **more: object,
) -> Result:
    """A check; without a message it says its bad readings, as most do."""
    bad = [str(one) for one in readings if one.outcome is outcome and outcome is not P]
    said = "; ".join(bad[:3]) + (f"; and {len(bad) - 3} more" if bad[3:] else "") if message is None else message
    values = {
        "id": f"checks/{name}", "kind": "check", "name": name, "title": title, "outcome": outcome, "message": said,
        "severity": severity, "readings": readings, "started": at(38), "seconds": 0.21, "source": "preset any",
        "sent": len(readings), "warnings": tuple(str(one) for one in readings if one.outcome is W), **more,
    }  # fmt: skip
    return Result.model_validate(values)


PATHS = (".env.bak", ".env.old", ".env.save", ".env.swp", "public/.env", "api/.env", "admin/.env", ".env~")
ENV = check(
    "sec.env", "Is the .env file out of reach?", F, CRITICAL,
    *(reading(f"GET {HOST}/{path}", P, "404 text/html, 6609 bytes", "403 or 404") for path in PATHS),
    reading(f"GET {HOST}/.env", F, "200 text/plain, 812 bytes, keys APP_KEY, DB_PASSWORD <b>", "403 or 404"),
    reading("GET http://shop.acorn.example/.env", F, "200 text/plain, 812 bytes", "403 or 404"),
    criterion="Every address answers 403 or 404, over http and https, on every host.",
    source="smokerunner.yaml:14", tags=("deploy",), sent=11, seconds=1.84,
    artifacts=(Artifact(kind="text", path="checks/sec.env/answers.txt", title="Answers"),),
)  # fmt: skip
EXPIRY = check(
    "tls.expiry", "Is the certificate valid for long enough?", W, HIGH,
    reading("shop.acorn.example:443", W, "12 days left, until 2026-12-04", "at least 21 days"),
    criterion="At least 21 days are left.",
)  # fmt: skip
LOG = check(
    "sec.logs", "Are log files out of reach?", F, HIGH,
    reading(f"GET {HOST}/storage/logs/laravel.log", F, "200 text/plain, a Laravel log", "no log"),
    message=f"GET {HOST}/storage/logs/laravel.log: 200 text/plain, a Laravel log, wanted no log. "
    "Let the web server's root be `public`",
)  # fmt: skip
HSTS = check(
    "tls.hsts", "Are browsers told to use HTTPS only?", F, MEDIUM,
    reading("strict-transport-security", F, "not sent", "max-age of at least 15768000"),
    criterion="Strict-Transport-Security with a max-age of half a year or more.", sent=1,
)  # fmt: skip
GRADE = check(
    "hdr.grade", "How good are the security headers?", F, LOW,
    reading("content-security-policy", F, "not implemented, -25", "implemented without unsafe-inline"),
    reading("cookies", P, "all secure, 0"), reading("referrer-policy", P, "strict-origin, +5"),
    message="Grade C, 55 of 100; wanted at least B. Send a Content-Security-Policy first: it costs most.",
    criterion="At least grade B of Mozilla's HTTP Observatory.", sent=3,
)  # fmt: skip
HOME = check(
    "perf.home", "Does the home page answer in time?", P, MEDIUM,
    reading("median of 10", P, "212 ms", "at most 1000 ms"), reading("slowest", P, "290 ms"),
    reading("first, unprepared", P, "810 ms: name 12, connect 20, TLS 31, first byte 700, rest 47"),
    message="212 ms in the middle of 10, wanted at most 1000 ms", sent=11, seconds=4.1,
    criterion="The median of 10 is not above its target.",
)  # fmt: skip
DEBUG = check(
    "sec.debug-html", "Does an error page keep its details to itself?", P, HIGH,
    reading(f"GET {HOST}/smoke-3f2a", P, "404 text/html, 6609 bytes"),
    weak="An app that fails otherwise may still show more; `sec.debug-flag` asks the app itself.",
    criterion="No page shows a framework's error details.",
)  # fmt: skip
QUEUE = check(
    "queue.depth", "Is the queue being worked off?", I, HIGH,
    message="The command did not come to an end within 30 s.", criterion="Fewer than 100 jobs wait.",
)  # fmt: skip
ODD = check("own.stock", "Is the stock known?", E, LOW, message="TypeError: nothing <script>alert(1)</script>")
UNASKED = check("srv.clock", "Is the server's clock right?", S, LOW, message="no `server:` is configured")
HOME_UP = check("http.home-up", "Does the home page answer?", P, CRITICAL, reading(f"GET {HOST}/", P, "200 text/html"))

CHECKS = (HOME_UP, HOME, EXPIRY, HSTS, GRADE, ENV, LOG, DEBUG, QUEUE, ODD, UNASKED)
HISTORY = {
    "sec.env": Past(
        last_passed_run="acorn-production-20261121T201500Z-33bb44",
        last_passed_at=AT - timedelta(days=1),
        last_passed_release="2026.11.1",
    ),
    "tls.hsts": Past(
        last_passed_run="acorn-production-20261101T201500Z-000000",
        last_passed_at=AT - timedelta(days=21),
        failing_since_run="acorn-production-20261102T201500Z-000001",
        failing_since_at=AT - timedelta(days=20),
        failing_since_release="2026.11.0",
    ),
}
MIXED_RUN = RUN.model_copy(update={"results": (*RUN.results, *CHECKS), "history": {**RUN.history, **HISTORY}})
CHECKED_RUN = RUN.model_copy(update={"results": CHECKS, "history": HISTORY, "browser": None, "options": {}})


def only(*checks: Result) -> Run:
    """A run of these checks alone."""
    return CHECKED_RUN.model_copy(update={"results": checks})
