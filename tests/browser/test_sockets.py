"""The fact `websockets`: what the page opened and what went over it, what is said otherwise, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import dedent

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.conftest import Smoke
from tests.serving import serving

PAGE = """<!doctype html><title>Live</title><h1>Live</h1><button>Quote</button><button>Leave</button><p role=status></p>
<script>
const base = location.origin.replace('http', 'ws');
const live = new WebSocket(base + '/live?token=s3cr3t-t0k3n');
const [quote, leave] = document.querySelectorAll('button');
live.onmessage = event => { document.querySelector('p').textContent = typeof event.data };
quote.onclick = () => { live.send(JSON.stringify({ask: 'quote'})); live.send(new Uint8Array([1, 2, 3])); };
leave.onclick = () => live.close();
if (location.search === '?broken') new WebSocket(base + '/nowhere');
</script>"""


async def _page(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def _live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text('{"welcome": "s3cr3t-t0k3n"}')
    try:
        while True:
            said = await socket.receive()
            if said.get("text"):
                await socket.send_text('{"quote": 17.5}')
                await socket.send_text("x" * 20_000)
            elif said["type"] == "websocket.disconnect":
                return
    except WebSocketDisconnect:
        return


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Starlette(routes=[Route("/", _page), WebSocketRoute("/live", _live)])) as place:
        yield place


def _flow(address: str, fact: str, *, path: str = "/", act: str = "Quote", timeout: str = "5s") -> str:
    return dedent(f"""
        app: live
        base_url: http://{address}
        secrets: [TOKEN]
        flows:
          live:
            steps:
              - goto: {path}
              - click: {{button: {act}}}
              - expect: {{websockets: {fact}}}
                timeout: {timeout}
        """)


@pytest.fixture
def told(smoke: Smoke, address: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    """Runs a flow that expects a fact about WebSockets; what came of it."""
    monkeypatch.setenv("TOKEN", "s3cr3t-t0k3n")

    def run(fact: str, **how: str):
        (tmp_path / "live.yaml").write_text(_flow(address, fact.replace("ADDRESS", address), **how))
        return smoke("run", "live.yaml", "--no-history", "--quiet")

    return run


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("fact", "act"),
    [
        ("{url: /live, received: '\"quote\": 17.5', is_open: yes}", "Quote"),
        (
            "[{url: 'ws://ADDRESS/live', sent: {matches: '\"ask\": ?\"quote\"'}}, {url: '/li*', received: welcome}]",
            "Quote",
        ),
        ("{url: /live, is_open: no}", "Leave"),
    ],
)
def test_a_websocket_that_is_as_expected(told, fact: str, act: str) -> None:
    ran = told(fact, act=act)
    assert ran.exit_code == 0, ran.out


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("fact", "says"),
    [
        (
            "{url: /other}",
            "the page opened no WebSocket to /other; it opened ws://ADDRESS/live?token=***TOKEN*** (waited",
        ),
        (
            "{url: 'wss://ADDRESS/live'}",
            "the page opened no WebSocket to wss://ADDRESS/live; it opened ws://ADDRESS/live",
        ),
        (
            "{url: /live, sent: order}",
            'a WebSocket to /live never sent "order"; 2 messages were sent, the newest: {"ask":"quote"} (waited',
        ),
        (
            "{url: /live, received: sold}",
            'a WebSocket to /live never received "sold"; 3 messages were received, the newest: '
            '{"welcome": "***TOKEN***"} | {"quote": 17.5} | xxx',
        ),
        ("{url: /live, is_open: no}", "a WebSocket to /live is still open (waited"),
    ],
)
def test_what_is_seen_instead_is_said(told, address: str, fact: str, says: str) -> None:
    ran = told(fact, timeout="1s")
    assert ran.exit_code == 1, ran.out
    message = ran.run.flows[0].steps[-1].message
    assert message.startswith(says.replace("ADDRESS", address)), message


@pytest.mark.e2e
def test_messages_are_evidence_masked_and_bounded(told, address: str) -> None:
    ran = told("{url: /nowhere, received: x}", path="/?broken", timeout="1s")
    flow = ran.run.flows[0]
    kept = next(item for item in flow.attempts[0].artifacts if item.kind == "websockets")
    text = (ran.bundle / kept.path).read_text()
    assert "s3cr3t-t0k3n" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    opened = [line for line in lines if "url" in line]
    assert [line["url"] for line in opened] == [f"ws://{address}/live?token=***TOKEN***", f"ws://{address}/nowhere"]
    assert "403" in opened[1]["failure"]
    live = [line for line in lines if "way" in line and line["socket"] == 1]
    assert [(line["way"], line["size"]) for line in live if line["text"] is None] == [("sent", 3)]
    assert [(len(line["text"]), line["size"]) for line in live if line["size"] > 10_000] == [(10_000, 20_000)]
    observation = flow.steps[-1].observation
    assert observation is not None
    assert any("/nowhere" in trouble and "403" in trouble for trouble in observation.websockets), observation.websockets
