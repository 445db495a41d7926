"""`smokerunner check` and `smokerunner spot-check`, as they are typed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from smokerunner.model.outcome import Outcome
from tests.checks.bench import Reply, SmallSite, serving
from tests.conftest import Smoke
from tests.replay.test_one_question import endless
from tests.web.test_polite_client import speaking


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    with serving({"/": Reply(body="<h1>Quiet things</h1>")}) as running:
        yield running


def write(folder: Path, base_url: str, checks: str) -> None:
    (folder / "smokerunner.yaml").write_text(
        "apps:\n  shop:\n    environments:\n      live:\n        production: yes\n"
        f"        base_url: {base_url}\n        checks: {checks}\n"
        f"      bare:\n        base_url: {base_url}\n"
    )


def test_it_leaves_a_bundle_and_says_go(home: Path, smoke: Smoke, site: SmallSite) -> None:
    write(home, site.base_url, "{http.home-up: {text: Quiet}}")
    ran = smoke("check", "--env", "live")
    assert (ran.exit_code, ran.err) == (0, "")
    assert "http.home-up" in ran.out
    assert "GO · 1 passed" in ran.out
    (result,) = ran.run.checks
    assert result.source == "smokerunner.yaml:7"
    assert smoke("verify", ran.bundle).exit_code == 0


def test_a_failed_check_is_a_failed_run(home: Path, smoke: Smoke, site: SmallSite) -> None:
    write(home, site.base_url, "{http.home-up: {text: Loud}}")
    ran = smoke("check", "shop", "--env", "live", "--json")
    assert ran.exit_code == 1
    assert [event["event"] for event in ran.events] == ["run_started", "checks_started", "check_ended", "run_ended"]
    assert ran.run.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("arguments", "checks", "said"),
    [
        (("check",), "{http.home-up: on}", "shop has the environments live, bare; say which with --env"),
        (("check", "shop", "--env", "bare"), "{http.home-up: on}", "shop, bare: has no checks"),
        (("check", "--env", "bare"), "{http.home-up: on}", "no app has checks in bare"),
        (("check", "shopp", "--env", "live"), "{http.home-up: on}", "no app called 'shopp', did you mean 'shop'?"),
        (
            ("check", "--env", "live", "--check", "htpt.*"),
            "{http.home-up: on}",
            "called 'htpt.*', did you mean 'http.*'?",
        ),
        (("spot-check", "what?"), "{http.home-up: on}", "https://what?: is not an address"),
        (("spot-check", "http://127.0.0.1:1", "--preset", "x"), "{http.home-up: on}", "--preset x: there are any"),
    ],
)
def test_bad_input(
    home: Path, smoke: Smoke, site: SmallSite, arguments: tuple[str, ...], checks: str, said: str
) -> None:
    write(home, site.base_url, checks)
    ran = smoke(*arguments)
    assert ran.exit_code == 2
    assert said.removeprefix("https://") in ran.err
    assert not ran.bundles


def test_without_an_environment_file(smoke: Smoke) -> None:
    ran = smoke("check")
    assert ran.exit_code == 2
    assert "`smokerunner spot-check URL` needs no file" in ran.err


def test_checks_without_flows_to_go_with(home: Path, smoke: Smoke, site: SmallSite) -> None:
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text("app: shop\nflows:\n  home:\n    steps:\n      - goto: /\n")
    ran = smoke("run", "--with-checks", "--base-url", site.base_url)
    assert ran.exit_code == 2
    assert "--with-checks: there is no smokerunner.yaml" in ran.err


def test_flows_and_checks_of_which_there_are_none(home: Path, smoke: Smoke, site: SmallSite) -> None:
    write(home, site.base_url, "{http.home-up: on}")
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text("app: shop\nflows:\n  home:\n    steps:\n      - goto: /\n")
    ran = smoke("run", "--with-checks", "--env", "bare")
    assert ran.exit_code == 2
    assert "--with-checks: no environment of smokerunner.yaml that is run has `checks:`" in ran.err


@pytest.mark.e2e
def test_flows_and_then_checks(home: Path, smoke: Smoke, site: SmallSite) -> None:
    write(home, site.base_url, "{http.home-up: {text: Loud}}")
    (home / "flows").mkdir()
    (home / "flows" / "shop.yaml").write_text(
        "app: shop\nflows:\n  home:\n    effects: none\n    steps:\n      - goto: /\n"
        "      - expect: {visible: {heading: Quiet}}\n"
    )
    ran = smoke("run", "--with-checks", "--env", "live", "--pictures", "off", "--trace", "off")
    assert ran.exit_code == 1
    assert [(one.kind, one.name, str(one.outcome)) for one in ran.run.results] == [
        ("flow", "home", "passed"),
        ("check", "http.home-up", "failed"),
    ]


def test_every_check_is_listed(smoke: Smoke) -> None:
    ran = smoke("list", "--checks")
    assert ran.exit_code == 0
    assert "http.home-up  critical" in ran.out
    rows = smoke("list", "--checks", "--json")
    assert '"check": "http.home-up"' in rows.out


def test_a_spot_check_needs_no_file_and_leaves_none(home: Path, smoke: Smoke, site: SmallSite) -> None:
    ran = smoke("spot-check", site.base_url, "--preset", "any", "--check", "http.home-up")
    assert (ran.exit_code, ran.err) == (0, "")
    assert "Grade A+ · nothing was found" in ran.out
    assert "1 check, 1 request" in ran.out
    assert list(home.iterdir()) == []


def test_a_spot_check_with_evidence(home: Path, smoke: Smoke, site: SmallSite) -> None:
    ran = smoke("spot-check", site.base_url, "--check", "http.home-up", "--out", "evidence")
    assert ran.exit_code == 0
    assert len(ran.run.checks) == 1


def test_a_spot_check_finds_out_what_is_spoken(smoke: Smoke, site: SmallSite) -> None:
    ran = smoke("spot-check", site.base_url.removeprefix("http://"), "--check", "http.home-up")
    assert ran.exit_code == 0
    assert ran.out.startswith(f"{site.base_url} · preset any")


def test_a_spot_check_of_an_answer_without_end(smoke: Smoke) -> None:
    with speaking(endless) as url:
        ran = smoke("spot-check", url, "--check", "http.home-up")
    assert "http.home-up" in ran.out


def test_a_spot_check_of_a_certificate_that_nobody_vouches_for(smoke: Smoke) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serving({"/": Reply(body="<h1>Quiet things</h1>")}, context) as safe:
        ran = smoke("spot-check", safe.base_url, "--check", "tls.https", "--check", "http.home-up")
        assert ran.exit_code == 1
        assert "with --insecure-tls the rest is asked all the same" in ran.out
        assert "Grade F · critical: http.home-up, tls.https" in ran.out
        ran = smoke("spot-check", safe.base_url, "--check", "http.home-up", "--insecure-tls")
        assert ran.exit_code == 0


def test_a_spot_check_of_what_is_down(smoke: Smoke) -> None:
    with serving({}) as gone:
        url = gone.base_url
    ran = smoke("spot-check", url)
    assert ran.exit_code == 1
    assert "is not reachable: connection refused" in ran.out
