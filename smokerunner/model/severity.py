"""What a flow matters and what it does, in the words of flow files. Options use them, so nothing slow is imported."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What a failure means, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Effects(StrEnum):
    """What a flow does to the app's data."""

    NONE = "none"
    TEST_DATA = "test-data"
    REAL = "real"
