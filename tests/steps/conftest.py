"""The site that the flows of these tests visit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The site is shared with other folders of tests, which import its server by this name.
sys.path.append(str(Path(__file__).parents[1] / "site"))

from server import Site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One site for all modules; it keeps no state but counters, which tests name after themselves."""
    with Site() as running:
        yield running
