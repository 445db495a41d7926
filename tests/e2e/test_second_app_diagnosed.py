"""A second app, in another language and made otherwise: the same causes have the same ids there."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from smokerunner.diagnosis.diagnosing import diagnosed
from smokerunner.model.outcome import Outcome
from smokerunner.model.target import Target
from tests.e2e.outcome_site import Answer, Asked, Replayed, Site, free_port, patched, replay, write

pytestmark = pytest.mark.e2e

_ENTRANCE = (
    "<form method=post action=/anmelden><label>Name <input name=name></label>"
    "<label>Kennwort <input type=password name=kennwort></label><button>Anmelden</button></form>"
)
_DEBUG = """<title>SQLSTATE[42S02]: Base table or view not found (500 Internal Server Error)</title>
<style>body { color: red }</style><h1>SQLSTATE[42S02]: Base table or view not found</h1>
<p>Illuminate\\Database\\QueryException</p><pre>at /srv/app/vendor/laravel/framework/Connection.php:760
at /srv/app/public/index.php:51</pre>"""


def _page(body: str) -> str:
    return f"<!doctype html><html lang=de><title>Bücherei</title><nav><a href=/>Start</a></nav><main>{body}</main>"


def _refused(asked: Asked) -> Answer:
    if asked.method == "GET":
        return Answer(_page(_ENTRANCE))
    alert = "<p class=alert role=alert>Diese Zugangsdaten sind ungültig.</p>"
    return Answer(_page(alert + _ENTRANCE), 401)


def _taken(asked: Asked) -> Answer:
    form = "<form method=post><label>Ausweis <input name=nr></label><button>Anlegen</button></form>"
    alert = "<p class=invalid-feedback>Diese Nummer ist bereits vergeben.</p>"
    return Answer(_page(form), 200) if asked.method == "GET" else Answer(_page(alert + form), 422)


PAGES: dict[str, object] = {
    "/kaputt": Answer("<title>Server Error</title><h1>500</h1><p>Server Error</p>", 500),
    "/offen": Answer(_DEBUG, 500),
    "/konto": Answer(status=302, headers={"Location": "/anmelden"}),
    "/anmelden": _refused,
    "/ausweis": _taken,
    "/leihen": _page("<button type=button>Ausleihe abschließen</button>"),
    "/verdeckt": _page(
        "<button onclick='document.title=1'>Merken</button>"
        "<div id=hinweis style='position:fixed;inset:0;background:#eee'>Wir nutzen Kekse</div>"
    ),
    "/gesperrt": _page("<button disabled>Merken</button>"),
    "/versteckt": _page("<button style='display:none'>Merken</button>"),
    "/draussen": _page("<button style='position:fixed;left:-900px;top:10px'>Merken</button>"),
    "/rahmen": _page("<iframe title=Zahlung srcdoc='<label>Karte <input></label>'></iframe>"),
    "/doppelt": _page("<button>Merken</button><button>Merken</button>"),
    "/lahm": _page("<form method=post action='/slow?seconds=60'><button>Senden</button></form>"),
    "/skript": _page("<p>Im Korb: <b data-testid=korb>0</b></p><button onclick=mehr()>Dazu</button>"
                     "<script>throw new TypeError('korb fehlt')</script>"),
    "/hintergrund": _page(
        "<p>Im Korb: <b data-testid=korb>0</b></p>"
        "<button onclick=\"fetch('/dienst', {method: 'POST'})\">Dazu</button>"
    ),
    "/dienst": Answer('{"fehler": "Lager nicht erreichbar"}', 503, "application/json"),
    "/leer": Answer("", 200),
    "/auftrag": _page("<p>Auftrag 7: <b data-testid=stand>In Bearbeitung</b></p>"),
    "/preis": _page("<p>Gebühr: <b data-testid=preis>3,00 €</b></p>"),
    "/vergessen": _page("<p>Wir haben geschrieben.</p>"),
}  # fmt: skip

FLOWS = """
  server-error: {steps: [{goto: /kaputt}]}
  debug-page: {steps: [{goto: /offen}]}
  page-not-found: {steps: [{goto: /nirgends}]}
  session-lost: {steps: [{goto: /konto}, {expect: {url: /konto, visible: {heading: Mein Konto}}}]}
  credentials-refused:
    steps:
      - goto: /anmelden
      - fill: {label: Name}
        with: kim
      - fill: {label: Kennwort}
        with: abc
      - click: {button: Anmelden}
      - expect: {url: /konto}
  data-exists:
    steps:
      - goto: /ausweis
      - fill: {label: Ausweis}
        with: '7'
      - click: {button: Anlegen}
      - expect: {visible: {heading: Angelegt}}
  element-renamed: {steps: [{goto: /leihen}, {click: {button: Ausleihe bestätigen}}]}
  element-covered: {steps: [{goto: /verdeckt}, {click: {button: Merken}}]}
  element-disabled: {steps: [{goto: /gesperrt}, {click: {button: Merken}}]}
  element-hidden: {steps: [{goto: /versteckt}, {click: {css: button}}]}
  element-off-screen: {steps: [{goto: /draussen}, {click: {button: Merken}}]}
  element-in-frame: {steps: [{goto: /rahmen}, {fill: {label: Karte}, with: '42'}]}
  element-ambiguous: {steps: [{goto: /doppelt}, {click: {button: Merken}}]}
  element-missing: {steps: [{goto: /preis}, {click: {button: Merken}}]}
  too-slow: {steps: [{goto: /lahm}, {click: {button: Senden}}, {expect: {visible: {heading: Gesendet}}}]}
  javascript-error:
    steps: [{goto: /skript}, {expect: {text_of: {of: {test_id: korb}, reads: '1'}}}]
  request-failed:
    steps: [{goto: /hintergrund}, {click: {button: Dazu}}, {expect: {text_of: {of: {test_id: korb}, reads: '1'}}}]
  blank-page: {steps: [{goto: /leer}, {expect: {visible: {heading: Start}}}]}
  still-working:
    steps:
      - goto: /auftrag
      - repeat: {reload: true}
        until: {text_of: {of: {test_id: stand}, reads: fertig}}
        every: 500ms
  text-differs: {steps: [{goto: /preis}, {expect: {text_of: {of: {test_id: preis}, reads: '2,50 €'}}}]}
  mail-missing: {steps: [{goto: /vergessen}, {mail: {to: kim@example.test, subject: Kennwort}}]}
  passed: {steps: [{goto: /preis}, {expect: {visible: {text: Gebühr}}}]}
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        running.pages.update(PAGES)  # type: ignore[arg-type]
        yield running


@pytest.fixture(scope="module")
def replayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("second")
    write(folder, FLOWS, head="timeout: 2s", config="      local: {mailbox: {embedded: {port: 0}}}\n")
    return replay(folder, site, "--workers", 4, "--trace", "off")


def test_every_failure_has_the_id_that_its_flow_is_named_after(replayed: Replayed) -> None:
    flows = {flow.name: flow for flow in replayed.run.flows if flow.name != "passed"}
    told = {name: [(one.id, one.title) for one in flow.diagnoses] for name, flow in flows.items()}
    wrong = {name: found for name, found in told.items() if not found or found[0][0] != name}
    assert wrong == {}
    assert replayed.flow("passed").outcome is Outcome.PASSED
    assert replayed.flow("passed").diagnoses == ()


def test_the_terminal_names_the_cause_before_the_message(replayed: Replayed) -> None:
    why = [line.strip() for line in replayed.out.splitlines() if line.strip().startswith("why  ")]
    assert "why  GET /kaputt answered 500 Internal Server Error" in why
    assert 'why  button "Merken" is disabled on /gesperrt' in why


def test_mends_find_what_is_there(replayed: Replayed) -> None:
    def mend(name: str) -> dict[str, object]:
        (first, *_) = replayed.flow(name).diagnoses
        assert first.mend is not None
        return first.mend.instead

    assert mend("element-renamed") == {"button": "Ausleihe abschließen"}
    assert mend("element-in-frame") == {"label": "Karte", "frame": {"title": "Zahlung"}}
    assert all(Target.model_validate(mend(name)) for name in ("element-renamed", "element-in-frame"))


def test_proofs_show_what_was_there(replayed: Replayed) -> None:
    def shown(name: str) -> str:
        return "\n".join(proof.text for proof in replayed.flow(name).diagnoses[0].proof)

    assert "Illuminate\\Database\\QueryException" in shown("debug-page")
    assert "Lager nicht erreichbar" in shown("request-failed")
    assert "Wir nutzen Kekse" in shown("element-covered")
    assert "GET /konto → 302" in shown("session-lost")
    assert "POST /slow?seconds=60 → no answer yet" in shown("too-slow")


def test_an_old_bundle_is_diagnosed_anew_to_the_same(replayed: Replayed) -> None:
    bare = replayed.run.model_copy(
        update={"results": tuple(r.model_copy(update={"diagnoses": ()}) for r in replayed.run.results)}
    )
    assert [r.diagnoses for r in diagnosed(bare).results] == [r.diagnoses for r in replayed.run.results]


def test_an_app_that_is_away_is_named_so(tmp_path: Path) -> None:
    write(tmp_path, "  start: {steps: [{goto: /}]}")
    ran = replay(tmp_path, f"http://127.0.0.1:{free_port()}")
    assert [one.id for one in ran.other("reach").diagnoses] == ["not-reachable"]
    assert "why  The app is not reachable" in ran.out
    assert ran.flow("start").diagnoses == ()


def test_no_event_shows_a_secret_that_was_seen_around_a_failure(site: Site, tmp_path: Path) -> None:
    secret = "Geheim & <geheim>-77"
    site.pages["/echo"] = lambda asked: Answer(_page(f"<p role=alert>{html.escape(secret)}</p>{_ENTRANCE}"), 500)
    flows = """
  echo:
    steps:
      - goto: /echo
        status: 500
      - fill: {label: Kennwort}
        with: ${secrets.SMOKE_KENNWORT}
      - click: {button: Fehlt}
"""
    write(tmp_path, flows, head="timeout: 1s\nsecrets: [SMOKE_KENNWORT]")
    with patched({"SMOKE_KENNWORT": secret}):
        ran = replay(tmp_path, site, "--json", "--trace", "off")
    ended = next(json.loads(line) for line in ran.out.splitlines() if '"number":"03"' in line and '"result"' in line)
    seen = ended["result"]["observation"]
    assert seen["alerts"] == ["***SMOKE_KENNWORT***"]
    assert "***SMOKE_KENNWORT***" in seen["text"]
    assert 'textbox "Kennwort": ***' in seen["aria"]
    assert "***SMOKE_KENNWORT***" in seen["redirects"][-1]["text"]
    assert "Geheim" not in ran.out
