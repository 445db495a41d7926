"""Every fault shows where it should, and its neighbours still work."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from pathlib import Path

import httpx
import pytest
from customer import PASSWORD, Customer
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect
from postbox import Postbox
from ruamel.yaml import YAML

from smokerunner.demo.faults import FAULTS
from smokerunner.demo.provider import DECLINED_CARD, GOOD_CARD
from smokerunner.demo.server import Acorn
from smokerunner.demo.settings import RELEASE, STALE_RELEASE

pytestmark = pytest.mark.e2e

FLOW_FILE = Path(__file__).parents[2] / "flows" / "acorn.yaml"
Break = Callable[[str], Acorn]
Visit = Callable[[Acorn], Customer]
_numbers = count(1)


@pytest.fixture
def email() -> str:
    return f"fault+{next(_numbers)}@example.test"


def test_an_unknown_fault_is_refused(postbox: Postbox) -> None:
    with pytest.raises(ValueError, match="no fault called 'flood'; it knows button-renamed, "):
        Acorn(postbox.port, fault="flood").start()


def test_every_fault_has_a_name_and_a_sentence() -> None:
    assert len(FAULTS) == 16
    for name, fault in FAULTS.items():
        assert fault.name == name
        assert fault.title.endswith(".")


def test_faults_name_flows_that_exist() -> None:
    flows = YAML(typ="safe").load(FLOW_FILE.read_text(encoding="utf-8"))["flows"]
    for fault in FAULTS.values():
        assert set(fault.fails + fault.warns) <= set(flows)


def test_login_500(visit: Visit, broken_shop: Break, email: str) -> None:
    customer = visit(broken_shop("login-500"))
    customer.register(email)
    customer.go("/login")
    customer.fill(Email=email, Password=PASSWORD)
    with customer.page.expect_response("**/login") as answer:
        customer.press("Log in")
    assert answer.value.status == 500
    expect(customer.page.get_by_text("Internal Server Error")).to_be_visible()


@pytest.mark.parametrize(
    ("fault", "place", "save"),
    [("button-renamed", "Buy now", "Save profile"), ("button-renamed-with-fallback", "Place order", "Update profile")],
)
def test_button_renamed(visit: Visit, broken_shop: Break, email: str, fault: str, place: str, save: str) -> None:
    customer = visit(broken_shop(fault))
    customer.register(email)
    customer.put_in_cart("oak-notebook")
    customer.go("/checkout")
    expect(customer.page.get_by_test_id("place-order")).to_have_text(place)
    customer.go("/profile")
    expect(customer.page.get_by_test_id("save-profile")).to_have_text(save)


def test_slow_checkout(visit: Visit, broken_shop: Break, email: str) -> None:
    customer = visit(broken_shop("slow-checkout"))
    customer.register(email)
    customer.put_in_cart("oak-notebook")
    customer.fill_checkout(GOOD_CARD)
    with pytest.raises(TooLate), customer.page.expect_response("**/checkout", timeout=1500):
        customer.press("Place order")
    expect(customer.page.get_by_role("button", name="Place order")).to_be_disabled()


def test_a_slow_answer_ends_when_the_shop_stops(postbox: Postbox) -> None:
    acorn = Acorn(postbox.port, fault="slow-pages")
    acorn.start()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(httpx.get, f"{acorn.base_url}/shop", trust_env=False)
        try:
            assert wait([answer], timeout=0.5).not_done
        finally:
            acorn.stop()
    assert answer.result().status_code == 503


def test_slow_pages_are_the_shops_only(visit: Visit, broken_shop: Break) -> None:
    shop = broken_shop("slow-pages")
    for path, slow in (("/shop", True), ("/shop/oak-notebook", True), ("/", False), ("/cart", False)):
        elapsed = httpx.get(shop.base_url + path, trust_env=False, timeout=30).elapsed.total_seconds()
        assert (elapsed >= 4.0) is slow


def test_js_error(visit: Visit, broken_shop: Break) -> None:
    customer = visit(broken_shop("js-error"))
    customer.go("/shop")
    customer.go("/shop/oak-notebook")
    assert customer.errors == []
    with customer.page.expect_event("pageerror") as error:
        customer.press("Add to cart")
    assert "currency" in str(error.value)
    expect(customer.page.get_by_test_id("cart-badge")).to_have_text("0")


def test_mail_lost(visit: Visit, broken_shop: Break, postbox: Postbox, email: str) -> None:
    customer = visit(broken_shop("mail-lost"))
    customer.register(email)
    expect(customer.page.get_by_text("Check your inbox")).to_be_visible()
    customer.go("/forgot")
    customer.fill(Email=email)
    customer.press("Send reset link")
    expect(customer.page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    assert email not in [message["To"] for message in postbox.messages]


def test_session_lost(visit: Visit, broken_shop: Break, email: str) -> None:
    customer = visit(broken_shop("session-lost"))
    customer.register(email)
    customer.go("/profile")
    expect(customer.page.get_by_role("heading", name="Profile")).to_be_visible()
    customer.log_in(email)
    customer.page.wait_for_url("**/login?next=/dashboard")
    customer.go("/profile")
    customer.page.wait_for_url("**/login?next=/profile")


def test_worker_stopped(visit: Visit, broken_shop: Break, email: str) -> None:
    customer = visit(broken_shop("worker-stopped"))
    customer.register(email)
    customer.put_in_cart("oak-notebook")
    customer.fill_checkout(DECLINED_CARD)
    customer.press("Place order")
    expect(customer.page.get_by_text("Your card was declined")).to_be_visible()
    customer.fill_card(GOOD_CARD)
    customer.press("Place order")
    customer.page.wait_for_url("**/orders/*")
    customer.page.wait_for_timeout(2000)
    expect(customer.page.get_by_test_id("order-status")).to_have_text("processing")
    health = httpx.get(f"{customer.shop.base_url}/health", trust_env=False).json()
    assert health["status"] == "ok"
    assert health["worker"]["age_seconds"] > 2


def test_debug_page(visit: Visit, broken_shop: Break, email: str) -> None:
    customer = visit(broken_shop("debug-page"))
    customer.register(email)
    with customer.page.expect_response("**/profile") as answer:
        customer.go("/profile")
    assert answer.value.status == 500
    expect(customer.page.get_by_text("Traceback", exact=True)).to_be_visible()
    expect(customer.page.get_by_text(re.compile("KeyError: "))).to_be_visible()


def test_wrong_release(broken_shop: Break) -> None:
    with httpx.Client(base_url=broken_shop("wrong-release").base_url, trust_env=False) as client:
        assert client.get("/version").json() == {"release": STALE_RELEASE}
        assert client.get("/").headers["x-acorn-release"] == STALE_RELEASE
        assert f'<meta name="release" content="{STALE_RELEASE}">' in client.get("/").text
        assert RELEASE not in client.get("/").text
