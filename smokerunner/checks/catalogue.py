"""Every check by its id. A new one is a new file and a line here."""

from __future__ import annotations

from smokerunner.model.catalogue import Catalogue
from smokerunner.model.check import Check

CHECKS: Catalogue[type[Check]] = Catalogue(
    {
        "http.home-up": f"{__package__}.http.home:HomeUp",
    }
)
