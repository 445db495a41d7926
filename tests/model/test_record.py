"""Records behave as `dataclass(frozen=True)` does: every test here is made of both."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import KW_ONLY, FrozenInstanceError, asdict, astuple, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from smokerunner.model.record import record

Item = TypeVar("Item")
Decorator = Callable[[type], Any]
usual: Decorator = dataclass(frozen=True)
both = pytest.mark.parametrize("declare", [record, usual], ids=["record", "dataclass"])


@record
class Place:
    """Where something is."""

    path: str
    line: int = 0
    notes: list[str] = field(default_factory=list, compare=False)
    secret: str = field(default="", repr=False)
    kind: ClassVar[str] = "place"


@record
class Far(Place):
    miles: float = 1.0


@both
def test_values_are_given_by_place_and_by_name(declare: Decorator) -> None:
    @declare
    class Point:
        x: int
        y: int = 2

    for made in (Point(1), Point(1, 2), Point(x=1), Point(1, y=2), Point(y=2, x=1)):
        assert (made.x, made.y) == (1, 2)


@both
def test_each_value_has_a_default_of_its_own(declare: Decorator) -> None:
    @declare
    class Bag:
        things: list[int] = field(default_factory=list)
        owner: str = "nobody"

    first, second = Bag(), Bag()
    first.things.append(1)
    assert (second.things, second.owner, Bag.owner) == ([], "nobody", "nobody")


@both
@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {}),
        ((1, 2, 3), {}),
        ((1,), {"x": 1}),
        ((1,), {"z": 1}),
        ((1, 2), {"y": 2}),
        ((), {"y": 2}),
        ((), {"self": 1}),
    ],
)
def test_what_does_not_fit_is_refused(declare: Decorator, values: tuple[int, ...], named: dict[str, int]) -> None:
    @declare
    class Point:
        x: int
        y: int = 2

    with pytest.raises(TypeError):
        Point(*values, **named)


def test_a_refusal_names_the_class_and_the_field() -> None:
    with pytest.raises(TypeError, match="Place: missing a required argument: 'path'"):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Place: got an unexpected keyword argument 'column'"):
        Place("a", column=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Far: too many positional arguments"):
        Far("a", 1, [], "", 2.0, 3)  # type: ignore[call-arg]


@both
def test_fields_stay_as_they_are(declare: Decorator) -> None:
    @declare
    class Point:
        x: int

    point = Point(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'other'"):
        point.other = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert point.x == 1


@both
def test_a_plain_subclass_may_keep_more(declare: Decorator) -> None:
    @declare
    class Point:
        x: int

    class Marked(Point):
        pass

    marked = Marked(1)
    marked.note = "here"
    del marked.note
    with pytest.raises(FrozenInstanceError):
        marked.x = 2


@both
def test_equal_are_values_of_one_class(declare: Decorator) -> None:
    @declare
    class Point:
        x: float
        seen: int = field(default=0, compare=False)

    @declare
    class Other:
        x: float

    class Sub(Point):
        pass

    nan = float("nan")
    assert Point(1) == Point(1.0, seen=3)
    assert Point(nan) == Point(nan), "the same object, as in a tuple"
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert Point(1) != Sub(1)
    assert Point(1) != (1,)
    assert hash(Point(1)) == hash(Point(1, seen=3)) == hash((1,))
    assert len({Point(1), Point(1.0), Point(2)}) == 2


@both
def test_what_holds_something_that_changes_has_no_hash(declare: Decorator) -> None:
    @declare
    class Bag:
        things: list[int]

    with pytest.raises(TypeError, match="unhashable"):
        hash(Bag([]))


@both
def test_what_a_class_defines_itself_stands(declare: Decorator) -> None:
    @declare
    class Odd:
        x: int

        def __init__(self, text: str) -> None:
            object.__setattr__(self, "x", int(text))

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Odd) and self.x % 2 == other.x % 2

        def __repr__(self) -> str:
            return "odd"

    @declare
    class Hashed:
        x: int

        def __hash__(self) -> int:
            return 7

    assert Odd("1") == Odd("3")
    assert repr(Odd("1")) == "odd"
    assert hash(Odd("3")) == hash((3,)), "as of a dataclass"
    assert hash(Hashed(1)) == 7


@both
def test_none_may_define_how_it_is_changed(declare: Decorator) -> None:
    with pytest.raises(TypeError, match="__setattr__"):

        @declare
        class Loose:
            x: int

            def __setattr__(self, name: str, value: object) -> None: ...


def test_a_record_is_shown_with_its_fields() -> None:
    assert repr(Place("a.yaml", 3, secret="hidden")) == "Place(path='a.yaml', line=3, notes=[])"
    assert repr(Far("a")) == "Far(path='a', line=0, notes=[], miles=1.0)"


@both
def test_what_holds_itself_can_be_shown(declare: Decorator) -> None:
    @declare
    class Ring:
        parts: list[Any]

    ring = Ring([])
    ring.parts.append(ring)
    assert repr(ring).endswith("Ring(parts=[...])")


@both
def test_what_comes_after_is_called(declare: Decorator) -> None:
    @declare
    class Positive:
        x: int

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("negative")

    assert Positive(1).x == 1
    with pytest.raises(ValueError, match="negative"):
        Positive(-1)


@both
def test_fields_after_a_mark_are_given_by_name_only(declare: Decorator) -> None:
    @declare
    class Base:
        x: int
        y: int = 0

    @declare
    class Named(Base):
        _: KW_ONLY
        z: int

    assert (Named(1, z=3).y, Named(1, 2, z=3).y, Named(1, z=3).z) == (0, 2, 3)
    with pytest.raises(TypeError):
        Named(1, 2, 3)
    with pytest.raises(TypeError):
        Named(1)


@both
def test_a_subclass_has_the_fields_of_its_base_first(declare: Decorator) -> None:
    @declare
    class Base:
        x: int = 1
        y: int = 2

        def total(self) -> int:
            return self.x + self.y

    @declare
    class Sub(Base):
        z: int = 3
        x: int = 10

    assert [one.name for one in fields(Sub)] == ["x", "y", "z"]
    assert Sub().total() == 12
    assert Sub(5, 6, 7) == Sub(x=5, y=6, z=7)
    with pytest.raises(FrozenInstanceError):
        Sub().z = 1


@both
def test_generic_and_cached_values_work(declare: Decorator) -> None:
    @declare
    class Box(Generic[Item]):
        item: Item

        @cached_property
        def twice(self) -> tuple[Item, Item]:
            return self.item, self.item

    box = Box[int](3)
    assert box.twice is box.twice
    assert box == Box(3), "what was worked out is no field"


def test_the_standard_library_takes_a_record_for_a_dataclass() -> None:
    place = Place("a", 1, ["n"], "s")
    assert is_dataclass(Place)
    assert [one.name for one in fields(place)] == ["path", "line", "notes", "secret"]
    assert asdict(place) == {"path": "a", "line": 1, "notes": ["n"], "secret": "s"}
    assert astuple(Far("a")) == ("a", 0, [], "", 1.0)
    changed = replace(place, line=2)
    assert (changed.line, changed.path, changed.notes, place.line) == (2, "a", ["n"], 1)
    with pytest.raises(TypeError):
        replace(place, column=1)
    match place:
        case Place(path, line):
            assert (path, line) == ("a", 1)
    assert Place.kind == "place"


def test_a_record_is_copied_and_pickled() -> None:
    far = Far("a", 1, ["n"], miles=2.5)
    for same in (copy.copy(far), copy.deepcopy(far), pickle.loads(pickle.dumps(far))):
        assert same == far
        assert type(same) is Far
        assert same.notes == ["n"]
    assert copy.copy(far).notes is far.notes
    assert copy.deepcopy(far).notes is not far.notes


def test_a_record_says_what_it_is() -> None:
    assert Place.__doc__ == "Where something is."
    assert Place.__init__.__qualname__ == "Place.__init__"
    assert Place.__eq__.__module__ == __name__
