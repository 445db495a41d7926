"""Wherever a page shows a secret, its picture does not: fields, attributes, lists, shadow roots, frames, drawings."""

from __future__ import annotations

import html

import pytest
from PIL import Image, ImageColor

from smokerunner.browser.capture import MASK_COLOUR
from tests.e2e.outcome_site import Replayed, Site, patched, replay, write

pytestmark = pytest.mark.e2e

SECRET = "quite7a9secret"
FREE = "Everybody may know."
MASK = ImageColor.getrgb(MASK_COLOUR)

SHOWN = {
    "text": f"<p id=text>It is {SECRET}, you know</p>",
    "split": f"<p id=split>{SECRET[:4]}<b>{SECRET[4:8]}</b><i>{SECRET[8:]}</i></p>",
    "email": f"<input id=email type=email value='{SECRET}@example.test'>",
    "password": f"<input id=password type=password value={SECRET}>",
    "search": f"<input id=search type=search value={SECRET}>",
    "button": f"<input id=button type=button value={SECRET}>",
    "placeholder": f"<input id=placeholder placeholder='such as {SECRET}'>",
    "area": f"<textarea id=area>{SECRET}</textarea>",
    "choice": f"<select id=choice><option>none</option><option selected>{SECRET}</option></select>",
    "choices": f"<select id=choices multiple><option>none</option><option>{SECRET}</option></select>",
    "editable": f"<div id=editable contenteditable>{SECRET}</div>",
    "titled": f"<abbr id=titled title='{SECRET}'>a hint</abbr>",
    "alt": f"<img id=alt width=300 height=20 alt='{SECRET}' src='data:image/png;base64,broken'>",
    "drawn": f"<svg id=svg width=300 height=24><text id=drawn y=18>{SECRET}</text></svg>",
    "before": f"<p id=before data-code={SECRET}></p>",
    "upper": f"<p id=upper style='text-transform: uppercase'>{SECRET}</p>",
    "link": f"<a id=link href=/>{SECRET}</a>",
    "summary": f"<details open><summary>more</summary><p id=summary>{SECRET}</p></details>",
    "scripted": f"<input id=scripted><script>scripted.value = '{SECRET}'</script>",
}
SHADOW = (
    "<div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML = "
    f"'<p id=shadowed>{SECRET}</p><input id=inner value={SECRET}>'</script>"
)
STYLE = "<style>p, input, textarea, select, div, img { display: block; width: 300px; height: 20px; margin: 3px }"
STYLE += "#before::before { content: 'code ' attr(data-code) }</style>"


def seen_in(ran: Replayed, flow: str) -> dict[str, bool]:
    """By the locator of each step: whether anything but the mask is seen where its element is."""
    seen = {}
    for step in ran.flow(flow).steps:
        if step.box is not None and step.picture is not None:
            box = step.box
            with Image.open(ran.bundle / (step.picture.same_as or step.picture.path)) as picture:
                place = (box.x + 2, box.y + 2, box.x + box.width - 2, box.y + box.height - 2)
                inside = picture.convert("RGB").crop(place)
            seen[step.locator] = inside.getcolors() != [(inside.width * inside.height, MASK)]
    return seen


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    folder = tmp_path_factory.mktemp("masks")
    framed = html.escape(f"<meta charset=utf-8><p id=framed>{SECRET}</p><input id=field value={SECRET}>", quote=True)
    page = f"<!doctype html><meta charset=utf-8><title>Page</title>{STYLE}<p id=free>{FREE}</p>"
    reads = "".join(f"      - read: {{css: '#{name}'}}\n" for name in ("free", *SHOWN, "shadowed", "inner"))
    reads += "".join(f"      - read: {{css: '#{name}', frame: {{css: iframe}}}}\n" for name in ("framed", "field"))
    write(
        folder,
        f"  looks:\n    steps:\n      - goto: /shown\n{reads}",
        head="secrets: [SECRET]\nviewport: 1280x1000",
    )
    with Site() as site, patched({"SECRET": SECRET}):
        site.pages["/shown"] = (
            f"{page}{''.join(SHOWN.values())}{SHADOW}<iframe width=400 height=90 srcdoc='{framed}'></iframe>"
        )
        return replay(folder, site)


def test_no_place_on_a_page_shows_a_secret(ran: Replayed) -> None:
    seen = seen_in(ran, "looks")
    assert len(seen) == len(SHOWN) + 5
    assert {name for name, shows in seen.items() if shows} == {"css #free"}
