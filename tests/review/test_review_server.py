"""The review page's gate: who gets in, what may be asked, and what is never served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from drawn_bundle import STEPS, bundle, page, usual

from smokerunner.pictures.reference import References, without_facts
from smokerunner.review.approving import Approver, open_proven
from smokerunner.review.desk import Desk
from smokerunner.review.server import Review, Server, listen
from tests.conftest import Smoke

CHANGED = {**usual(), STEPS[1]: page(button=300)}


@contextmanager
def reviewing(made: Path) -> Iterator[tuple[Server, Desk]]:
    screenshots = Path("screenshots")
    desk = Desk(open_proven(made), Approver(References(screenshots)))
    server = Server(Review(desk, screenshots), listen())
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server, desk
    finally:
        server.stop()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def served(smoke: Smoke, home: Path) -> Iterator[tuple[Server, Desk]]:
    assert smoke("approve", bundle(home / "evidence", usual())).exit_code == 0
    with reviewing(bundle(home / "evidence", CHANGED, "two")) as both:
        yield both


@pytest.fixture
def visitor(served: tuple[Server, Desk]) -> Iterator[httpx.Client]:
    """Somebody who opened the printed address."""
    server, _ = served
    origin = f"http://127.0.0.1:{server.port}"
    with httpx.Client(base_url=origin, headers={"Origin": origin}, timeout=20) as client:
        answer = client.get(server.address)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        assert "httponly" in answer.headers["set-cookie"].lower()
        yield client


def reference() -> bytes:
    return without_facts((Path("screenshots/shop/buy") / STEPS[1]).read_bytes())


def test_only_what_differs_is_shown(visitor: httpx.Client, served: tuple[Server, Desk]) -> None:
    _, desk = served
    assert [(item.candidate.facts.step, item.state) for item in desk.items] == [(STEPS[1], "differs")]
    assert desk.same == 2
    answer = visitor.get("/")
    assert answer.status_code == 200
    assert "click buy" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text


def test_the_pictures_are_those_of_the_bundle_and_the_reference(visitor: httpx.Client) -> None:
    assert visitor.get("/items/1/before.png").content == usual()[STEPS[1]]
    assert visitor.get("/items/1/after.png").content == CHANGED[STEPS[1]]
    assert visitor.get("/items/1/difference.png").content.startswith(b"\x89PNG")


def test_approve_writes_and_undo_puts_back(visitor: httpx.Client) -> None:
    answer = visitor.post("/items/1/approve", headers={"Accept": "application/json"})
    assert answer.json() == {"items": {"1": "approved"}, "counts": {"total": 1, "approved": 1}}
    assert reference() == CHANGED[STEPS[1]]
    visitor.post("/items/1/undo")
    assert reference() == usual()[STEPS[1]]
    assert visitor.post("/flows/buy/approve", headers={"Accept": "application/json"}).json()["items"] == {
        "1": "approved"
    }


def test_reject_writes_nothing_and_a_form_comes_back_to_its_place(visitor: httpx.Client) -> None:
    answer = visitor.post("/items/1/reject")
    assert (answer.status_code, answer.headers["location"]) == (303, "/#item-1")
    assert reference() == usual()[STEPS[1]]
    assert 'data-decision="rejected"' in visitor.get("/").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_post_of_another_site_is_refused(visitor: httpx.Client, headers: dict[str, str]) -> None:
    answer = visitor.post("/items/1/approve", headers=headers)
    assert answer.status_code == 403
    assert reference() == usual()[STEPS[1]]


def test_a_post_that_says_no_origin_is_refused(visitor: httpx.Client) -> None:
    del visitor.headers["Origin"]
    assert visitor.post("/items/1/approve").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example:80", ""])
def test_another_name_for_this_machine_is_refused(visitor: httpx.Client, host: str) -> None:
    assert visitor.get("/", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("path", ["/", "/items/1/after.png", "/static/review.js", "/?token=wrong"])
def test_nothing_is_served_without_the_token(served: tuple[Server, Desk], path: str) -> None:
    server, _ = served
    answer = httpx.get(f"http://127.0.0.1:{server.port}{path}")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2f..%2f__init__.py",
        "/items/1/..%2f..%2frun.json.png",
        "/items/9/after.png",
        "/items/1/run.json",
        "/run.json",
        "/screenshots/shop/buy/01-goto-shop.png",
    ],
)
def test_no_other_file_is_served(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code in (404, 405)


def test_methods_and_decisions_that_do_not_exist(visitor: httpx.Client) -> None:
    assert visitor.delete("/items/1/approve").status_code == 405
    assert visitor.post("/items/1/explode").status_code == 404
    assert visitor.post("/items/7/approve").status_code == 404
    assert visitor.post("/flows/none/approve").status_code == 404
    assert visitor.get("/items/1/approve").status_code in (404, 405)


def test_a_new_step_can_be_approved_but_not_be_dynamic(smoke: Smoke, home: Path) -> None:
    with reviewing(bundle(home / "evidence", usual())) as (server, desk):
        assert {item.state for item in desk.items} == {"new"}
        origin = f"http://127.0.0.1:{server.port}"
        with httpx.Client(base_url=origin, headers={"Origin": origin}) as client:
            client.get(server.address)
            assert client.post("/items/1/dynamic").status_code == 404
            assert client.post("/items/1/approve").status_code == 303
            assert (home / "screenshots/shop/buy" / STEPS[0]).exists()
            client.post("/items/1/undo")
            assert not (home / "screenshots/shop/buy" / STEPS[0]).exists()


def test_only_loopback_is_listened_on(served: tuple[Server, Desk]) -> None:
    server, _ = served
    assert server.address.startswith("http://127.0.0.1:")
    assert server._listener.getsockname()[0] == "127.0.0.1"


def test_nothing_to_review_ends_at_once(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual())
    smoke("approve", made)
    ran = smoke("review", made)
    assert (ran.exit_code, ran.out) == (0, "nothing to review: 3 pictures look as approved\n")


def test_what_was_rejected_is_still_open_next_time(visitor: httpx.Client, served: tuple[Server, Desk]) -> None:
    visitor.post("/items/1/reject")
    _, desk = served
    (item,) = Desk(open_proven(Path("evidence") / desk.run.id), Approver(References(Path("screenshots")))).items
    assert (item.candidate.facts.step, item.state, item.before) == (STEPS[1], "differs", desk.items[0].before)


@pytest.mark.parametrize("port", [1, 80, 6666])
def test_a_port_that_browsers_do_not_open_is_refused(smoke: Smoke, home: Path, port: int) -> None:
    ran = smoke("review", bundle(home / "evidence", usual()), "--port", port)
    assert (ran.exit_code, ran.out) == (2, "")
    assert ran.err == (f"--port {port}: browsers do not open this one; leave --port out and a free one is taken\n")


def test_a_port_that_is_taken_is_said_before_anything_is_compared(smoke: Smoke, home: Path) -> None:
    with closing(listen()) as other:
        port = other.getsockname()[1]
        ran = smoke("review", home / "no such bundle", "--port", port)
    assert (ran.exit_code, ran.out) == (3, "")
    assert ran.err == (f"error: --port {port}: another program uses it; leave --port out and a free one is taken\n")


def test_a_flow_that_is_not_there_names_the_nearest(smoke: Smoke, home: Path) -> None:
    made = bundle(home / "evidence", usual())
    for command in ("approve", "review"):
        ran = smoke(command, made, "--flow", "bye", "--flow", "zzz")
        assert ran.exit_code == 2
        assert ran.err.splitlines() == [
            f"{made}: no flow called 'bye' in it, did you mean 'buy'?",
            f"{made}: no flow called 'zzz' in it; there are buy",
        ]
