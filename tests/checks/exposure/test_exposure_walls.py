"""Sites that do not let themselves be asked: nothing can be told of them, and nothing is called good."""

from __future__ import annotations

import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from smokerunner.checks.catalogue import CHECKS
from smokerunner.checks.exposure.dotenv import Env
from smokerunner.model.check import CheckContext, Finding, Web
from smokerunner.model.errors import Inconclusive
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Asked, Reply, ask, serving
from tests.checks.exposure import exposed
from tests.checks.exposure.test_exposed_paths import PATHS

ENV = Reply(body=exposed.ENV, type="text/plain")
HOME = Reply(body="<h1>Home</h1>")
NEVER = 1
"""A port where nothing listens."""
SOME = ("sec.env", "sec.git", "sec.vendor", "sec.telescope", "sec.debug-html", "sec.debug-json")


def outcome(id_: str, base_url: str, **more: object) -> Finding:
    try:
        return ask(CHECKS[id_](), base_url, **more)  # type: ignore[arg-type]
    except Inconclusive as said:
        return Finding(Outcome.INCONCLUSIVE, str(said))


def wall(status: int) -> Callable[[Asked], Reply]:
    return lambda _: Reply(status, "<h1>Blocked</h1>")


def challenge(_: Asked) -> Reply:
    return Reply(403, "<script>cf-chl</script>", {"cf-mitigated": "challenge"})


@pytest.mark.parametrize(
    ("id_", "site"),
    [
        *((id_, wall(403)) for id_ in (*PATHS, "sec.debug-html", "sec.debug-json")),
        *((id_, site) for id_ in SOME for site in (wall(401), wall(429), wall(503), challenge)),
    ],
)
def test_a_wall_proves_nothing(id_: str, site: Callable[[Asked], Reply]) -> None:
    with serving(site) as served:
        finding = outcome(id_, served.base_url)
    assert finding.outcome is Outcome.INCONCLUSIVE, finding
    assert finding.message


@pytest.mark.parametrize("id_", SOME)
def test_a_site_that_is_somewhere_else(id_: str) -> None:
    def away(asked: Asked) -> Reply:
        return Reply(301, "", {"location": f"https://www.elsewhere.example{asked.path}"})

    with serving(away) as site:
        finding = outcome(id_, site.base_url)
    if id_.startswith("sec.debug"):
        assert finding.weak
        return
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "hosts:" in finding.message


def test_a_file_that_is_somewhere_else_is_reported() -> None:
    with serving({"/": HOME, "/backup.zip": Reply(302, "", {"location": "https://cdn.example/backup.zip"})}) as site:
        finding = outcome("sec.backups", site.base_url)
    assert finding.outcome is Outcome.WARNED
    assert "https://cdn.example/backup.zip" in finding.message


def test_a_gate_that_keeps_the_folder_is_no_wall() -> None:
    def gate(asked: Asked) -> Reply:
        return HOME if asked.path == "/" else Reply(403, "<h1>Forbidden</h1>")

    with serving(gate) as site:
        assert outcome("sec.env", site.base_url).outcome is Outcome.PASSED


def test_env_behind_maintenance_is_found() -> None:
    def answer(asked: Asked) -> Reply:
        return ENV if asked.path == "/.env" else Reply(503, "<h1>Be right back</h1>")

    with serving(answer) as site:
        finding = outcome("sec.env", site.base_url)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, Severity.CRITICAL)


@pytest.mark.parametrize("status", [500, 401, 302])
def test_env_that_is_not_plainly_refused(status: int) -> None:
    reply = Reply(status, "", {"location": "/login"} if status == 302 else {})
    with serving({"/": HOME, "/.env": reply}) as site:
        finding = outcome("sec.env", site.base_url)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, Severity.MEDIUM)


def test_one_refusal_too_many_for_env_only_is_no_failure() -> None:
    with serving({"/": HOME, "/.env": Reply(429, "slow down")}) as site:
        assert outcome("sec.env", site.base_url).outcome is Outcome.INCONCLUSIVE


def test_nothing_listens() -> None:
    for id_ in SOME:
        assert outcome(id_, f"http://127.0.0.1:{NEVER}").outcome is Outcome.INCONCLUSIVE


def hosts_of(site_of: dict[str, str]) -> dict[str, str]:
    return {place: url.rpartition("/")[2] for place, url in site_of.items()}


def test_env_is_asked_of_every_host_over_both_schemes() -> None:
    open_, closed = {"/": HOME, "/.env": ENV}, {"/": HOME}
    with serving(closed) as good, serving(open_) as bad:
        resolve = hosts_of(
            {
                "shop.example:80": good.base_url,
                "shop.example:443": f"http://127.0.0.1:{NEVER}",
                "www.shop.example:80": bad.base_url,
                "www.shop.example:443": f"http://127.0.0.1:{NEVER}",
            }
        )
        finding = outcome("sec.env", "http://shop.example", hosts=("www.shop.example",), resolve=resolve)
        hosts = {asked.headers["host"] for asked in bad.asked}
    said = {reading.what: reading.outcome for reading in finding.readings}
    assert said == {
        "GET http://shop.example/.env": Outcome.PASSED,
        "GET https://shop.example/.env": Outcome.PASSED,
        "GET http://www.shop.example/.env": Outcome.FAILED,
        "GET https://www.shop.example/.env": Outcome.PASSED,
    }
    assert hosts == {"www.shop.example"}


def test_env_over_http_that_leads_to_https_is_judged_there() -> None:
    def other(asked: Asked) -> Reply:
        return Reply(301, "", {"location": f"http://shop.example{asked.path}"})

    with serving({"/": HOME, "/.env": ENV}) as main, serving(other) as redirecting:
        resolve = hosts_of(
            {
                "shop.example:80": main.base_url,
                "www.shop.example:80": redirecting.base_url,
                "shop.example:443": f"http://127.0.0.1:{NEVER}",
                "www.shop.example:443": f"http://127.0.0.1:{NEVER}",
            }
        )
        finding = outcome("sec.env", "http://shop.example", hosts=("www.shop.example",), resolve=resolve)
    failed = [reading for reading in finding.readings if reading.outcome is Outcome.FAILED]
    assert [reading.what for reading in failed] == [
        "GET http://shop.example/.env",
        "GET http://www.shop.example/.env",
    ]
    assert failed[1].seen.endswith("at http://shop.example/.env")


def test_an_app_in_a_folder_is_asked_there_and_at_the_root() -> None:
    with serving({"/": HOME, "/shop/": HOME, "/shop/.env": ENV}) as site:
        finding = outcome("sec.env", site.base_url + "/shop")
    assert [(r.what.rpartition(":")[2].partition("/")[2], r.outcome) for r in finding.readings] == [
        ("shop/.env", Outcome.FAILED),
        (".env", Outcome.PASSED),
    ]


@contextmanager
def raw(answer: bytes, *, drip: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """A server that says the same bytes to everybody, and what it was asked.

    Dripping, it never comes to an end but with its home page.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()
    threads: list[threading.Thread] = []
    asked: list[bytes] = []

    def speak(connection: socket.socket) -> None:
        with connection:
            try:
                line = connection.recv(65_536).partition(b"\r\n")[0]
                asked.append(line)
                connection.sendall(answer)
                while drip and b" / " not in line and not ended.wait(0.05):
                    connection.sendall(b"x")
            except OSError:
                return

    def accept() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=speak, args=(connection,)))
            threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n"


@pytest.mark.parametrize("id_", ["sec.env", "sec.telescope", "sec.debug-html"])
def test_a_body_that_is_not_packed_as_it_says(id_: str) -> None:
    with raw(HEAD + b"content-encoding: gzip\r\n\r\nno gzip at all") as (base_url, _):
        assert outcome(id_, base_url).outcome is Outcome.INCONCLUSIVE


def test_a_head_full_of_cookies() -> None:
    cookies = b"".join(b"set-cookie: c%d=%s\r\n" % (n, b"x" * 4000) for n in range(300))
    with raw(HEAD + cookies + b"\r\nAPP_KEY=1\nAPP_NAME=2\n") as (base_url, _):
        finding = outcome("sec.telescope", base_url)
    assert finding.outcome in (Outcome.INCONCLUSIVE, Outcome.PASSED)


def test_a_huge_body_is_not_kept() -> None:
    huge = b"<!doctype html><p>" + b"word " * 4_000_000
    with serving({"/": HOME, "/phpinfo.php": Reply(body=huge), "/dump.sql": Reply(body=huge)}) as site:
        tracemalloc.start()
        finding = outcome("sec.phpinfo", site.base_url)
        other = outcome("sec.sql-dumps", site.base_url)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (finding.outcome, other.outcome) == (Outcome.PASSED, Outcome.PASSED)
    assert peak < 60_000_000


def test_a_host_whose_answers_never_end_is_given_up() -> None:
    with raw(HEAD + b"\r\n", drip=True) as (base_url, asked):
        finding = outcome("sec.phpinfo", base_url)
    assert finding.outcome is Outcome.INCONCLUSIVE
    # The home page, and those that were under way when three had not ended: not all twenty-six.
    assert len(asked) < 10
    assert "requests before got no answer" in f"{finding.readings}"


def test_env_is_asked_over_https_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("shop.example").configure_cert(context)

    def to_https(asked: Asked) -> Reply:
        return Reply(301, "", {"location": f"https://shop.example{asked.path}"})

    with serving(to_https) as plain, serving({"/": HOME, "/.env": ENV}, context) as secure:
        resolve = hosts_of({"shop.example:80": plain.base_url, "shop.example:443": secure.base_url})
        finding = outcome("sec.env", "https://shop.example", resolve=resolve)
    assert [(reading.what, reading.outcome) for reading in finding.readings] == [
        ("GET https://shop.example/.env", Outcome.FAILED),
        ("GET http://shop.example/.env", Outcome.FAILED),
    ]


class TwoAddresses:
    """A client for a host of which only the first address listens."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def targets(self, url: str) -> tuple[tuple[str, int], ...]:
        port = urlsplit(url).port or 80
        return (("127.0.0.1", port), ("127.0.0.2", port))

    def __getattr__(self, name: str) -> object:
        return getattr(self._web, name)


class EnvOfTwo(Env):
    async def run(self, ctx: CheckContext) -> Finding:
        return await super().run(replace(ctx, web=TwoAddresses(ctx.web)))  # type: ignore[arg-type]


def test_env_is_asked_at_every_address() -> None:
    with serving({"/": HOME, "/.env": ENV}) as site:
        finding = ask(EnvOfTwo(), site.base_url)
    assert [(reading.what.partition(" at ")[2], reading.outcome) for reading in finding.readings] == [
        ("127.0.0.1", Outcome.FAILED),
        ("127.0.0.2", Outcome.PASSED),
    ]
