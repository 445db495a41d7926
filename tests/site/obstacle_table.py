"""What each flow of tests/site/flows must come to: the file, its flows, and where and why those fail that shall."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Failing:
    """A flow that fails because the app breaks this feature."""

    step: str
    """The number of the step that fails; `1.4` is the fourth of those that step 1 does by `use`."""
    says: str
    """A part of the flow's message."""
    cause: str = ""
    """The id of one of its diagnoses, where one is expected."""


PASSES = None
TABLE: dict[str, dict[str, Failing | None]] = {
    "approval": {"works": PASSES, "not-written": Failing("1.15", "approved", "text-differs")},
    "basic-auth": {"works": PASSES, "refused": Failing("1", "status 401", "access-denied")},
    "blocking": {
        "works": PASSES,
        "needs-statistics": Failing("1.4", 'text "Bought" is not there', "javascript-error"),
    },
    "board": {
        "works": PASSES,
        "sorts": PASSES,
        "not-dropped": Failing("1.3", 'within region "Done"', "element-missing"),
        "not-sorted": Failing("1.3", 'shows "Checkout", not "Login"', "text-differs"),
    },
    "captcha": {"works": PASSES, "real-key": Failing("1.3", 'text "Success!" in frame', "element-missing")},
    "chat": {"works": PASSES, "no-answer": Failing("1.5", "You said: Where is A-17?")},
    "client-certificate": {"works": PASSES, "refused": Failing("1", "status 400")},
    "consent": {
        "works": PASSES,
        "framed": PASSES,
        "stuck": Failing("1.3", "what `dismiss` names was clicked, but it stays in the way"),
    },
    "csrf": {"works": PASSES, "cached": Failing("1.4", 'headings here: "Page expired"', "session-lost")},
    "dates": {
        "native": PASSES,
        "kiritimati": PASSES,
        "pago-pago": PASSES,
        "works": PASSES,
        "in-the-past": Failing("1.4", "it is disabled", "element-disabled"),
    },
    "device": {"works": PASSES, "menu-is-dead": Failing("1.3", 'link "Seeds" is not there')},
    "downloads": {
        "works": PASSES,
        "picture": PASSES,
        "invoice": PASSES,
        "archive": PASSES,
        "error-page-in-csv": Failing("1.2", "orders.csv does not contain"),
        "wrong-total": Failing("1.2", 'invoice-A-17.pdf does not contain "total 12.50 EUR"'),
        "empty-archive": Failing("1.2", "export.zip has 0 bytes, not at least 100"),
        "empty-picture": Failing("1.2", "page.svg has 0 bytes, not at least 20"),
    },
    "editors": {
        "works": PASSES,
        "key-by-key": PASSES,
        "read-only": Failing("1.3", "it is no field that text can be put into"),
        "forgets": Failing("1.6", 'not "In short / The whole story / Well done"', "text-differs"),
    },
    "frames": {"works": PASSES, "provider-is-gone": Failing("1.2", "Secure card fields", "element-missing")},
    "headers": {"works": PASSES, "proxy-drops-them": Failing("1.2", 'test_id "tenant" shows "nobody"')},
    "language": {
        "works": PASSES,
        "from-new-york": PASSES,
        "not-translated": Failing("1.2", 'headings here: "Welcome"'),
        "wrong-format": Failing("1.2", 'test_id "price" shows "€1,234.50"', "text-differs"),
    },
    "offline": {"works": PASSES, "loses-the-note": Failing("1.7", "Sent: Tunnel")},
    "passkeys": {
        "works": PASSES,
        "kept": PASSES,
        "not-stored": Failing("1.6", 'text "Welcome back, robin" is not there', "request-failed"),
    },
    "permissions": {
        "works": PASSES,
        "notices": PASSES,
        "copies-nothing": Failing("1.5", '"undefined"', "text-differs"),
        "not-asked": Failing("1.3", 'text "We will tell you" is not there'),
    },
    "place": {"works": PASSES, "swapped": Failing("1.3", 'shows "No shop near you"', "text-differs")},
    "popups": {
        "works": PASSES,
        "windows": PASSES,
        "says-nothing": Failing("1.3", 'status shows "Not signed in"', "text-differs"),
        "no-window": Failing("1.3", "no new page opened"),
    },
    "scrolling": {"works": PASSES, "no-more": Failing("2", "after 5 times", "request-failed")},
    "second-factor": {"works": PASSES, "clock-is-wrong": Failing("1.4", 'headings here: "Log in"', "access-denied")},
    "select": {"works": PASSES, "no-options": Failing("1.5", 'option "Norway" is not there', "request-failed")},
    "shadow": {
        "works": PASSES,
        "component-is-missing": Failing("1.3", 'label "Nickname" is not there', "element-missing"),
        "closed": Failing("2", 'button "Open the vault" is not there', "element-missing"),
    },
    "spa": {"works": PASSES, "renders-nothing": Failing("1.3", "Your orders", "javascript-error")},
    "toasts": {"works": PASSES, "not-saved": Failing("1.3", 'meanwhile there was "Could not save"')},
    "uploads": {
        "works": PASSES,
        "too-large": Failing("3", "scan.bin", "request-failed"),
        "zone-is-dead": Failing("1.7", "it does not take what is dropped on it"),
    },
    "virtual": {
        "works": PASSES,
        "by-pixels": PASSES,
        "ends-too-early": Failing("1.2", 'was scrolled on, and option "Customer 0100" is not there'),
    },
    "vitals": {
        "works": PASSES,
        "late": PASSES,
        "shifts": PASSES,
        "slow": PASSES,
        "no-cover": Failing("1.2", 'img "The cover"'),
    },
    "worker": {"works": PASSES, "blocked": PASSES, "stale": Failing("1.2", 'test_id "release" shows "1"')},
}
