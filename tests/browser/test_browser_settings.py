"""Every key of `browser:` proves itself: what pages see, what servers are sent, what is not asked for at all."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from smokerunner.browser.outfit import devices, origin_of
from smokerunner.model.browsing import Browsing
from smokerunner.model.config import Environment, ReleaseSource
from smokerunner.model.errors import Unavailable
from smokerunner.model.outcome import Outcome
from smokerunner.replay.access import Access
from smokerunner.replay.probing import Probe
from tests.conftest import Smoke
from tests.e2e.outcome_site import Replayed, Site, patched, replay, write
from tests.site.settings import STAFF, Authority, StrictServer, furnish

pytestmark = pytest.mark.e2e

PASSWORD, TOKEN = "open-sesame-9471", "token-of-the-blue-team"
HEAD = """
secrets: [GATE_PASSWORD, TEAM_TOKEN]
visual: off
"""
FLOWS = """
  plain:
    steps:
      - goto: /setting-seen
      - expect: &seen
          text_of:
            - {of: {css: "#scheme"}, reads: light}
            - {of: {css: "#motion"}, reads: moving}
            - {of: {css: "#device"}, reads: computer clicked}
            - {of: {css: "#window"}, reads: at 1}
      - goto: /setting-allowed
      - expect: {text_of: {of: {css: "#place"}, reads: nobody says where}}
      - goto: /setting-block
      - expect: {visible: [{text: beacon sent}, {text: counted}]}
      - goto: /setting-worker
      - expect: {visible: {text: worker ready}}
      - goto: /gate
        status: 401
      - goto: /setting-passkey
      - click: {button: Log in with a passkey}
      - expect: {visible: {text: nobody is known}}
  phone:
    browser:
      device: iPhone 15
      locale: de-DE
      timezone: Asia/Tokyo
      color_scheme: dark
      reduced_motion: yes
    steps:
      - goto: /setting-seen
      - expect:
          text_of:
            - {of: {css: "#language"}, reads: {is: de-DE}}
            - {of: {css: "#zone"}, reads: {is: Asia/Tokyo}}
            - {of: {css: "#scheme"}, reads: dark}
            - {of: {css: "#motion"}, reads: still}
            - {of: {css: "#device"}, reads: iPhone touched}
            - {of: {css: "#window"}, reads: at 3}
      - goto: /headers
      - expect: {visible: {text: "Accept-Language: de-DE"}}
  small:
    viewport: 500x400
    steps:
      - goto: /setting-seen
      - click: {css: "#scheme"}
  placed:
    browser:
      geolocation: {latitude: 52.5, longitude: 13.4, accuracy: 20}
      permissions: notifications
    steps:
      - goto: /setting-allowed
      - expect: {visible: [{text: "at 52.5, 13.4, give or take 20"}, {text: granted}]}
  gate:
    browser: {http_credentials: {username: staff, password: "${secrets.GATE_PASSWORD}"}}
    steps:
      - goto: /gate
      - expect: {visible: {heading: Behind the gate}}
      - api: {get: /gate}
        answer: {text: Behind the gate}
      - goto: OTHER/gate
        status: 401
      - api: {get: OTHER/gate}
        answer: {status: 401}
  wrong-password:
    browser: {http_credentials: {username: staff, password: not-the-password}}
    steps:
      - goto: /gate
  headers:
    browser: {headers: {X-Team: "blue ${team}", Authorization: "Bearer ${secrets.TEAM_TOKEN}"}}
    variables: {team: "${unique}"}
    steps:
      - goto: /headers
      - expect: {visible: [{text: "x-team: blue"}, {text: "X-Smoke-Run: site-local"}]}
      - api: {get: /headers}
        answer: {text: "x-team: blue"}
      - goto: OTHER/headers
      - expect: {hidden: [{text: x-team}, {text: Bearer}]}
      - goto: /go?to=OTHER/done
  blocked:
    browser: {block: [/stats/**]}
    steps:
      - goto: /setting-block
      - expect:
          visible: [{text: not counted}, {text: no beacon}]
          console: {errors: 0}
  no-worker:
    browser: {service_workers: block}
    steps:
      - goto: /setting-worker
      - expect: {visible: {text: no worker}}
  passkey:
    browser: {passkeys: true}
    steps:
      - goto: /setting-passkey
      - click: {button: Make a passkey}
      - expect: {visible: {text: a passkey was made}}
  passkey-again:
    starts_from: passkey
    steps:
      - goto: /setting-passkey
      - click: {button: Log in with a passkey}
      - expect: {visible: {text: "welcome back, robin"}}
  passkey-not-wanted:
    starts_from: passkey
    browser: {passkeys: false}
    steps:
      - goto: /setting-passkey
      - click: {button: Log in with a passkey}
      - expect: {visible: {text: nobody is known}}
"""
CONFIG = """      local:
        allow_hosts: [OTHER_HOST]
"""


@dataclass(frozen=True)
class Seen:
    """One run of all flows, the app and the other host that it knows."""

    replayed: Replayed
    app: Site
    other: Site


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("settings")
    with Site() as app, Site() as other:
        for site in (app, other):
            furnish(site, PASSWORD)
        write(
            folder,
            FLOWS.replace("OTHER", other.base_url),
            head=HEAD,
            config=CONFIG.replace("OTHER_HOST", f"127.0.0.1:{other.port}"),
        )
        with patched({"GATE_PASSWORD": PASSWORD, "TEAM_TOKEN": TOKEN}):
            # A passkey belongs to a domain, which an address of numbers is not.
            ran = replay(folder, f"http://localhost:{app.port}", "--no-history", "--trace", "off")
        yield Seen(ran, app, other)


@pytest.mark.parametrize(
    "name",
    ["plain", "phone", "small", "placed", "gate", "headers", "blocked", "no-worker", "passkey", "passkey-again",
     "passkey-not-wanted"],
)  # fmt: skip
def test_what_is_set_is_seen(seen: Seen, name: str) -> None:
    flow = seen.replayed.flow(name)
    told = [(step.title, step.message, step.warnings) for step in flow.steps if step.outcome is not Outcome.PASSED]
    # Whoever is not let in hears that in the console too, and that a page has no favicon.
    assert flow.outcome in (Outcome.PASSED, Outcome.WARNED), (flow.message, told)


def test_a_wrong_password_is_the_apps_answer(seen: Seen) -> None:
    flow = seen.replayed.flow("wrong-password")
    assert flow.outcome is Outcome.FAILED
    assert "401" in flow.message


def test_what_is_blocked_is_nobodys_fault(seen: Seen) -> None:
    flow = seen.replayed.flow("blocked")
    assert flow.outcome is Outcome.PASSED, flow.walk()
    assert not any(step.requests or any(said.counts for said in step.console) for step in flow.steps)
    # Only the flow that blocks nothing was counted.
    assert len(seen.app.asked_for("/stats/beacon")) == len(seen.app.asked_for("/stats/count.js")) == 1


def test_only_the_app_is_sent_its_headers_and_its_password(seen: Seen) -> None:
    sent = [name.lower() for asked in seen.other.seen for name in asked.headers]
    assert seen.other.asked_for("/gate")
    assert seen.other.asked_for("/headers")
    assert seen.other.asked_for("/done"), "the redirect did not lead there"
    assert "authorization" not in sent
    assert "x-team" not in sent
    mine = [asked.headers.get("x-team", "") for asked in seen.app.asked_for("/headers") if "x-team" in asked.headers]
    assert len(mine) == 2
    assert all(value.startswith("blue ") for value in mine)


def test_no_secret_of_the_settings_is_in_the_evidence(seen: Seen) -> None:
    coded = base64.b64encode(f"{STAFF}:{PASSWORD}".encode()).decode()
    for path in seen.replayed.bundle.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for secret in (PASSWORD, TOKEN, coded, "not-the-password"):
            assert secret.encode() not in data, path
    assert PASSWORD not in seen.replayed.out


def test_a_step_knows_its_window(seen: Seen) -> None:
    phone, small, plain = (seen.replayed.flow(name).steps[0] for name in ("phone", "small", "plain"))
    size = devices()["iPhone 15"]["viewport"]
    assert (phone.viewport, phone.scale) == (f"{size['width']}x{size['height']}", 3.0)
    assert (small.viewport, small.scale) == ("500x400", None)
    assert (plain.viewport, plain.scale) == ("", None)
    # Boxes are numbers in CSS pixels, and so are pictures.
    assert phone.picture is not None
    assert phone.picture.title == phone.viewport


def test_another_window_is_compared_with_itself(seen: Seen, smoke: Smoke, home: Path) -> None:
    ran = smoke("approve", seen.replayed.bundle, "--flow", "phone", "--flow", "small", "--screenshots", "shots")
    assert ran.exit_code == 0, ran.err
    windows = re.findall(r"(?m)^  (?:phone|small):\n(?:    .*\n)+", FLOWS)
    write(home, "".join(windows))
    again = replay(
        home, f"http://localhost:{seen.app.port}", "--no-history", "--trace", "off", "--screenshots", "shots",
        "--flow", "phone", "--flow", "small",
    )  # fmt: skip
    for name in ("phone", "small"):
        verdicts = {step.comparison.verdict for step in again.flow(name).steps if step.comparison is not None}
        # /headers names the run.
        assert verdicts <= {"same", "differs"}, name
        assert "same" in verdicts, name


def test_certificates(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    (tmp_path / "flows").mkdir()
    authority.bundle(tmp_path / "flows" / "robin.p12", "shut-tight-3141")
    flows = """
  shown:
    steps:
      - goto: /
      - expect: {visible: {heading: Welcome}}
      - api: {get: /}
        answer: {text: Welcome}
  bundle:
    browser: {client_certificates: {certificate: robin.p12, passphrase: "${secrets.PASSPHRASE}"}}
    steps:
      - goto: /
      - expect: {visible: {heading: Welcome}}
  wrong:
    browser: {client_certificates: {certificate: robin.p12, passphrase: not-the-passphrase}}
    steps:
      - goto: /
"""
    config = """      local:
        insecure_tls: true
        browser: {client_certificates: {certificate: robin.pem, key: robin.key}}
"""
    write(tmp_path, flows, head="secrets: [PASSPHRASE]", config=config)
    with StrictServer(authority) as server, patched({"PASSPHRASE": "shut-tight-3141"}):
        ran = replay(tmp_path, server.base_url, "--no-history", "--trace", "off", "--flow", "shown")
        assert ran.outcomes == {"shown": "passed"}, (ran.out, ran.err)
        write(tmp_path, flows, head="secrets: [PASSPHRASE]", config="      local: {insecure_tls: true}\n")
        ran = replay(tmp_path, server.base_url, "--no-history", "--trace", "off")
        # Nobody is let in without a certificate, not even to ask whether the app is there.
        assert ran.other("reach").outcome is Outcome.FAILED
        head = "secrets: [PASSPHRASE]\nbrowser: {client_certificates: {certificate: ../robin.pem, key: ../robin.key}}"
        write(tmp_path, flows, head=head, config="      local: {insecure_tls: true}\n")
        ran = replay(tmp_path, server.base_url, "--no-history", "--trace", "off", "--flow", "bundle", "--flow", "wrong")
        assert ran.outcomes == {"bundle": "passed", "wrong": "error"}, (ran.out, ran.err)
        assert "not-the-passphrase" not in ran.out


def test_the_questions_before_the_run_show_the_same(tmp_path: Path) -> None:
    login = {"http_credentials": {"username": STAFF, "password": PASSWORD}, "headers": {"X-Team": "blue"}}
    source = ReleaseSource.model_validate({"path": "/gate/version", "page": r"release (\d+)"})
    with Site() as site:
        furnish(site, PASSWORD)
        environment = Environment(release=source)
        known = Probe(environment, site.base_url, Access(site.base_url, Browsing.model_validate(login)))
        assert asyncio.run(known.release()) == "7"
        assert site.seen[-1].headers["X-Team"] == "blue"
        stranger = Probe(environment, f"{site.base_url}/gate")
        # Whoever asks who we are is there.
        assert asyncio.run(stranger.reach()).outcome is Outcome.PASSED
        elsewhere = Probe(environment, site.base_url, Access("http://127.0.0.1:9", Browsing.model_validate(login)))
        assert asyncio.run(elsewhere.release()) is None
        assert "X-Team" not in site.seen[-1].headers


def test_the_questions_before_the_run_show_a_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.bundle(tmp_path / "robin.p12", "shut-tight-3141")
    trusting = Environment(insecure_tls=True)

    def reach(url: str, **certificate: str) -> Outcome:
        browsing = Browsing.model_validate({"client_certificates": certificate or []})
        return asyncio.run(Probe(trusting, url, Access(url, browsing)).reach()).outcome

    with StrictServer(authority) as server:
        url, p12 = server.base_url, str(tmp_path / "robin.p12")
        assert reach(url) is Outcome.FAILED
        assert reach(url, certificate=str(authority.certificate), key=str(authority.key)) is Outcome.PASSED
        assert reach(url, certificate=p12, passphrase="shut-tight-3141") is Outcome.PASSED
        assert reach(url, certificate=p12, passphrase="shut-tight-3141", origin="https://x.test") is Outcome.FAILED
        with pytest.raises(Unavailable, match=r"robin\.p12 cannot be used"):
            reach(url, certificate=p12, passphrase="not the one")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("browser: {device: iphone 15}", "2:19: browser: there is no device called 'iphone 15', did you mean 'iPhone"),
        ("browser: {device: zzzz}", "2:19: browser: there is no device called 'zzzz', such as"),
        ("browser: {timezone: Europe/Berln}", "did you mean 'Europe/Berlin'?"),
    ],
)  # fmt: skip
def test_what_no_browser_can_be_is_bad_input(smoke: Smoke, home: Path, line: str, said: str) -> None:
    write(home, "  x: {steps: [{goto: /}]}\n", head=line)
    ran = smoke("run", "--base-url", "http://127.0.0.1:9")
    assert ran.exit_code == 2
    assert said in ran.err
    assert not ran.bundles


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("browser: {device: Nokya N9}", "smokerunner.yaml:5:27: site, local: browser: there is no device called"),
        (
            "browser: {headers: {Authorization: '${secrets.NOPE}'}}",
            "smokerunner.yaml:5:44: site, local: browser: 'NOPE' is not among the secrets",
        ),
        ("browser: {locale: '${x}'}", "is not a locale; write it as de-DE"),
        ("browser: {headers: {X-A: '${nobody}'}}", "site, local: browser: nothing defines ${nobody}"),
        (
            "browser: {client_certificates: {certificate: a.p12}}",
            "site, local: browser: there is no file 'a.p12' beside the environment file",
        ),
    ],
)
def test_what_an_environment_says_is_checked(smoke: Smoke, home: Path, settings: str, said: str) -> None:
    write(home, "  x: {steps: [{goto: /}]}\n", config=f"      local:\n        {settings}\n")
    ran = smoke("run", "--base-url", "http://127.0.0.1:9")
    assert ran.exit_code == 2
    assert said in ran.err
    assert not ran.bundles


def test_certificates_and_resolve_do_not_go_together(smoke: Smoke, home: Path) -> None:
    (home / "a.p12").write_bytes(b"")
    config = "      local: {resolve: {a.test: '127.0.0.1:9'}, browser: {client_certificates: {certificate: a.p12}}}\n"
    write(home, "  x: {steps: [{goto: /}]}\n", config=config)
    ran = smoke("run", "--base-url", "http://a.test")
    assert ran.exit_code == 2
    assert "take one of the two out" in ran.err


def test_a_password_that_is_missing_is_asked_for(smoke: Smoke, home: Path) -> None:
    person = "people: {admin: {browser: {http_credentials: {username: a, password: '${secrets.GATE_PASSWORD}'}}}}"
    flow = f"  x:\n    {person}\n    steps:\n      - goto: /\n        as: admin\n"
    write(home, flow, head="secrets: [GATE_PASSWORD]")
    ran = smoke("run", "--base-url", "http://127.0.0.1:9")
    assert ran.exit_code == 2
    assert "GATE_PASSWORD has no value" in ran.err


def test_an_origin_has_no_password_in_it() -> None:
    assert origin_of("https://robin:secret@a.test:8443/shop?x=1") == "https://a.test:8443"
