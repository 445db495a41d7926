"""Every flow of the demo shop that a person can click through, as that person: mouse, keys, and eyes on the page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hand import Attention, Hand, rest

from smokerunner.browser.binary import Binary
from smokerunner.demo.deploy import Deploy
from smokerunner.language.load import load
from smokerunner.recording.journal import Journal, Recording
from smokerunner.recording.keeping import keep
from smokerunner.recording.preparing import Wish, prepare_recording
from smokerunner.recording.session import record
from smokerunner.replay.conducting import Concluded, conduct
from smokerunner.replay.options import Options
from smokerunner.replay.plan import Selection
from smokerunner.replay.preparing import prepare
from smokerunner.replay.stop import Stop

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page

PASSWORD = "a-Password-for-tests-7"
AVATAR = Path(__file__).parents[2] / "flows" / "acorn" / "avatar.png"


@dataclass
class Shopper:
    """Who uses the shop: a hand, what the recorder told, and the mails that came."""

    hand: Hand
    deploy: Deploy
    told: list[str]

    @property
    def email(self) -> str:
        """The account that the flow before this one opened."""
        found = re.search(r"email is (\S+@[\w.]+)", " ".join(self.told))
        assert found is not None, f"nobody told the address: {self.told}"
        return found[1]

    async def letter_link(self, to: str, text: str) -> str:
        """The link in the mail that comes to this address."""
        for _ in range(100):
            for letter in await self.deploy.mailbox.messages_to(to, datetime.min.replace(tzinfo=UTC)):
                for anchor in letter.anchors:
                    if text in anchor.text:
                        return anchor.href
            await asyncio.sleep(0.1)
        raise AssertionError(f"no mail with '{text}' came to {to}")

    async def log_in(self) -> None:
        await self.hand.write(self.hand.field("Email"), self.email)
        await self.hand.write(self.hand.field("Password"), PASSWORD)
        await self.hand.press("Enter")
        await self.hand.see("Welcome, ")

    async def open_account(self, email: str) -> None:
        hand = self.hand
        await hand.write(hand.field("Name"), "Robin Ek")
        await hand.press("Tab")
        await hand.type(email)
        await hand.press("Tab")
        await hand.type(PASSWORD)
        await hand.click(hand.button("Create account"))
        await hand.see("Welcome, Robin Ek")

    async def put_into_cart(self, path: str) -> None:
        await self.hand.go(self.deploy.base_url + path)
        await self.hand.click(self.hand.button("Add to cart"))
        await self.hand.see("is in your cart")

    async def fill_checkout(self, card: str | None = None) -> None:
        hand = self.hand
        await self.put_into_cart("/shop/brass-pencil")
        await hand.go(self.deploy.base_url + "/checkout")
        await hand.write(hand.field("Street and number"), "Ekgatan 7")
        await hand.write(hand.field("Postcode"), "211 22")
        await hand.write(hand.field("City"), "Malmö")
        await hand.choose(hand.field("Delivery"), "Express")
        await hand.click(hand.page.get_by_label("I accept the terms"))
        await rest()
        if card is not None:
            frame = next(frame for frame in hand.page.frames if "/card" in frame.url)
            await hand.write(hand.field("Card number", frame), card)
            await hand.write(hand.field("Expiry date", frame), "12/34")
            await hand.write(hand.field("Security code", frame), "123")


Using = Callable[[Shopper], Awaitable[None]]


async def browse(shopper: Shopper) -> None:
    hand = shopper.hand
    await hand.see(hand.page.get_by_role("heading", name="Quiet things"))
    await hand.click(hand.page.get_by_role("navigation", name="Main").get_by_role("link", name="Shop"))
    await hand.write(hand.field("Search products"), "brass")
    await hand.press("Enter")
    await hand.see("2 results")
    await hand.click(hand.link("Brass pencil"))
    await hand.see(hand.page.get_by_role("heading", name="Brass pencil"))


async def cart(shopper: Shopper) -> None:
    hand = shopper.hand
    await hand.click(hand.button("Add to cart"))
    await hand.see("Watering can is in your cart")
    await shopper.put_into_cart("/shop/brass-pencil")
    await hand.click(hand.page.get_by_role("navigation", name="Main").get_by_role("link", name="Cart"))
    await hand.see(hand.page.get_by_role("heading", name="Your cart"))
    await hand.write(hand.field("Quantity of Brass pencil"), "3")
    await hand.press("Tab")
    await rest()
    await hand.click(hand.button("Remove Watering can"))
    await rest()


async def register(shopper: Shopper) -> None:
    await shopper.open_account("qa@example.test")


async def confirm(shopper: Shopper) -> None:
    await shopper.open_account("confirm@example.test")
    await shopper.hand.go(await shopper.letter_link("confirm@example.test", "Confirm"))
    await shopper.hand.see("your email address is confirmed")


async def login(shopper: Shopper) -> None:
    await shopper.log_in()


async def mistakes(shopper: Shopper) -> None:
    hand = shopper.hand
    await hand.write(hand.field("Email"), shopper.email)
    await hand.write(hand.field("Password"), "not-the-Password-1")
    await hand.click(hand.button("Log in"))
    await hand.see("Wrong e-mail or password")


async def logout(shopper: Shopper) -> None:
    await shopper.log_in()
    await shopper.hand.click(shopper.hand.button("Log out"))
    await shopper.hand.see("You are logged out")
    await shopper.hand.go(shopper.deploy.base_url + "/dashboard")
    await shopper.hand.see(shopper.hand.page.get_by_role("heading", name="Log in"))


async def reset(shopper: Shopper) -> None:
    hand = shopper.hand
    await shopper.open_account("reset@example.test")
    await hand.go(shopper.deploy.base_url + "/forgot")
    await hand.write(hand.field("Email"), "reset@example.test")
    await hand.click(hand.button("Send reset link"))
    await hand.see(hand.page.get_by_role("heading", name="Check your inbox"))
    await hand.go(await shopper.letter_link("reset@example.test", "Choose a new password"))
    await hand.write(hand.field("New password"), PASSWORD + "-new")
    await hand.click(hand.button("Save new password"))
    await hand.see("Your password is changed")
    await hand.write(hand.field("Email"), "reset@example.test")
    await hand.write(hand.field("Password"), PASSWORD + "-new")
    await hand.press("Enter")
    await hand.see("Welcome, ")


async def checkout(shopper: Shopper) -> None:
    await shopper.fill_checkout()


async def declined(shopper: Shopper) -> None:
    await shopper.fill_checkout("4000 0000 0000 0002")
    await shopper.hand.click(shopper.hand.button("Place order"))
    await shopper.hand.see("Your card was declined")


async def order(shopper: Shopper) -> None:
    hand = shopper.hand
    await shopper.fill_checkout("4242 4242 4242 4242")
    await hand.click(hand.button("Place order"))
    await hand.see(hand.page.get_by_role("heading", name="Order A-"))
    for _ in range(20):
        await hand.page.reload()
        await rest()
        if await hand.page.get_by_test_id("order-status").inner_text() == "ready":
            break
    await hand.expect_text(hand.page.get_by_test_id("order-status"))
    async with hand.page.expect_popup() as popup:
        await hand.click(hand.link("Invoice", exact=True))
    invoice = await popup.value
    await Hand(invoice).see(invoice.get_by_role("heading", name="Invoice"))
    await invoice.close()
    async with hand.page.expect_download():
        await hand.click(hand.link("Download invoice"))
    await rest()
    # A native dialog is answered where it stands, outside the page.
    hand.page.once("dialog", _accept)
    await hand.click(hand.button("Cancel order"))
    await hand.see("is cancelled")


async def _accept(dialog: Dialog) -> None:
    await asyncio.sleep(0.3)
    await dialog.accept()


async def profile(shopper: Shopper) -> None:
    hand = shopper.hand
    await hand.write(hand.field("Display name"), "Robin Lind")
    await hand.give(hand.field("Avatar"), AVATAR)
    await rest()
    await hand.click(hand.button("Save profile"))
    await hand.see("Your profile is saved")
    await hand.go(shopper.deploy.base_url + "/dashboard")
    await hand.see("Welcome, Robin Lind")


@dataclass(frozen=True)
class Script:
    """One flow: who uses the app how, where it begins, the fault of its feature, if any, and what it builds on."""

    use: Using
    url: str
    fault: str
    needs: tuple[str, ...] = ()
    starts_from: str | None = None


SCRIPTS: Mapping[str, Script] = {
    "browse": Script(browse, "/", ""),
    "cart": Script(cart, "/shop/watering-can", "js-error"),
    "register": Script(register, "/register", ""),
    "confirm": Script(confirm, "/register", "mail-lost"),
    "login": Script(login, "/dashboard", "login-500", needs=("register",)),
    "mistakes": Script(mistakes, "/login", "login-500", needs=("register",)),
    "logout": Script(logout, "/login", "session-lost", needs=("register",)),
    "reset": Script(reset, "/register", "mail-lost"),
    "checkout": Script(checkout, "/shop", "js-error", starts_from="login"),
    "declined": Script(declined, "/shop", "slow-checkout", starts_from="login"),
    "order": Script(order, "/shop", "worker-stopped", starts_from="login"),
    "profile": Script(profile, "/profile", "debug-page", starts_from="login"),
}


@dataclass
class _Somebody:
    using: Using
    deploy: Deploy
    told: list[str] = field(default_factory=list)

    async def use(self, page: Page) -> None:
        await self.using(Shopper(Hand(page), self.deploy, self.told))


def record_flow(
    name: str, path: Path, deploy: Deploy, binary: Binary, secrets: Mapping[str, str], script: Script | None = None
) -> Recording:
    """Record one flow of the shop into `path`, as `smokerunner record` does."""
    script = script or SCRIPTS[name]
    wish = Wish(
        flow=name,
        url=script.url,
        needs=script.needs,
        starts_from=script.starts_from,
        base_url=deploy.base_url,
        headed=False,
    )
    task = prepare_recording(path, wish, None, binary, path.parent / "journals", lookup=secrets.get)
    somebody = _Somebody(script.use, deploy)
    task = replace(task, mailbox=deploy.mailbox)
    with pytest.MonkeyPatch.context() as patch:
        Attention.pay(patch)
        recording = asyncio.run(record(task, somebody, Stop(), somebody.told.append, lambda _: None))
    keep(recording, path, task.app)
    Journal(task.journal).remove()
    return recording


def replay_flow(
    name: str, path: Path, deploy: Deploy, binary: Binary, secrets: Mapping[str, str], out: Path
) -> Concluded:
    """Replay a recorded flow, unedited, and what it needs."""
    options = Options(selection=Selection(names=(name,)), out=out, pictures="off", trace="off")
    job = prepare(load(path), None, options, binary=binary, base_url=deploy.base_url, lookup=secrets.get)
    return asyncio.run(conduct(replace(job, mailbox=deploy.mailbox), lambda _: None, Stop()))
