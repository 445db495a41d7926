"""Several people in one flow: sessions of their own, one flow's evidence, and what they cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from smokerunner.model.browsing import Browsing
from smokerunner.model.config import Environment
from smokerunner.model.flow import FlowFile
from smokerunner.model.outcome import Outcome
from smokerunner.replay.outfitting import browsing_of
from smokerunner.steps import VOCABULARY
from tests.e2e.outcome_site import Answer, Asked, Replayed, Site, patched, replay, write

HEAD = """
visual: off
secrets: [STAFF_PASSWORD]
variables: {order: "order-${unique}"}
"""
FLOWS = """
  staff-login:
    steps:
      - goto: /login?as=staff
      - expect: {visible: {text: Hello staff}}
  ask:
    people: {admin: staff-login, guest: {browser: {locale: fr-FR}}}
    steps:
      - goto: /ask?order=${order}
      - expect: {visible: {text: waiting}}
      - goto: /approve?order=${order}
        as: guest
        status: 403
      - goto: /orders?order=${order}
        as: admin
        save: {seen: {text: {matches: "Order (order-\\\\w+)"}}}
      - expect: {visible: {text: "fr"}}
        as: guest
      - click: {link: Approve}
        as: admin
        popup:
          - expect: {visible: {heading: Approved}}
      - goto: /state?order=${seen}
      - expect: {visible: {text: approved}, hidden: {text: staff}}
    cleanup:
      - goto: /remove?order=${order}
        as: admin
      - expect: {visible: {text: Hello staff}}
        as: admin
  used:
    people: {admin: staff-login, guest: {browser: {locale: fr-FR}}}
    steps:
      - use: ask
      - use: staff-login
        as: guest
      - goto: /login
        as: guest
      - expect: {visible: {text: Hello staff}}
        as: guest
      - goto: /login
      - expect: {visible: {text: Hello nobody}}
  noisy:
    people: {admin: staff-login}
    steps:
      - goto: /
      - goto: /noise
        as: admin
      - goto: /
  stopped:
    people: {admin: staff-login}
    steps:
      - goto: /
      - goto: ELSEWHERE/done
        as: admin
  fails:
    people: {admin: staff-login}
    steps:
      - goto: /
      - goto: /broken
        as: admin
      - goto: /
        as: admin
  cannot-open:
    people: {admin: {browser: {client_certificates: {certificate: broken.p12, origin: "https://x.test"}}}}
    steps:
      - goto: /
      - goto: /
        as: admin
      - goto: /
"""


def furnish(site: Site) -> None:
    """An app in which staff approves what anybody asks for."""
    orders: dict[str, str] = {}

    def who(asked: Asked) -> str:
        return (asked.headers.get("Cookie") or "").partition("who=")[2] or "nobody"

    def login(asked: Asked) -> Answer:
        name = asked.query.get("as") or who(asked)
        cookie = {"Set-Cookie": f"who={name}"} if "as" in asked.query else {}
        return Answer(f"<!doctype html><h1>Hello {name}</h1>", headers=cookie)

    def ask(asked: Asked) -> Answer:
        orders[asked.query["order"]] = "waiting"
        return Answer("<!doctype html><h1>waiting</h1>")

    def show(asked: Asked) -> Answer:
        order = asked.query["order"]
        link = f"<a href='/approve?order={order}' target=_blank>Approve</a>"
        return Answer(f"<!doctype html><h1>Order {order}</h1>{link}<script>console.log('hello from staff')</script>")

    def approve(asked: Asked) -> Answer:
        if who(asked) != "staff":
            return Answer(f"<h1>Not you, {asked.headers.get('accept-language', '')}</h1>", 403)
        orders[asked.query["order"]] = "approved"
        return Answer("<!doctype html><h1>Approved</h1>")

    def state(asked: Asked) -> Answer:
        return Answer(f"<!doctype html><h1>{orders[asked.query['order']]}</h1>")

    def remove(asked: Asked) -> Answer:
        orders.pop(asked.query["order"], None)
        return login(asked)

    noise = "<!doctype html><h1>Noise</h1><script>console.error('something broke for staff')</script>"
    site.pages |= {
        "/login": login,
        "/ask": ask,
        "/orders": show,
        "/approve": approve,
        "/state": state,
        "/remove": remove,
        "/noise": noise,
    }


@dataclass(frozen=True)
class Seen:
    replayed: Replayed
    site: Site


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("people")
    with Site() as site, patched({"STAFF_PASSWORD": "a-password-of-staff"}):
        furnish(site)
        write(folder, FLOWS.replace("ELSEWHERE", site.elsewhere), head=HEAD)
        (folder / "flows" / "broken.p12").write_bytes(b"this is no certificate")
        options = ("--no-history", "--trace", "on", "--retries", "1")
        yield Seen(replay(folder, site, *options), site)


@pytest.mark.e2e
def test_one_approves_what_another_asked_for(seen: Seen) -> None:
    flow = seen.replayed.flow("ask")
    told = [(step.title, step.person, step.message, step.warnings) for step in flow.steps]
    assert flow.outcome in (Outcome.PASSED, Outcome.WARNED), told
    assert [step.person for step in flow.steps] == ["", "", "guest", "admin", "guest", "admin", "", ""]
    (inside,) = flow.steps[5].children
    assert inside.person == "admin"
    # A person's cookie is nobody else's, and what anybody saves is everybody's.
    assert "who=staff" in seen.site.asked_for("/orders")[0].headers["Cookie"]
    assert "Cookie" not in seen.site.asked_for("/state")[0].headers


@pytest.mark.e2e
def test_everybody_leaves_evidence_of_their_own(seen: Seen) -> None:
    flow = seen.replayed.flow("ask")
    assert flow.deciding is not None
    titles = {Path(item.path).name: item.title for item in flow.deciding.artifacts}
    for name in ("network.har", "network-admin.har", "network-guest.har", "trace-admin.zip", "trace-guest.zip"):
        assert name in titles
        assert (seen.replayed.bundle / "flows" / "ask" / name).is_file()
    assert titles["trace-admin.zip"] == "Trace of admin"
    assert "hello from staff" in (seen.replayed.bundle / "flows" / "ask" / "console-admin.jsonl").read_text()
    pictures = [step.picture.path for step in flow.steps if step.picture is not None]
    assert [Path(path).name[:2] for path in pictures] == [f"{number:02d}" for number in range(1, 9)]


@pytest.mark.e2e
def test_cleanup_has_people_too(seen: Seen) -> None:
    cleanup = next(child for child in seen.replayed.flow("ask").children if child.kind == "cleanup")
    assert cleanup.outcome is Outcome.PASSED, cleanup.message
    assert [step.person for step in cleanup.children] == ["admin", "admin"]


@pytest.mark.e2e
def test_a_flow_that_is_used_is_done_by_the_users_people(seen: Seen) -> None:
    flow = seen.replayed.flow("used")
    told = [(step.title, step.person, step.message) for step in flow.walk()]
    assert flow.outcome in (Outcome.PASSED, Outcome.WARNED), told
    assert {step.person for step in flow.steps[0].children} == {"", "admin", "guest"}
    assert {step.person for step in flow.steps[1].walk()} == {"guest"}


@pytest.mark.e2e
def test_what_anybody_meets_is_the_flows(seen: Seen) -> None:
    noisy = seen.replayed.flow("noisy")
    assert noisy.outcome is Outcome.WARNED
    assert [len(step.console) for step in noisy.steps] == [0, 1, 0]
    stopped = seen.replayed.flow("stopped")
    assert stopped.outcome is Outcome.INCONCLUSIVE
    assert "allow_hosts does not name" in stopped.message
    fails = seen.replayed.flow("fails")
    assert fails.outcome is Outcome.FAILED
    assert [str(step.outcome) for step in fails.steps] == ["passed", "failed", "skipped"]
    assert fails.steps[2].person == "admin"
    assert "(as admin)" in (seen.replayed.bundle / "summary.md").read_text()
    assert '<span class="person" title="Done by admin">admin</span>' in (
        (seen.replayed.bundle / "report.html").read_text()
    )


@pytest.mark.e2e
def test_another_attempt_opens_everything_anew(seen: Seen) -> None:
    first, second = seen.replayed.flow("fails").attempts
    assert {Path(item.path).parent.name for item in second.artifacts} == {"attempt-2"}
    assert {Path(item.path).name for item in first.artifacts} == {Path(item.path).name for item in second.artifacts}


@pytest.mark.e2e
def test_somebody_who_cannot_come_is_said(seen: Seen) -> None:
    flow = seen.replayed.flow("cannot-open")
    assert [str(step.outcome) for step in flow.steps] == ["passed", "error", "skipped"]
    assert flow.steps[1].message.startswith("the browser of admin: the browser could not be set up:")
    assert flow.steps[1].person == "admin"


def test_the_environment_beats_the_person_the_flow_and_the_file() -> None:
    file = FlowFile.model_validate(
        {
            "app": "a",
            "browser": {"locale": "de-DE", "timezone": "Asia/Tokyo", "headers": {"X-A": "file", "X-B": "file"}},
            "flows": {
                "x": {
                    "browser": {"locale": "fr-FR", "color_scheme": "dark", "block": "/a", "headers": {"X-A": "flow"}},
                    "people": {"admin": {"browser": {"locale": "it-IT", "color_scheme": "light", "block": ["/b"]}}},
                    "steps": [{"goto": "/"}],
                }
            },
        },
        context={"vocabulary": VOCABULARY},
    )
    environment = Environment(browser=Browsing(timezone="Europe/Berlin", color_scheme="dark"))
    own = browsing_of(file, environment, file.flows["x"], Path("/f"))
    admin = browsing_of(file, environment, file.flows["x"], Path("/f"), "admin")
    assert (own.locale, own.timezone, own.color_scheme, own.block) == ("fr-FR", "Europe/Berlin", "dark", ("/a",))
    assert own.headers == {"X-A": "flow", "X-B": "file"}
    assert (admin.locale, admin.color_scheme, admin.block) == ("it-IT", "dark", ("/a", "/b"))
    assert browsing_of(file, Environment(), None, Path("/f")).locale == "de-DE"
