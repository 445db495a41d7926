"""localstripe from PyPI: a stateful stand-in for Stripe's API, and for the script that payment pages load."""

from __future__ import annotations

from tests.apps.lab.app import SOURCES, Place
from tests.apps.lab.machine import make_venv
from tests.apps.lab.process import Server


class LocalStripe:
    """Customers, PaymentIntents, webhooks; no Checkout sessions."""

    name = "localstripe"
    about = "stands in for Stripe's API (PyPI)"
    port = 8420
    smtp_port = 0

    def install(self, place: Place) -> None:
        """The PyPI package, in an environment of its own."""
        make_venv(self.name, place.folder / "v", ["localstripe==1.15.10"], (3, 11), place.log)

    def servers(self, place: Place) -> tuple[Server, ...]:
        """The API; it forgets everything when it is stopped."""
        python, launch = place.folder / "v" / "bin" / "python", SOURCES / "localstripe" / "launch.py"
        command = (python, launch, "--port", str(place.port), "--from-scratch")
        return (Server("web", command, place.port, place.folder),)

    def address(self, place: Place) -> str:
        """The API's root."""
        return f"{place.url}/"
