"""What a bad deploy of Acorn can look like: one fault is chosen at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Fault:
    """One bad deploy. `fails` and `warns` name the flows of flows/acorn.yaml that notice it first.

    Flows that need a failed one are skipped and named in neither. `only_eyes`: all flows pass, and only a comparison
    with approved pictures shows it.
    """

    name: str
    title: str
    fails: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    only_eyes: bool = False


_ALL = (
    Fault("login-500", "Logging in answers with a bare 500 page.", fails=("login",)),
    Fault(
        "button-renamed",
        "The button “Place order” is now called “Buy now”.",
        fails=("declined", "challenged", "order"),
    ),
    Fault(
        "button-renamed-with-fallback",
        "The button “Save profile” is now called “Update profile”; its test id is the same.",
        warns=("profile",),
    ),
    Fault(
        "slow-checkout",
        "Placing an order takes more than half a minute.",
        fails=("declined", "challenged", "order"),
    ),
    Fault(
        "slow-pages",
        "Every shop page takes four seconds.",
        warns=("browse", "cart", "checkout", "declined", "challenged", "order"),
    ),
    Fault(
        "js-error",
        "The cart's script throws while it loads, so neither badge nor total is kept up to date.",
        fails=("cart", "checkout", "declined", "challenged", "order"),
    ),
    Fault("mail-lost", "No mail is ever sent, and the pages say all is fine.", fails=("confirm", "reset")),
    Fault(
        "session-lost",
        "Every page forgets who logged in and asks for the password again.",
        fails=("login",),
    ),
    Fault("worker-stopped", "The background worker is down, so orders stay in processing.", fails=("order",)),
    Fault(
        "webhook-lost",
        "What the card provider tells is thrown away, so payments that were confirmed stay unpaid.",
        fails=("challenged",),
    ),
    Fault("debug-page", "The profile page shows a traceback to everybody.", fails=("profile",)),
    Fault("wrong-release", "An older release is served than the one that was deployed."),
    Fault("layout-broken", "The menu stands in the wrong place and products in two columns.", only_eyes=True),
    Fault("stylesheet-missing", "The stylesheet is an empty file, so every page is bare text.", only_eyes=True),
    Fault("picture-missing", "The pages of the products have lost their pictures.", only_eyes=True),
    Fault("wrong-price", "The terracotta pot is shown at €21.00 instead of €12.00.", only_eyes=True),
)

FAULTS: Mapping[str, Fault] = MappingProxyType({fault.name: fault for fault in _ALL})
