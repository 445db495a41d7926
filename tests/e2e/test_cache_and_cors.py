"""A replay keeps what a user's browser would keep, and is refused what it would be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.outcome_site import Answer, Site, replay, write

pytestmark = pytest.mark.e2e

_FLOWS = """
  walks:
    steps:
      - goto: /first
      - click: {link: On}
      - expect: {visible: {heading: Second}}
  writes:
    steps:
      - goto: /writes
      - expect: {visible: {text: it was REFUSED}}
"""
_WRITES = """<!doctype html><p>it was <b id=said>...</b></p><script>
  const tell = word => { said.textContent = word; };
  fetch('ELSEWHERE/orders', {method: 'PUT', headers: {'X-Own': '1'}}).then(() => tell('taken'), () => tell('REFUSED'));
</script>"""


def test_what_may_be_kept_is_asked_for_once_and_another_origin_is_asked_before_it_is_written_to(tmp_path: Path) -> None:
    style = "<link rel=stylesheet href=/style.css>"
    with Site() as site, Site() as other:
        site.pages |= {
            "/first": f"<!doctype html>{style}<h1>First</h1><a href=/second>On</a>",
            "/second": f"<!doctype html>{style}<h1>Second</h1>",
            "/style.css": Answer("h1 { color: navy }", kind="text/css", headers={"Cache-Control": "max-age=600"}),
            "/writes": _WRITES.replace("ELSEWHERE", other.elsewhere),
        }
        write(tmp_path, _FLOWS, config=f"      local: {{allow_hosts: ['localhost:{other.port}']}}\n")
        ran = replay(tmp_path, site)
        assert ran.flow("walks").outcome == "passed"
        assert len(site.asked_for("/style.css")) == 1
        assert ran.flow("writes").outcome in ("passed", "warned"), ran.flow("writes").message
        assert [asked.method for asked in other.asked_for("/orders")] == ["OPTIONS"]
        marked = [asked.path for asked in site.seen if asked.headers.get("X-Smoke-Flow") in ("walks", "writes")]
        assert {"/first", "/second", "/writes"} <= set(marked)
