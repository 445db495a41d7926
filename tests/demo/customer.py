"""Somebody who uses Acorn in a browser."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

from smokerunner.demo.server import Acorn

PASSWORD = "correct horse battery"


@dataclass
class Customer:
    """A page of one fresh browser context, and what it has noticed so far."""

    page: Page
    shop: Acorn
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.shop.base_url + path)

    def fill(self, **fields: str) -> None:
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def register(self, email: str, name: str = "Robin") -> None:
        self.go("/register")
        self.fill(Name=name, Email=email, Password=PASSWORD)
        self.press("Create account")
        self.page.wait_for_url("**/dashboard")

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        self.go("/login")
        self.fill(Email=email, Password=password)
        self.press("Log in")

    def put_in_cart(self, product: str) -> None:
        self.go(f"/shop/{product}")
        self.press("Add to cart")
        self.page.get_by_text("is in your cart").wait_for()

    def fill_card(self, number: str) -> None:
        frame = self.page.frame_locator("iframe[title='Card details']")
        frame.get_by_label("Card number").fill(number)
        frame.get_by_label("Expiry date").fill("12/30")
        frame.get_by_label("Security code").fill("123")

    def fill_checkout(self, card: str) -> None:
        self.go("/checkout")
        self.fill(Full_name="Robin Ek", Street_and_number="Ekgatan 7", Postcode="211 22", City="Malmö")
        self.page.get_by_label("Delivery").select_option("Express, next day")
        self.page.get_by_label("I accept the terms of sale").check()
        self.fill_card(card)
