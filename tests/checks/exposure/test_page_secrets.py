"""Secret keys in pages and scripts, and versions in headers."""

from __future__ import annotations

import pytest

from smokerunner.checks.exposure.banners import VersionHeaders
from smokerunner.checks.exposure.disclosure import SecretsInPages
from smokerunner.model.check import Finding
from smokerunner.model.outcome import Outcome
from smokerunner.model.severity import Severity
from tests.checks.bench import Reply, ask, serving

# Put together here, so that no scanner takes them for real ones.
SECRETS = {
    "a live secret key of Stripe": "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a webhook secret of Stripe": "whsec_" + "Kd8sJq3LmPz7RtVw9XbY2cNf4GhU6aEo",
    "an access key of AWS": "AK" + "IAQ3EGZP7WKH2MT5VD",
    "a key of Laravel (APP_KEY)": "base64:" + "Zk9wQ2hLdTdSbXN4VnB0R2JhWWVOMmpRNThMdzRIaUE" + "=",
    "a token of GitHub": "gh" + "p_" + "R8sKq2LmPz7TtVw9XbY3cNf4GhU6aEoD1jIv",
    "a token of Slack": "xo" + "xb-" + "281739465012-Kd8sJq3LmPz7RtVw9XbY2cNf",
    "a key of SendGrid": "SG." + "Kd8sJq3LmPz7RtVw9XbY2c." + "Nf4GhU6aEoD1jIvR8sKq2LmPz7TtVw9XbY3cNf4GhU6",
    "a private key": "-----BEGIN PRIVATE " + "KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
    "a password or secret by its name": 'DB_PASSWORD: "quiet-acorn-7"',
}
SCRIPT = "text/javascript"


def look(**paths: Reply) -> Finding:
    replies = {f"/{path.replace('_', '/')}": reply for path, reply in paths.items()}
    with serving(replies) as site:
        return ask(SecretsInPages(), site.base_url)


def bodied(secret: str) -> str:
    return f"<!doctype html><html><body><script>var settings = {{ {secret} }}</script></body></html>"


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_a_page(name: str) -> None:
    finding = look(**{"": Reply(body=bodied(SECRETS[name]))})
    assert (finding.outcome, finding.severity or Severity.CRITICAL) == (Outcome.FAILED, Severity.CRITICAL)
    assert f"{name} (" in finding.message
    assert SECRETS[name] not in f"{finding}"
    assert "quiet-acorn-7" not in f"{finding}"


def test_a_secret_in_a_script_and_behind_the_login() -> None:
    script = Reply(body=f"x='{SECRETS['an access key of AWS']}'", type=SCRIPT)
    home = Reply(body="<html><script type=module src='/js/app.js?v=1'></script></html>")
    with serving({"/": home, "/js/app.js?v=1": script}) as site:
        finding = ask(SecretsInPages(), site.base_url)
        assert finding.outcome is Outcome.FAILED
        assert f"GET {site.base_url}/js/app.js?v=1: an access key of AWS" in finding.message
    login = Reply(body=bodied(SECRETS["a token of GitHub"]))
    assert look(**{"": Reply(body="<p>Home</p>"), "login": login}).outcome is Outcome.FAILED


def test_scripts_of_others_are_not_asked() -> None:
    home = Reply(body="<html><script src='https://cdn.example/a.js'></script><script src='/b.js'></script></html>")
    with serving({"/": home}) as site:
        finding = ask(SecretsInPages(), site.base_url)
        assert {asked.path for asked in site.asked} == {"/", "/login", "/b.js"}
    assert finding.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "body",
    [
        "<p>Our keys begin with <code>sk_live_</code>, such as sk_live_xxxxxxxxxxxxxxxxxxxxxxxx</p>",
        "<pre>AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nDB_PASSWORD=correct-horse</pre>",
        "<p>Set <code>DB_PASSWORD=correct-horse</code> in your file</p>",
        "<p>Stripe's pk_live_4eC39HqLyjWDarjtT1zdp7dc is meant to be seen</p>",
        "<script>if (!process.env.DB_PASSWORD) DB_PASSWORD = process.env.DB_PASSWORD</script>",
        "<p>base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</p>",
        "<p>-----BEGIN PRIVATE KEY----- and what follows</p>",
    ],
)
def test_documentation_of_keys_is_harmless(body: str) -> None:
    finding = look(**{"": Reply(body=f"<!doctype html><html><body>{body}</body></html>")})
    assert finding.outcome is Outcome.PASSED, finding
    assert finding.weak


def test_what_was_not_read_is_said() -> None:
    home = Reply(body="".join(f"<script src='/{n}.js'></script>" for n in range(5)))
    with serving({"/": home}) as site:
        finding = ask(SecretsInPages(scripts=3), site.base_url)
    assert finding.outcome is Outcome.WARNED
    assert "2 more were not read" in finding.message


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"x-powered-by": "PHP/8.2.36"}, Outcome.FAILED),
        ({"server": "nginx/1.24.0"}, Outcome.FAILED),
        ({"x-aspnet-version": "4.0.30319"}, Outcome.FAILED),
        ({"x-powered-by": "Express", "server": "nginx"}, Outcome.PASSED),
        ({}, Outcome.PASSED),
    ],
)
def test_versions_in_headers(headers: dict[str, str], outcome: Outcome) -> None:
    with serving({"/": Reply(body="<p>Home</p>", headers=headers)}) as site:
        finding = ask(VersionHeaders(), site.base_url)
    assert finding.outcome is outcome
    assert VersionHeaders.means is Severity.LOW
