"""What Acorn sells, how it is delivered, and how money is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Product:
    """One thing for sale; its picture is `templates/pictures/<id>.svg`."""

    id: str
    name: str
    shelf: str
    cents: int
    line: str
    text: str


@dataclass(frozen=True)
class Delivery:
    """One way to receive an order."""

    id: str
    name: str
    cents: int


_PRODUCTS = (
    Product(
        "oak-notebook",
        "Oak notebook",
        "Stationery",
        1450,
        "Dotted paper in a cover of oak veneer",
        "160 dotted pages that lie flat, thread-bound in Småland and wrapped in real oak veneer. "
        "The cover darkens a little with every month it is carried around.",
    ),
    Product(
        "brass-pencil",
        "Brass pencil",
        "Stationery",
        1800,
        "A mechanical pencil for life",
        "Turned from one piece of brass, with a 0.7 mm lead and a clip that holds. "
        "Heavy enough to be found again, plain enough to be used every day.",
    ),
    Product(
        "linen-envelopes",
        "Linen envelopes",
        "Stationery",
        980,
        "Twenty envelopes, five quiet colours",
        "Envelopes of heavy linen-finish paper with a deep flap. "
        "Twenty to a box, in five colours that suit an ordinary letter.",
    ),
    Product(
        "desk-calendar",
        "Desk calendar",
        "Stationery",
        1600,
        "Twelve months on a birch stand",
        "One card a month, printed in two colours, on a small stand of Finnish birch. "
        "The cards of past years make good bookmarks.",
    ),
    Product(
        "terracotta-pot",
        "Terracotta pot",
        "Garden",
        1200,
        "Hand-thrown, 16 cm, with saucer",
        "Thrown by hand and fired hot enough to stay outside all winter. 16 cm across, with its own saucer.",
    ),
    Product(
        "garden-twine",
        "Garden twine",
        "Garden",
        640,
        "Sixty metres of green jute",
        "Soft jute that holds tomatoes without cutting them. Sixty metres on a beech spool, and it composts.",
    ),
    Product(
        "watering-can",
        "Watering can",
        "Garden",
        3900,
        "A slim spout and a fine rose",
        "Powder-coated steel, 1.5 litres, with a slim spout for the window sill and a brass rose for the seedlings.",
    ),
    Product(
        "plant-labels",
        "Plant labels",
        "Garden",
        720,
        "Ten slates and a chalk pencil",
        "Ten labels of split slate on oak sticks, with a chalk pencil. "
        "Rain does not wash the names off; a damp cloth does.",
    ),
)

_DELIVERIES = (
    Delivery("standard", "Standard, three days", 490),
    Delivery("express", "Express, next day", 990),
    Delivery("pickup", "Pick up in the shop", 0),
)

PRODUCTS: Mapping[str, Product] = MappingProxyType({product.id: product for product in _PRODUCTS})
DELIVERIES: Mapping[str, Delivery] = MappingProxyType({delivery.id: delivery for delivery in _DELIVERIES})


def search(query: str) -> list[Product]:
    """Products whose name, shelf or description holds every word asked for, in catalogue order."""
    words = query.casefold().split()
    return [product for product in _PRODUCTS if all(word in _described(product) for word in words)]


def price(cents: int) -> str:
    """An amount as it is shown: `€14.50`."""
    return f"€{cents // 100:,}.{cents % 100:02d}"


def _described(product: Product) -> str:
    return f"{product.name} {product.shelf} {product.line} {product.text}".casefold()
