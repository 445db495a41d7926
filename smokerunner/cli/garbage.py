"""How often Python looks for garbage in cycles: seldom while the program starts, as usual once flows run."""

from __future__ import annotations

import gc

SELDOM = 100_000
"""New objects until the next look. To start takes far more than Python's 700, and nearly all of them stay."""
USUAL = gc.get_threshold()


def look_seldom() -> None:
    """For a start: looking through what is only being loaded takes a tenth of it."""
    gc.set_threshold(SELDOM, *USUAL[1:])


def look_as_usual() -> None:
    """The start is over: what is there stays unlooked at, and what comes may be large. Only after `look_seldom`."""
    if gc.get_threshold()[0] == SELDOM:
        gc.freeze()
        gc.set_threshold(*USUAL)


def look_no_more() -> None:
    """The process ends, and the system takes back all at once what Python would look through object by object."""
    gc.freeze()
