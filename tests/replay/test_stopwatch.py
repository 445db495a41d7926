"""Every moment counts once, for the innermost thing that is done."""

from __future__ import annotations

import pytest

from smokerunner.model.kind import Kind
from smokerunner.model.profile import Spent
from smokerunner.replay.stopwatch import Stopwatch, Watch


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_what_is_inside_is_taken_from_what_is_around(hand: Hand) -> None:
    watch = Stopwatch(hand)
    hand.pass_by(1)
    with watch.spending(Kind.ACTING):
        hand.pass_by(2)
        with watch.spending(Kind.PICTURES):
            hand.pass_by(4)
            with watch.spending(Kind.WRITING):
                hand.pass_by(8)
        hand.pass_by(16)
    hand.pass_by(32)
    spent = watch.spent({})
    assert spent == Spent(own=33, acting=18, pictures=4, writing=8)
    assert (spent.total, spent.app) == (63, 18)


def test_a_step_is_what_was_counted_since_it_began(hand: Hand) -> None:
    watch = Stopwatch(hand)
    hand.pass_by(5)
    with watch.spending(Kind.WAITING):
        hand.pass_by(1)
        begun = watch.read()
        hand.pass_by(2)
        with watch.spending(Kind.OWN):
            hand.pass_by(3)
            assert watch.spent(begun) == Spent(waiting=2, own=3)


def test_what_turned_out_otherwise_is_counted_so(hand: Hand) -> None:
    watch = Stopwatch(hand)
    with watch.spending(Kind.WAITING):
        hand.pass_by(2)
        with watch.spending(Kind.WRITING):
            hand.pass_by(1)
        hand.pass_by(2)
        watch.turn_out(Kind.NAVIGATION)
        hand.pass_by(4)
    assert watch.spent({}) == Spent(navigation=4, waiting=4, writing=1)


def test_what_turned_out_otherwise_since_a_moment_is_counted_so(hand: Hand) -> None:
    watch = Stopwatch(hand)
    hand.pass_by(1)
    with watch.spending(Kind.ACTING):
        hand.pass_by(2)
        moment = hand.now
        hand.pass_by(4)
        watch.turn_out(Kind.NAVIGATION, since=moment)
        # It cannot have been more than there was.
        watch.turn_out(Kind.PICTURES, since=moment - 100)
    assert watch.spent({}) == Spent(navigation=4, pictures=2, own=1)


def test_work_that_leaves_late_takes_nothing_along(hand: Hand) -> None:
    watch = Stopwatch(hand)
    cut_off, goes_on = watch.spending(Kind.ACTING), watch.spending(Kind.PICTURES)
    cut_off.__enter__()
    hand.pass_by(1)
    goes_on.__enter__()
    hand.pass_by(2)
    cut_off.__exit__(None, None, None)
    hand.pass_by(4)
    goes_on.__exit__(None, None, None)
    hand.pass_by(8)
    assert watch.spent({}) == Spent(acting=1, pictures=6, own=8)


def test_an_error_ends_what_it_came_from(hand: Hand) -> None:
    watch = Stopwatch(hand)

    def go_wrong() -> None:
        with watch.spending(Kind.NAVIGATION):
            hand.pass_by(1)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        go_wrong()
    hand.pass_by(2)
    assert watch.spent({}) == Spent(navigation=1, own=2)


def test_without_a_profile_nothing_is_known() -> None:
    watch = Watch()
    with watch.spending(Kind.ACTING), watch.spending(Kind.PICTURES):
        watch.turn_out(Kind.OWN)
    assert watch.spent(watch.read()) is None
