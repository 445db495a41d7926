"""What lies on the desk of whoever reviews a bundle, and what was decided."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from smokerunner.evidence.bundle import Bundle
from smokerunner.model.geometry import Box
from smokerunner.model.result import Result
from smokerunner.pictures.compare import NoPicture, compare
from smokerunner.pictures.reference import Reference, without_facts
from smokerunner.review.approving import Approver, Candidate, candidates

State = Literal["new", "differs", "not comparable"]
Decision = Literal["approve", "reject", "dynamic", "undo"]
DECIDED: dict[Decision, str] = {"approve": "approved", "reject": "rejected", "dynamic": "dynamic", "undo": ""}


@dataclass
class Item:
    """A step to be looked at: it has no reference, or does not look like it."""

    number: int
    candidate: Candidate
    state: State
    said: str = ""
    was: Reference | None = None
    difference: bytes | None = None
    areas: tuple[Box, ...] = ()
    decision: str = ""

    @property
    def result(self) -> Result:
        """The step."""
        return self.candidate.result

    @property
    def flow(self) -> str:
        """The name of its flow."""
        return self.candidate.facts.flow

    @property
    def before(self) -> bytes | None:
        """The approved picture; None when there is none."""
        return None if self.was is None else self.was.data

    @property
    def can_be_dynamic(self) -> bool:
        """Whether what differs could be left out of the comparing."""
        return self.state == "differs"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its picture in pixels."""
        header = self.candidate.picture[16:24]
        return int.from_bytes(header[:4]), int.from_bytes(header[4:])


class Desk:
    """The items of one bundle. Each decision is written at once and can be taken back."""

    def __init__(self, bundle: Bundle, approver: Approver, flows: Sequence[str] = ()) -> None:
        self.run = bundle.run
        self._approver = approver
        self._lock = threading.Lock()
        self.items: list[Item] = []
        self.same = 0
        for candidate in candidates(bundle, flows):
            self._lay_out(candidate)

    def _lay_out(self, candidate: Candidate) -> None:
        was = self._approver.find(candidate)
        item = Item(len(self.items) + 1, candidate, "new", was=was)
        if was is not None:
            browser = self.run.browser.at(candidate.result) if self.run.browser is not None else None
            obstacle = was.obstacle if was.facts is None else was.facts.obstacle(browser)
            if was.facts is None or obstacle:
                item.state, item.said = "not comparable", f"the approved picture {obstacle}"
            else:
                try:
                    seen = compare(without_facts(was.data), candidate.picture, ignored=was.facts.dynamic)
                except NoPicture as wrong:
                    item.state, item.said = "not comparable", f"one of the two is {wrong}"
                else:
                    if seen.same:
                        self.same += 1
                        return
                    item.state, item.said = "differs", seen.words
                    item.difference, item.areas = seen.difference, seen.areas
        self.items.append(item)

    def decide(self, number: int, decision: Decision) -> Item:
        """Carry out a decision about one item; KeyError when there is no such item, or it cannot be decided so."""
        with self._lock:
            return self._decide(self.item(number), decision)

    def approve_flow(self, flow: str) -> list[Item]:
        """Approve whatever is still open in a flow; KeyError when nothing of it is here."""
        with self._lock:
            found = [item for item in self.items if item.flow == flow]
            if not found:
                raise KeyError(flow)
            return [self._decide(item, "approve") for item in found if not item.decision]

    def item(self, number: int) -> Item:
        """An item by its number, from 1; KeyError when there is none."""
        if not 1 <= number <= len(self.items):
            raise KeyError(number)
        return self.items[number - 1]

    def _decide(self, item: Item, decision: Decision) -> Item:
        if decision == "dynamic" and not item.can_be_dynamic:
            raise KeyError(decision)
        if item.decision in ("approved", "dynamic"):
            self._approver.restore(item.candidate, item.was)
        if decision == "approve":
            self._approver.approve(item.candidate)
        elif decision == "dynamic":
            self._approver.mark_dynamic(item.candidate)
        item.decision = DECIDED[decision]
        return item

    @property
    def counts(self) -> Counter[str]:
        """How many items were approved, rejected, marked dynamic, and are still open."""
        return Counter(item.decision or "open" for item in self.items)
