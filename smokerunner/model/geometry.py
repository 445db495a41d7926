"""Places on a page, in CSS pixels from its top left corner."""

from smokerunner.model.frozen import Frozen


class Box(Frozen):
    """A rectangle in CSS pixels of the picture, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


class Point(Frozen):
    """A place in CSS pixels of the picture, from its top left corner."""

    x: float
    y: float
