"""Web vitals of real documents: what moved, how soon it answered, when it could be seen; and nothing is disturbed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from smokerunner.model.result import Result
from tests.conftest import Smoke
from tests.serving import serving

pytestmark = pytest.mark.e2e

# Nothing but its own script and style, as strict as a policy can be that lets this page work.
POLICY = "default-src 'none'; script-src 'nonce-a'; style-src 'nonce-a'; form-action 'self'"
PAGES = {
    "steady": "<h1>Nothing moves here at all</h1><button>Idle</button><a href='/moving'>Go on</a>",
    "moving": """<h1 id=first>A heading that is pushed down</h1><p id=said></p><button id=work>Work</button>
        <script nonce=a>
        const push = () => { const div = document.createElement('div'); div.className = 'tall';
            document.body.prepend(div); };
        work.onclick = () => { const until = performance.now() + 260; while (performance.now() < until); };
        setTimeout(() => push(), 300);
        said.textContent = Object.keys(window).filter(key => /measure|smoke/.test(key)).join();
        </script>""",
    # Two shifts at once, and one more after a pause.
    "jumpy": """<h1>Jumps more than once</h1><script nonce=a>
        new PerformanceObserver(list => list.getEntries().forEach(entry => console.info(`shift ${entry.value}`)))
            .observe({type: 'layout-shift', buffered: true});
        const push = () => { const div = document.createElement('div'); div.className = 'small';
            document.body.prepend(div); };
        setTimeout(push, 300); setTimeout(push, 600); setTimeout(push, 2300);
        </script>""",
}


async def _page(request: Request) -> Response:
    name = request.path_params["name"]
    body = PAGES.get(name, "<h1>There is no such page</h1>")
    style = "<style nonce=a>h1 { font-size: 60px } .tall { height: 300px } .small { height: 90px }</style>"
    return HTMLResponse(
        f"<!doctype html><title>{name}</title>{style}<body>{body}",
        status_code=200 if name in PAGES else 404,
        headers={"Content-Security-Policy": POLICY},
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Starlette(routes=[Route("/{name}", _page)])) as place:
        yield f"http://{place}"


@pytest.fixture(scope="module")
def flow() -> str:
    return """
        app: vitals
        base_url: ADDRESS
        flows:
          look:
            steps:
              - goto: /steady
              - click: {button: Idle}
              - expect: {visible: {heading: Nothing}}
                when: {url: /elsewhere}
              - click: {link: Go on}
              - pause: 700ms
              - click: {button: Work}
              - expect: {text_of: {of: {css: '#said'}, reads: {is: ''}}, console: {errors: 0}}
              - reload: true
              - goto: /missing
                status: 404
        """


def test_each_step_knows_the_vitals_of_its_document(smoke: Smoke, address: str, tmp_path: Path, flow: str) -> None:
    (tmp_path / "vitals.yaml").write_text(dedent(flow).replace("ADDRESS", address))
    ran = smoke("run", "vitals.yaml", "--no-history", "--quiet")
    steps: tuple[Result, ...] = ran.run.flows[0].steps
    assert ran.exit_code == 0, [(step.title, step.message) for step in steps]
    opened, idle, skipped, moved, paused, worked, expected, reloaded, missing = (step.vitals for step in steps)
    assert (skipped, missing) == (None, None)
    known = (opened, idle, moved, paused, worked, expected, reloaded)
    assert None not in known
    assert opened.url == f"{address}/steady"
    assert 0 < (opened.lcp or 0) < 30_000
    assert (opened.cls, opened.inp) == (0, None)
    assert idle.began == opened.began
    assert (idle.inp or 0) > 0
    assert moved.url == f"{address}/moving"
    # A heading pushed down by 300 of 720 pixels.
    assert (paused.cls or 0) > 0.05
    assert (worked.inp or 0) >= 256
    assert worked.rating("inp") != "good"
    assert expected.inp == worked.inp
    assert reloaded.inp is None
    assert len({opened.began, moved.began, reloaded.began}) == 3
    page = (ran.bundle / "report.html").read_text()
    assert page.count('<th scope="row">/moving</th>') == 2
    assert page.count('<th scope="row">/steady</th>') == 1
    assert "Worst web vitals: /moving in look" in (ran.bundle / "summary.md").read_text()


def test_shifts_count_together_only_when_they_come_together(smoke: Smoke, address: str, tmp_path: Path) -> None:
    (tmp_path / "jumpy.yaml").write_text(
        f"app: jumpy\nbase_url: {address}\nflows:\n  look:\n    steps:\n      - goto: /jumpy\n      - pause: 3s\n"
    )
    ran = smoke("run", "jumpy.yaml", "--no-history", "--quiet")
    paused = ran.run.flows[0].steps[-1]
    said = [message.text for step in ran.run.flows[0].steps for message in step.console]
    shifts = [float(text.removeprefix("shift ")) for text in said if text.startswith("shift ")]
    assert len(shifts) == 3, said
    assert paused.vitals is not None
    assert paused.vitals.cls == pytest.approx(shifts[0] + shifts[1], abs=0.0001)
    assert paused.vitals.cls < sum(shifts)
