"""Pages that look like something bad and are not: documentation, blogs, shops, sites without a real 404."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import pytest

from smokerunner.checks.catalogue import CHECKS
from smokerunner.checks.exposure.leftovers import SqlDumps
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Asked, Reply, ask, serving
from tests.checks.exposure import exposed
from tests.checks.exposure.test_exposed_paths import BAD, JSON, PATHS

HOME = Reply(body="<h1>Home</h1>")
NOT_SOFT = ("sec.env",)
"""Their criterion is strict: a site that shows a page for everything has not proven that it keeps the file."""
WORDS = " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200))


def page(body: str | bytes, title: str = "A blog") -> Reply:
    quoted = html.escape(body if isinstance(body, str) else body.decode("latin-1"))
    return Reply(
        body=f"<!doctype html><html><head><title>{title}</title></head><body><pre>{quoted}</pre></body></html>"
    )


def quoting() -> list[tuple[str, str, Reply]]:
    """For each row a page at its very path that shows the thing to readers."""
    rows = [
        (id_, path, page(reply.body))
        for id_, path, reply, _ in BAD
        if path != "/" and reply.body and id_ not in NOT_SOFT
    ]
    return list({(id_, reply.body): (id_, path, reply) for id_, path, reply in rows}.values())


@pytest.mark.parametrize(("id_", "path", "reply"), quoting(), ids=[f"{row[0]} {row[1]}" for row in quoting()])
def test_a_page_that_quotes_it_is_not_it(id_: str, path: str, reply: Reply) -> None:
    with serving({"/": HOME, path: reply}) as site:
        finding = ask(CHECKS[id_](), site.base_url)
    assert finding.outcome is Outcome.PASSED, finding


def soft(asked: Asked) -> Reply:
    """The front page of an app that lives in the browser, for everything."""
    return Reply(body=f"<!doctype html><html><body><div id=app></div><p>{WORDS}</p><i>{asked.path}</i></body></html>")


def soft_text(asked: Asked) -> Reply:
    """Not even a page: a file of documentation for everything, whose words are those that are looked for."""
    body = exposed.ENV + exposed.LARAVEL_LOG + exposed.SQL + exposed.WP_CONFIG + exposed.GIT_CONFIG
    return Reply(body=body, type="text/plain")


def soft_json(asked: Asked) -> Reply:
    """An API that reports its errors with 200."""
    return Reply(body=f'{{"error": "nothing at {asked.path}", "log_messages": [], "exception": null}}', type=JSON)


def soft_redirect(asked: Asked) -> Reply:
    """To the home page, whatever is asked."""
    return HOME if asked.path == "/" else Reply(302, "", {"location": "/"})


def soft_login(asked: Asked) -> Reply:
    """To the login, which keeps where one wanted to go."""
    if asked.path.startswith("/login"):
        return Reply(body="<h1>Log in</h1>")
    return Reply(302, "", {"location": f"/login?next={asked.path}"})


FEW = ("sec.env-example", "sec.git", "sec.vendor", "sec.telescope", "sec.debugbar", "sec.wp-config")


@pytest.mark.parametrize(
    ("id_", "site"),
    [
        *((id_, site) for id_ in PATHS if id_ not in NOT_SOFT for site in (soft, soft_text)),
        *((id_, site) for id_ in FEW for site in (soft_json, soft_redirect, soft_login)),
    ],
)
def test_a_site_without_a_real_404(id_: str, site: Callable[[Asked], Reply]) -> None:
    with serving(site) as served:
        finding = ask(CHECKS[id_](), served.base_url)
    assert finding.outcome is Outcome.PASSED, finding
    if site is soft:
        paths = [reading.seen for reading in finding.readings if not reading.what.endswith("/")]
        assert all("as for any path" in seen for seen in paths)


@pytest.mark.parametrize("site", [soft, soft_text, soft_json, soft_redirect, soft_login])
def test_env_wants_a_refusal(site: Callable[[Asked], Reply]) -> None:
    with serving(site) as served:
        finding = ask(CHECKS["sec.env"](), served.base_url)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, Severity.MEDIUM)
    assert "not proven unreachable" in finding.message


def test_env_accepts_what_the_owner_accepts() -> None:
    with serving(soft) as site:
        check = CHECKS["sec.env"].model_validate({"accepted": [403, 404, 200]})
        assert ask(check, site.base_url).outcome is Outcome.PASSED


SHOP = "<!doctype html><html><head><title>{}</title></head><body><h1>{}</h1><p>We sell them.</p></body></html>"
HARMLESS = [
    ("sec.telescope", "/telescope", Reply(body=SHOP.format("Telescope", "Telescopes"))),
    ("sec.horizon", "/horizon", Reply(body=SHOP.format("Horizon", "Beyond the horizon"))),
    ("sec.pulse-nova-logviewer", "/pulse", Reply(body=SHOP.format("Laravel Pulse, explained", "Pulse"))),
    ("sec.pulse-nova-logviewer", "/nova", Reply(302, "", {"location": "/nova/login"})),
    ("sec.clockwork", "/__clockwork/app", Reply(body=SHOP.format("Clockwork", "Clockwork toys"))),
    ("sec.phpinfo", "/info.php", Reply(body=SHOP.format("PHP Version and PHP Extension", "How to read phpinfo()"))),
    ("sec.installer", "/install", Reply(body=SHOP.format("Installation", "We install your kitchen"))),
    ("sec.installer", "/install", Reply(302, "", {"location": "/"})),
    ("sec.installer", "/update", Reply(body=SHOP.format("News", "Update of our terms, with your purchase code"))),
    ("sec.dirlist", "/uploads/", Reply(body=SHOP.format("Index of all uploads", "Index of our pictures"))),
    ("sec.adminer", "/adminer/", Reply(body=SHOP.format("What we administer", "Administration"))),
    ("sec.debugbar", "/", Reply(body="<p>How to switch off <code>phpdebugbar</code></p>")),
    ("sec.vendor", "/vendor/autoload.php", Reply(404, "")),
    # PHP's own server shows the home page for the name of its router.
    ("sec.composer", "/server.php", HOME),
    ("sec.wp-readme", "/readme.html", Reply(body=SHOP.format("Read me", "About WordPress"))),
    ("sec.wp-users", "/wp-json/wp/v2/users", Reply(401, '{"code":"rest_user_cannot_view"}', type=JSON)),
    ("sec.wp-users", "/wp-json/wp/v2/users", Reply(200, "[]", type=JSON)),
    ("sec.ignition", "/_ignition/execute-solution", Reply(405, "<h1>405</h1>")),
    ("sec.env-variants", "/.env.live", Reply(body=SHOP.format("APP_KEY=", "APP_NAME=ours"))),
    ("sec.backups", "/backup.zip", Reply(body=SHOP.format("PK", "Backups for everybody"))),
    ("sec.git", "/.git/HEAD", Reply(403, "ref: refs/heads/main\n", type="text/plain")),
    ("sec.sql-dumps", "/users.sql", Reply(body=SHOP.format("Learn SQL", "CREATE TABLE, INSERT INTO, DROP TABLE"))),
]


@pytest.mark.parametrize(("id_", "path", "reply"), HARMLESS, ids=[f"{row[0]} {row[1]}" for row in HARMLESS])
def test_a_page_about_something_else(id_: str, path: str, reply: Reply) -> None:
    with serving({"/": HOME, "/nova/login": Reply(body=exposed.NOVA_LOGIN), path: reply}) as site:
        finding = ask(CHECKS[id_](), site.base_url)
    assert finding.outcome in (Outcome.PASSED, Outcome.WARNED), finding
    assert finding.outcome is Outcome.PASSED or reply.type == JSON


TOLD = {row[0]: row for row in BAD if row[2].body and row[2].status == 200}
"""The last row of each check; an answer without a word cannot be told from the others on such a site."""


@pytest.mark.parametrize(("id_", "path", "reply", "severity"), TOLD.values(), ids=TOLD)
def test_a_site_without_a_real_404_hides_nothing(id_: str, path: str, reply: Reply, severity: Severity) -> None:
    def answer(asked: Asked) -> Reply:
        return reply if asked.path == path else soft(asked)

    with serving(answer) as site:
        finding = ask(CHECKS[id_](), site.base_url)
    assert (finding.outcome, finding.severity) == (Outcome.FAILED, severity)


def test_a_file_that_nobody_knows_is_worth_a_look() -> None:
    with serving({"/": HOME, "/backup.zip": Reply(body="soon", type="application/zip")}) as site:
        finding = ask(CHECKS["sec.backups"](), site.base_url)
    assert finding.outcome is Outcome.WARNED
    assert "look at it" in finding.message


def test_each_folder_and_ending_has_one_control() -> None:
    with serving(soft) as site:
        ask(CHECKS["sec.sql-dumps"](), site.base_url)
        paths = [asked.path for asked in site.asked]
    probes = [probe.path for probe in SqlDumps.probes]
    controls = [path for path in paths if path not in (*probes, "/")]
    # /*.sql, /*.gz, /*.zip, and a folder each for two of the dumps
    assert len(controls) == 5
    assert sorted(path.rpartition(".")[2] for path in controls) == ["gz", "sql", "sql", "sql", "zip"]


def test_a_redirect_into_the_same_folder_is_followed() -> None:
    site_map = {
        "/": HOME,
        "/phpmyadmin/": Reply(301, "", {"location": "/phpmyadmin/index.php"}),
        "/phpmyadmin/index.php": Reply(body=exposed.PHPMYADMIN),
    }
    with serving(site_map) as site:
        finding = ask(CHECKS["sec.adminer"](), site.base_url)
    assert finding.outcome is Outcome.FAILED
    assert "/phpmyadmin/index.php" in finding.message


def test_the_text_of_an_env_file_with_markup_in_a_value() -> None:
    reply = Reply(body=exposed.ENV + 'FOOTER="<b>Acorn</b>"\n', type="text/plain")
    with serving({"/.env": reply}) as site:
        assert ask(CHECKS["sec.env"](), site.base_url).severity is Severity.CRITICAL
        quoted = replace(reply, type="text/html")
    with serving({"/.env": quoted}) as site:
        assert ask(CHECKS["sec.env"](), site.base_url).severity is Severity.CRITICAL
