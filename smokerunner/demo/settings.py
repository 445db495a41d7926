"""What one running Acorn is told at its start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smokerunner.demo.faults import FAULTS

RELEASE = "2026.11.3"
STALE_RELEASE = "2026.10.9"


@dataclass(frozen=True)
class Settings:
    """Addresses without a trailing slash; mail goes to 127.0.0.1:`smtp_port`. An unknown fault is a `ValueError`."""

    database: Path
    base_url: str
    provider_url: str
    smtp_port: int
    release: str = RELEASE
    fault: str | None = None
    marks: bool = False

    def __post_init__(self) -> None:
        if self.fault is not None and self.fault not in FAULTS:
            raise ValueError(f"Acorn has no fault called {self.fault!r}; it knows {', '.join(sorted(FAULTS))}")

    @property
    def served_release(self) -> str:
        """The release the app says it is."""
        return STALE_RELEASE if self.suffers("wrong-release") else self.release

    def suffers(self, fault: str) -> bool:
        """Whether this deploy brought the fault; a `KeyError` when there is no such fault at all."""
        return FAULTS[fault].name == self.fault
