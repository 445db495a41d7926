"""Flows of three real apps as a person clicks through them, and how they are recorded and replayed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smokerunner.browser.binary import Binary
from smokerunner.language.environment import LoadedConfig, load_config
from smokerunner.language.load import load
from smokerunner.mail.maildev import MaildevSettings
from smokerunner.model.mail import Message
from smokerunner.recording.journal import Recording
from smokerunner.recording.keeping import keep
from smokerunner.recording.preparing import Wish, prepare_recording
from smokerunner.recording.session import record
from smokerunner.replay.conducting import Concluded, conduct
from smokerunner.replay.options import Options
from smokerunner.replay.plan import Selection
from smokerunner.replay.preparing import prepare
from smokerunner.replay.stop import Stop
from tests.apps.lab.hosting import hosted, place_of
from tests.e2e.hand import Hand

if TYPE_CHECKING:
    from playwright.async_api import Page

PICTURE = Path(__file__).parents[2] / "flows" / "acorn" / "avatar.png"
PASSWORD = "a-Password-for-tests-7"
WAGTAIL_PASSWORD = "Admin-pass-123"
MAILDEV = place_of("maildev")


def using(app: str) -> AbstractContextManager[None]:
    """The app and MailDev, which takes the app's mail where recorder and visitor both see it."""
    return hosted("maildev", app, smtp_port=MAILDEV.smtp_port)


@dataclass
class Visitor:
    """Who uses an app: a hand, where the app is, what the recorder told, and the mail server."""

    hand: Hand
    base_url: str
    told: list[str]
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def new_email(self, name: str) -> str:
        """An address that nobody has registered, however often this is recorded."""
        return f"{name}+{self.began:%H%M%S}{self.began.microsecond // 1000:03}@lab.test"

    @property
    def email(self) -> str:
        """The account that the flow before this one opened."""
        found = [word for line in self.told for word in line.replace(",", " ").split() if "@" in word]
        assert found, f"nobody told the address: {self.told}"
        return found[0]

    async def go(self, path: str) -> None:
        await self.hand.go(self.base_url + path)

    async def write(self, label: str, text: str) -> None:
        await self.hand.write(self.hand.field(label), text)

    async def letter(self, to: str, subject: str) -> Message:
        """The mail that comes to this address."""
        mailbox = MaildevSettings.model_validate({"url": MAILDEV.url}).open()
        try:
            for _ in range(100):
                for letter in await mailbox.messages_to(to, self.began):
                    if subject in letter.subject:
                        return letter
                await asyncio.sleep(0.2)
        finally:
            await mailbox.close()
        raise AssertionError(f"no mail '{subject}' came to {to}")

    async def follow(self, to: str, subject: str, part: str) -> None:
        """Open the link of a mail, as a mail program does it."""
        letter = await self.letter(to, subject)
        await self.hand.go(next(anchor.href for anchor in letter.anchors if part in anchor.href))


Using = Callable[[Visitor], Awaitable[None]]


@dataclass(frozen=True)
class Script:
    """One flow: where it begins, what it builds on, who uses the app how."""

    use: Using
    url: str
    needs: tuple[str, ...] = ()
    starts_from: str | None = None


@dataclass(frozen=True)
class App:
    """An app, its address, and the flows that are recorded of it in their order."""

    base_url: str
    scripts: Mapping[str, Script]


async def laravel_sign_up(visitor: Visitor, email: str) -> None:
    await visitor.write("Name", "Robin Ek")
    await visitor.hand.press("Tab")
    await visitor.hand.type(email)
    await visitor.hand.press("Tab")
    await visitor.hand.type(PASSWORD)
    await visitor.hand.press("Tab")
    await visitor.hand.type(PASSWORD)
    await visitor.hand.click(visitor.hand.page.get_by_label("I agree"))
    await visitor.hand.click(visitor.hand.button("Register"))
    await visitor.hand.see("Welcome, Robin Ek!")


async def laravel_register(visitor: Visitor) -> None:
    email = visitor.new_email("qa")
    await laravel_sign_up(visitor, email)
    await visitor.follow(email, "Verify", "/email/verify/")
    await visitor.hand.see("Your email address is verified")


async def laravel_log_in(visitor: Visitor, email: str, password: str = PASSWORD) -> None:
    await visitor.write("Email", email)
    await visitor.write("Password", password)
    await visitor.hand.press("Enter")
    await visitor.hand.see("You're logged in!")


async def laravel_login(visitor: Visitor) -> None:
    await laravel_log_in(visitor, visitor.email)


async def laravel_log_out(visitor: Visitor) -> None:
    await visitor.hand.click(visitor.hand.button("Robin Ek"))
    await visitor.hand.click(visitor.hand.button("Log Out"))
    await visitor.hand.see("Invoices without the paperwork")


async def laravel_logout(visitor: Visitor) -> None:
    await laravel_log_in(visitor, visitor.email)
    await laravel_log_out(visitor)


async def laravel_reset(visitor: Visitor) -> None:
    hand = visitor.hand
    email = visitor.new_email("reset")
    await laravel_sign_up(visitor, email)
    await laravel_log_out(visitor)
    await hand.click(hand.link("Log in"))
    await hand.click(hand.link("Forgot your password?"))
    await visitor.write("Email", email)
    await hand.click(hand.button("Email Password Reset Link"))
    await hand.see(hand.page.get_by_role("status"))
    await visitor.follow(email, "Reset Password", "/reset-password/")
    await visitor.write("Password", PASSWORD + "-new")
    await visitor.write("Confirm Password", PASSWORD + "-new")
    await hand.click(hand.button("Reset Password"))
    await hand.see(hand.page.get_by_role("status"))
    await laravel_log_in(visitor, email, PASSWORD + "-new")


async def laravel_invoice(visitor: Visitor) -> None:
    hand = visitor.hand
    await hand.click(hand.link("Invoices", exact=True))
    await hand.click(hand.link("New invoice"))
    await visitor.write("Client", "Quiet Works")
    await visitor.write("Amount (EUR)", "12.50")
    await hand.choose(hand.field("Status"), "Sent")
    await hand.click(hand.field("Due date"))
    await hand.type("02032027")
    await visitor.write("Notes", "Two of each")
    await hand.click(hand.button("Create invoice"))
    await hand.see(hand.page.get_by_role("status"))
    await hand.write(hand.page.get_by_placeholder("Search client"), "Quiet")
    await hand.press("Enter")
    await hand.see(hand.page.get_by_role("cell", name="Quiet Works").first)
    await hand.click(hand.button("Delete", exact=True).first)
    await hand.see(hand.page.get_by_text("Delete invoice for"))
    await hand.click(hand.button("Yes, delete"))
    await hand.see("Invoice deleted.")


async def laravel_search(visitor: Visitor) -> None:
    hand = visitor.hand
    await hand.click(hand.link("Invoices", exact=True))
    await hand.click(hand.link("New invoice"))
    await visitor.write("Client", "Umbrella Repairs")
    await visitor.write("Amount (EUR)", "80")
    await hand.press("Enter")
    await hand.see(hand.page.get_by_role("status"))
    await hand.click(hand.link("Dashboard"))
    await visitor.write("Quick search", "Umbr")
    await hand.see("Umbrella Repairs")


async def laravel_avatar(visitor: Visitor) -> None:
    hand = visitor.hand
    await hand.click(hand.button("Robin Ek"))
    await hand.click(hand.link("Profile"))
    await visitor.write("Name", "Robin Lind")
    await hand.give(hand.field("Avatar"), PICTURE)
    await asyncio.sleep(0.5)
    await hand.click(hand.button("Save"))
    await hand.see("Profile saved.")


LARAVEL = App(
    place_of("laravel").url,
    {
        "register": Script(laravel_register, "/register"),
        "login": Script(laravel_login, "/login", needs=("register",)),
        "logout": Script(laravel_logout, "/login", needs=("register",)),
        "reset": Script(laravel_reset, "/register"),
        "invoice": Script(laravel_invoice, "/dashboard", starts_from="login"),
        "search": Script(laravel_search, "/dashboard", starts_from="login"),
        "avatar": Script(laravel_avatar, "/dashboard", starts_from="login"),
    },
)


async def oscar_sign_up(visitor: Visitor, email: str) -> None:
    hand, page = visitor.hand, visitor.hand.page
    await hand.write(page.locator("#id_registration-email"), email)
    await hand.write(page.locator("#id_registration-password1"), PASSWORD)
    await hand.write(page.locator("#id_registration-password2"), PASSWORD)
    await hand.click(hand.button("Register"))
    await hand.see("Thanks for registering!")


async def oscar_register(visitor: Visitor) -> None:
    await oscar_sign_up(visitor, visitor.new_email("qa"))


async def oscar_log_in(visitor: Visitor, email: str, password: str = PASSWORD) -> None:
    hand, page = visitor.hand, visitor.hand.page
    await hand.write(page.locator("#id_login-username"), email)
    await hand.write(page.locator("#id_login-password"), password)
    await hand.click(hand.button("Log In"))
    await hand.see("Welcome back")


async def oscar_login(visitor: Visitor) -> None:
    await oscar_log_in(visitor, visitor.email)


async def oscar_log_out(visitor: Visitor) -> None:
    await visitor.hand.click(visitor.hand.link("Logout"))
    await visitor.hand.see(visitor.hand.link("Login or register"))


async def oscar_logout(visitor: Visitor) -> None:
    await oscar_log_in(visitor, visitor.email)
    await oscar_log_out(visitor)


async def oscar_reset(visitor: Visitor) -> None:
    hand, page = visitor.hand, visitor.hand.page
    email = visitor.new_email("reset")
    await oscar_sign_up(visitor, email)
    await oscar_log_out(visitor)
    await hand.click(hand.link("Login or register"))
    await hand.click(hand.link("I've forgotten my password"))
    await hand.write(page.locator("#id_email"), email)
    await hand.click(hand.button("Send reset email"))
    await hand.see("instructions for resetting your password")
    await visitor.follow(email, "Resetting your password", "/password-reset/confirm/")
    await hand.write(page.locator("#id_new_password1"), PASSWORD + "-new")
    await hand.write(page.locator("#id_new_password2"), PASSWORD + "-new")
    await hand.press("Enter")
    await hand.see(page.get_by_role("heading", name="Password reset complete"))
    await hand.click(hand.link("Login or register"))
    await oscar_log_in(visitor, email, PASSWORD + "-new")


async def oscar_language(visitor: Visitor) -> None:
    hand = visitor.hand
    await hand.choose(hand.page.locator("select[name=language]"), "Deutsch")
    await hand.click(hand.button("Go"))
    await asyncio.sleep(2)


async def oscar_order(visitor: Visitor) -> None:
    hand, page = visitor.hand, visitor.hand.page
    await hand.click(page.get_by_role("article").filter(has_text="Deploy on Friday").get_by_role("button"))
    await hand.see("has been added to your cart")
    await hand.click(page.get_by_role("link", name="Refactoring Fear").last)
    await hand.see(page.get_by_role("heading", name="Refactoring Fear", level=1))
    await hand.click(hand.button("Add to cart"))
    await hand.see("has been added to your cart")
    await hand.click(hand.link("View cart", exact=True).first)
    await hand.see(page.get_by_role("heading", name="Cart", level=1))
    await hand.click(hand.link("Proceed to checkout"))
    await hand.write(page.locator("#id_first_name"), "Robin")
    await hand.write(page.locator("#id_last_name"), "Ek")
    await hand.write(page.locator("#id_line1"), "Ekgatan 7")
    await hand.write(page.locator("#id_line4"), "Malmö")
    await hand.write(page.locator("#id_postcode"), "211 22")
    await hand.choose(page.locator("#id_country"), "Sweden")
    await hand.click(hand.button("Continue"))
    await hand.click(hand.link("Continue"))
    await hand.see(page.get_by_role("heading", name="Preview order"))
    await hand.click(hand.button("Place order"))
    await hand.see("Your order has been placed")
    await visitor.follow(visitor.email, "Confirmation of order", "/orders/")
    await hand.see(page.get_by_role("heading", name="Shipping Address"))


OSCAR = App(
    place_of("oscar").url,
    {
        "register": Script(oscar_register, "/accounts/login/"),
        "login": Script(oscar_login, "/accounts/login/", needs=("register",)),
        "logout": Script(oscar_logout, "/accounts/login/", needs=("register",)),
        "reset": Script(oscar_reset, "/accounts/login/"),
        "language": Script(oscar_language, "/catalogue/"),
        "order": Script(oscar_order, "/catalogue/", starts_from="login"),
    },
)


async def wagtail_log_in(visitor: Visitor) -> None:
    hand = visitor.hand
    await hand.write(hand.page.locator("#id_username"), "admin")
    await hand.write(hand.page.locator("#id_password"), WAGTAIL_PASSWORD)
    await hand.click(hand.button("Sign in"))
    await hand.see("Site summary")


async def wagtail_log_out(visitor: Visitor) -> None:
    hand = visitor.hand
    await hand.click(hand.button("admin", exact=True))
    await asyncio.sleep(0.5)
    await hand.click(hand.button("Log out"))
    await hand.see("Sign in to Wagtail")


async def wagtail_logout(visitor: Visitor) -> None:
    await wagtail_log_in(visitor)
    await wagtail_log_out(visitor)


async def wagtail_reset(visitor: Visitor) -> None:
    hand, page = visitor.hand, visitor.hand.page
    await hand.click(hand.link("Forgotten password?"))
    await hand.write(page.locator("#id_email"), "admin@lab.test")
    await hand.click(hand.button("Reset password"))
    await hand.see("Check your email")
    await visitor.follow("admin@lab.test", "Password reset", "/password_reset/confirm/")
    await hand.write(page.locator("#id_new_password1"), WAGTAIL_PASSWORD)
    await hand.write(page.locator("#id_new_password2"), WAGTAIL_PASSWORD)
    await hand.click(hand.button("Reset password"))
    await hand.see("Password change successful")
    await hand.click(hand.link("Login"))
    await wagtail_log_in(visitor)


async def wagtail_page(visitor: Visitor) -> None:
    hand, page = visitor.hand, visitor.hand.page
    await hand.click(hand.button("Pages"))
    await asyncio.sleep(0.7)
    await hand.click(page.get_by_role("dialog").get_by_role("link", name="Home", exact=True))
    await hand.see(hand.link("Add child page").first)
    await hand.click(hand.link("Add child page").first)
    await hand.write(page.locator("#id_title"), "Quiet news")
    body = page.get_by_role("region", name="Body").get_by_role("textbox")
    await hand.click(body)
    await hand.type("We move on Friday. ")
    await hand.press("Enter")
    await hand.type("Bring your own chair.")
    await hand.click(hand.button("Choose an image"))
    await hand.see(page.get_by_role("tab", name="Upload"))
    await hand.click(page.get_by_role("tab", name="Upload"))
    await hand.give(page.locator("#id_image-chooser-upload-file"), PICTURE)
    await asyncio.sleep(0.5)
    await hand.write(page.locator("#id_image-chooser-upload-title"), "A quiet face")
    await hand.click(page.get_by_role("dialog").get_by_role("button", name="Upload"))
    await hand.see(page.get_by_role("region", name="Hero").get_by_text("A quiet face"))
    await hand.click(hand.button("More actions"))
    await asyncio.sleep(0.5)
    await hand.click(hand.button("Publish", exact=True))
    await hand.see(page.get_by_role("status").get_by_text("published"))
    await visitor.go("/quiet-news/")
    await hand.see(page.get_by_role("heading", name="Quiet news"))
    # What was made goes again: the second page of this name would have to be called otherwise.
    await hand.click(hand.button("View Wagtail quick actions"))
    await hand.click(page.get_by_role("menuitem", name="Edit this page"))
    await hand.see(page.get_by_role("region", name="Body"))
    actions = page.get_by_role("navigation", name="Actions", exact=True)
    await hand.click(actions.get_by_role("button", name="Actions"))
    await hand.click(actions.get_by_role("link", name="Delete"))
    await hand.click(hand.button("Yes, delete"))
    await hand.see(page.get_by_role("status").get_by_text("deleted"))
    await hand.click(page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Images"))
    await hand.click(hand.link("A quiet face").first)
    await hand.click(actions.get_by_role("button", name="Actions"))
    await hand.click(actions.get_by_role("link", name="Delete"))
    await hand.click(hand.button("Yes, delete"))
    await hand.see(page.get_by_role("status").get_by_text("deleted"))


WAGTAIL = App(
    place_of("wagtail").url,
    {
        "login": Script(wagtail_log_in, "/admin/"),
        "logout": Script(wagtail_logout, "/admin/login/"),
        "reset": Script(wagtail_reset, "/admin/login/"),
        "page": Script(wagtail_page, "/admin/", starts_from="login"),
    },
)

APPS: Mapping[str, App] = {"laravel": LARAVEL, "oscar": OSCAR, "wagtail": WAGTAIL}


@dataclass
class _Somebody:
    using: Using
    base_url: str
    told: list[str] = field(default_factory=list)

    async def use(self, page: Page) -> None:
        await self.using(Visitor(Hand(page), self.base_url, self.told))


def settings(app: str, folder: Path) -> LoadedConfig:
    """An environment file that says where the app and its mail are."""
    path = folder / "smokerunner.yaml"
    path.write_text(
        f"apps: {{{app}: {{environments: {{lab: {{base_url: '{APPS[app].base_url}', "
        f"mailbox: {{maildev: {{url: '{MAILDEV.url}'}}}}}}}}}}}}\n",
        "utf-8",
    )
    return load_config(path)


def record_app_flow(app: str, name: str, path: Path, binary: Binary, secrets: Mapping[str, str]) -> Recording:
    """Record one flow of an app into `path`, as `smokerunner record` does."""
    script = APPS[app].scripts[name]
    wish = Wish(flow=name, url=script.url, needs=script.needs, starts_from=script.starts_from, headed=False)
    config = settings(app, path.parent)
    task = prepare_recording(path, wish, config, binary, path.parent / "journals", lookup=secrets.get)
    somebody = _Somebody(script.use, APPS[app].base_url)
    recording = asyncio.run(record(task, somebody, Stop(), somebody.told.append, lambda _: None))
    keep(recording, path, task.app)
    return recording


def replay_app_flow(
    app: str, name: str, path: Path, binary: Binary, secrets: Mapping[str, str], out: Path
) -> Concluded:
    """Replay a recorded flow, unedited, and what it needs."""
    options = Options(selection=Selection(names=(name,)), out=out, pictures="off", trace="off")
    job = prepare(load(path), settings(app, path.parent), options, binary=binary, lookup=secrets.get)
    return asyncio.run(conduct(job, lambda _: None, Stop()))
