"""A secret is nowhere in what a run leaves or says: not in one byte, in no encoding, and in no pixel."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import smtplib
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image, ImageColor

from smokerunner.browser.capture import MASK_COLOUR
from smokerunner.model.geometry import Box
from tests.e2e.blind_secrets import replay_blind
from tests.e2e.outcome_site import Answer, Asked, Replayed, Site, free_port, patched, replay, write

pytestmark = pytest.mark.e2e

HEAD, TAIL = "Kopf4711kopf", "Fuss0815fuss"
SECRET = f"{HEAD}ä\"&<>/+ %'{TAIL}"
PLAIN = "plain7secret7value"
MAILED = "mailed-token-5b1f09aa77c3"
PIN = "4711"
_PLAIN_PARTS = (HEAD, TAIL, PLAIN, MAILED)


def found_in(data: bytes) -> set[str]:
    """Every secret that stands in these bytes, in whatever encoding, archives opened.

    Letters and digits stay themselves in URLs, HTML and JSON, so a secret's two ends are looked for; either of them
    is as good as the whole. Base64 is decoded, wherever the secret begins in it.
    """
    found = {part for part in _PLAIN_PARTS if any(part.encode(code) in data for code in ("utf-8", "utf-16-le"))}
    for run in re.findall(rb"[A-Za-z0-9+/_-]{12,}", data):
        for lead in range(4):
            piece = run[lead:].replace(b"-", b"+").replace(b"_", b"/")
            decoded = base64.b64decode(piece[: len(piece) // 4 * 4])
            found |= {part for part in _PLAIN_PARTS if part.encode() in decoded}
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                found |= found_in(entry.filename.encode()) | found_in(archive.read(entry))
    if data.startswith(b"\x1f\x8b"):
        found |= found_in(gzip.decompress(data))
    return found


def places(ran: Replayed) -> dict[str, set[str]]:
    """Where secrets were found in all that a run left and said, by the kind of place."""
    seen = {"terminal": found_in(f"{ran.out}\n{ran.err}".encode())}
    for root in (ran.folder / "evidence", ran.folder / ".smokerunner"):
        for path in root.rglob("*"):
            if path.is_file():
                kind = "archive" if path.parent.name == "evidence" else path.name
                seen[kind] = seen.get(kind, set()) | found_in(path.read_bytes()) | found_in(path.name.encode())
    return {kind: parts for kind, parts in seen.items() if parts}


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        quote(SECRET),
        html.escape(SECRET),
        json.dumps(json.dumps(SECRET)),
        SECRET.encode("utf-16-le"),
        *(base64.b64encode(b"x" * lead + SECRET.encode() + b"yy") for lead in range(3)),
        gzip.compress(b"a " + SECRET.encode(), mtime=0),
    ],
)
def test_the_finder_finds(written: str | bytes) -> None:
    data = written.encode() if isinstance(written, str) else written
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("inner", data)
    for holder in (data, archive.getvalue(), gzip.compress(archive.getvalue())):
        assert {HEAD, TAIL} & found_in(holder)
    assert found_in(b"nothing " * 9) == set()


def _page(*parts: str) -> str:
    return "<!doctype html><meta charset=utf-8><title>Page</title><h1>Page</h1>" + "".join(parts)


_SPILLING = """<script>
    const value = SECRET, plain = PLAIN;
    console.log('it is ' + value); console.error(value);
    document.cookie = 'token=' + encodeURIComponent(value);
    localStorage.token = value;
    const send = (path, more) => fetch(path, {method: 'POST', ...more}).catch(() => 0);
    Promise.all([
        send('/taken?a=' + encodeURIComponent(value) + '&' + new URLSearchParams({b: value})),
        send('/taken?c=' + value), send('/taken/' + value),
        send('/taken', {body: JSON.stringify({value})}),
        send('/taken', {body: new URLSearchParams({value})}),
        send('/taken', {headers: {Authorization: 'Basic ' + btoa('me:' + plain), 'X-Token': plain}}),
        ...['', 'x', 'xx'].map(lead => send('/taken', {headers: {'X-Data': btoa(lead + plain)}})),
    ]).then(() => { document.body.append('spilled'); setTimeout(() => { throw new Error('no ' + value) }) });
</script>"""

_FLOWS = """
  spills:
    steps:
      - goto: /spills
      - expect: {visible: {text: spilled}}
      - goto: '/query?q=${secrets.SECRET}'
      - goto: /form
      - fill: {label: Typed}
        with: ${secrets.SECRET}
      - type: ${secrets.PLAIN}
        in: {label: Keyed}
      - click: {button: Send}
      - api: {post: /taken, json: {value: '${secrets.SECRET}'}, headers: {X-Token: '${secrets.PLAIN}'}}
      - expect: {visible: {text: '${secrets.SECRET}'}}
        timeout: 200ms
  mailed:
    steps:
      - goto: /forgot
      - mail: {to: somebody@example.test}
        timeout: 15s
        save: {link: {anchor: Choose}}
      - goto: ${link}
      - expect: {visible: {text: not there}, url: '${link}x'}
        timeout: 200ms
  raises:
    steps:
      - goto: /
      - expect: {url: 'http://[${secrets.PLAIN}]/'}
        timeout: 200ms
  misses:
    steps:
      - upload: {css: input}
        with: ${secrets.PLAIN}
  stopped:
    steps:
      - goto: 'http://localhost:9/?${secrets.SECRET}'
  mends:
    steps:
      - goto: /spills
      - click:
          css: .none
          fallbacks: [{text: '${secrets.SECRET}', nth: first}]
        timeout: 3s
  elsewhere:
    steps:
      - goto: '/broken?${secrets.SECRET}'
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    port = free_port()

    def send(asked: Asked) -> Answer:
        letter = EmailMessage()
        letter["To"], letter["From"], letter["Subject"] = "somebody@example.test", "app@example.test", f"Code {MAILED}"
        link = f"http://{asked.headers['Host']}/reset/{MAILED}"
        letter.set_content("plain")
        letter.add_alternative(f'<a href="{link}">Choose</a>', subtype="html")
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.send_message(letter)
        return Answer(_page("sent"))

    with Site() as running:
        quoted = html.escape(SECRET)
        script = _SPILLING.replace("SECRET", json.dumps(SECRET)).replace("PLAIN", json.dumps(PLAIN))
        shown = f"<p title='{quoted}'>The secret is {quoted}.</p><pre>{quoted}</pre><!-- {SECRET} -->"
        running.pages |= {
            "/spills": Answer(_page(shown, script), headers={"X-Echo": PLAIN}),
            "/query": lambda asked: Answer(_page(html.escape(asked.query["q"]))),
            "/taken": "taken",
            "/form": _page(
                "<form action=/sent><label>Typed<input name=typed></label><label>Keyed<input name=keyed></label>"
                "<button>Send</button></form>"
            ),
            "/sent": lambda asked: Answer(_page(html.escape(asked.query["typed"]))),
            "/forgot": send,
            f"/reset/{MAILED}": _page(f"Your token is {MAILED}"),
        }
        running.smtp_port = port  # type: ignore[attr-defined]
        yield running


def _written(folder: Path, site: Site) -> None:
    port = site.smtp_port  # type: ignore[attr-defined]
    write(
        folder,
        _FLOWS,
        head="secrets: [SECRET, PLAIN]",
        config=f"      local: {{mailbox: {{embedded: {{port: {port}}}}}}}",
    )


def _spill(folder: Path, site: Site, *options: str) -> Replayed:
    _written(folder, site)
    with patched({"SECRET": SECRET, "PLAIN": PLAIN}):
        return replay(folder, site, "--trace", "on", *options)


_OUTCOMES = {
    "spills": "warned",
    "mailed": "failed",
    "raises": "error",
    "misses": "error",
    "stopped": "inconclusive",
    "mends": "warned",
    "elsewhere": "failed",
}


@pytest.mark.parametrize(
    "options", [(), ("--json", "--flow", "mailed", "--flow", "mends", "--flow", "elsewhere")], ids=["lines", "json"]
)
def test_a_secret_is_nowhere(site: Site, tmp_path: Path, options: tuple[str, ...]) -> None:
    ran = _spill(tmp_path, site, *options)
    assert places(ran) == {}
    assert ran.outcomes.items() <= _OUTCOMES.items()
    assert "***SECRET***" in ran.out
    assert {result.kind for result in ran.run.results} == {"flow"}, "nothing had to be left out"
    assert "***MAILED***" not in ran.out
    assert "at ***" in ran.flow("mailed").message, ran.flow("mailed").message


def test_the_same_run_without_masking_shows_it_everywhere(site: Site, tmp_path: Path) -> None:
    _written(tmp_path, site)
    with patched({"SECRET": SECRET, "PLAIN": PLAIN}):
        seen = places(replay_blind(tmp_path, site.base_url))
    everything = {HEAD, TAIL, PLAIN, MAILED}
    for place in ("terminal", "run.json", "report.html", "trace.zip", "network.har", "archive"):
        assert seen.get(place) == everything, place
    for place in ("console.jsonl", "history.sqlite", "junit.xml", "ctrf.json", "summary.md"):
        assert seen.get(place, set()) & {HEAD, TAIL}, place
    assert PLAIN in seen["02-traceback.txt"]


def test_a_password_in_the_address_is_a_secret_too(site: Site, tmp_path: Path) -> None:
    def guarded(asked: Asked) -> Answer:
        if "Authorization" in asked.headers:
            return Answer(_page("<a href=/inside>In</a>"))
        return Answer("who is it?", 401, headers={"WWW-Authenticate": "Basic realm=inside"})

    site.pages["/inside"] = guarded
    flows = """
  enters:
    steps:
      - goto: /inside
      - click: {link: In}
      - expect: {url: /inside}
      - api: {get: /inside}
"""
    write(tmp_path, flows)
    ran = replay(tmp_path, site.base_url.replace("//", f"//me:{PLAIN}@"), "--trace", "on")
    assert ran.outcomes == {"enters": "passed"}, ran.flow("enters").message
    assert places(ran) == {}
    assert ran.run.base_url == site.base_url
    assert site.base_url in ran.out


def test_a_short_secret_must_be_called_weak(site: Site, tmp_path: Path) -> None:
    write(tmp_path, "  one:\n    steps: [{goto: '/?${secrets.PIN}'}]\n", head="secrets: [PIN]")
    with patched({"PIN": PIN}):
        ran = replay(tmp_path, site)
    assert ran.exit_code == 2
    assert "the value of PIN has fewer than 8 characters" in ran.err
    assert "weak: true" in ran.err
    assert PIN not in ran.err.replace(str(site.port), "")
    assert not (tmp_path / "evidence").exists()


def _shows(picture: Image.Image, box: Box) -> bool:
    """Whether anything but the mask is seen in this box."""
    inside = picture.convert("RGB").crop((box.x + 2, box.y + 2, box.x + box.width - 2, box.y + box.height - 2))
    return inside.getcolors() != [(inside.width * inside.height, ImageColor.getrgb(MASK_COLOUR))]


def _pictured(ran: Replayed, flow: str) -> dict[str, bool]:
    """By the locator of each step: whether its element can be seen in its own picture."""
    seen = {}
    for step in ran.flow(flow).steps:
        if step.box is not None and step.picture is not None:
            with Image.open(ran.bundle / (step.picture.same_as or step.picture.path)) as picture:
                seen[step.locator] = _shows(picture, step.box)
    return seen


def test_a_weak_secret_is_masked_in_its_own_field_only(site: Site, tmp_path: Path) -> None:
    site.pages["/lock"] = _page("<p id=room>Room 4711</p><label>Code<input></label>")
    flows = """
  opens:
    steps:
      - goto: /lock
      - fill: {label: Code}
        with: ${secrets.PIN}
      - read: {css: '#room'}
        save: {room: text}
      - expect: {text_of: {of: {css: '#room'}, reads: nothing}}
        timeout: 100ms
"""
    write(tmp_path, flows, head="secrets: [{name: PIN, weak: true}]")
    with patched({"PIN": PIN}):
        ran = replay(tmp_path, site)
    filled, failed = ran.flow("opens").steps[1], ran.flow("opens").steps[3]
    assert filled.value == "***"
    assert '"Room 4711"' in failed.message, "elsewhere it may be anything"
    assert _pictured(ran, "opens") == {'label "Code"': False, "css #room": True}


def test_no_pixel_shows_a_secret(site: Site, tmp_path: Path) -> None:
    quoted = html.escape(SECRET)
    inner = html.escape(f"<meta charset=utf-8><p id=framed>{quoted}</p>")
    site.pages["/shown"] = _page(
        "<style>p, input, textarea { display: block; width: 500px; margin: 4px } textarea { height: 40px }</style>",
        f"<p id=free>Everybody may know.</p><p id=text>{quoted}</p><input id=attribute value='{quoted}'>",
        f"<textarea id=area>{quoted}</textarea><p id=split>{HEAD}<b>ä&quot;&amp;&lt;&gt;/+ %&#39;</b>{TAIL}</p>",
        f"<iframe width=600 height=80 srcdoc='{inner}'></iframe><label>Typed<input id=typed></label>",
        f"<input id=scripted><script>scripted.value = {json.dumps(SECRET)}</script>",
    )
    finders = {name: f"css: '#{name}'" for name in ("free", "text", "attribute", "area", "split", "scripted", "typed")}
    finders["framed"] = "css: '#framed', frame: {css: iframe}"
    reads = "".join(f"      - read: {{{finder}}}\n" for finder in finders.values())
    flows = f"""
  looks:
    steps:
      - goto: /shown
      - fill: {{label: Typed}}
        with: ${{secrets.SECRET}}
{reads}"""
    write(tmp_path, flows, head="secrets: [SECRET]")
    with patched({"SECRET": SECRET}):
        ran = replay(tmp_path, site)
    seen = _pictured(ran, "looks")
    assert len(seen) == len(finders) + 1
    assert {name for name, shows in seen.items() if shows} == {"css #free"}
