"""Every feature of Acorn, used by a real browser."""

from __future__ import annotations

import re
import socket
import tempfile
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import httpx
import pytest
from customer import PASSWORD, Customer
from playwright.sync_api import Dialog, Page, expect
from postbox import Postbox

from smokerunner.demo.provider import DECLINED_CARD, GOOD_CARD
from smokerunner.demo.server import Acorn
from smokerunner.demo.settings import RELEASE

pytestmark = pytest.mark.e2e

AVATAR = Path(__file__).parents[2] / "flows" / "acorn" / "avatar.png"
_numbers = count(1)


@pytest.fixture
def email() -> str:
    return f"smoke+{next(_numbers)}@example.test"


def link_in(postbox: Postbox, recipient: str, subject: str, anchor: str) -> str:
    body = postbox.wait_for(recipient, subject).get_body(("html",))
    assert body is not None
    found = re.search(rf'href="([^"]+)"[^>]*>{anchor}</a>', body.get_content())
    assert found is not None
    return found.group(1)


def status_of(page: Page) -> str:
    return page.get_by_test_id("order-status").inner_text()


def test_the_shop_can_be_searched(customer: Customer) -> None:
    customer.go("/")
    customer.page.get_by_role("navigation", name="Main").get_by_role("link", name="Shop").click()
    expect(customer.page.get_by_test_id("product-card")).to_have_count(8)
    customer.page.get_by_label("Search products").fill("brass")
    customer.press("Search")
    expect(customer.page.get_by_role("status")).to_have_text("2 results for “brass”")
    customer.page.get_by_role("link", name="Brass pencil").click()
    expect(customer.page.get_by_role("heading", name="Brass pencil")).to_be_visible()
    customer.go("/shop?q=unicorn")
    expect(customer.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    assert customer.errors == []


def test_a_new_customer_confirms_the_address(customer: Customer, postbox: Postbox, email: str) -> None:
    customer.register(email)
    expect(customer.page.get_by_role("heading", name="Welcome, Robin")).to_be_visible()
    expect(customer.page.get_by_text("Check your inbox")).to_be_visible()
    customer.page.goto(link_in(postbox, email, "please confirm", "Confirm your email"))
    expect(customer.page.get_by_text("your email address is confirmed")).to_be_visible()
    expect(customer.page.get_by_text("Check your inbox")).to_be_hidden()


def test_mistakes_in_the_form_are_shown_beside_the_fields(customer: Customer, email: str) -> None:
    customer.register(email)
    customer.press("Log out")
    customer.go("/register")
    customer.fill(Name="Another", Email=email, Password="short")
    customer.press("Create account")
    expect(customer.page.get_by_text("A password needs at least 8 characters.")).to_be_visible()
    customer.fill(Password=PASSWORD)
    customer.press("Create account")
    field = customer.page.get_by_label("Email")
    expect(field).to_have_accessible_description("There is an account with this email already.")
    expect(field).to_have_value(email)


def test_logging_in_leads_back_to_the_page_that_was_wanted(customer: Customer, email: str) -> None:
    customer.register(email)
    customer.press("Log out")
    expect(customer.page.get_by_text("You are logged out")).to_be_visible()
    customer.go("/profile")
    assert customer.page.url.endswith("/login?next=/profile")
    customer.fill(Email=email, Password="not this one")
    customer.press("Log in")
    expect(customer.page.get_by_role("alert")).to_have_text("Wrong e-mail or password")
    customer.fill(Password=PASSWORD)
    customer.press("Log in")
    expect(customer.page.get_by_role("heading", name="Profile")).to_be_visible()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere"])
def test_logging_in_never_leads_to_another_site(customer: Customer, email: str, elsewhere: str) -> None:
    customer.register(email)
    customer.go(f"/login?next={elsewhere}")
    customer.fill(Email=email, Password=PASSWORD)
    customer.press("Log in")
    customer.page.wait_for_url(f"{customer.shop.base_url}/dashboard")


def test_a_forgotten_password_is_replaced_by_mail(customer: Customer, postbox: Postbox, email: str) -> None:
    customer.register(email)
    customer.press("Log out")
    customer.go("/forgot")
    customer.fill(Email=email)
    customer.press("Send reset link")
    expect(customer.page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    link = link_in(postbox, email, "Reset your password", "Choose a new password")
    customer.page.goto(link)
    customer.fill(New_password=f"{PASSWORD}-new")
    customer.press("Save new password")
    expect(customer.page.get_by_text("Your password is changed")).to_be_visible()
    customer.log_in(email, PASSWORD)
    expect(customer.page.get_by_role("alert")).to_be_visible()
    customer.log_in(email, f"{PASSWORD}-new")
    expect(customer.page.get_by_role("heading", name="Welcome")).to_be_visible()
    customer.page.goto(link)
    expect(customer.page.get_by_text("This link was used before")).to_be_visible()


def test_name_and_avatar_are_kept(customer: Customer, email: str) -> None:
    customer.register(email)
    customer.go("/profile")
    customer.page.get_by_label("Avatar").set_input_files(AVATAR)
    expect(customer.page.get_by_alt_text("Avatar of Robin")).to_have_attribute("src", re.compile("^blob:"))
    customer.fill(Display_name="Robin Ek")
    customer.press("Save profile")
    expect(customer.page.get_by_text("Your profile is saved.")).to_be_visible()
    customer.go("/dashboard")
    picture = customer.page.get_by_alt_text("Avatar of Robin Ek")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") == 96
    customer.go("/profile")
    customer.page.get_by_label("Avatar").set_input_files(
        {"name": "avatar.png", "mimeType": "image/png", "buffer": b"not a picture"}
    )
    customer.press("Save profile")
    expect(customer.page.get_by_role("alert")).to_have_text("Please choose a PNG, JPEG or GIF of at most 1 MB.")
    customer.press("Remove avatar")
    expect(customer.page.get_by_alt_text("Avatar of Robin Ek")).to_be_hidden()


def test_the_cart_counts_and_adds_up(customer: Customer) -> None:
    customer.put_in_cart("brass-pencil")
    customer.put_in_cart("watering-can")
    expect(customer.page.get_by_test_id("cart-badge")).to_have_text("2")
    customer.go("/cart")
    expect(customer.page.get_by_test_id("cart-total")).to_have_text("€57.00")
    customer.page.get_by_label("Quantity of Brass pencil").fill("3")
    expect(customer.page.get_by_test_id("cart-total")).to_have_text("€93.00")
    expect(customer.page.get_by_test_id("cart-badge")).to_have_text("4")
    customer.press("Remove Watering can")
    expect(customer.page.get_by_test_id("cart-total")).to_have_text("€54.00")
    customer.page.reload()
    expect(customer.page.get_by_test_id("cart-total")).to_have_text("€54.00")
    customer.press("Empty cart")
    expect(customer.page.get_by_role("heading", name="Your cart is empty")).to_be_visible()
    assert customer.errors == []


def test_an_order_from_the_card_to_the_cancellation(customer: Customer, email: str) -> None:
    page = customer.page
    customer.register(email)
    customer.put_in_cart("brass-pencil")
    customer.fill_checkout("4242 4242 4242 4241")
    expect(page.get_by_test_id("order-total")).to_have_text("€27.90")
    customer.press("Place order")
    expect(page.get_by_role("alert")).to_have_text("Please check the card number.")
    customer.fill_card(DECLINED_CARD)
    customer.press("Place order")
    expect(page.get_by_text("Your card was declined. Please try another one.")).to_be_visible()
    customer.fill_card(GOOD_CARD)
    customer.press("Place order")
    page.wait_for_url("**/orders/A-*")
    order = page.url.rpartition("/")[2]
    expect(page.get_by_role("heading", name=f"Order {order}")).to_be_visible()
    assert status_of(page) == "processing"
    expect(page.get_by_test_id("order-status")).to_have_text("ready")
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Invoice", exact=True).click()
    expect(popup.value.get_by_role("heading", name=f"Invoice {order}")).to_be_visible()
    popup.value.close()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download invoice").click()
    assert download.value.suggested_filename == f"invoice-{order}.txt"
    assert "Brass pencil" in Path(download.value.path()).read_text(encoding="utf-8")
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        if len(questions) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    customer.press("Cancel order")
    customer.press("Cancel order")
    expect(page.get_by_test_id("order-status")).to_have_text("cancelled")
    assert questions == [f"Cancel order {order}?"] * 2
    customer.go("/dashboard")
    expect(page.get_by_role("row", name=order)).to_contain_text("cancelled")
    assert page.request.delete(f"{customer.shop.base_url}/api/orders/{order}").status == 204
    assert page.request.get(f"{customer.shop.base_url}/api/orders/{order}").status == 404
    assert customer.errors == []


def test_deleting_the_account_leaves_nothing(customer: Customer, email: str) -> None:
    customer.register(email)
    assert customer.page.request.delete(f"{customer.shop.base_url}/api/account").status == 204
    assert customer.page.request.delete(f"{customer.shop.base_url}/api/account").status == 401
    customer.log_in(email)
    expect(customer.page.get_by_role("alert")).to_have_text("Wrong e-mail or password")


def test_pages_of_an_account_ask_for_the_password(shop: Acorn) -> None:
    for path in ("/dashboard", "/profile", "/checkout", "/orders/A-1001", "/orders/A-1001/invoice"):
        answer = httpx.get(shop.base_url + path, trust_env=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")


def test_a_form_without_its_secret_is_refused(shop: Acorn) -> None:
    for path in ("/login", "/register", "/forgot", "/logout", "/cart/empty"):
        assert httpx.post(shop.base_url + path, data={"email": "a@b.example"}, trust_env=False).status_code == 403
    answer = httpx.post(shop.base_url + "/api/cart", data={"product": "brass-pencil"}, trust_env=False)
    assert answer.status_code == 415


def test_the_session_cookie_is_out_of_reach_of_scripts(shop: Acorn) -> None:
    cookie = httpx.get(shop.base_url, trust_env=False).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_what_programs_ask(shop: Acorn) -> None:
    with httpx.Client(base_url=shop.base_url, trust_env=False) as client:
        health = client.get("/health").json()
        assert health["status"] == "ok"
        assert health["worker"]["age_seconds"] < 5
        assert client.get("/version").json() == {"release": RELEASE}
        assert client.get("/").headers["x-acorn-release"] == RELEASE
        assert f'<meta name="release" content="{RELEASE}">' in client.get("/").text
        products = client.get("/api/products").json()
        assert len(products) == 8
        assert products[1] == {"id": "brass-pencil", "name": "Brass pencil", "price": 18.0}
        assert client.get("/api/nothing").status_code == 404


def test_nothing_is_left_behind(postbox: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(threading.enumerate())
    acorn = Acorn(postbox.port)
    acorn.start()
    assert list(tmp_path.glob("acorn-*/acorn.sqlite"))
    acorn.stop()
    acorn.stop()
    assert set(threading.enumerate()) == before
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(acorn.base_url, trust_env=False)


def test_a_taken_port_is_said_at_once(
    postbox: Postbox, shop: Acorn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="in use"):
        Acorn(postbox.port, port=int(shop.base_url.rpartition(":")[2])).start()
    assert list(tmp_path.iterdir()) == []


def test_an_account_is_opened_though_the_mail_server_is_away(visit: Callable[[Acorn], Customer], email: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with Acorn(nobody.getsockname()[1]) as acorn:
            customer = visit(acorn)
            customer.register(email)
            expect(customer.page.get_by_text("We could not send you a mail just now")).to_be_visible()
