"""The pages of the site, made when it starts and the same on every machine."""

from __future__ import annotations

import random
import struct
import zlib

from benchmarks.marks import BLOCK, HEAD, LENGTH, TAIL, Mark

_HTML, _STYLE, _SCRIPT, _PICTURE = 5900, 4800, 2300, 6700
_WORDS = (
    "order",
    "parcel",
    "invoice",
    "customer",
    "shelf",
    "basket",
    "account",
    "address",
    "delivery",
    "payment",
    "receipt",
)


def _prose(seed: int, length: int) -> str:
    """So many characters of words that mean nothing."""
    chance = random.Random(seed)
    words: list[str] = []
    while sum(map(len, words)) + len(words) < length:
        words.append(chance.choice(_WORDS))
    return " ".join(words)[:length]


def _picture() -> bytes:
    """A PNG of about 6.7 kB: soft colours with a little noise, so that it cannot be squeezed to nothing."""
    chance = random.Random(7)
    width, height = 77, 43
    rows = b"".join(
        b"\0" + bytes((x * 2 + y + chance.randrange(3)) % 256 for x in range(width) for _ in "rgb")
        for y in range(height)
    )
    packed = zlib.compress(rows, 9)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


_RULES = """*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#223;background:#f6f7f9}
header{background:#234;color:#fff;padding:12px 24px;display:flex;gap:24px;align-items:center}header img{height:34px}
main{max-width:960px;margin:24px auto;padding:24px;background:#fff;border-radius:8px;box-shadow:0 1px 4px #0003}
label{display:block;margin:10px 0 4px}input{font:inherit;padding:6px 10px;border:1px solid #aab;border-radius:4px;
width:320px}
button,a.go{font:inherit;display:inline-block;margin:14px 8px 0 0;padding:8px 18px;border:0;border-radius:4px;
background:#27c;color:#fff;text-decoration:none}.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:12px}
.cards p{margin:0;padding:10px;border:1px solid #dde;border-radius:6px;font-size:13px}
#mark{position:fixed;left:0;top:0;display:flex;z-index:9}
#mark i{width:6px;height:6px;background:#fff}#mark i.b{background:#000}
"""
_ACTS = """document.addEventListener('DOMContentLoaded', () => {
  const save = document.querySelector('#save');
  if (save) save.addEventListener('click', async () => {
    const name = document.querySelector('#name').value;
    const answer = await fetch('/save', {method: 'POST', body: 'name=' + encodeURIComponent(name)});
    const told = document.createElement('p');
    told.setAttribute('role', 'status');
    told.textContent = (await answer.json()).saved ? 'Saved' : 'Not saved';
    save.after(told);
  });
});
"""


def _filled(text: str, length: int, opening: str, closing: str) -> bytes:
    """The text, made that long by a comment."""
    return f"{text}{opening}{_prose(3, length - len(text) - len(opening) - len(closing))}{closing}".encode()


ASSETS = {
    "/site.css": ("text/css", _filled(_RULES, _STYLE, "/*", "*/")),
    "/site.js": ("text/javascript", _filled(_ACTS, _SCRIPT, "/*", "*/")),
    "/shelf.png": ("image/png", _picture()),
    "/favicon.ico": ("image/png", _picture()),
}
"""What the pages load: path to content type and bytes."""


def _page(title: str, main: str, seed: int) -> str:
    """A page of about 5.9 kB around its own part."""
    top = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Shelf</title>'
        '<link rel="stylesheet" href="/site.css"><script src="/site.js"></script></head><body><header>'
        f'<img src="/shelf.png" alt="">Shelf</header><main><h1>{title}</h1>{main}<div class="cards">'
    )
    end = "</div></main></body></html>\n"
    room = _HTML - len(top) - len(end)
    cards = "".join(f"<p>{_prose(seed * 31 + number, 293)}</p>" for number in range(room // 300))
    return top + cards + end


def register(_: dict[str, str]) -> str:
    """Where the flow begins: a form that is sent to /welcome."""
    return _REGISTER


def welcome(_: dict[str, str]) -> str:
    """After the registration: a search."""
    return _WELCOME


def catalogue(_: dict[str, str]) -> str:
    """What was found: something that is saved by a request, and a link to the end."""
    return _CATALOGUE


def done(_: dict[str, str]) -> str:
    """The end of the flow."""
    return _DONE


_REGISTER = _page(
    "Open an account",
    '<form method="post" action="/welcome"><label for="email">Email</label><input id="email" name="email">'
    '<label for="password">Password</label><input id="password" name="password" type="password">'
    "<br><button>Create account</button></form>",
    1,
)
_WELCOME = _page(
    "Welcome",
    '<form action="/catalogue"><label for="search">Search</label><input id="search" name="q">'
    '<label for="amount">Amount</label><input id="amount" name="amount"><br><button>Find</button></form>',
    2,
)
_CATALOGUE = _page(
    "Results",
    '<label for="name">Name</label><input id="name"><label for="note">Note</label><input id="note">'
    '<br><button id="save" type="button">Save</button><a class="go" href="/done">Finish</a>',
    3,
)
_DONE = _page("Done", "<p>Your order is complete.</p>", 4)

_MARKING = """<script>
const flow = %(flow)d, head = %(head)s, tail = %(tail)s;
let step = %(step)d;
const spell = (number, length) => Array.from({length}, (_, at) => number >> (length - 1 - at) & 1);
function paint() {
  const bits = [...head, ...spell(flow, 16), ...spell(step, 16), ...spell((flow * 31 + step * 7) %% 251, 8), ...tail];
  document.querySelectorAll('#mark i').forEach((block, at) => { block.className = bits[at] ? 'b' : ''; });
  document.querySelector('#shown').textContent = 'Step ' + step;
  document.querySelector('#posted').value = step + 1;
}
function act() { step += 1; paint(); }
function leave() { return '/marked?flow=' + flow + '&step=' + (step + 1) + '&delay=%(delay)d'; }
document.querySelector('#here').addEventListener('click', act);
document.querySelector('#word').addEventListener('input', act);
document.querySelector('#away').addEventListener('click', event => { event.target.href = leave(); });
document.querySelector('#script').addEventListener('click', () => { location.assign(leave()); });
</script>"""


def marked(asked: dict[str, str]) -> str:
    """A page that paints its step, with ways to the next one: here, by a link, by a script, by a form.

    How long the server takes over the next page was agreed on beforehand: the step's number decides.
    """
    flow, step = int(asked.get("flow", 0)), int(asked.get("step", 0))
    blocks = "".join('<i class="b"></i>' if bit else "<i></i>" for bit in Mark(flow, step).bits())
    delay = delay_after(flow, step)
    script = _MARKING % {"flow": flow, "step": step, "delay": delay, "head": list(HEAD), "tail": list(TAIL)}
    return _page(
        "Marked",
        f'<div id="mark">{blocks}</div><p id="shown">Step {step}</p>'
        '<label for="word">Word</label><input id="word"><br><button id="here">Here</button>'
        '<a class="go" id="away" href="/">Away</a>'
        '<button id="script">Script</button>'
        f'<form method="post" action="/marked"><input type="hidden" name="flow" value="{flow}">'
        f'<input type="hidden" name="delay" value="{delay}">'
        f'<input type="hidden" id="posted" name="step" value="{step + 1}">'
        f"<button>Form</button></form>{script}",
        5,
    )


def delay_after(flow: int, page: int) -> int:
    """Milliseconds that the server takes over the page after the one that began as `page`: 0 for a third, up to 300."""
    drawn = (flow * 7919 + page * 104729) % 450
    return max(0, drawn - 150)


assert LENGTH * BLOCK < 1280
