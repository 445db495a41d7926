"""The strip of marks: written by pure functions, painted by a real browser, read back from a picture."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from customer import Customer
from marks import read_mark
from PIL import Image
from playwright.sync_api import Page, expect
from postbox import Postbox

from smokerunner.demo.marks import BLOCK, HEAD, LENGTH, TAIL, Mark, crc16, decode, encode
from smokerunner.demo.server import Acorn

AVATAR = Path(__file__).parents[2] / "flows" / "acorn" / "avatar.png"


@pytest.fixture(scope="module")
def marked_shop(postbox: Postbox) -> Iterator[Acorn]:
    with Acorn(postbox.port, marks=True) as acorn:
        yield acorn


def see(page: Page, full_page: bool = False) -> Mark:
    return read_mark(page.screenshot(full_page=full_page))


def test_the_crc_is_the_published_one() -> None:
    assert crc16("123456789") == 0x29B1


@pytest.mark.parametrize(("flow", "path", "acts"), [("login", "/", 0), ("bestellen-ö", "/orders/A-1001", 65535)])
def test_what_is_encoded_can_be_decoded(flow: str, path: str, acts: int) -> None:
    bits = encode(flow, path, acts)
    assert len(bits) == LENGTH == 64
    assert decode(bits) == Mark(crc16(flow), crc16(path), acts)


def test_the_counter_starts_again_after_65535() -> None:
    assert decode(encode("login", "/", 65537)).acts == 1


@pytest.mark.parametrize("bits", [(0,) * LENGTH, (1,) * LENGTH, (*HEAD, *TAIL), (0, *encode("login", "/", 1)[:-1])])
def test_bits_without_the_frame_are_refused(bits: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="frame is missing"):
        decode(bits)


@pytest.mark.e2e
def test_every_page_says_its_flow_its_path_and_the_acts(visit: Callable[..., Customer], marked_shop: Acorn) -> None:
    customer = visit(marked_shop, flow="browse")
    page = customer.page
    customer.go("/")
    assert see(page) == Mark(crc16("browse"), crc16("/"), 0)
    page.get_by_role("link", name="See everything").click()
    page.wait_for_url("**/shop")
    assert see(page) == Mark(crc16("browse"), crc16("/shop"), 1)
    page.get_by_label("Search products").fill("oak")
    assert see(page).acts == 2
    page.get_by_label("Search products").press_sequentially("en")
    assert see(page).acts == 4
    page.get_by_label("Search products").press("Enter")
    page.wait_for_url("**/shop?q=oaken")
    # Enter in a form is a trusted click on its button, too.
    assert see(page) == Mark(crc16("browse"), crc16("/shop"), 5)
    customer.go("/no/such/page")
    assert see(page, full_page=True) == Mark(crc16("browse"), crc16("/no/such/page"), 5)


@pytest.mark.e2e
def test_only_what_a_user_does_counts(visit: Callable[..., Customer], marked_shop: Acorn) -> None:
    customer = visit(marked_shop, flow="order")
    page = customer.page
    customer.register("marks@example.test")
    registered = see(page).acts
    assert registered == 3 + 1
    page.evaluate("document.querySelector('h1').click()")
    page.evaluate("document.body.dispatchEvent(new Event('input', {bubbles: true}))")
    assert see(page).acts == registered
    page.get_by_role("heading", name="Welcome").click()
    assert see(page).acts == registered + 1
    customer.put_in_cart("oak-notebook")
    customer.go("/checkout")
    assert see(page).acts == registered + 2
    # A checkbox is clicked and then says that it changed: two acts.
    page.get_by_label("I accept the terms of sale").check()
    assert see(page).acts == registered + 4
    # The provider's frame is another origin, which counts for itself.
    customer.fill_card("4242 4242 4242 4242")
    assert see(page).acts == registered + 4


@pytest.mark.e2e
def test_a_new_tab_goes_on_with_the_count(visit: Callable[..., Customer], marked_shop: Acorn) -> None:
    customer = visit(marked_shop, flow="order")
    page = customer.page
    customer.register("tab@example.test")
    customer.put_in_cart("oak-notebook")
    customer.fill_checkout("4242 4242 4242 4242")
    customer.press("Place order")
    page.wait_for_url("**/orders/*")
    before = see(page).acts
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Invoice", exact=True).click()
    expect(popup.value.get_by_role("heading", name="Invoice")).to_be_visible()
    order = page.url.rpartition("/")[2]
    assert see(popup.value) == Mark(crc16("order"), crc16(f"/orders/{order}/invoice"), before + 1)


@pytest.mark.e2e
def test_the_strip_is_in_nobodys_way(visit: Callable[..., Customer], marked_shop: Acorn) -> None:
    customer = visit(marked_shop, flow="browse")
    customer.go("/")
    covering = customer.page.evaluate("[...Array(60).keys()].map(n => document.elementFromPoint(n * 6 + 3, 3).tagName)")
    assert not {"svg", "rect", "path"} & {name.lower() for name in covering}
    assert customer.page.locator("body").aria_snapshot().count("img") == 0


@pytest.mark.e2e
@pytest.mark.parametrize("flow", ["browse", None])
def test_there_is_no_strip_unless_both_sides_want_it(
    visit: Callable[..., Customer], shop: Acorn, marked_shop: Acorn, flow: str | None
) -> None:
    customer = visit(shop if flow else marked_shop, flow=flow)
    customer.go("/")
    with pytest.raises(ValueError, match=r"neither black nor white|frame is missing"):
        see(customer.page)


def test_a_smudged_block_is_refused() -> None:
    bits = encode("login", "/", 7)
    picture = Image.new("L", (LENGTH * BLOCK, BLOCK), 255)
    for place, bit in enumerate(bits):
        if bit:
            picture.paste(0, (place * BLOCK, 0, (place + 1) * BLOCK, BLOCK))
    assert read_mark(as_png(picture)) == Mark(crc16("login"), crc16("/"), 7)
    picture.putpixel((100, 3), 128)
    with pytest.raises(ValueError, match="block 16"):
        read_mark(as_png(picture))
    with pytest.raises(ValueError, match="too small"):
        read_mark(as_png(picture.crop((0, 0, 300, BLOCK))))


def as_png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
