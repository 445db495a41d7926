"""What one running Acorn is told at its start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from smokerunner.demo.faults import FAULTS

RELEASE = "2026.11.3"
STALE_RELEASE = "2026.10.9"


@dataclass(frozen=True)
class Settings:
    """Addresses without a trailing slash; mail goes to 127.0.0.1:`smtp_port`. An unknown fault is a `ValueError`.

    What the provider tells is believed when it is signed with `webhook_secret`.

    A deploy may bring several faults at once.
    """

    database: Path
    base_url: str
    provider_url: str
    smtp_port: int
    webhook_secret: str
    release: str = RELEASE
    faults: tuple[str, ...] = ()
    marks: bool = False

    def __post_init__(self) -> None:
        for fault in self.faults:
            if fault not in FAULTS:
                raise ValueError(f"Acorn has no fault called {fault!r}; it knows {', '.join(sorted(FAULTS))}")

    @property
    def served_release(self) -> str:
        """The release the app says it is."""
        return STALE_RELEASE if self.suffers("wrong-release") else self.release

    def suffers(self, fault: str) -> bool:
        """Whether this deploy brought the fault; a `KeyError` when there is no such fault at all."""
        return FAULTS[fault].name in self.faults


def faults_of(given: str | Iterable[str] | None) -> tuple[str, ...]:
    """The faults of a deploy, from none, one, or several."""
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)
